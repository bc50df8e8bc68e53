"""LAReQA (XQuAD-R): questions, and the sentences of all languages, among which one in each language answers.

A file has the sentences of its own language alone, so each language's file gives its part of the pool, and the right
sentences of the other languages are read from the files beside it: XQuAD-R is a folder of eleven. A candidate's id
is LANGUAGE_PARAGRAPH_SENTENCE, as the released XTREME-R code numbers them (docs/scores.md): paragraphs from 1 through
the file, sentences from 0. Ids by question would not do: where two questions have the same sentence, it would stand
in the pool twice.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

from xtransfer_stats.base.formats import counted
from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.namelanguage import spoken
from xtransfer_stats.sources.files.squad_layout import Content, content_again, content_of, paragraphs
from xtransfer_stats.sources.files.text import odd_script
from xtransfer_stats.sources.source import Answer, Passage, Portion, Query, fits
from xtransfer_stats.tasks.catalogue import TARGET_TASKS

FORMAT = "xquad-r json"
LANGUAGES = TARGET_TASKS["lareqa"].benchmarks["xtreme-r"]


@dataclass(frozen=True, slots=True)
class _Question:
    """A question and the sentence in which its answer starts, "" where it starts in none."""

    id: str
    text: str
    sentence: str


def read_lareqa(path: Path) -> list[FileRow] | None:
    """The one row of an XQuAD-R file; None for any other file."""
    content = _content(path)
    if content is None:
        return None
    language = _language(path)
    try:
        portion = _portion(path, content, language)
    except (KeyError, TypeError, ValueError, IndexError) as error:
        broken = f"XQuAD-R's layout breaks off ({type(error).__name__}: {error}): nothing can be read"
        return [FileRow(path, "lareqa", language, "test", FORMAT, problems=(broken,))]
    untold = "" if language else "the name tells no language"
    odd = odd_script((passage.text for passage in portion.candidates), language)
    row = FileRow(path, "lareqa", language, "test", FORMAT, problems=tuple(filter(None, (untold, odd))))
    return [row.counted(portion, partial(_read, path, language))]


def _content(path: Path) -> Content | None:
    content = content_of(path)
    named = content is not None and any("sentence_breaks" in paragraph for paragraph in paragraphs(content))
    return content if named else None


def _language(path: Path) -> str:
    """The language that the last part of the name says: de.json, xquad-r.de.json."""
    return spoken(path.stem.lower().replace("-", ".").rpartition(".")[2])


def _read(path: Path, language: str) -> Portion:
    return _portion(path, content_again(path, "XQuAD-R"), language)


def _portion(path: Path, content: Content, language: str) -> Portion:
    questions = list(_questions(content, language))
    known = [question for question in questions if question.sentence]
    others = _others(path, language)
    right = [{question.id: question.sentence for question in known}, *others.values()]
    kept = known or questions  # none has an answer: the file is stripped of its gold
    examples = tuple(_query(question, language, right) for question in kept)
    return Portion(
        examples,
        tuple(_sentences(content, language)),
        unlabelled=0 if known else len(questions),
        problems=tuple(_problems((language, *others), len(questions), len(known))),
    )


def _query(question: _Question, language: str, right: list[dict[str, str]]) -> Query:
    gold = tuple(sorted(sentences[question.id] for sentences in right if question.id in sentences))
    return Query(question.id, Passage(question.id, question.text, language), gold)


def _problems(there: Sequence[str], asked: int, known: int) -> Iterator[str]:
    if not known:
        yield f"{counted(asked, 'question')} without a gold answer: unlabelled"
    elif known < asked:
        yield f"{counted(asked - known, 'question')} whose answers do not stand in a sentence at their offsets: dropped"
    missing = [code for code in LANGUAGES if code not in there]
    if missing:
        yield f"no files beside it for {', '.join(missing)}: the right sentences of these languages are unknown"


def _others(path: Path, language: str) -> dict[str, dict[str, str]]:
    """Question id -> right sentence, in each other language whose file lies beside this one."""
    sentences = {}
    for code in LANGUAGES:
        beside = path.with_name(_named(path, language, code))
        content = _content(beside) if code != language and language and beside.is_file() else None
        if content is not None:
            sentences[code] = {each.id: each.sentence for each in _questions(content, code) if each.sentence}
    return sentences


def _named(path: Path, language: str, code: str) -> str:
    head, _, tail = path.name.rpartition(language)
    return f"{head}{code}{tail}"


def _sentences(content: Content, language: str) -> Iterator[Passage]:
    for number, paragraph in enumerate(paragraphs(content), start=1):
        for place, sentence in enumerate(paragraph["sentences"]):
            yield Passage(f"{language}_{number}_{place}", sentence, language)


def _questions(content: Content, language: str) -> Iterator[_Question]:
    for number, paragraph in enumerate(paragraphs(content), start=1):
        for raw in paragraph["qas"]:
            place = _place(paragraph, raw)
            sentence = "" if place is None else f"{language}_{number}_{place}"
            yield _Question(str(raw["id"]), str(raw["question"]), sentence)


def _place(paragraph: Mapping[str, Any], raw: Mapping[str, Any]) -> int | None:
    """The sentence in which the answer starts, None for an empty answer or one that does not stand there."""
    answer = next(iter(raw["answers"]), None)
    if answer is None or not fits(Answer(answer["text"], answer["answer_start"]), paragraph["context"]):
        return None
    breaks = enumerate(paragraph["sentence_breaks"])
    return next((place for place, (start, end) in breaks if start <= answer["answer_start"] < end), None)
