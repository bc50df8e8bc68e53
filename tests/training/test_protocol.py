"""The choices of the training protocol: length, parts of a batch, precision, stopping, rates, representation."""

import json
from dataclasses import replace
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file
from tests.training import examples
from tests.training.conftest import Bench

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.study.settings import Settings
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.backbone import UpperLayers, WholeModel
from xtransfer_stats.training.batches import collate
from xtransfer_stats.training.features import read_features
from xtransfer_stats.training.hardware import CPU, Precision, choose_precision, device_of

SETTINGS = {
    "steps": 12,
    "batch_size": 8,
    "learning_rate": 3e-3,
    "evaluate_every": 6,
    "dropout": 0.0,
    "precision": "fp32",
}
FP32 = Precision("fp32", CPU)
MAKERS = {
    "classification": examples.classification,
    "tagging": examples.tagging,
    "span_qa": examples.span_qa,
    "multiple_choice": examples.multiple_choice,
}


def train(bench: Bench, family: str = "classification", freeze: int | None = 1, inputs: dict | None = None, **changes):
    pretrained, maker = bench.pretrained(), MAKERS[family]
    settings = {key: value for key, value in (SETTINGS | changes).items() if value is not None}
    args = {"training": "t", "family": family, "settings": settings, "seed": 5, "freeze": freeze}
    roles = {
        "train": bench.features(pretrained, maker(44), freeze),
        "dev": bench.features(pretrained, maker(16, "dev", seed=1), freeze),
    }
    return bench.run("target", args, pretrained=pretrained, **roles, **(inputs or {}))


def history(folder: Path) -> dict:
    return json.loads((folder / "training.json").read_text())


def test_epochs_are_passes_over_the_items(bench: Bench) -> None:
    assert history(train(bench, steps=None, epochs=2))["steps"] == 2 * 6  # ceil(44 / 8) = 6
    assert history(train(bench, steps=None, epochs=2, max_size_cap=16))["steps"] == 2 * 2


def test_a_pass_of_several_tasks_is_the_sum_of_theirs() -> None:
    assert Settings(epochs=3, max_size_cap=100).length([48, 1000, 7], [24, 8, 4]) == 3 * (2 + 13 + 2)
    assert Settings(epochs=0.5).length([32], [16]) == 1
    assert Settings(steps=7).length([1000], [8]) == 7


@pytest.mark.parametrize("family", MAKERS)
def test_parts_of_a_batch_sum_to_the_whole(bench: Bench, family: str) -> None:
    whole, parts = (history(train(bench, family, accumulation=n)) for n in (1, 3))
    losses = [[row["loss"] for row in found["rows"]] for found in (whole, parts)]
    assert losses[0] == pytest.approx(losses[1], rel=1e-3)
    assert losses[0][-1] < losses[0][0]


def test_gradient_checkpointing_changes_memory_alone(bench: Bench) -> None:
    plain, saving = (history(train(bench, freeze=None, gradient_checkpointing=on)) for on in (False, True))
    assert plain["rows"] == saving["rows"]
    with pytest.raises(DataError, match=r'gradient_checkpointing = true.*freeze = "none"'):
        train(bench, freeze=1, gradient_checkpointing=True)


def test_a_precision_is_taken_or_refused_with_a_remedy(bench: Bench) -> None:
    for name, told in (("fp32", "float32"), ("bf16", "bfloat16")):
        train(bench, precision=name)
        assert (bench.facts["arithmetic"], bench.facts["device"]) == (told, "cpu")
    with pytest.raises(DataError, match="'fp16' needs a GPU: set precision to auto, bf16 or fp32"):
        train(bench, precision="fp16")


def test_a_device_that_is_not_there_is_named() -> None:
    assert device_of({}) == CPU
    absent = f"cuda:{torch.cuda.device_count()}"
    with pytest.raises(DataError, match=rf"{absent}.*choose --devices cpu or auto"):
        device_of({"places": {"device": absent}})
    with pytest.raises(DataError, match="'abacus': no such device"):
        device_of({"places": {"device": "abacus"}})


@pytest.mark.skipif(torch.cuda.device_count() > 0, reason="there is a GPU here")
def test_auto_without_a_gpu_is_the_processor() -> None:
    assert device_of({"places": {"device": "auto:3"}}) == CPU
    assert choose_precision("auto", CPU).name in ("bf16", "fp32")


@pytest.mark.skipif(torch.cuda.device_count() == 0, reason="no GPU here")
def test_a_gpu_trains_as_the_processor_does(bench: Bench) -> None:
    pretrained = bench.pretrained()
    found = {}
    for device in ("cpu", "cuda:0"):
        args = {"training": "t", "family": "classification", "settings": SETTINGS, "seed": 5, "freeze": 1,
                "places": {"device": device}}  # fmt: skip
        roles = {s: bench.features(pretrained, examples.classification(24, s)) for s in ("train", "dev")}
        found[device] = [
            row["loss"] for row in history(bench.run("target", args, pretrained=pretrained, **roles))["rows"]
        ]
    assert found["cpu"] == pytest.approx(found["cuda:0"], rel=1e-2)


def test_without_early_stopping_the_last_weights_stay(bench: Bench) -> None:
    last = history(train(bench, early_stopping="none", patience=1, steps=30, evaluate_every=3))
    assert (last["steps"], last["best_step"], last["stopped_early"]) == (30, 30, False)
    stopped = history(train(bench, patience=1, steps=200, evaluate_every=3))
    assert stopped["best_step"] < stopped["steps"] < 200


def test_early_stopping_on_the_target_languages_reads_their_dev_splits(bench: Bench) -> None:
    dev = {
        f"dev__xnli__{language}": bench.features(bench.pretrained(), examples.classification(8, "dev", language, seed))
        for language, seed in (("de", 7), ("sw", 8))
    }
    rows = history(train(bench, inputs=dev, early_stopping="target"))["rows"]
    assert set(rows[0]["dev"]) == {"xnli/de", "xnli/sw"}
    with pytest.raises(DataError, match="no dev features of a target language"):
        train(bench, early_stopping="target")


def test_the_rate_of_the_best_dev_score_wins_and_all_are_told(bench: Bench) -> None:
    alone = train(bench, steps=60, learning_rate=3e-3)
    searched = train(bench, steps=60, learning_rate=1.0, learning_rates=[1e-9, 3e-3])
    assert (searched / "encoder.safetensors").read_bytes() == (alone / "encoder.safetensors").read_bytes()
    assert bench.facts["learning_rate"] == 3e-3
    scores = {row["learning_rate"]: row["dev"] for row in bench.facts["search"]}
    assert scores[3e-3] > scores[1e-9]


@pytest.mark.parametrize("family", list(MAKERS))
@pytest.mark.parametrize("freeze", [1, None])
def test_a_training_ends_at_the_first_loss_that_is_not_finite(bench: Bench, family: str, freeze: int | None) -> None:
    with pytest.raises(DataError, match=r"the loss is (nan|inf) at step [2-6] of 12.*learning_rate = 1e\+30"):
        train(bench, family, freeze, learning_rate=1e30)


def test_weights_that_the_last_step_broke_are_not_scored(bench: Bench) -> None:
    with pytest.raises(DataError, match="hidden states are not finite: its training diverged"):
        train(bench, steps=1, learning_rate=1e30)


def test_a_search_goes_on_past_a_rate_at_which_the_training_diverges(bench: Bench) -> None:
    alone = train(bench, learning_rate=3e-3)
    searched = train(bench, learning_rates=[1e30, 3e-3])
    assert (searched / "encoder.safetensors").read_bytes() == (alone / "encoder.safetensors").read_bytes()
    assert bench.facts["search"][0]["dev"] is None
    assert "the loss is" in bench.facts["search"][0]["diverged"]
    with pytest.raises(DataError, match=r"1e\+30.*1e\+29"):
        train(bench, learning_rates=[1e30, 1e29])


def test_a_training_at_chance_is_told_as_collapsed(bench: Bench) -> None:
    train(bench, learning_rate=1e-9)
    assert (bench.facts["chance"] >= 50, bench.facts["collapsed"]) == (True, True)
    train(bench, steps=60)
    assert (bench.facts["best_score"], bench.facts["collapsed"]) == (100.0, False)


@pytest.mark.parametrize("kind", ["bert", "xlmr"])
def test_a_layers_output_is_what_transformers_gives(bench: Bench, kind: str) -> None:
    from transformers import AutoModel

    pretrained = bench.pretrained(kind)
    folder = pretrained / "model"
    states = AutoModel.from_pretrained(folder).eval()
    split = examples.classification(1)
    whole = read_features(bench.features(pretrained, split, None))
    cached = read_features(bench.features(pretrained, split, 1))
    with torch.no_grad():
        batch = collate(whole, [0])
        expected = states(input_ids=batch.ids, output_hidden_states=True).hidden_states
        model, upper = WholeModel(folder, FP32).eval(), UpperLayers(folder, 1, FP32).eval()
        for layer in (1, 2):
            assert torch.allclose(model(batch, layer), expected[layer], atol=1e-5)
            assert torch.allclose(upper(collate(cached, [0]), layer), expected[layer], atol=5e-2)
        assert torch.equal(model(batch), model(batch, 2))
    for encoder, layer in ((upper, 0), (upper, 3), (model, 3)):
        with pytest.raises(DataError, match=f"retrieval_layer = {layer}: choose 1 to 2"):
            encoder(batch if encoder is model else collate(cached, [0]), layer)


def test_a_layer_below_the_frozen_ones_is_not_there(bench: Bench) -> None:
    pretrained = bench.pretrained()
    features = read_features(bench.features(pretrained, examples.classification(1), 2))
    with pytest.raises(DataError, match=r"retrieval_layer = 1: 2 layers are frozen.*choose 2 to 2"):
        UpperLayers(pretrained / "model", 2, FP32)(collate(features, [0]), 1)


def test_the_representation_of_untrained_retrieval_is_the_recipes(bench: Bench) -> None:
    pretrained = bench.pretrained()
    split = examples.retrieval(Family.SENTENCE_RETRIEVAL, language="en")
    # candidates that differ from their queries in one word, so that the representation shows in the scores
    changed = tuple(replace(passage, text=f"a {passage.text}") for passage in split.candidates)
    test = bench.features(pretrained, replace(split, candidates=changed), None)
    found = []
    for how in ({}, {"layer": 2}, {"layer": 1}, {"pooling": "cls"}):
        args = {"target": "t", "family": "sentence_retrieval", "metrics": ["accuracy"], "languages": ["en"],
                "settings": {"precision": "fp32"}, "freeze": None, "representation": how}  # fmt: skip
        out = bench.run("evaluation", args, pretrained=pretrained, test__en=test)
        found.append((out / "predictions.parquet").read_bytes())
    assert found[0] == found[1]
    assert len(set(found[1:])) > 1


def test_each_task_of_a_set_keeps_its_batch_size(bench: Bench) -> None:
    pretrained, inputs = bench.pretrained(), {}
    for name in ("a", "b"):
        inputs[f"train__{name}"] = bench.features(pretrained, examples.classification(24))
        inputs[f"dev__{name}"] = bench.features(pretrained, examples.classification(8, "dev", seed=9))
    tasks = [{"name": "a", "family": "classification"}, {"name": "b", "family": "classification", "batch_size": 24}]
    settings = {key: value for key, value in SETTINGS.items() if key != "steps"} | {"epochs": 2}
    args = {"tasks": tasks, "settings": settings, "seed": 1, "freeze": 1}
    out = bench.run("intermediate", args, pretrained=pretrained, **inputs)
    assert history(out)["steps"] == 2 * (3 + 1)
    assert load_file(out / "encoder.safetensors")
