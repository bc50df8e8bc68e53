"""The variants: masks, multilingual MLM beside a task, and training data in several languages."""

import json

import numpy as np
import pytest

pytest.importorskip("torch", reason="the train extra is not installed")

from tests.training import examples
from tests.training.conftest import build_tokenizer, save_model

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.source import Sentence, Split
from xtransfer_stats.study.settings import Settings
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.maskedlm import masked
from xtransfer_stats.training.tasktraining import language_shares
from xtransfer_stats.training.tokenise import encode_masked


def sentences(language, count=40):
    texts = [f"the light number {i} is {'on' if i % 2 else 'off'}" for i in range(count)]
    rows = tuple(Sentence(f"{language}{i}", text) for i, text in enumerate(texts))
    return Split("mlm", "train", language, Family.MASKED_LM, rows)


def test_of_the_tokens_15_percent_are_chosen_and_80_percent_of_these_masked():
    random = np.random.default_rng(0)
    ids = list(range(10, 110))
    chosen = shown_as_mask = kept = 0
    for _ in range(200):
        shown, gold = masked([0, *ids, 2], {0, 2}, np.array([500]), 99, random)
        places = [i for i, piece in enumerate(gold) if piece >= 0]
        assert all(gold[i] == [0, *ids, 2][i] for i in places)
        assert {0, len(ids) + 1}.isdisjoint(places)
        assert all(shown[i] == [0, *ids, 2][i] for i in range(len(shown)) if i not in places)
        chosen += len(places)
        shown_as_mask += sum(shown[i] == 99 for i in places)
        kept += sum(shown[i] == gold[i] for i in places)
    assert chosen == 200 * 15
    assert shown_as_mask / chosen == pytest.approx(0.8, abs=0.03)
    assert kept / chosen == pytest.approx(0.1, abs=0.03)


def test_masks_are_the_same_each_time_and_differ_between_languages():
    first, again, other = (encode_masked(build_tokenizer(), sentences(code), 32) for code in ("de", "de", "fr"))
    assert first.ids == again.ids
    assert first.marks != other.marks


def test_a_tokenizer_without_a_mask_is_refused():
    tokenizer = build_tokenizer()
    tokenizer.mask_token = None
    with pytest.raises(DataError, match="mask token"):
        encode_masked(tokenizer, sentences("de"), 32)


def test_the_exponent_lifts_small_languages():
    assert language_shares([1000, 10], 1.0) == pytest.approx([1000 / 1010, 10 / 1010])
    assert language_shares([1000, 10], 0.3)[1] == pytest.approx(10**0.3 / (1000**0.3 + 10**0.3))
    assert language_shares([1000, 10], 0.0) == pytest.approx([0.5, 0.5])


def run(bench, freeze, **more):
    """An intermediate step on one task; returns its history. more: args and, under "inputs", further features."""
    inputs = more.pop("inputs", {})
    pretrained = bench.pretrained()
    folders = {
        "train__a": bench.features(pretrained, examples.classification(), freeze),
        "dev__a": bench.features(pretrained, examples.classification(16, "dev", seed=1), freeze),
    }
    folders |= {role: bench.features(pretrained, split, freeze) for role, split in inputs.items()}
    settings = Settings(steps=24, evaluate_every=4, batch_size=8, learning_rate=3e-3, dropout=0.0, patience=50)
    args = {"tasks": [{"name": "a", "family": "classification"}], "settings": settings.args(), "seed": 5,
            "freeze": freeze, **more}  # fmt: skip
    out = bench.run("intermediate", args, pretrained=pretrained, **folders)
    return json.loads((out / "training.json").read_text())


@pytest.mark.parametrize("freeze", [1, None])
def test_masked_lm_is_learnt_beside_a_task_and_has_no_say_in_stopping(bench, freeze):
    told = {"languages": ["de", "en"], "alpha": 0.3, "batch_size": 8}
    history = run(bench, freeze, mlm=told, inputs={f"mlm__{code}": sentences(code) for code in ("de", "en")})
    assert set(history["rows"][0]["dev"]) == {"a"}
    losses = [row["loss"] for row in history["rows"]]
    assert losses[-1] < losses[0]


def test_training_data_in_other_languages_change_what_is_learnt(bench):
    german = {f"train__a__{code}": examples.classification(32, language=code, seed=7) for code in ("de", "fr")}
    english = run(bench, 1)
    both = run(bench, 1, translated=["de", "fr"], inputs=german)
    assert both["steps"] == english["steps"]
    assert [row["loss"] for row in both["rows"]] != [row["loss"] for row in english["rows"]]
    assert both == run(bench, 1, translated=["de", "fr"], inputs=german)


def test_models_of_the_tests_have_a_mask(tmp_path):
    save_model(tmp_path / "m")
    assert build_tokenizer().mask_token_id is not None
