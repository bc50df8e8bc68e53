"""Sentence pairs, SNLI, MNLI, ANLI, XNLI, PAWS-X, QQP; and how labels that releases write become the catalogue's."""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from types import MappingProxyType
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.schemas.schema import (
    ABSENT,
    NAMES_REMEDY,
    Hints,
    OddRow,
    Row,
    Schema,
    first,
    name,
    reading,
    text,
)
from xtransfer_stats.sources.source import Classification
from xtransfer_stats.tasks.task import Family

_IDS = ("uid", "pairID", "id", "idx", "index")
_LABELS = ("gold_label", "label", "is_duplicate")
_ANNOTATORS = tuple(f"label{number}" for number in range(1, 6))
_UNTRANSLATED = "NS"  # PAWS-X: the translator left the sentence out
Decode = Callable[[object, Hints], str | None]
NLI = ("entailment", "neutral", "contradiction")
BINARY = ("0", "1")
_NLI_WORDS = MappingProxyType(
    {**{label: label for label in NLI}, **{label[0]: label for label in NLI}, "contradictory": "contradiction"}
)
_BINARY_WORDS = MappingProxyType(
    {"0": "0", "1": "1", "not_duplicate": "0", "duplicate": "1", "not_paraphrase": "0", "paraphrase": "1"}
)


def word(value: object, hints: Hints) -> str:
    """The label as written, an integer of a ClassLabel by its name; "" where there is none."""
    written = "" if value is None else str(value).strip()
    if written.isdigit() and hints.names:
        if int(written) >= len(hints.names):
            raise OddRow(f"with label {written}, which has no name")
        written = hints.names[int(written)]
    return "" if written.lower() in ABSENT else written


def nli(value: object, hints: Hints) -> str | None:
    """Entailment, neutral or contradiction, written out or by their first letters.

    Raises DataError for integers without names: releases count them in different orders.
    """
    written = word(value, hints)
    if written.isdigit():
        raise DataError(
            f"label {written}: an integer label of NLI means different things in different releases, and nothing here "
            f"names them: {NAMES_REMEDY}"
        )
    return _by(_NLI_WORDS, written)


def binary(value: object, hints: Hints) -> str | None:
    """ "0" or "1"; 1 is the paraphrase or duplicate in every release."""
    return _by(_BINARY_WORDS, word(value, hints))


def plain(value: object, hints: Hints) -> str | None:
    """The label as it is, of the set in `hints.labels` where that is known."""
    written = word(value, hints)
    if written and hints.labels and written not in hints.labels:
        raise OddRow(f"with label {written!r}, which is not one of {', '.join(hints.labels)}")
    return written or None


def _by(words: Mapping[str, str], written: str) -> str | None:
    if written and written.lower() not in words:
        raise OddRow(f"with label {written!r}, which is not one of this task")
    return words[written.lower()] if written else None


_SETS: Mapping[Decode, Sequence[str]] = {nli: NLI, binary: BINARY}
_CORPORA: Mapping[Decode, tuple[str, ...]] = {nli: ("xnli", "mnli", "snli", "anli"), binary: ("pawsx", "qqp")}


def _pair(task: str, needs: str, texts: tuple[str, str], decode: Decode, **more: Any) -> Schema:
    def example(number: int, row: Row, hints: Hints) -> Classification:
        one, two = (_sentence(row, column, task) for column in texts)
        return Classification(name(row, _IDS, number), one, decode(_gold(row), hints), two)

    read = reading(example, lambda examples, hints: hints.labels or _SETS[decode])
    corpora = () if task else _CORPORA[decode]
    return Schema(task, Family.CLASSIFICATION, frozenset((*needs.split(), *texts)), read, corpora=corpora, **more)


def _gold(row: Row) -> object:
    """The gold label, or where a release has the annotators' alone what more than half of them say, "-" where none."""
    said = [row[column] for column in _ANNOTATORS if column in row] or row.get("annotator_labels")
    if any(column in row for column in _LABELS) or not isinstance(said, list):
        return first(row, _LABELS)
    given = [label for label in said if label]
    label, count = Counter(given).most_common(1)[0] if given else ("-", 0)
    return label if 2 * count > len(given) else "-"


def _sentence(row: Row, column: str, task: str) -> str:
    sentence = text(row, column)
    if task == "pawsx" and sentence.strip() == _UNTRANSLATED:
        raise OddRow("with an untranslated sentence (NS)")
    return sentence


def _binary_values(sample: Sequence[Row]) -> bool:
    return {str(row.get("label")) for row in sample} <= {*BINARY, "-1", "", "None"}


def _nli_words(sample: Sequence[Row]) -> bool:
    written = {str(row.get("label") or "").strip().lower() for row in sample} - ABSENT
    return bool(written) and written <= _NLI_WORDS.keys()


def _round_split(row: Row) -> str:
    return str(row.get("tag") or "").rpartition("_")[2]


_SENTENCES = ("sentence1", "sentence2")
_PREMISE = ("premise", "hypothesis")
# In order: the first whose columns are all there gives the corpus away. "" leaves it to the file's name.
RELEASES = (
    _pair("xnli", "language", _SENTENCES, nli, language=lambda row: str(row.get("language") or "")),
    _pair("snli", "gold_label captionID", _SENTENCES, nli),
    _pair("mnli", "genre", _SENTENCES, nli),
    _pair("anli", "uid label", ("context", "hypothesis"), nli, split=_round_split),
    _pair("anli", "uid gold_label", ("context", "statement"), nli),
    _pair("anli", "uid reason", _PREMISE, nli),
    _pair("mnli", "promptID genre", _PREMISE, nli),
    _pair("xnli", "label", ("premise", "hypo"), nli),
    _pair("qqp", "", ("question1", "question2"), binary),
    _pair("pawsx", "id label", _SENTENCES, binary, where=_binary_values),
    _pair("", "", _PREMISE, nli),
    _pair("", "gold_label", _SENTENCES, nli),
    _pair("", "annotator_labels", _SENTENCES, nli),
    _pair("", "label1 label2", _SENTENCES, nli),
    _pair("", "label", _SENTENCES, nli, where=_nli_words),
    _pair("", "label", _SENTENCES, binary, where=_binary_values),
)


def _own(number: int, row: Row, hints: Hints) -> Classification:
    pair = text(row, "pair") if row.get("pair") is not None else None
    return Classification(name(row, _IDS, number), text(row, "text"), plain(row.get("label"), hints), pair)


def _own_labels(examples: Sequence[Classification], hints: Hints) -> Sequence[str]:
    seen = {example.label for example in examples if example.label is not None}
    return hints.labels or hints.names or sorted(seen)


# Fields that a catalogue entry may map columns to.
OWN = Schema("", Family.CLASSIFICATION, frozenset({"text"}), reading(_own, _own_labels))
