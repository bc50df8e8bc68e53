"""What the names of a file and of the folders around it hint at: corpus, split, language. Content has the last word."""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from xtransfer_stats.tasks.catalogue import XTREME_R
from xtransfer_stats.tasks.codes import canonical, english_name
from xtransfer_stats.tasks.ownfile import corpora as own_corpora

_FOLDERS = 3  # how far up a folder's name still speaks of the file
_SPLITS = {
    "train": "train", "training": "train", "dev": "dev", "val": "dev", "valid": "dev",
    "validation": "dev", "development": "dev", "test": "test", "testing": "test",
}  # fmt: skip
_PART = re.compile(r"_(mis)?matched$|_r[123]$")  # MNLI's two dev sets, ANLI's rounds
_MLQA = re.compile(r"context-([a-z]+)-question-([a-z]+)")
# Codes that are also words of file names: they count only between dots and hyphens ("test.it.jsonl") and at the end.
_WORDS = frozenset(
    "he hi id it my no in ms ml te am as is or to so de la mo el et ka per may que que est ind mar".split()
)
# Not of the catalogue, but with a two-letter code that Tatoeba's other pairs are told by.
_OTHERS = {
    "no": "nob nor nb", "nn": "nno", "sv": "swe", "da": "dan", "cs": "ces cze", "sk": "slk slo", "sl": "slv",
    "hr": "hrv", "ca": "cat", "gl": "glg", "is": "isl ice", "ga": "gle", "hy": "hye arm", "sq": "sqi alb",
    "mn": "mon khk", "km": "khm", "am": "amh", "lv": "lvs lav", "be": "bel", "mk": "mkd mac", "sr": "srp",
    "cy": "cym wel",
}  # fmt: skip
_BY_THREE = {three: code for code, threes in _OTHERS.items() for three in threes.split()}
# The languages of TyDiQA's gold passages, whose question ids begin with the name.
TYDIQA_NAMES = {english_name(code).lower(): code for code in "ar bn en fi id ko ru sw te ja th".split()}


@dataclass(frozen=True, slots=True)
class NameHint:
    """What a name says; "" where it says nothing. `translated` tells that it speaks of a machine translation."""

    task: str
    split: str
    language: str
    question_language: str
    translated: bool


@dataclass(frozen=True, slots=True)
class Corpora:
    """How a kind of file is named: the first pattern that a name has tells the corpus.

    `folders` is how far up folders count, `own` whether names of the user's own entries come first.
    """

    patterns: tuple[tuple[re.Pattern[str], str], ...]
    folders: int
    own: bool

    def of(self, name: str) -> str:
        """The corpus of one name, "" for none."""
        return next((task for pattern, task in self.patterns if pattern.search(name)), "")


def _word(pattern: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z])(?:{pattern})(?![a-z])")


# In this order: a name may hold another's ("xcopa" holds "copa").
ANY_LAYOUT = Corpora(
    (
        (_word("xnli"), "xnli"),
        (_word("mnli|multi[_ ]?nli|multinli"), "mnli"),
        (_word("snli"), "snli"),
        (_word("anli"), "anli"),
        (_word("paws-?x|x-final|paws"), "pawsx"),
        (_word("qqp"), "qqp"),
        (_word("hellaswag"), "hellaswag"),
        (_word("cosmos[_ ]?qa|cosmos"), "cosmosqa"),
        (_word("commonsense[_ ]?qa|csqa"), "commonsenseqa"),
        (_word("siqa|social[_ ]?i[_ ]?qa"), "siqa"),
        (_word("xcopa"), "xcopa"),
        (_word("copa"), "copa"),
        (_word("xquad"), "xquad"),
        (_word("mlqa"), "mlqa"),
        (_word("tydi[_ ]?qa"), "tydiqa"),
        (_word("squad[_ ]?v?2|squad2"), "squad2"),
        (_word("squad|squad[_ ]?v?1|squad1"), "squad1"),
        (_word("ud-?pos|ud"), "udpos"),
        (_word("panx|pan-x|wikiann"), "panx"),
        (_word("ccg(?:bank)?|pmb"), "ccg"),
        (_word("tatoeba"), "tatoeba"),
        (_word("bucc(?:2018|18)?"), "bucc2018"),
    ),
    _FOLDERS,
    own=True,
)
# In this order: tydiqa-goldp-v1.1-dev.json holds a version that is not SQuAD's.
SQUAD_LAYOUT = Corpora(
    (
        (re.compile(r"xquad[-_]?r\b|lareqa"), "lareqa"),
        (re.compile(r"xquad"), "xquad"),
        (re.compile(r"mlqa|context-[a-z]+-question-"), "mlqa"),
        (re.compile(r"tydi|goldp"), "tydiqa"),
        (re.compile(r"squad.*translate"), "squad1"),
        (re.compile(r"squad[-_.]?v?2|\bv?2\.0"), "squad2"),
        (re.compile(r"squad[-_.]?v?1|\bv1\.1"), "squad1"),
    ),
    folders=2,
    own=False,
)


def name_hint(path: Path, corpora: Corpora = ANY_LAYOUT) -> NameHint:
    """Read the file's name, and where it is silent the folders', the nearest first.

    Where the content leaves a choice the hint decides; else the content is held against it.
    """
    pair = _MLQA.search(path.name.lower())
    language, question_language = (
        (canonical(code) or code for code in pair.groups()) if pair else [language_of(path)] * 2
    )
    translated = "translate" in path.name.lower()
    return NameHint(corpus_of(path, corpora), split_of(path), language, question_language, translated)


def mismatch(path: Path, task: str, title: str) -> tuple[str, ...]:
    """The problem that the name says another task than the content has; nothing when it does not."""
    named = corpus_of(path)
    return (f"the name says {named}, the content is {title}",) if named not in ("", task) else ()


def split_of(path: Path) -> str:
    """train, dev or test, by the first word of the file's name that says so, else by a folder of just that name."""
    words = (_SPLITS.get(word, "") for word in re.split(r"[^a-z]+", path.name.lower()))
    folders = (_SPLITS.get(_PART.sub("", folder), "") for folder in _folders(path))
    return _first([*words, *folders])


def corpus_of(path: Path, corpora: Corpora = ANY_LAYOUT) -> str:
    """The catalogue's name of the corpus that the file's name hints at, or else the nearest folder's; "" for none."""
    names = (path.name.lower(), *islice(_folders(path), corpora.folders))
    own = _first(map(_own_corpus, names)) if corpora.own else ""
    return own or _first(map(corpora.of, names))


def _own_corpus(name: str) -> str:
    """A corpus of the user's own entries: a word of the name, or all of it."""
    words = {name, name.rsplit(".", 1)[0], *re.split(r"[._-]+", name)}
    return next((known for known in own_corpora() if known.lower() in words), "")


def language_of(path: Path) -> str:
    """The benchmarks' code of the language that the names tell, by any common code; "" for none.

    The file's own last code counts, since machine translations are named from-to.
    """
    folders = ([folder] if folder.isalpha() else _loose(folder) for folder in _folders(path))
    return own_language_of(path) or _first(map(_last, folders))


def own_language_of(path: Path) -> str:
    """The language that the file's own name tells, without its folders."""
    name = path.name.lower().rsplit(".", 1)[0] if path.suffix else path.name.lower()
    strict = [part for part in re.split(r"[.-]", name) if "_" not in part]
    return _last([*_loose(name), *strict, name.rsplit("_", 1)[-1]])


def short(code: str) -> str:
    """The two-letter code of any known code; a code without one stays as it is."""
    return canonical(code) or _BY_THREE.get(code.lower(), code.lower())


def spoken(token: str) -> str:
    """The code of a language of the benchmarks that a part of a name says, "" for any other word."""
    code = short(token)
    return code if code in XTREME_R else ""


def _folders(path: Path) -> Iterator[str]:
    return (part.lower() for part in reversed(path.parent.parts[-_FOLDERS:]))


def _loose(name: str) -> list[str]:
    """The parts of a name that can be nothing but codes."""
    return [part for part in re.split(r"[._-]", name) if part not in _WORDS]


def _last(parts: Sequence[str]) -> str:
    return _first(map(spoken, reversed(parts)))


def _first(words: Iterable[str]) -> str:
    return next(filter(None, words), "")
