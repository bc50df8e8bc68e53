"""Repositories for the served hub, under the names that the catalogue has, with made-up rows."""

from pathlib import Path

from tests.originals.files import write
from tests.originals.model import write_model
from tests.originals.words import PLACES, THINGS, sentence

MODEL = "acme/tiny-xlmr"
NLI = ["entailment", "neutral", "contradiction"]
TAGS = ["O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"]
CODES = {"de": "deu", "tr": "tur"}


def write_repositories(root: Path) -> None:
    """A model and the data of xnli, panx, tatoeba, mnli and qqp under `root`."""
    texts = [sentence(code, n) for code in THINGS for n in range(40)]
    write_model(root / "models" / MODEL / "main", texts)
    for config in ("en", "de"):
        splits = {"train": 24, "validation": 9, "test": 9} if config == "en" else {"test": 9}
        _tables(root, "facebook/xnli", config, {split: _nli(config, size) for split, size in splits.items()})
    _tables(root, "nyu-mll/glue", "mnli", {"train": _nli("en", 24), "validation_matched": _nli("en", 9)})
    _tables(root, "nyu-mll/glue", "qqp", {"train": _qqp(24), "validation": _qqp(9)})
    _xtreme(root)


def _rows(features, rows):
    from datasets import Dataset, Features

    return Dataset.from_list(rows, features=Features(features))


def _nli(language, size):
    from datasets import ClassLabel, Value

    rows = [
        {"premise": sentence(language, n), "hypothesis": sentence(language, n + n % 3), "label": n % 3}
        for n in range(size)
    ]
    return _rows({"premise": Value("string"), "hypothesis": Value("string"), "label": ClassLabel(names=NLI)}, rows)


def _qqp(size):
    from datasets import ClassLabel, Value

    rows = [
        {"question1": sentence("en", n), "question2": sentence("en", n + n % 2), "label": 1 - n % 2, "idx": n}
        for n in range(size)
    ]
    names = ["not_duplicate", "duplicate"]
    text = {"question1": Value("string"), "question2": Value("string")}
    return _rows({**text, "label": ClassLabel(names=names), "idx": Value("int32")}, rows)


def _tables(root: Path, name: str, config: str, tables) -> None:
    """A repository of Parquet files, whose card names the configurations."""
    folder = root / "datasets" / name / "main"
    for split, table in tables.items():
        path = folder / config / f"{split}-00000-of-00001.parquet"
        path.parent.mkdir(parents=True, exist_ok=True)
        table.to_parquet(path)
    card = ["---", "configs:"]
    for place in sorted(path for path in folder.iterdir() if path.is_dir()):
        card += [f"- config_name: {place.name}", "  data_files:"]
        for file in sorted(place.glob("*.parquet")):
            card += [f"  - split: {file.name.split('-')[0]}", f"    path: {place.name}/{file.name}"]
    write(folder / "README.md", "\n".join([*card, "---", ""]))


def _xtreme(root: Path) -> None:
    """A script, and the hub's Parquet conversion of it."""
    folder = root / "datasets" / "google/xtreme"
    write(folder / "main" / "xtreme.py", "raise RuntimeError('a script of a repository was run')\n")
    converted = folder / "refs/convert/parquet"
    for language, splits in (("en", {"train": 24, "validation": 9, "test": 9}), ("de", {"test": 9})):
        for split, size in splits.items():
            _converted(converted / f"PAN-X.{language}" / split, _panx(language, size))
    for language, code in CODES.items():
        _converted(converted / f"tatoeba.{code}" / "validation", _tatoeba(language, code))


def _converted(folder: Path, table) -> None:
    folder.mkdir(parents=True)
    table.to_parquet(folder / "0000.parquet")


def _panx(language, size):
    from datasets import ClassLabel, List, Value

    rows = [
        {"tokens": [THINGS[language][n % 6], PLACES[language][n % 6]], "ner_tags": [0, 5], "langs": [language] * 2}
        for n in range(size)
    ]
    words = List(Value("string"))
    return _rows({"tokens": words, "ner_tags": List(ClassLabel(names=TAGS)), "langs": words}, rows)


def _tatoeba(language, code):
    from datasets import Value

    rows = [
        {"source_sentence": sentence(language, n), "target_sentence": sentence("en", n), "source_lang": code,
         "target_lang": "eng"}
        for n in range(0, 36, 5)
    ]  # fmt: skip
    return _rows(dict.fromkeys(rows[0], Value("string")), rows)
