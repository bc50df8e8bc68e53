"""Mewsli-X: a mention in a news article searches its entity by a description in any of 50 languages.

Three layouts of JSON lines, told by their keys: articles with mentions (dev and test, several languages in a file),
mention-entity pairs of the English Wikipedia (train and dev), and the candidate set. The candidates, a million, are one
pool for all languages: they are a row of their own without a language, and `candidates` reads them one
by one. Mewsli-9 is another data set, and without the articles' text: its table is told apart here.
"""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.formats import agreeing, counted
from xtransfer_stats.base.usertext import parsed_json
from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.namehints import split_of
from xtransfer_stats.sources.source import Passage, Portion, Query

_ASIDE = 1  # sentences kept on each side of the mention's own: the encoder would cut an article before its mention

Row = Mapping[str, Any]


def rows(path: Path) -> Iterator[Row]:
    """One object a line. Raises DataError for a line that is none."""
    with open(path, encoding="utf-8-sig", newline="\n") as file:
        for number, line in enumerate(file, start=1):
            try:
                if line.strip():
                    yield parsed_json(line)
            except ValueError as error:
                raise DataError(f"{path}: line {number} cannot be read ({error}): fetch the file again") from error


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


def queries_of(mentions: Iterable[tuple[Row, Row]]) -> Portion:
    """Queries of (article, mention) pairs; a mention that does not stand at its offsets is dropped and counted."""
    queries = [_query(context, mention) for context, mention in mentions]
    kept = tuple(query for query in queries if query)
    lost = len(queries) - len(kept)
    why = f"{agreeing(lost, 'mention', 'do')} not stand in the article at the offset (or it has no text yet): dropped"
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


NINE = "mewsli-9 mentions"
_NINE_COLUMNS = "docid position length mention url lang qid".split()
MENTIONS, PAIRS, CANDIDATES = "mewslix mentions", "mewslix pairs", "mewslix candidates"
_KEYS: Mapping[str, frozenset[str]] = {
    MENTIONS: frozenset({"context", "mentions"}),
    PAIRS: frozenset({"context", "mention", "entity"}),
    CANDIDATES: frozenset({"entity_id", "description", "description_language"}),
}
# News mentions are for evaluation alone; a name that is silent leaves dev or test.
_USUAL = {MENTIONS: "test", PAIRS: ""}
_UNTOLD = {
    MENTIONS: "the name says neither dev nor test: taken for test, as news mentions are for evaluation alone",
    PAIRS: "the name says neither train nor dev",
}


def read_mewslix(path: Path) -> list[FileRow] | None:
    """Rows of a Mewsli-X file, one a language of its mentions; None for any other file."""
    if path.suffix.lower() not in (".jsonl", ".json"):
        return None
    layout = _layout(path)
    if not layout:
        return None
    try:
        return _READ[layout](path)
    except DataError as error:
        why = str(error)
    except (KeyError, TypeError) as error:
        why = f"the layout of {layout} breaks off ({type(error).__name__}: {error}): nothing can be read"
    return [FileRow(path, "mewslix", "", split_of(path), layout, problems=(why,))]


def _layout(path: Path) -> str:
    """The layout that the keys of the first line tell, "" for none."""
    with open(path, "rb") as file:
        head = file.readline(1 << 22)
    try:
        first = parsed_json(head.decode("utf-8-sig"))
    except ValueError:
        return ""
    keys = first.keys() if isinstance(first, dict) else frozenset()
    return next((layout for layout, needed in _KEYS.items() if needed <= keys), "")


def _read_candidates(path: Path) -> list[FileRow]:
    counts = Counter(row["description_language"] if row["description"] else "" for row in rows(path))
    empty = counts.pop("", 0)
    what = f"candidates in {len(counts)} languages, one pool for the mentions of all; no queries"
    problems = (what, f"{counted(empty, 'candidate')} without a description: dropped") if empty else (what,)
    row = FileRow(path, "mewslix", "", "", CANDIDATES, counts.total(), problems=problems)
    return [replace(row, read=lambda: Portion((), tuple(candidates(path))))]


def _read_by_language(layout: str, reader: Callable[[Path, str], Portion], path: Path) -> list[FileRow]:
    """One row a language of the articles."""
    languages = dict.fromkeys(row["context"]["language"] for row in rows(path))
    split = split_of(path)
    problems = () if split else (_UNTOLD[layout],)
    row = FileRow(path, "mewslix", "", split or _USUAL[layout], layout, problems=problems)
    reads = {language: partial(reader, path, language) for language in languages}
    return [replace(row, language=language).counted(read(), read) for language, read in reads.items()]


def _mentions(path: Path, language: str) -> Portion:
    articles = (row for row in rows(path) if row["context"]["language"] == language)
    return queries_of((row["context"], mention) for row in articles for mention in row["mentions"])


def _pairs(path: Path, language: str) -> Portion:
    pairs = [row for row in rows(path) if row["context"]["language"] == language]
    queries = queries_of((row["context"], row["mention"]) for row in pairs)
    pool = {row["entity"]["entity_id"]: described(row["entity"]) for row in pairs}
    return Portion(queries.examples, tuple(pool.values()), problems=queries.problems)


_READ: Mapping[str, Callable[[Path], list[FileRow]]] = {
    MENTIONS: partial(_read_by_language, MENTIONS, _mentions),
    PAIRS: partial(_read_by_language, PAIRS, _pairs),
    CANDIDATES: _read_candidates,
}


def read_mewsli9(path: Path) -> list[FileRow] | None:
    """Rows of Mewsli-9's table of mentions, one a language, with nothing that can be used; None for any other file."""
    if path.suffix.lower() != ".tsv":
        return None
    with open(path, "rb") as file:
        head = file.readline(1 << 12).decode("utf-8-sig", "replace").rstrip("\r\n").split("\t")
    if head[: len(_NINE_COLUMNS)] != _NINE_COLUMNS:
        return None
    place = head.index("lang")
    with open(path, encoding="utf-8-sig", newline="\n") as file:
        cells = (line.rstrip("\r\n").split("\t") for line in file)
        counts = Counter(row[place] for row in cells if len(row) > place and row[place] != "lang")
    why = "of Mewsli-9, not of Mewsli-X, and without the articles' text: nothing to use"
    return [
        FileRow(path, language=language, format=NINE, labelled=True, problems=(f"{counted(count, 'mention')} {why}",))
        for language, count in sorted(counts.items())
    ]
