"""Question answering in SQuAD's layout: SQuAD v1.1 and v2.0, XQuAD, MLQA, TyDiQA-GoldP, told apart by content.

The content says which corpora a file can be; its name, and the folders' names, choose among these.
"""

import re
from collections.abc import Iterator, Sequence
from functools import partial
from pathlib import Path

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.files.found import Found, Reader
from xtransfer_stats.sources.files.iso import NAMES
from xtransfer_stats.sources.files.script import odd_script
from xtransfer_stats.sources.files.squad_layout import Content, Question, content_of, paragraphs, questions
from xtransfer_stats.sources.files.squad_names import Claim, claim
from xtransfer_stats.sources.files.squad_usable import portion
from xtransfer_stats.sources.source import Portion

FORMAT = "squad json"
TITLES = {
    "squad1": "SQuAD v1.1", "squad2": "SQuAD v2.0", "xquad": "XQuAD", "mlqa": "MLQA", "tydiqa": "TyDiQA-GoldP",
    "lareqa": "XQuAD-R",
}  # fmt: skip

_ENGLISH = ("squad1", "squad2")
_TYDIQA_ID = re.compile(rf"({'|'.join(NAMES)})-")
_IDS = (
    (re.compile(r"[0-9a-f]{24}"), ("squad1", "xquad")),
    (re.compile(r"[0-9a-f]{40}"), ("mlqa",)),
)


def read_squad(path: Path) -> list[Found] | None:
    """Rows of a file in SQuAD's layout, one a language; None for other files and for XQuAD-R."""
    content = content_of(path)
    if content is None or any("sentence_breaks" in paragraph for paragraph in paragraphs(content)):
        return None
    claimed = claim(path)
    try:
        asked = questions(content)
    except (KeyError, TypeError, ValueError) as error:
        broken = f"SQuAD's layout breaks off ({type(error).__name__}: {error}): nothing can be read"
        return [Found(path, claimed.task, claimed.language, claimed.split, FORMAT, 0, False, (broken,))]
    task = _task(content, asked, claimed)
    return [_found(path, task, language, claimed, asked) for language in _languages(task, asked, claimed)]


def _task(content: Content, asked: Sequence[Question], claimed: Claim) -> str:
    """The claimed corpus where the content allows it, else the one that the content names first."""
    can = _possible(content, asked)
    if not can or claimed.task in can:
        return claimed.task
    foreign = claimed.language not in ("", "en") or claimed.task == "lareqa"  # SQuAD is English
    return "xquad" if "xquad" in can and foreign else can[0]


def _possible(content: Content, asked: Sequence[Question]) -> tuple[str, ...]:
    version = str(content.get("version", "")).lower()
    if "tydi" in version or any(_TYDIQA_ID.match(question.id) for question in asked):
        return ("tydiqa",)
    if version.lstrip("v").startswith("2") or any(question.impossible is not None for question in asked):
        return ("squad2",)
    return next((tasks for form, tasks in _IDS if all(form.fullmatch(question.id) for question in asked)), ())


def _languages(task: str, asked: Sequence[Question], claimed: Claim) -> tuple[str, ...]:
    if task in _ENGLISH:  # English, but for a machine translation, which says its language
        return (claimed.language if claimed.translated and claimed.language else "en",)
    return tuple(sorted({_spoken(question) for question in asked} - {""})) or (claimed.language,)


def _spoken(question: Question) -> str:
    name = _TYDIQA_ID.match(question.id)
    return NAMES[name[1]] if name else ""


def _found(path: Path, task: str, language: str, claimed: Claim, asked: Sequence[Question]) -> Found:
    own = _of(language, asked)
    made = portion(own)
    split = "test" if task == "xquad" else claimed.split  # XQuAD has no other
    problems = (*_name_problems(task, language, split, claimed, own), *made.problems)
    return Found(
        path,
        "" if _is_other(task, claimed) else task,
        language,
        split,
        FORMAT,
        len(made.examples),
        bool(made.examples) and not made.unlabelled,
        problems,
        (claimed.question_language or language) if task == "mlqa" else "",
        partial(_read, path, language),
    )


def _of(language: str, asked: Sequence[Question]) -> Sequence[Question]:
    """The questions of one language; questions whose id says none are of the file's one language."""
    return [question for question in asked if _spoken(question) in ("", language)]


def _read(path: Path, language: str) -> Portion:
    content = content_of(path)
    if content is None:
        raise DataError(f"{path}: no longer in SQuAD's layout: the file has changed since it was looked at")
    return portion(_of(language, questions(content)))


def _is_other(task: str, claimed: Claim) -> bool:
    """A machine translation of test data is no part of the benchmarks."""
    return claimed.translated and task not in _ENGLISH


def _name_problems(task: str, language: str, split: str, claimed: Claim, asked: Sequence[Question]) -> Iterator[str]:
    if claimed.task and claimed.task != task:
        yield f"holds {_described(task, asked)} under a {TITLES[claimed.task]} name"
    if task == "tydiqa" and claimed.language and claimed.language != language:
        yield f"holds questions in {language!r}, as their ids say, under a name that says {claimed.language!r}"
    if task in _ENGLISH and claimed.language not in ("", language):
        yield f"SQuAD is English, but the name says {claimed.language!r} and speaks of no translation"
    odd = odd_script(dict.fromkeys(question.context for question in asked), language)
    if odd:
        yield odd
    if _is_other(task, claimed):
        yield "the name speaks of a machine translation: not part of the benchmarks"
    unknown = {"corpus": task, "language": language, "split": split}
    for what in (name for name, value in unknown.items() if not value):
        yield f"neither content nor name tells the {what}"


def _described(task: str, asked: Sequence[Question]) -> str:
    unanswerable = sum(bool(question.impossible) for question in asked)
    return f"{TITLES[task]} questions" + (f" ({unanswerable} without answer)" if task == "squad2" else "")


READERS: tuple[Reader, ...] = (read_squad,)
