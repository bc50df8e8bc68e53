"""Multiple choice: HellaSwag, Cosmos QA, CommonsenseQA, Social IQa, COPA and XCOPA."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from xtransfer_stats.sources.schemas.schema import ABSENT, Hints, OddRow, Row, Schema, first, name, reading, text
from xtransfer_stats.sources.source import MultipleChoice, Portion
from xtransfer_stats.tasks.task import Family

_IDS = ("id", "idx", "ind")
_LABELS = ("label", "correct", "answerKey")
# COPA's question names a relation; a model reads a sentence.
_SENSES = {"cause": "What was the cause?", "effect": "What happened as a result?"}
_CONSTANT = 8  # one label in so many rows is not the gold of a choice task
Prompt = Callable[[Row], str]
Choices = Callable[[Row], Sequence[str]]


def index(value: object, count: int, base: int = 0) -> int | None:
    """The right choice's position from 0: from "A".."E", a number that counts from `base`, or "choice2"."""
    written = "" if value is None else str(value).strip()
    if written.lower() in ABSENT:
        return None
    number = _number(written.removeprefix("choice"), 1 if written.startswith("choice") else base)
    if number is None or not 0 <= number < count:
        raise OddRow(f"with label {written!r}, which names none of {count} choices")
    return number


def _number(written: str, base: int) -> int | None:
    if written.isdigit():
        return int(written) - base
    return ord(written.upper()) - ord("A") if len(written) == 1 and written.isalpha() else None


def _choice(task: str, needs: str, prompt: Prompt, choices: Choices, base: int = 0, **more: Any) -> Schema:
    def example(number: int, row: Row, hints: Hints) -> MultipleChoice:
        options = tuple(choices(row))
        label = index(first(row, _LABELS), len(options), base)
        return MultipleChoice(name(row, _IDS, number), prompt(row), options, label)

    return Schema(task, Family.MULTIPLE_CHOICE, frozenset(needs.split()), reading(example), **more)


def _texts(*columns: str) -> Prompt:
    return lambda row: " ".join(text(row, column).strip() for column in columns)


def _columns(*columns: str) -> Choices:
    return lambda row: [text(row, column) for column in columns]


def _continued(row: Row) -> str:
    """HellaSwag's context; its second part, the beginning of the endings, may be empty."""
    parts = [row["ctx"]] if row.get("ctx") else [row.get("ctx_a"), row.get("ctx_b")]
    return " ".join(part.strip() for part in parts if part)


def _causal(row: Row) -> str:
    if row.get("question") not in _SENSES:
        raise OddRow(f"with question {row.get('question')!r}, which is not cause or effect")
    return f"{text(row, 'premise').strip()} {_SENSES[row['question']]}"


def _listed(column: str) -> Choices:
    def choices(row: Row) -> Sequence[str]:
        if not row.get(column):
            raise OddRow(f"without {column}")
        return [str(choice) for choice in row[column]]

    return choices


def _stem(row: Row) -> str:
    return text(row["question"], "stem")


def _stem_choices(row: Row) -> Sequence[str]:
    return [choice["text"] for choice in sorted(row["question"]["choices"], key=lambda choice: choice["label"])]


def _flat_choices(row: Row) -> Sequence[str]:
    lettered = zip(row["choices"]["label"], row["choices"]["text"], strict=True)
    return [choice for _, choice in sorted(lettered)]


def _nested(sample: Sequence[Row]) -> bool:
    return all(isinstance(row.get("question"), Mapping) and "stem" in row["question"] for row in sample)


def _own_split(row: Row) -> str:
    return str(row.get("split") or "")


_COPA = ("choice1", "choice2")
_SIQA = ("answerA", "answerB", "answerC")
_COSMOS = ("answer0", "answer1", "answer2", "answer3")
RELEASES = (
    _choice("hellaswag", "ctx endings", _continued, _listed("endings"), split=_own_split),
    _choice("hellaswag", "ctx_a endings", _continued, _listed("endings"), split=_own_split),
    _choice("cosmosqa", " ".join(("context", "question", *_COSMOS)), _texts("context", "question"), _columns(*_COSMOS)),
    _choice("siqa", " ".join(("context", "question", *_SIQA)), _texts("context", "question"), _columns(*_SIQA), base=1),
    _choice("commonsenseqa", "id question", _stem, _stem_choices, where=_nested),
    _choice("commonsenseqa", "question question_concept choices", _texts("question"), _flat_choices),
    _choice("xcopa", "premise choice1 choice2 question changed", _causal, _columns(*_COPA)),
    _choice("copa", "premise choice1 choice2 question", _causal, _columns(*_COPA)),
)
# Fields that a catalogue entry may map columns to.
OWN = _choice("", "prompt choices", _texts("prompt"), _listed("choices"))


def without_constant_gold(portion: Portion) -> Portion:
    """A test set whose every row has the same label has none: XTREME's download writes 0 in all of COPA and XCOPA.

    Fewer than eight rows may agree by chance and are left alone.
    """
    choices = [example for example in portion.examples if isinstance(example, MultipleChoice)]
    labels = {example.label for example in choices}
    if portion.unlabelled or len(choices) < _CONSTANT or len(labels) != 1:
        return portion
    bare = tuple(replace(example, label=None) for example in choices)
    problem = f"the label is {labels.pop()} in every row: a stripped test set"
    return replace(portion, examples=bare, unlabelled=len(bare), problems=(*portion.problems, problem))
