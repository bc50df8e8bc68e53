"""The contract of a source: (data set, split, language) -> examples of one family.

Examples hold plain text, never token ids; offsets are code points, ends exclusive. What sources share stands at the
end: the limit's check, answers that files place astray, and the dev split of data that come without one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Protocol, TypeVar

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.formats import agreeing
from xtransfer_stats.tasks.task import Family


@dataclass(frozen=True, slots=True)
class Classification:
    """One text or a pair of texts and its label; `label` None when the file holds none."""

    id: str
    text: str
    label: str | None
    pair: str | None = None


T = TypeVar("T")
_SHARE, _MOST = 10, 1000  # one example in ten is held back


@dataclass(frozen=True, slots=True)
class Tagging:
    """Tokens and their tags, equally many; `joined` tells that no space stands before token i."""

    id: str
    tokens: tuple[str, ...]
    tags: tuple[str, ...] | None
    joined: tuple[bool, ...] | None = None


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer and its start in the context, in code points; ASTRAY when it does not stand where its file says.

    An answer astray is a right one like any other when answers are scored; nothing can be trained on it.
    """

    text: str
    start: int


ASTRAY = -1


@dataclass(frozen=True, slots=True)
class SpanQA:
    """A question on a context; no answers means unanswerable. `paragraph` clusters questions."""

    id: str
    question: str
    context: str
    answers: tuple[Answer, ...]
    paragraph: str = ""


@dataclass(frozen=True, slots=True)
class MultipleChoice:
    """A prompt (context and question already joined), its choices, and the right one's index."""

    id: str
    prompt: str
    choices: tuple[str, ...]
    label: int | None


@dataclass(frozen=True, slots=True)
class Passage:
    """A text to embed; `mention` marks a span in it, `context` is text around it."""

    id: str
    text: str
    language: str
    context: str = ""
    mention: tuple[int, int] | None = None


@dataclass(frozen=True, slots=True)
class Query:
    """A passage that looks for the candidates named in `gold` (none: it has no partner)."""

    id: str
    passage: Passage
    gold: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sentence:
    """Unlabelled text, for masked language modelling."""

    id: str
    text: str


Example = Sentence | Classification | Tagging | SpanQA | MultipleChoice | Query


@dataclass(frozen=True, slots=True)
class Split:
    """Examples of one data set, split and language, and for retrieval families the candidates.

    `labels` is the ordered label or tag set, the same in every split and language of a data set
    (empty for families without labels).
    """

    dataset: str
    split: str
    language: str
    family: Family
    examples: tuple[Example, ...]
    labels: tuple[str, ...] = ()
    candidates: tuple[Passage, ...] = ()


@dataclass(frozen=True, slots=True)
class Portion:
    """Examples of one file, table or repository, on their way into a Split.

    `examples` are the usable ones; `unlabelled` counts those among them without gold, `problems` says
    in sentences what was dropped or found odd, with counts.
    """

    examples: tuple[Example, ...]
    candidates: tuple[Passage, ...] = ()
    labels: tuple[str, ...] = ()
    unlabelled: int = 0
    problems: tuple[str, ...] = ()


def check_limit(limit: int | None) -> None:
    """Raise DataError for a negative number of examples."""
    if limit is not None and limit < 0:
        raise DataError(f"limit {limit} is negative; give a number of examples or None")


class Source(Protocol):
    """Reads data sets. Loading is deterministic; the first n examples do not depend on `limit`."""

    name: str

    def load(self, dataset: str, split: str, language: str, limit: int | None = None) -> Split:
        """Return the split's first `limit` examples.

        Raises DataError when the data set, split or language is not in this source.
        """
        ...

    def blocked(self, dataset: str, split: str, language: str) -> str:
        """Why the split cannot be had from this source and what to do, in a sentence; "" when it can, as far as known.

        Reads nothing large and no network.
        """
        ...

    def warnings(self, dataset: str, split: str, language: str) -> tuple[str, ...]:
        """What is odd about the examples that `load` would give, in sentences; as far as known without a network."""
        ...

    def languages(self, dataset: str) -> tuple[str, ...]:
        """Languages in which the data set has a test split, sorted."""
        ...

    def fingerprint(self, dataset: str) -> str:
        """A short string that changes when the data do: versions of packages, revision, file hashes."""
        ...


def fits(answer: Answer, context: str) -> bool:
    """Whether the answer stands in the context at its offset."""
    return answer.start >= 0 and context[answer.start : answer.start + len(answer.text)] == answer.text != ""


def with_true_offsets(answers: Sequence[Answer], context: str) -> tuple[Answer, ...]:
    """The answers that have a text; one that does not stand at its offset is astray."""
    return tuple(
        answer if fits(answer, context) else replace(answer, start=ASTRAY) for answer in answers if answer.text
    )


def astray_problem(questions: Sequence[tuple[Sequence[Answer], str]]) -> tuple[str, ...]:
    """The problem of answers that do not stand at their offsets in their contexts; nothing where all do."""
    gone = [[not fits(answer, context) for answer in answers if answer.text] for answers, context in questions]
    if not any(map(any, gone)):
        return ()
    lone = sum(bool(one) and all(one) for one in gone)
    astray = agreeing(sum(map(sum, gone)), "answer", "do")
    return (
        f"{astray} not stand in the context at the offset, scored by text alone; "
        f"{agreeing(lone, 'question', 'have')} no other and cannot be trained on",
    )


def held_back(examples: Sequence[T], split: str) -> Sequence[T]:
    """The train or the dev part of examples that serve as both: the last tenth, at most 1,000, is dev.

    By position, since ids may occur twice (TyDiQA); the same examples whatever limit is set later.
    """
    count = min(_MOST, len(examples) // _SHARE) if len(examples) >= _SHARE else min(1, len(examples) // 2)
    border = len(examples) - count
    return examples[border:] if split == "dev" else examples[:border]
