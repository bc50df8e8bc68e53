"""What a name says: the language, task, metric, seed and split in "xnli_de_acc", "test/f1", "seed 3", "PAN-X.de"."""

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from xtransfer_stats.exchange.imports.raw import Heading
from xtransfer_stats.exchange.imports.vocabulary import (
    AMBIGUOUS,
    NO_SCORES,
    NO_SPLIT_BEHIND,
    SPLITS,
    SUMMARIES,
    TRAIN,
    task_of,
)
from xtransfer_stats.exchange.scoreframe.headings import metric_of
from xtransfer_stats.exchange.scoreframe.names import plain
from xtransfer_stats.tasks.isocodes import is_subtag, language_code

_WORD = re.compile(r"[A-Za-z0-9@+\u00c0-\uffff]+")
_SEED = re.compile(r"(?:seed|sd|run|trial|rep|s|r)(\d+)", re.IGNORECASE)
_SEED_WORDS = ("seed", "run", "trial", "rep", "replicate", "repeat")
_ERRORS = ("stderr", "stderror", "standarderror")
LONGEST = 4  # words of a name that are looked at together


@dataclass(frozen=True)
class Meaning:
    """What a name says of a score; "" for what it does not. rest: its words that say none of these.

    summary: it is a mean, a spread or another figure computed from runs. aside: a word that is no score (loss, epoch).
    error: it is the standard error of the metric.
    """

    language: str = ""
    target_task: str = ""
    metric: str = ""
    seed: str = ""
    split: str = ""
    summary: str = ""
    aside: str = ""
    error: bool = False
    rest: tuple[str, ...] = ()
    unsure: bool = field(default=False, compare=False)  # its language is also a word
    spans: tuple[tuple[str, str], ...] = field(default=(), compare=False)  # (language, "zh-Hans"): words of the name

    @property
    def says_cell(self) -> bool:
        """Whether it names a part of what a score is of."""
        return bool(self.language or self.target_task or self.metric or self.seed)

    @property
    def plainly(self) -> bool:
        """Whether every word of it is understood."""
        return not self.rest


def of_name(text: str) -> Meaning:
    """What one name says, by its words; the longest run of words that is known counts."""
    found = list(_WORD.finditer(text))
    words = [one[0] for one in found]
    meaning, place = Meaning(), 0
    while place < len(words):
        for length in range(min(LONGEST, len(words) - place), 0, -1):
            written = text[found[place].start() : found[place + length - 1].end()]
            further = _with(meaning, words[place : place + length], written)
            if further is not None:
                meaning, place = _spanned(meaning, further, words[place : place + length]), place + length
                break
        else:
            meaning, place = replace(meaning, rest=(*meaning.rest, words[place])), place + 1
    return meaning


def _spanned(before: Meaning, after: Meaning, words: Sequence[str]) -> Meaning:
    what = next(
        (name for name in ("language", "target_task", "metric") if getattr(before, name) != getattr(after, name)), ""
    )
    return replace(after, spans=(*before.spans, (what, " ".join(words)))) if what else after


def _with(meaning: Meaning, words: Sequence[str], joined: str) -> Meaning | None:
    """The meaning with what some words say added; None where they say nothing, or what is said already."""
    name = plain("".join(words))
    if name in NO_SCORES and not meaning.aside:
        return replace(meaning, aside=joined)
    if name in _ERRORS and not meaning.error:
        return replace(meaning, error=True)
    if not meaning.metric and (metric := metric_of(joined)):
        return replace(meaning, metric=metric)
    if len(words) == 1 and meaning.rest[-1:] and plain(meaning.rest[-1]) in NO_SPLIT_BEHIND:
        return None
    if len(words) == 1 and not meaning.split and (name in SPLITS or name in TRAIN):
        return replace(meaning, split=name)
    if name in SUMMARIES and not meaning.summary and len(words) <= 2:
        return replace(meaning, summary=joined)
    if seed := _seed(words):
        return None if meaning.seed else replace(meaning, seed=seed)
    if not meaning.target_task and (task := task_of(joined)):
        return replace(meaning, target_task=task)
    return _with_language(meaning, words, name)


def _with_language(meaning: Meaning, words: Sequence[str], name: str) -> Meaning | None:
    if meaning.language:
        return None
    tag = len(words) == 1 or all(map(is_subtag, words[1:]))
    if not tag and len(words) > 2:
        return None
    code = language_code("-".join(words))
    if code is None:
        return None
    beside = bool(meaning.target_task) and not meaning.rest
    return replace(meaning, language="-".join(words), unsure=name in AMBIGUOUS and not beside)


def _seed(words: Sequence[str]) -> str:
    if len(words) == 1 and (found := _SEED.fullmatch(words[0])):
        return found[1]
    if len(words) == 2 and words[0].lower() in _SEED_WORDS and words[1].isdigit():
        return words[1]
    return ""


def of_heading(heading: Heading) -> Meaning:
    """What a heading of one or several levels says; a level that says nothing at all is kept whole in `rest`."""
    levels = [of_name(level) for level in heading if level]
    joined = Meaning()
    for level, meaning in zip((part for part in heading if part), levels, strict=True):
        joined = _joined(joined, meaning, level)
    return joined


def _joined(one: Meaning, other: Meaning, level: str) -> Meaning:
    nothing = not other.says_cell and not (other.split or other.summary or other.aside or other.error)
    rest = (level,) if nothing and other.rest else other.rest
    return Meaning(
        language=other.language or one.language,
        target_task=other.target_task or one.target_task,
        metric=other.metric or one.metric,
        seed=other.seed or one.seed,
        split=other.split or one.split,
        summary=other.summary or one.summary,
        aside=other.aside or one.aside,
        error=one.error or other.error,
        rest=(*one.rest, *rest),
        unsure=one.unsure or other.unsure,
    )
