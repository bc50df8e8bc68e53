"""Mewsli-X: a mention in a news article searches its entity by a description in any of 50 languages.

Three layouts of JSON lines, told by their keys: articles with mentions (dev and test, several languages in a file),
mention-entity pairs of the English Wikipedia (train and dev), and the candidate set. The candidates, a million, are one
pool for all languages: they are a row of their own without a language, and `mewslix_layout.candidates` reads them one
by one.
"""

import json
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.files.found import Found, Reader
from xtransfer_stats.sources.files.mewslix_layout import candidates, described, portion, rows
from xtransfer_stats.sources.files.squad_names import claim
from xtransfer_stats.sources.source import Portion

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


def read_mewslix(path: Path) -> list[Found] | None:
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
    return [Found(path, "mewslix", "", claim(path).split, layout, 0, False, (why,))]


def _layout(path: Path) -> str:
    """The layout that the keys of the first line tell, "" for none."""
    with open(path, "rb") as file:
        head = file.readline(1 << 22)
    try:
        first = json.loads(head.decode("utf-8-sig"))
    except ValueError:
        return ""
    keys = first.keys() if isinstance(first, dict) else frozenset()
    return next((layout for layout, needed in _KEYS.items() if needed <= keys), "")


def _read_candidates(path: Path) -> list[Found]:
    told = Counter(row["description_language"] if row["description"] else "" for row in rows(path))
    empty = told.pop("", 0)
    what = f"candidates in {len(told)} languages, one pool for the mentions of all; no queries"
    problems = (what, f"{empty} candidate(s) without a description: dropped") if empty else (what,)
    return [Found(path, "mewslix", "", "", CANDIDATES, told.total(), False, problems, read=partial(_pool, path))]


def _pool(path: Path) -> Portion:
    return Portion((), tuple(candidates(path)))


def _read_mentions(path: Path) -> list[Found]:
    told = dict.fromkeys(row["context"]["language"] for row in rows(path))
    return [_found(path, MENTIONS, language, partial(_mentions, path, language)) for language in told]


def _read_pairs(path: Path) -> list[Found]:
    told = dict.fromkeys(row["context"]["language"] for row in rows(path))
    return [_found(path, PAIRS, language, partial(_pairs, path, language)) for language in told]


def _found(path: Path, layout: str, language: str, read: Callable[[], Portion]) -> Found:
    made, split = read(), claim(path).split
    problems = made.problems if split else (_UNTOLD[layout], *made.problems)
    count = len(made.examples)
    about = (path, "mewslix", language, split or _USUAL[layout], layout)
    return Found(*about, count, bool(count), problems, read=read)


def _mentions(path: Path, language: str) -> Portion:
    articles = (row for row in rows(path) if row["context"]["language"] == language)
    return portion((row["context"], mention) for row in articles for mention in row["mentions"])


def _pairs(path: Path, language: str) -> Portion:
    pairs = [row for row in rows(path) if row["context"]["language"] == language]
    made = portion((row["context"], row["mention"]) for row in pairs)
    pool = {row["entity"]["entity_id"]: described(row["entity"]) for row in pairs}
    return Portion(made.examples, tuple(pool.values()), problems=made.problems)


_READ: Mapping[str, Callable[[Path], list[Found]]] = {
    MENTIONS: _read_mentions,
    PAIRS: _read_pairs,
    CANDIDATES: _read_candidates,
}

READERS: tuple[Reader, ...] = (read_mewslix,)
