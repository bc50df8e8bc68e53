"""What the names of files and folders say of the corpus, and corpora that are not the catalogue's."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from pathlib import Path

from xtransfer_stats.tasks.ownfile import corpora as own_corpora

FOLDERS = 3  # how far up a folder's name still speaks of the file


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

    def named(self, name: str) -> bool:
        """Whether all of the name is a corpus's."""
        return any(pattern.fullmatch(name) for pattern, _ in self.patterns) or name in map(str.lower, own_corpora())


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
    FOLDERS,
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
# Corpora of the same layouts that the catalogue does not have: their files would pass for those that it has.
_FOREIGN = _word(
    "paws-?qqp|mrpc|msrp|sts-?b|stsbenchmark|rte|wnli|qnli|cola|sst-?2|scitail|sick(?:-?nl)?|farstail|"
    "americas-?nli|indo-?nli|wrete|ocnli|cmnli|afqmc|lcqmc|kor-?nli|klue(?:-?(?:nli|ner))?|jnli|jglue|assin2?|"
    "indic-?xnli|myxnli|xnli-?eu|mednli|fever-?nli|wanli|opusparcus|tapaco|masakha-?(?:ner[2x]?|pos)|"
    "conll-?(?:20)?(?:0[0-9]|12)|ontonotes|wnut-?(?:16|17)?|multi-?(?:coner|nerd)|polyglot-?ner|germeval|"
    "wiki-?neural|few-?nerd|naamapadam|hiner|uner|german-?quad|fquad|piaf|korquad|drcd|cmrc|jsquad|sberquad|"
    "indicqa|afriqa|mkqa|triviaqa|newsqa|hotpotqa|boolq|piqa|winogrande|xwinograd|xstory[-_]?cloze|"
    "story[-_]?cloze|balanced[-_]?copa|estcopa|flores(?:-?101|-?200)?|opus-?100|wikimatrix|ccaligned|ntrex"
)

NOT_HERE = "which the catalogue does not have: an entry of your own can name it"


def foreign(path: Path) -> str:
    """The name, in the file's name or its folders', of a corpus that is not the catalogue's; "" for none."""
    for name in (path.name.lower(), *above(path, FOLDERS)):
        found = _FOREIGN.search(name)
        if found and not _own_corpus(name):
            return found[0]
        if ANY_LAYOUT.of(name) or _own_corpus(name):
            return ""
    return ""


def corpus_of(path: Path, corpora: Corpora = ANY_LAYOUT) -> str:
    """The catalogue's name of the corpus that the file's name hints at, or else the nearest folder's; "" for none."""
    names = (path.name.lower(), *above(path, corpora.folders))
    own = first(map(_own_corpus, names)) if corpora.own else ""
    return own or ("" if corpora.own and foreign(path) else first(map(corpora.of, names)))


def _own_corpus(name: str) -> str:
    """A corpus of the user's own entries: a word of the name, or all of it."""
    words = {name, name.rsplit(".", 1)[0], *re.split(r"[._-]+", name)}
    return next((known for known in own_corpora() if known.lower() in words), "")


def mismatch(path: Path, task: str, title: str) -> tuple[str, ...]:
    """The problem that the name says another task than the content has; nothing when it does not."""
    named = corpus_of(path)
    return (f"the name says {named}, the content is {title}",) if named not in ("", task) else ()


def above(path: Path, count: int = FOLDERS) -> Iterator[str]:
    """The names of the folders around a file in lower case, the nearest first."""
    return islice((part.lower() for part in reversed(path.parent.parts)), count)


def first(words: Iterable[str]) -> str:
    """The first word that is not empty, "" for none."""
    return next(filter(None, words), "")
