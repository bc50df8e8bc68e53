"""What the names of a file and of the folders around it hint at: corpus, split, language. Content has the last word."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from xtransfer_stats.sources.files.namecorpora import ANY_LAYOUT, FOLDERS, Corpora, above, corpus_of, first
from xtransfer_stats.sources.files.namelanguage import SPLITS, language_of
from xtransfer_stats.tasks.codes import canonical, english_name

_PART = re.compile(r"_(mis)?matched$|_r[123]$")  # MNLI's two dev sets, ANLI's rounds
# The release's names of files, and the hub's of configurations.
_MLQA = re.compile(r"context-([a-z]+)-question-([a-z]+)|mlqa\.([a-z]+)\.([a-z]+)(?![a-z])")
_TRANSLATED = re.compile(r"translate[-_](?:train|test|dev)")
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


def name_hint(path: Path, corpora: Corpora = ANY_LAYOUT) -> NameHint:
    """Read the file's name, and where it is silent the folders', the nearest first.

    Where the content leaves a choice the hint decides; else the content is held against it.
    """
    language, question_language = mlqa_languages(path) or (language_of(path),) * 2
    translated = "translate" in path.name.lower() or any(map(_TRANSLATED.search, above(path)))
    return NameHint(corpus_of(path, corpora), split_of(path), language, question_language, translated)


def mlqa_languages(path: Path) -> tuple[str, str] | None:
    """The languages of context and question that a name of MLQA's tells, the file's or a folder's."""
    pair = next(filter(None, map(_MLQA.search, (path.name.lower(), *above(path)))), None)
    if pair is None:
        return None
    context, question = (canonical(code) or code for code in pair.groups() if code)
    return context, question


def untold(language: str, split: str) -> tuple[str, ...]:
    """The sentences about what neither the rows of a file nor its names tell."""
    return tuple(f"neither the rows nor the names tell the {what}" for what, told in
                 (("language", language), ("split", split)) if not told)  # fmt: skip


def split_of(path: Path) -> str:
    """train, dev or test, by the first word of the file's name that says so, else by a folder of just that name."""
    words = (SPLITS.get(word, "") for word in re.split(r"[^a-z]+", path.name.lower()))
    return first([*words, *_folder_splits(path)])


def _folder_splits(path: Path) -> Iterator[str]:
    return (SPLITS.get(_PART.sub("", folder), "") for folder in above(path, FOLDERS))
