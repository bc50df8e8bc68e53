"""Answers and the places that their files give them, which are not always right."""

from collections.abc import Sequence
from dataclasses import replace

from xtransfer_stats.sources.source import ASTRAY, Answer


def fits(answer: Answer, context: str) -> bool:
    """Whether the answer stands in the context at its offset."""
    return answer.start >= 0 and context[answer.start : answer.start + len(answer.text)] == answer.text != ""


def placed(answers: Sequence[Answer], context: str) -> tuple[Answer, ...]:
    """The answers that have a text; one that does not stand at its offset is astray."""
    return tuple(
        answer if fits(answer, context) else replace(answer, start=ASTRAY) for answer in answers if answer.text
    )


def astray(questions: Sequence[tuple[Sequence[Answer], str]]) -> tuple[str, ...]:
    """The problem of answers that do not stand at their offsets in their contexts; nothing where all do."""
    gone = [[not fits(answer, context) for answer in answers if answer.text] for answers, context in questions]
    if not any(map(any, gone)):
        return ()
    return (
        f"{sum(map(sum, gone))} answer(s) do not stand in the context at their offsets and are scored by their texts "
        "alone; "
        f"{sum(bool(one) and all(one) for one in gone)} question(s) have no other and cannot be trained on",
    )
