"""Sentence pairs: SNLI, MNLI, ANLI, XNLI, PAWS-X, QQP."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from xtransfer_stats.sources.schemas.schema import (
    BINARY,
    NLI,
    Decode,
    Hints,
    OddRow,
    Row,
    Schema,
    binary,
    collect,
    first,
    has_label,
    name,
    nli,
    plain,
    portion,
    text,
)
from xtransfer_stats.sources.source import Classification, Portion
from xtransfer_stats.tasks.task import Family

_IDS = ("uid", "pairID", "id", "idx", "index")
_LABELS = ("gold_label", "label", "is_duplicate")
_UNTRANSLATED = "NS"  # PAWS-X: the translator left the sentence out
_SETS: Mapping[Decode, Sequence[str]] = {nli: NLI, binary: BINARY}


def _pair(task: str, needs: str, texts: tuple[str, str], decode: Decode, **more: Any) -> Schema:
    def read(rows: Iterable[Row], hints: Hints) -> Portion:
        def example(number: int, row: Row) -> Classification:
            one, two = (_sentence(row, column, task) for column in texts)
            return Classification(name(row, _IDS, number), one, decode(first(row, _LABELS), hints), two)

        return portion(*collect(rows, example), has_label, hints.labels or _SETS[decode])

    return Schema(task, Family.CLASSIFICATION, frozenset((*needs.split(), *texts)), read, **more)


def _sentence(row: Row, column: str, task: str) -> str:
    sentence = text(row, column)
    if task == "pawsx" and sentence.strip() == _UNTRANSLATED:
        raise OddRow("with an untranslated sentence (NS)")
    return sentence


def _binary_values(sample: Sequence[Row]) -> bool:
    return {str(row.get("label")) for row in sample} <= {*BINARY, "-1", "", "None"}


def _language(row: Row) -> str:
    return str(row.get("language") or "")


def _round_split(row: Row) -> str:
    return str(row.get("tag") or "").rpartition("_")[2]


_SENTENCES = ("sentence1", "sentence2")
_PREMISE = ("premise", "hypothesis")
# In order: the first whose columns are all there gives the corpus away. "" leaves it to the file's name.
RELEASES = (
    _pair("xnli", "language", _SENTENCES, nli, language=_language),
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
)


def _read_own(rows: Iterable[Row], hints: Hints) -> Portion:
    def example(number: int, row: Row) -> Classification:
        pair = text(row, "pair") if row.get("pair") is not None else None
        return Classification(name(row, _IDS, number), text(row, "text"), plain(row.get("label"), hints), pair)

    examples, odd = collect(rows, example)
    seen = sorted({example.label for example in examples if example.label is not None})
    return portion(examples, odd, has_label, hints.labels or hints.names or seen)


# Fields that a catalogue entry may map columns to.
OWN = Schema("", Family.CLASSIFICATION, frozenset({"text"}), _read_own)
