"""The overlap control: each family is fitted and scored without an encoder and without torch."""

import json
import subprocess
import sys

import numpy as np
import pytest
from tests.training import examples
from tests.training.conftest import Bench

from xtransfer_stats.sources.source import Classification, MultipleChoice, Split
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.overlap.surface import fit_choice, fit_classes, pair_features, words


def run_control(bench: Bench, train: Split, test: Split, metrics: list[str]) -> dict[str, float]:
    pretrained = bench.pretrained()
    family = str(train.family)
    args = {
        "training": "t",
        "family": family,
        "settings": {},
        "seed": 0,
        "freeze": None,
        "control": "overlap",
    }
    folder = bench.features(pretrained, train, None)
    target = bench.run("target", args, pretrained=pretrained, train=folder, dev=folder)
    args = {"target": "t", "family": family, "metrics": metrics, "languages": ["en"], "settings": {},
            "freeze": None, "head_family": None, "control": "overlap"}  # fmt: skip
    tested = bench.features(pretrained, test, None)
    out = bench.run("evaluation", args, pretrained=pretrained, encoder=target, test__en=tested)
    return json.loads((out / "scores.json").read_text())["languages"]["en"]["metrics"]


def pairs(count: int, split: str, equal_when: str) -> Split:
    random = np.random.default_rng(count)
    rows = []
    for i in range(count):
        word, other = random.choice(examples.WORDS, 2, replace=False)
        label = "ab"[i % 2]
        rows.append(
            Classification(f"{split}{i}", f"the {word}", label, f"the {word if label == equal_when else other}")
        )
    return Split("pairs", split, "en", Family.CLASSIFICATION, tuple(rows), ("a", "b"))


def test_pairs_are_told_apart_by_overlap_whatever_the_label_is_called(bench: Bench) -> None:
    assert run_control(bench, pairs(60, "train", "a"), pairs(40, "test", "a"), ["accuracy"])["accuracy"] == 100.0
    flipped = run_control(bench, pairs(60, "train", "b"), pairs(40, "test", "a"), ["accuracy"])
    assert flipped["accuracy"] == 0.0


def test_single_texts_are_told_apart_by_their_trigrams(bench: Bench) -> None:
    scores = run_control(bench, examples.classification(), examples.classification(20, "test", seed=2), ["accuracy"])
    assert scores["accuracy"] == 100.0


def test_choices_by_overlap_with_the_prompt(bench: Bench) -> None:
    def split(count: int, name: str) -> Split:
        rows = []
        for i in range(count):
            word = examples.WORDS[i % 8]
            choices = (f"the {word} is on", "nothing here") if i % 2 else ("nothing here", f"the {word} is on")
            rows.append(MultipleChoice(f"{name}{i}", f"turn on the {word}", choices, (i + 1) % 2))
        return Split("effect", name, "en", Family.MULTIPLE_CHOICE, tuple(rows))

    assert run_control(bench, split(40, "train"), split(20, "test"), ["accuracy"])["accuracy"] == 100.0


def test_tags_by_token_then_shape(bench: Bench) -> None:
    scores = run_control(bench, examples.tagging(), examples.tagging(16, "test", seed=2), ["f1", "accuracy"])
    assert scores == {"f1": 100.0, "accuracy": 100.0}


def test_answers_by_form_and_neighbourhood(bench: Bench) -> None:
    scores = run_control(bench, examples.span_qa(), examples.span_qa(16, "test", seed=2), ["exact_match", "f1"])
    assert scores["exact_match"] == 100.0  # the only number of each context


def test_retrieval_needs_no_fit(bench: Bench) -> None:
    pretrained = bench.pretrained()
    split = examples.retrieval(Family.SENTENCE_RETRIEVAL, language="en")
    args = {"target": "tatoeba", "family": "sentence_retrieval", "metrics": ["accuracy"], "languages": ["en"],
            "settings": {}, "freeze": None, "head_family": None, "control": "overlap"}  # fmt: skip
    tested = bench.features(pretrained, split, None)
    out = bench.run("evaluation", args, pretrained=pretrained, test__en=tested)
    assert json.loads((out / "scores.json").read_text())["languages"]["en"]["metrics"]["accuracy"] == 100.0


def test_features_worked_by_hand() -> None:
    # trigrams of " ab ": " ab", "ab "; of " ac ": " ac", "ac "; none shared
    assert pair_features("ab", "ac")[:4] == [0.0, 0.0, 0.0, 0.0]
    assert pair_features("ab", "AB") == pytest.approx([1, 1, 1, 1, 0, 1])
    assert words("say 你好, x2") == [(0, 3), (4, 5), (5, 6), (8, 10)]


def test_the_two_regressions_find_what_made_the_data() -> None:
    random = np.random.default_rng(0)
    rows = random.normal(size=(300, 3))
    gold = (rows[:, 1] > 0).astype(int)
    weights = fit_classes(rows, gold, 2)
    margin = weights[:, 1] - weights[:, 0]
    assert margin[1] > 5 * abs(margin[0])
    groups = [random.normal(size=(4, 3)) for _ in range(200)]
    chosen = fit_choice(groups, [int(group[:, 2].argmin()) for group in groups])
    assert chosen[2] < -5 * abs(chosen[0])


def test_the_control_imports_no_torch() -> None:
    code = "import sys, xtransfer_stats.training.overlap; print('torch' in sys.modules)"
    found = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "False"
