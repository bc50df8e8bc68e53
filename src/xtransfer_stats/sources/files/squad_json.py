"""Question answering in SQuAD's layout: SQuAD v1.1 and v2.0, XQuAD, MLQA, TyDiQA-GoldP, told apart by content.

The content says which corpora a file can be; its name, and the folders' names, choose among these.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.namecorpora import SQUAD_LAYOUT
from xtransfer_stats.sources.files.namehints import TYDIQA_NAMES, NameHint, name_hint
from xtransfer_stats.sources.files.squad_layout import (
    Content,
    SquadQuestion,
    content_again,
    content_of,
    paragraphs,
    portion,
    questions,
)
from xtransfer_stats.sources.files.text import odd_script
from xtransfer_stats.sources.source import Portion

FORMAT = "squad json"
TITLES = {
    "squad1": "SQuAD v1.1", "squad2": "SQuAD v2.0", "xquad": "XQuAD", "mlqa": "MLQA", "tydiqa": "TyDiQA-GoldP",
    "lareqa": "XQuAD-R",
}  # fmt: skip

_ENGLISH = ("squad1", "squad2")
_TYDIQA_ID = re.compile(rf"({'|'.join(TYDIQA_NAMES)})-")
_IDS = ((re.compile(r"[0-9a-f]{24}"), ("squad1", "xquad")), (re.compile(r"[0-9a-f]{40}"), ("mlqa",)))


def read_squad(path: Path) -> list[FileRow] | None:
    """Rows of a file in SQuAD's layout, one a language; None for other files and for XQuAD-R."""
    content = content_of(path)
    if content is None or any("sentence_breaks" in paragraph for paragraph in paragraphs(content)):
        return None
    hint = name_hint(path, SQUAD_LAYOUT)
    try:
        asked = questions(content)
    except (KeyError, TypeError, ValueError) as error:
        broken = f"SQuAD's layout breaks off ({type(error).__name__}: {error}): nothing can be read"
        return [FileRow(path, hint.task, hint.language, hint.split, FORMAT, problems=(broken,))]
    task = _task(content, asked, hint)
    return [_file_row(path, task, language, hint, asked) for language in _languages(task, asked, hint)]


def _task(content: Content, asked: Sequence[SquadQuestion], hint: NameHint) -> str:
    """The corpus that the name says where the content allows it, else the one that the content names first."""
    can = _possible(content, asked)
    if not can or hint.task in can:
        return hint.task
    foreign = hint.language not in ("", "en") or hint.task == "lareqa"  # SQuAD is English
    return "xquad" if "xquad" in can and foreign else can[0]


def _possible(content: Content, asked: Sequence[SquadQuestion]) -> tuple[str, ...]:
    version = str(content.get("version", "")).lower()
    if "tydi" in version or any(_TYDIQA_ID.match(question.id) for question in asked):
        return ("tydiqa",)
    if version.lstrip("v").startswith("2") or any(question.impossible is not None for question in asked):
        return ("squad2",)
    return next((tasks for form, tasks in _IDS if all(form.fullmatch(question.id) for question in asked)), ())


def _languages(task: str, asked: Sequence[SquadQuestion], hint: NameHint) -> tuple[str, ...]:
    if task in _ENGLISH:  # English, but for a translation, which says its language
        return (hint.language or "en",)
    return tuple(sorted({_spoken(question) for question in asked} - {""})) or (hint.language,)


def _spoken(question: SquadQuestion) -> str:
    name = _TYDIQA_ID.match(question.id)
    return TYDIQA_NAMES[name[1]] if name else ""


def _file_row(path: Path, task: str, language: str, hint: NameHint, asked: Sequence[SquadQuestion]) -> FileRow:
    own = _of(language, asked)
    row = FileRow(
        path,
        "" if _is_other(task, hint) else task,
        language,
        "test" if task == "xquad" else hint.split,  # XQuAD has no other
        FORMAT,
        question_language=(hint.question_language or language) if task == "mlqa" else "",
    )
    problems = tuple(_name_problems(task, language, row.split, hint, own))
    return replace(row, problems=problems).counted(portion(own), partial(_read, path, language))


def _of(language: str, asked: Sequence[SquadQuestion]) -> Sequence[SquadQuestion]:
    """The questions of one language; questions whose id says none are of the file's one language."""
    return [question for question in asked if _spoken(question) in ("", language)]


def _read(path: Path, language: str) -> Portion:
    return portion(_of(language, questions(content_again(path, "SQuAD"))))


def _is_other(task: str, hint: NameHint) -> bool:
    """A machine translation of test data is no part of the benchmarks."""
    return hint.translated and task not in _ENGLISH


def _name_problems(
    task: str, language: str, split: str, hint: NameHint, asked: Sequence[SquadQuestion]
) -> Iterator[str]:
    if hint.task and hint.task != task:
        yield f"holds {_described(task, asked)} under a {TITLES[hint.task]} name"
    if task == "tydiqa" and hint.language and hint.language != language:
        yield f"holds questions in {language!r}, as their ids say, under a name that says {hint.language!r}"
    if task in _ENGLISH and language != "en" and not hint.translated:
        yield f"SQuAD is English, the name says {language}: taken as a translation into {language}"
    odd = odd_script(dict.fromkeys(question.context for question in asked), language)
    if odd:
        yield odd
    if _is_other(task, hint):
        yield "the name speaks of a machine translation: not part of the benchmarks"
    unknown = {"corpus": task, "language": language, "split": split}
    for what in (name for name, value in unknown.items() if not value):
        yield f"neither content nor name tells the {what}"


def _described(task: str, asked: Sequence[SquadQuestion]) -> str:
    unanswerable = sum(bool(question.impossible) for question in asked)
    return f"{TITLES[task]} questions" + (f" ({unanswerable} without answer)" if task == "squad2" else "")
