"""Mewsli-X's JSON lines -> queries and candidates. Offsets are code points of the article's text."""

import json
from collections.abc import Collection, Iterable, Iterator, Mapping
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.source import Passage, Portion, Query

_ASIDE = 1  # sentences kept on each side of the mention's own: the encoder would cut an article before its mention

Row = Mapping[str, Any]


def rows(path: Path) -> Iterator[Row]:
    """One object a line. Raises DataError for a line that is none."""
    with open(path, encoding="utf-8-sig", newline="\n") as file:
        for number, line in enumerate(file, start=1):
            try:
                if line.strip():
                    yield json.loads(line)
            except ValueError as error:
                raise DataError(f"{path}: line {number} is not JSON ({error}): fetch the file again") from error


def candidates(path: Path, languages: Collection[str] = ()) -> Iterator[Passage]:
    """Descriptions of the candidate set, one at a time; of the named languages alone where any are named.

    Entities without a description are left out.
    """
    for row in rows(path):
        if row["description"] and (not languages or row["description_language"] in languages):
            yield described(row)


def described(row: Row) -> Passage:
    """The candidate of an entity: its description under its id."""
    return Passage(str(row["entity_id"]), row["description"], row["description_language"])


def portion(mentions: Iterable[tuple[Row, Row]]) -> Portion:
    """Queries of (article, mention) pairs; a mention that does not stand at its offsets is dropped and counted."""
    queries = [_query(context, mention) for context, mention in mentions]
    kept = tuple(query for query in queries if query)
    lost = len(queries) - len(kept)
    why = f"{lost} mention(s) do not stand in their article at their offsets (or it has no text yet): dropped"
    return Portion(kept, problems=(why,) if lost else ())


def _query(context: Row, mention: Row) -> Query | None:
    """The mention within its sentence and the ones beside it; None where it does not stand at its offsets."""
    text, span = context["text"], mention["mention_span"]
    start, end = span["start"], span["end"]
    if not 0 <= start < end or text[start:end] != span["text"]:
        return None
    first, last = _window(context, start, end)
    name = str(mention["example_id"])
    passage = Passage(name, text[first:last], context["language"], mention=(start - first, end - first))
    return Query(name, passage, (str(mention["entity_id"]),))


def _window(context: Row, start: int, end: int) -> tuple[int, int]:
    """Bounds of the sentences that hold the span and of those beside; of the whole text where none does."""
    spans = [(span["start"], span["end"]) for span in context["sentence_spans"]]
    inside = [place for place, (first, last) in enumerate(spans) if first < end and start < last]
    if not inside or spans[inside[0]][0] > start or spans[inside[-1]][1] < end:
        return 0, len(context["text"])
    return spans[max(inside[0] - _ASIDE, 0)][0], spans[min(inside[-1] + _ASIDE, len(spans) - 1)][1]
