"""Whole steps: every family from a source to scores; determinism; the frozen cache."""

import json
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest
import torch
from safetensors.torch import load_file
from tests.training import examples
from tests.training.conftest import Bench

from xtransfer_stats.base.errors import DataError, RecipeError, XstatsError
from xtransfer_stats.metrics.scoring import score
from xtransfer_stats.sources.source import ASTRAY, Answer
from xtransfer_stats.tasks.task import METRICS, Family
from xtransfer_stats.training import hardware as precision
from xtransfer_stats.training.decisions import DECIDE
from xtransfer_stats.training.features import read_features
from xtransfer_stats.training.heads import HEADS, SpanReader
from xtransfer_stats.training.tokenise import ENCODERS

SETTINGS = {"steps": 40, "batch_size": 8, "learning_rate": 3e-3, "evaluate_every": 20, "patience": 3}
SEED = 5
MAKERS = {
    Family.CLASSIFICATION: (examples.classification, ["accuracy"]),
    Family.TAGGING: (examples.tagging, ["f1"]),
    Family.SPAN_QA: (examples.span_qa, ["exact_match", "f1"]),
    Family.MULTIPLE_CHOICE: (examples.multiple_choice, ["accuracy"]),
}


def run_target(
    bench: Bench,
    pretrained: Path,
    family: Family,
    freeze: int | None,
    settings: dict = SETTINGS,
    **inputs: Path,
) -> Path:
    maker, _ = MAKERS[family]
    train = bench.features(pretrained, maker(), freeze)
    dev = bench.features(pretrained, maker(16, "dev", seed=1), freeze)
    args = {
        "training": "t", "family": str(family), "settings": settings, "seed": SEED, "freeze": freeze,
        "control": "none",
    }  # fmt: skip
    return bench.run("target", args, pretrained=pretrained, train=train, dev=dev, **inputs)


def evaluate(bench: Bench, pretrained: Path, target: Path | None, test: Path, family: Family,
             metrics: list[str], freeze: int | None = 1, **inputs: Path) -> dict:  # fmt: skip
    args = {
        "target": "t", "family": str(family), "metrics": metrics, "languages": ["en"], "settings": SETTINGS,
        "freeze": freeze, "head_family": None, "control": "none",
    }  # fmt: skip
    chosen = {"encoder": target} if target else {}
    out = bench.run("evaluation", args, pretrained=pretrained, test__en=test, **chosen, **inputs)
    scores = json.loads((out / "scores.json").read_text())
    frame = pd.read_parquet(out / "predictions.parquet")
    assert len(frame) == scores["languages"]["en"]["n_examples"]
    assert set(frame.columns) >= {"language", "example_id", "paragraph", "prediction", "gold", *metrics}
    return scores["languages"]["en"]["metrics"]


@pytest.mark.parametrize("family", MAKERS)
def test_a_family_is_learnt_from_source_to_scores(bench: Bench, family: Family) -> None:
    maker, metrics = MAKERS[family]
    pretrained = bench.pretrained()
    target = run_target(bench, pretrained, family, freeze=1)
    test = bench.features(pretrained, maker(16, "test", seed=2))
    scores = evaluate(bench, pretrained, target, test, family, metrics)
    assert list(scores) == metrics
    floor = {Family.SPAN_QA: 30.0}.get(family, 80.0)  # chance: 50 for two labels or choices, about 3 for spans
    assert scores[metrics[-1]] > floor


def test_the_same_step_is_bit_identical_after_other_work(bench: Bench) -> None:
    pretrained = bench.pretrained()
    first = run_target(bench, pretrained, Family.CLASSIFICATION, freeze=1)
    torch.manual_seed(99)
    torch.rand(1000)
    run_target(bench, pretrained, Family.TAGGING, freeze=1)
    second = run_target(bench, pretrained, Family.CLASSIFICATION, freeze=1)
    for name in ("encoder.safetensors", "head.safetensors", "head.json", "training.json"):
        assert (first / name).read_bytes() == (second / name).read_bytes(), name


@pytest.mark.parametrize("kind", ["bert", "xlmr"])
def test_cached_layers_equal_the_whole_model(bench: Bench, kind: str) -> None:
    pretrained = bench.pretrained(kind)
    split = examples.retrieval(Family.SENTENCE_RETRIEVAL, language="en")
    scores = []
    for freeze in (None, 0, 1, 2):
        test = bench.features(pretrained, split, freeze)
        out = evaluate(bench, pretrained, None, test, Family.SENTENCE_RETRIEVAL, ["accuracy"], freeze)
        scores.append(out["accuracy"])
    assert len(set(scores)) == 1
    assert scores[0] == 100.0  # equal texts are nearest


@pytest.mark.parametrize("kind", ["bert", "xlmr"])
def test_cached_hidden_states_equal_an_uncached_forward(
    bench: Bench, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    from transformers import AutoModel

    monkeypatch.setattr(precision, "native_bfloat16", lambda: False)
    pretrained = bench.pretrained(kind)
    folder = bench.features(pretrained, examples.classification(12), freeze=1)
    tensors = load_file(folder / "units.safetensors")
    model = AutoModel.from_pretrained(pretrained / "model", dtype=torch.float32).eval()
    begin = 0
    for length in tensors["lengths"].tolist():
        ids = tensors["ids"][begin : begin + length][None].long()
        with torch.no_grad():
            whole = model(input_ids=ids, output_hidden_states=True).hidden_states[1][0]
        cached = tensors["hidden"][begin : begin + length].float()
        assert torch.allclose(whole, cached, atol=2e-3)
        begin += length


def test_the_whole_model_trains_without_freeze(bench: Bench) -> None:
    pretrained = bench.pretrained("xlmr")
    slower = SETTINGS | {"steps": 160, "learning_rate": 5e-4, "patience": 9}
    target = run_target(bench, pretrained, Family.CLASSIFICATION, None, slower)
    names = load_file(target / "encoder.safetensors")
    assert "embeddings.word_embeddings.weight" in names
    test = bench.features(pretrained, examples.classification(16, "test", seed=2), None)
    scores = evaluate(bench, pretrained, target, test, Family.CLASSIFICATION, ["accuracy"], None)
    assert scores["accuracy"] > 80


def intermediate_args(tasks: list[dict], freeze: int | None = 1, seed: int = 1) -> dict:
    return {"tasks": tasks, "settings": SETTINGS, "seed": seed, "freeze": freeze, "control": "none"}


def test_intermediate_phase_feeds_the_target(bench: Bench) -> None:
    pretrained = bench.pretrained()
    a, b = examples.classification(32, seed=3), examples.multiple_choice(32, seed=4)
    inputs = {}
    for name, split, maker in (("a", a, examples.classification), ("b", b, examples.multiple_choice)):
        inputs[f"train__{name}"] = bench.features(pretrained, split)
        inputs[f"dev__{name}"] = bench.features(pretrained, maker(8, "dev", seed=9))
    tasks = [{"name": "a", "family": "classification"}, {"name": "b", "family": "multiple_choice"}]
    tuned = bench.run("intermediate", intermediate_args(tasks), pretrained=pretrained, **inputs)
    assert set(load_file(tuned / "encoder.safetensors")) == {
        name for name in load_file(tuned / "encoder.safetensors") if name.startswith("encoder.layer.1.")
    }
    history = json.loads((tuned / "training.json").read_text())
    assert {"a", "b"} == set(history["rows"][0]["dev"])
    raw = run_target(bench, pretrained, Family.CLASSIFICATION, freeze=1)
    after = run_target(bench, pretrained, Family.CLASSIFICATION, freeze=1, encoder=tuned)
    assert (raw / "encoder.safetensors").read_bytes() != (after / "encoder.safetensors").read_bytes()


def test_unanswerable_training_makes_the_head_answer_nothing(bench: Bench) -> None:
    pretrained = bench.pretrained()
    train = bench.features(pretrained, examples.span_qa(64, unanswerable=True))
    dev = bench.features(pretrained, examples.span_qa(16, "dev", seed=1, unanswerable=True))
    args = {"training": "squad2", "family": "span_qa", "settings": SETTINGS | {"steps": 80}, "seed": 1,
            "freeze": 1, "control": "none"}  # fmt: skip
    target = bench.run("target", args, pretrained=pretrained, train=train, dev=dev)
    assert json.loads((target / "head.json").read_text())["unanswerable"] is True
    test = bench.features(pretrained, examples.span_qa(16, "test", seed=2, unanswerable=True))
    assert evaluate(bench, pretrained, target, test, Family.SPAN_QA, ["exact_match"])["exact_match"] > 40


def test_bitext_threshold_is_fitted_on_dev(bench: Bench) -> None:
    pretrained = bench.pretrained()
    test = bench.features(pretrained, examples.retrieval(Family.BITEXT_MINING, "test", "en", 6))
    dev = bench.features(pretrained, examples.retrieval(Family.BITEXT_MINING, "dev", "en", 6))
    scores = evaluate(bench, pretrained, None, test, Family.BITEXT_MINING, ["f1"], dev__en=dev)
    assert scores["f1"] == 100.0  # partners have cosine 1, the two others less
    with pytest.raises(DataError, match="dev split"):
        evaluate(bench, pretrained, None, test, Family.BITEXT_MINING, ["f1"])


def test_pooled_families_share_one_pool(bench: Bench) -> None:
    pretrained = bench.pretrained()
    family = Family.ANSWER_RETRIEVAL
    inputs = {
        f"test__{language}": bench.features(pretrained, examples.retrieval(family, language=language, prefix=language))
        for language in ("de", "fr")
    }
    args = {"target": "lareqa", "family": str(family), "metrics": ["map@20"], "languages": ["de", "fr"],
            "settings": {}, "freeze": 1, "head_family": "span_qa", "control": "none"}  # fmt: skip
    out = bench.run("evaluation", args, pretrained=pretrained, **inputs)
    scores = json.loads((out / "scores.json").read_text())["languages"]
    # each answer has an equal twin in the other language, which is not gold: it comes second, then first
    assert scores["de"]["metrics"]["map@20"] == 100.0
    assert scores["fr"]["metrics"]["map@20"] == 50.0


def test_entity_retrieval_trains_contrastively(bench: Bench) -> None:
    pretrained = bench.pretrained()
    family = Family.ENTITY_RETRIEVAL
    train = bench.features(pretrained, examples.retrieval(family, "train", "en"))
    dev = bench.features(pretrained, examples.retrieval(family, "dev", "en"))
    args = {"training": "mewslix", "family": str(family), "settings": SETTINGS, "seed": 1, "freeze": 1,
            "control": "none"}  # fmt: skip
    target = bench.run("target", args, pretrained=pretrained, train=train, dev=dev)
    rows = json.loads((target / "training.json").read_text())["rows"]
    assert rows[-1]["loss"] < rows[0]["loss"]
    assert evaluate(bench, pretrained, target, dev, family, ["map@20"])["map@20"] > 90


def test_random_init_differs_by_seed_only(bench: Bench) -> None:
    weights = [
        (bench.pretrained(control="random-init", seed=seed) / "model" / "model.safetensors").read_bytes()
        for seed in (1, 1, 2)
    ]
    assert weights[0] == weights[1] != weights[2]
    assert weights[0] != (bench.pretrained() / "model" / "model.safetensors").read_bytes()


def test_errors_name_value_and_remedy(bench: Bench) -> None:
    pretrained = bench.pretrained()
    with pytest.raises(DataError, match=r"no-such.*no such directory"):
        bench.run("pretrained", {"model": "./no-such", "revision": None, "control": "none", "seed": 0})
    with pytest.raises(DataError, match="freeze = 7: the model has 2 layers"):
        bench.features(pretrained, examples.classification(4), freeze=7)
    with pytest.raises(XstatsError, match="'cooking' is unknown"):
        bench.run("cooking", {})
    train = bench.features(pretrained, examples.classification(4))
    args = {"training": "t", "family": "classification", "settings": {"step": 1}, "seed": 0, "freeze": 1}
    with pytest.raises(RecipeError, match="unknown key 'step'"):
        bench.run("target", args, pretrained=pretrained, train=train, dev=train)
    with pytest.raises(DataError, match="has no metric 'f1'"):
        target = run_target(bench, pretrained, Family.CLASSIFICATION, freeze=1)
        evaluate(bench, pretrained, target, train, Family.CLASSIFICATION, ["f1"])


def test_an_answer_astray_is_scored_and_not_trained_on(bench):
    split = examples.span_qa(3)
    lost = replace(split.examples[0], answers=(Answer(split.examples[0].answers[0].text, ASTRAY),))
    both = replace(split.examples[1], answers=(Answer("x", ASTRAY), *split.examples[1].answers))
    changed = replace(split, examples=(lost, both, split.examples[2]))
    features = read_features(bench.features(bench.pretrained(), changed, None))
    assert {int(features.owner[unit]) for (unit,) in SpanReader(32).items(features)} == {1, 2}
    texts = [example["answers"][-1]["text"] for example in features.examples]
    assert score(Family.SPAN_QA, features.examples, texts, ["exact_match"]).metrics["exact_match"] == 100.0


def test_a_family_is_known_throughout_training() -> None:
    assert set(ENCODERS) == set(Family)
    assert set(HEADS) == set(DECIDE) == set(METRICS)
