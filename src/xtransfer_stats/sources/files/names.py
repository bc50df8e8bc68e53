"""What the names of a file and of the folders around it claim: corpus, split, language. Content has the last word."""

import re
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

from xtransfer_stats.tasks.codes import canonical
from xtransfer_stats.tasks.languages import XTREME_R
from xtransfer_stats.tasks.ownfile import corpora

_FOLDERS = 3  # how far up a folder's name still speaks of the file
_SPLITS = {
    "train": "train", "training": "train", "dev": "dev", "val": "dev", "valid": "dev",
    "validation": "dev", "development": "dev", "test": "test", "testing": "test",
}  # fmt: skip
_PART = re.compile(r"_(mis)?matched$|_r[123]$")  # MNLI's two dev sets, ANLI's rounds
# In this order: a name may hold another's ("xcopa" holds "copa").
_CORPORA = tuple(
    (re.compile(rf"(?<![a-z])(?:{pattern})(?![a-z])"), task)
    for pattern, task in (
        (r"xnli", "xnli"),
        (r"mnli|multi_?nli|multinli", "mnli"),
        (r"snli", "snli"),
        (r"anli", "anli"),
        (r"paws-?x|x-final|paws", "pawsx"),
        (r"qqp", "qqp"),
        (r"hellaswag", "hellaswag"),
        (r"cosmos_?qa|cosmos", "cosmosqa"),
        (r"commonsense_?qa|csqa", "commonsenseqa"),
        (r"siqa|social_?i_?qa", "siqa"),
        (r"xcopa", "xcopa"),
        (r"copa", "copa"),
        (r"xquad", "xquad"),
        (r"mlqa", "mlqa"),
        (r"tydi_?qa", "tydiqa"),
        (r"squad_?v?2|squad2", "squad2"),
        (r"squad|squad_?v?1|squad1", "squad1"),
        (r"ud-?pos|ud", "udpos"),
        (r"panx|pan-x|wikiann", "panx"),
        (r"ccg(?:bank)?|pmb", "ccg"),
        (r"tatoeba", "tatoeba"),
        (r"bucc(?:2018|18)?", "bucc2018"),
    )
)
# Codes that are also words of file names: they count only between dots and hyphens ("test.it.jsonl") and at the end.
_WORDS = frozenset(
    "he hi id it my no in ms ml te am as is or to so de la mo el et ka per may que que est ind mar".split()
)


def split_of(path: Path) -> str:
    """train, dev or test, by the first word of the file's name that says so, else by a folder of just that name."""
    folders = (_SPLITS.get(_PART.sub("", folder), "") for folder in _folders(path))
    return _split(path.name.lower()) or next(filter(None, folders), "")


def corpus_of(path: Path) -> str:
    """The catalogue's name of the corpus that the file's name claims, or else the nearest folder's; "" for none."""
    return _first(_own, path) or _first(_corpus, path)


def _own(name: str) -> str:
    """A corpus of the user's own entries: a word of the name, or all of it."""
    words = {name, name.rsplit(".", 1)[0], *re.split(r"[._-]+", name)}
    return next((known for known in corpora() if known.lower() in words), "")


def language_of(path: Path) -> str:
    """The benchmarks' code of the language that the names tell, by any common code; "" for none.

    The file's own last code counts, since machine translations are named from-to.
    """
    folders = ([folder] if folder.isalpha() else _loose(folder) for folder in _folders(path))
    return own_language_of(path) or next(filter(None, (_last(part) for part in folders)), "")


def own_language_of(path: Path) -> str:
    """The language that the file's own name tells, without its folders."""
    return _language(path.name.lower().rsplit(".", 1)[0] if path.suffix else path.name.lower())


def _first(told: Callable[[str], str], path: Path) -> str:
    return next(filter(None, map(told, (path.name.lower(), *_folders(path)))), "")


def _folders(path: Path) -> Iterator[str]:
    return (part.lower() for part in reversed(path.parent.parts[-_FOLDERS:]))


def _split(name: str) -> str:
    return next(filter(None, (_SPLITS.get(word, "") for word in re.split(r"[^a-z]+", name))), "")


def _corpus(name: str) -> str:
    return next((task for pattern, task in _CORPORA if pattern.search(name.replace(" ", "_"))), "")


def _language(name: str) -> str:
    strict = [part for part in re.split(r"[.-]", name) if "_" not in part]
    return _last([*_loose(name), *strict, name.rsplit("_", 1)[-1]])


def _loose(name: str) -> list[str]:
    """The parts of a name that can be nothing but codes."""
    return [part for part in re.split(r"[._-]", name) if part not in _WORDS]


def _last(parts: Sequence[str]) -> str:
    return next(filter(None, map(_code, reversed(parts))), "")


def _code(part: str) -> str:
    code = canonical(part) if len(part) >= 2 else None
    return code if code in XTREME_R else ""
