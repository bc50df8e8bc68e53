"""Tokens and tags: UD part of speech, WikiANN."""

from collections import Counter
from collections.abc import Sequence
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.schemas.schema import NAMES_REMEDY, Hints, OddRow, Row, Schema, name, reading
from xtransfer_stats.sources.source import Tagging
from xtransfer_stats.tasks.task import Family

_IDS = ("id", "idx", "sent_id")
_NO_TAG = "_"  # UD: a fused form whose parts follow, each with a tag of its own


def _tagging(task: str, needs: str, column: str, **more: Any) -> Schema:
    def example(number: int, row: Row, hints: Hints) -> Tagging:
        tokens, tags = _words(row, row.get(column), hints)
        return Tagging(name(row, _IDS, number), tokens, tags)

    return Schema(task, Family.TAGGING, frozenset((*needs.split(), column)), reading(example, _tags), **more)


def _tags(sentences: Sequence[Tagging], hints: Hints) -> list[str]:
    seen = sorted({tag for sentence in sentences for tag in sentence.tags or ()})
    return [label for label in hints.labels or hints.names or seen if label != _NO_TAG]


def _words(row: Row, tags: object, hints: Hints) -> tuple[tuple[str, ...], tuple[str, ...] | None]:
    tokens = row.get("tokens")
    if not isinstance(tokens, Sequence) or isinstance(tokens, str) or not tokens:
        raise OddRow("without tokens")
    if not isinstance(tags, Sequence) or not tags or set(tags) == {-1}:
        return tuple(map(str, tokens)), None
    if len(tags) != len(tokens):
        raise OddRow("with another number of tags than of tokens")
    pairs = [(str(token), _name(tag, hints)) for token, tag in zip(tokens, tags, strict=True)]
    words = [(token, tag) for token, tag in pairs if tag != _NO_TAG and token]
    if not words:
        raise OddRow("without a tagged token")
    return tuple(token for token, _ in words), tuple(tag for _, tag in words)


def _name(tag: object, hints: Hints) -> str:
    if isinstance(tag, str):
        return tag
    if not isinstance(tag, int) or not 0 <= tag < len(hints.names):
        raise DataError(f"tag {tag}: an integer tag, and {len(hints.names)} names of ids are known: {NAMES_REMEDY}")
    return hints.names[tag]


def _no_chunks(sample: Sequence[Row]) -> bool:
    return not any("chunk_tags" in row for row in sample)  # CoNLL 2003


def _spoken(row: Row) -> str:
    """The language that most tokens of a sentence are marked with (WikiANN's `langs`)."""
    langs = row.get("langs")
    return str(Counter(langs).most_common(1)[0][0]) if isinstance(langs, Sequence) and langs else ""


RELEASES = (
    _tagging("panx", "tokens langs", "ner_tags", language=_spoken),
    _tagging("udpos", "tokens", "upos"),
    _tagging("udpos", "tokens", "pos_tags", where=_no_chunks),
    _tagging("", "tokens", "ner_tags", corpora=("panx",)),
)
# Fields that a catalogue entry may map columns to.
OWN = _tagging("", "tokens", "tags")
