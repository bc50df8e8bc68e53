"""SQuAD's layout: data -> paragraphs -> qas, every question with its context and answers; nothing is judged here."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from xtransfer_stats.sources.source import Answer

Content = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Question:
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
        content = json.loads(path.read_bytes().decode("utf-8-sig"))  # a mark at the file's start; others count
    except ValueError:
        return None
    return content if _is_nested(content) else None


def _is_nested(content: Any) -> bool:
    articles = content.get("data") if isinstance(content, dict) else None
    if not articles or not isinstance(articles, list):
        return False
    held = [article.get("paragraphs") if isinstance(article, dict) else None for article in articles]
    return all(isinstance(own, list) and all(isinstance(each, dict) for each in own) for own in held)


def paragraphs(content: Content) -> Iterator[Mapping[str, Any]]:
    """All paragraphs in the file's order."""
    return (paragraph for article in content["data"] for paragraph in article["paragraphs"])


def questions(content: Content) -> tuple[Question, ...]:
    """All questions in the file's order.

    Raises KeyError, TypeError or ValueError where the layout breaks off further down.
    """
    found = [_question(paragraph["context"], raw) for paragraph in paragraphs(content) for raw in paragraph["qas"]]
    seen = Counter(question.id for question in found)
    keyed = [
        replace(question, key=question.id if seen[question.id] == 1 else f"{question.id}@{number}")
        for number, question in enumerate(found, start=1)
    ]
    first: dict[str, str] = {}
    return tuple(replace(question, paragraph=first.setdefault(question.context, question.key)) for question in keyed)


def _question(context: str, raw: Mapping[str, Any]) -> Question:
    answers = tuple(Answer(str(answer["text"]), int(answer["answer_start"])) for answer in raw.get("answers") or ())
    return Question(str(raw["id"]), "", str(raw["question"]), context, answers, raw.get("is_impossible"))
