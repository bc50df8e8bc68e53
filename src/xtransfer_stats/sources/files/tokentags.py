"""A token and its tag on each line, sentences apart by empty lines: PAN-X and UD-POS.

XTREME's download leaves token TAB tag, and the tokens alone in test files; other copies have a space for the tab.
WikiANN's own archives begin each token with its language ("ar:"), in files named train, dev and test alone. The tag set
tells the corpora apart, and from those that have other tags beside the same (CoNLL's MISC, MasakhaNER's DATE). Chinese
and Japanese PAN-X have one character a token; tags I- without B- before them are kept as they are.
"""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import pairwise
from pathlib import Path

from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.namecorpora import NOT_HERE, foreign, mismatch
from xtransfer_stats.sources.files.namehints import name_hint, untold
from xtransfer_stats.sources.files.rownames import not_of
from xtransfer_stats.sources.files.text import cells_of, lines_of, opening, sentences_of, tagged
from xtransfer_stats.sources.source import Portion, Tagging
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.tasks.codes import canonical

_TAGS = {task: frozenset(TARGET_TASKS[task].data.labels) for task in ("panx", "udpos")}
_SUFFIXES = frozenset({".tsv", ".txt", ".bio", ".iob", ".conll", ""})
_PREFIX = re.compile(r"([a-z][a-z-]+):")
_TAG = re.compile(r"[BIES]-\S+|[A-Z]{1,6}|O")  # what a tag looks like, of whatever corpus
_FEW = frozenset({"NOUN", "VERB", "PRON", "PUNCT"})
_MOST = 0.95
_SPACED = "xtreme tags, spaces"


@dataclass(frozen=True, slots=True)
class _Layout:
    """What a file of tags is: the corpus, the prefix of its tokens, and what stands between token and tag."""

    task: str
    prefix: str
    between: str

    @property
    def name(self) -> str:
        if self.prefix:
            return "wikiann"
        return "xtreme tags" if self.between == "\t" else _SPACED


def read_tags(path: Path) -> list[FileRow] | None:
    """The row of a file of this layout, None for any other."""
    lines = [line for line in opening(path) if line.strip()] if path.suffix in _SUFFIXES else []
    between = "\t" if any("\t" in line for line in lines) else " "
    rows = [cells_of(line, between) for line in lines]
    tags = Counter(row[-1] for row in rows if len(row) > 1)
    task = next((task for task in _TAGS if sum(tags[tag] for tag in _TAGS[task]) >= _MOST * len(rows)), None)
    if lines and task:
        return _with_tags(path, task, rows, between)
    if lines and _of_other_set(tags, len(rows)) and all(len(row) == 2 for row in rows):
        return [_other_corpus(path, tags)]
    return _stripped(path, lines) if lines and not any("\t" in line for line in lines) else None


def _of_other_set(tags: Counter[str], lines: int) -> bool:
    """Whether nearly all lines end with what looks like a tag: in B- and I-, or as some of UD-POS's."""
    alike = sum(count for tag, count in tags.items() if _TAG.fullmatch(tag))
    return alike >= _MOST * lines and (any(tag[:2] in ("B-", "I-") for tag in tags) or not _FEW.isdisjoint(tags))


def _with_tags(path: Path, task: str, rows: list[list[str]], between: str) -> list[FileRow] | None:
    prefix = _prefix(rows)
    odd = sum(len(row) != 2 for row in rows)
    if not prefix and odd > (0 if between == "\t" else (1 - _MOST) * len(rows)):
        return None  # more columns are another layout, such as CoNLL's
    layout = _Layout(task, prefix, between)
    other = _other_tags(path, layout)
    if other or foreign(path):
        return [_other_corpus(path, other, task)]
    return [_row(path, layout)]


def _row(path: Path, layout: _Layout) -> FileRow:
    hint, code = name_hint(path), layout.prefix.removesuffix(":")
    language = (canonical(code) or code) or hint.language
    read = partial(_portion, path, layout)
    problems = mismatch(path, layout.task, TARGET_TASKS[layout.task].title)
    if hint.language not in ("", language):
        problems += (f"the name says {hint.language}, the tokens begin with {layout.prefix}",)
    problems += untold(language, hint.split)
    row = FileRow(path, layout.task, language, hint.split, layout.name)
    return replace(row.counted(read(), read, *problems), labelled=True)


def _other_corpus(path: Path, tags: Iterable[str], task: str = "") -> FileRow:
    """The row of a file whose name, or whose tags, are not the catalogue's; task: whose tags most of them are."""
    named = foreign(path)
    if named:
        return FileRow(path, problems=(f"the name says {named}, {NOT_HERE}",))
    tasks = [task] if task else list(_TAGS)
    title = " or ".join(TARGET_TASKS[one].title for one in tasks)
    known = frozenset().union(*(_TAGS[one] for one in tasks))
    return FileRow(path, problems=(not_of(title, sorted(set(tags) - known)),))


def _other_tags(path: Path, layout: _Layout) -> list[str]:
    """Tags of another set in all of the file: what looks like a tag, more than once, and is none of the corpus's."""
    rows = (row for sentence in sentences_of(lines_of(path), " \t", layout.between) for row in sentence)
    counts = Counter(row[-1] for row in rows if len(row) > 1)
    tags = [tag for tag, count in counts.items() if count > 1 and _TAG.fullmatch(tag)]
    return sorted(set(tags).difference(_TAGS[layout.task]))


def _prefix(rows: Sequence[Sequence[str]]) -> str:
    """The language that all tokens begin with and the colon, "" when they do not."""
    first = _PREFIX.match(rows[0][0])
    return first[0] if first and all(row[0].startswith(first[0]) for row in rows) else ""


def _stripped(path: Path, lines: Sequence[str]) -> list[FileRow] | None:
    """The tokens of a test file whose tags were taken out: only its name tells of which corpus."""
    hint = name_hint(path)
    if hint.task not in _TAGS or hint.split == "" or sum(" " in line for line in lines) > len(lines) / 10:
        return None
    read = partial(_portion, path, _Layout(hint.task, "", "\t"))
    row = FileRow(path, hint.task, hint.language, hint.split, "xtreme tags")
    return [replace(row.counted(read(), read), labelled=False)]


def _portion(path: Path, layout: _Layout) -> Portion:
    examples: list[Tagging] = []
    odd: Counter[str] = Counter()
    for place, rows in enumerate(sentences_of(lines_of(path), " \t", layout.between)):
        tokens = tuple(row[0].removeprefix(layout.prefix) for row in rows)
        tags = tuple(row[-1] for row in rows)
        bare = all(len(row) == 1 for row in rows)
        if not bare and not _TAGS[layout.task].issuperset(tags):
            odd["sentences dropped: a tag is missing or none of the corpus's"] += 1
            continue
        if not bare:
            odd["tags I- follow no B- or I- of their kind: kept"] += _orphans(tags)
        examples.append(Tagging(str(place), tokens, None if bare else tags))
    unlabelled = sum(example.tags is None for example in examples)
    if unlabelled:
        odd["sentences have no tags: XTREME's download strips those of test sets"] = unlabelled
    return tagged(examples, odd)


def _orphans(tags: Sequence[str]) -> int:
    return sum(
        tag.startswith("I-") and (before == "O" or before[2:] != tag[2:]) for before, tag in pairwise(("O", *tags))
    )
