"""SQuAD's layout: data -> paragraphs -> qas -> every question with its context and answers -> the usable examples."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.formats import agreeing, counted
from xtransfer_stats.base.usertext import parsed_json
from xtransfer_stats.sources.source import Answer, Portion, SpanQA, astray_problem, with_true_offsets

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class SquadQuestion:
    """One question as it stands in the file.

    `id` is the file's own, `key` is unique: where an id occurs twice, `id@n` with n the question's number in the
    file from 1. `impossible` is None where the file has no such sign. `paragraph` is the key of the first
    question on the same context, the same in all languages of a parallel corpus.
    """

    id: str
    key: str
    text: str
    context: str
    answers: tuple[Answer, ...]
    impossible: bool | None
    paragraph: str = ""


def content_of(path: Path) -> Content | None:
    """The content of a JSON file in SQuAD's layout, None for any other file."""
    if path.suffix.lower() != ".json":
        return None
    try:
        content = parsed_json(path.read_bytes().decode("utf-8-sig"))  # a mark at the file's start; others count
    except ValueError:
        return None
    return content if _is_nested(content) else None


def content_again(path: Path, layout: str) -> Content:
    """The content of a file that was in this layout. Raises DataError where it is no longer."""
    content = content_of(path)
    if content is None:
        raise DataError(f"{path}: no longer in {layout}'s layout: the file has changed since it was looked at")
    return content


def _is_nested(content: Any) -> bool:
    articles = content.get("data") if isinstance(content, dict) else None
    if not articles or not isinstance(articles, list):
        return False
    held = [article.get("paragraphs") if isinstance(article, dict) else None for article in articles]
    return all(isinstance(own, list) and all(isinstance(each, dict) for each in own) for own in held)


def paragraphs(content: Content) -> Iterator[Mapping[str, Any]]:
    """All paragraphs in the file's order."""
    return (paragraph for article in content["data"] for paragraph in article["paragraphs"])


def questions(content: Content) -> tuple[SquadQuestion, ...]:
    """All questions in the file's order.

    Raises KeyError, TypeError or ValueError where the layout breaks off further down.
    """
    asked = [_question(paragraph["context"], raw) for paragraph in paragraphs(content) for raw in paragraph["qas"]]
    seen = Counter(question.id for question in asked)
    keyed = [
        replace(question, key=question.id if seen[question.id] == 1 else f"{question.id}@{number}")
        for number, question in enumerate(asked, start=1)
    ]
    first: dict[str, str] = {}
    return tuple(replace(question, paragraph=first.setdefault(question.context, question.key)) for question in keyed)


def _question(context: str, raw: Mapping[str, Any]) -> SquadQuestion:
    answers = tuple(Answer(str(answer["text"]), int(answer["answer_start"])) for answer in raw.get("answers") or ())
    return SquadQuestion(str(raw["id"]), "", str(raw["question"]), context, answers, raw.get("is_impossible"))


class _State(StrEnum):
    ANSWERED = "answered"
    IMPOSSIBLE = "impossible"
    UNLABELLED = "without a gold answer"
    CONTRADICTION = "both marked impossible and answered"


def portion(questions: Sequence[SquadQuestion]) -> Portion:
    """The usable questions, with what is wrong in the others; offsets are code points, U+FEFF among them.

    Without any gold, all questions are kept as unlabelled (XTREME's download has answers "" at 0). Beside gold, those
    without are dropped: a question without answers would pass for an unanswerable one.
    """
    states = [_state(question) for question in questions]
    labelled = any(state in (_State.ANSWERED, _State.IMPOSSIBLE) for state in states)
    out = {_State.CONTRADICTION, _State.UNLABELLED} if labelled else {_State.CONTRADICTION}
    kept = [question for question, state in zip(questions, states, strict=True) if state not in out]
    unlabelled = 0 if labelled else states.count(_State.UNLABELLED)
    return Portion(tuple(map(_example, kept)), unlabelled=unlabelled, problems=_problems(questions, states, labelled))


def _state(question: SquadQuestion) -> _State:
    answered = any(answer.text for answer in question.answers)
    if question.impossible:
        return _State.CONTRADICTION if answered else _State.IMPOSSIBLE
    return _State.ANSWERED if answered else _State.UNLABELLED


def _example(question: SquadQuestion) -> SpanQA:
    answers = with_true_offsets(question.answers, question.context)
    return SpanQA(question.key, question.text, question.context, answers, question.paragraph)


def _problems(questions: Sequence[SquadQuestion], states: Sequence[_State], labelled: bool) -> tuple[str, ...]:
    count = Counter(states)
    problems = []
    if count[_State.CONTRADICTION]:
        problems.append(f"{counted(count[_State.CONTRADICTION], 'question')} {_State.CONTRADICTION}: dropped")
    if count[_State.UNLABELLED]:
        missing = f"{counted(count[_State.UNLABELLED], 'question')} {_State.UNLABELLED}"
        problems.append(f"{missing}: dropped" if labelled else f"{missing} (the answers are empty): unlabelled")
    answered = [q for q, state in zip(questions, states, strict=True) if state is _State.ANSWERED]
    problems += astray_problem([(question.answers, question.context) for question in answered])
    same = sum(question.key != question.id for question in questions)
    if same:
        problems.append(
            f"{agreeing(same, 'question', 'share')} an id with another: named id@number, by the place in the file"
        )
    return tuple(problems)
