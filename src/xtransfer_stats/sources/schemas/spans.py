"""Questions on contexts in flat rows, as the hub has SQuAD, XQuAD, MLQA and TyDiQA."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from xtransfer_stats.sources.schemas.schema import Hints, OddRow, Row, Schema, collect, dropped, name, text
from xtransfer_stats.sources.source import Answer, Portion, SpanQA, astray_problem, with_true_offsets
from xtransfer_stats.tasks.codes import canonical
from xtransfer_stats.tasks.task import Family

_NEEDS = frozenset({"question", "context", "answers"})
_SHA1 = re.compile(r"[0-9a-f]{40}")
_TYDI = re.compile(r"([a-z]+)-+-?\d+-\d+")


def read(rows: Iterable[Row], hints: Hints) -> Portion:
    """The questions; offsets are code points. No answers at all means unanswerable, empty ones a stripped test."""
    paragraphs: dict[str, str] = {}
    every: list[tuple[Sequence[Answer], str]] = []

    def example(number: int, row: Row) -> tuple[SpanQA, bool]:
        context = text(row, "context")
        answers = _answers(row["answers"])
        stripped = bool(answers) and not any(answer.text for answer in answers)
        every.append((answers, context))
        paragraph = paragraphs.setdefault(context, str(len(paragraphs)))
        return SpanQA(
            name(row, ("id",), number), text(row, "question"), context, with_true_offsets(answers, context), paragraph
        ), stripped

    questions, odd = collect(rows, example)
    problems = [*(dropped(count, reason) for reason, count in odd.items()), *astray_problem(every)]
    gold = tuple(question for question, stripped in questions if not stripped)
    if gold and len(gold) < len(questions):
        problems.append(dropped(len(questions) - len(gold), "without a gold answer"))
    kept = gold or tuple(question for question, _ in questions)
    return Portion(kept, unlabelled=0 if gold else len(kept), problems=tuple(problems))


def _answers(value: object) -> tuple[Answer, ...]:
    if isinstance(value, Mapping):
        starts = value.get("answer_start", value.get("start", ()))
        return tuple(Answer(text, int(start)) for text, start in zip(value["text"], starts, strict=True))
    if not isinstance(value, Sequence) or isinstance(value, str):
        raise OddRow("whose answers are not a list")
    return tuple(Answer(answer["text"], int(answer["answer_start"])) for answer in value)


def _ids(pattern: re.Pattern[str]) -> Callable[[Sequence[Row]], bool]:
    return lambda sample: all(pattern.fullmatch(str(row.get("id", ""))) for row in sample)


def _tydi_language(row: Row) -> str:
    match = _TYDI.fullmatch(str(row.get("id", "")))
    return canonical(match[1]) or "" if match else ""


def _unanswerable(sample: Sequence[Row]) -> bool:
    return any(not _answers(row["answers"]) for row in sample)


def _schema(task: str, **more: Any) -> Schema:
    return Schema(task, Family.SPAN_QA, _NEEDS, read, **more)


RELEASES = (
    _schema("mlqa", where=_ids(_SHA1)),
    _schema("tydiqa", where=_ids(_TYDI), language=_tydi_language),
    _schema("squad2", where=_unanswerable),
    _schema("", corpora=("xquad", "mlqa", "tydiqa", "squad1", "squad2")),
)
OWN = _schema("")
