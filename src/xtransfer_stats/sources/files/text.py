"""Text files: their lines, tagged sentences, plain text for masked language modelling, and the script of a text."""

import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from functools import partial
from itertools import chain, islice
from pathlib import Path

from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.source import Portion, Sentence, Tagging
from xtransfer_stats.tasks.catalogue import XTREME_R
from xtransfer_stats.tasks.codes import canonical

FOLDER, FORMAT = "mlm", "plain text"
_OPENING = 1 << 16  # bytes
_CLAIMED = 0.25  # names, formulas and quotations in other scripts leave more than a quarter
_ENOUGH, _SAMPLE = 20, 5000  # letters

# First words of the Unicode names of the letters; languages of the benchmarks that are not here are in Latin script.
_SCRIPTS = {
    "ARABIC": "ar fa ur", "BENGALI": "bn", "CYRILLIC": "bg kk ru uk", "DEVANAGARI": "hi mr", "GEORGIAN": "ka",
    "GREEK": "el", "GUJARATI": "gu", "GURMUKHI": "pa", "HANGUL": "ko", "HEBREW": "he", "CJK": "ja zh",
    "HIRAGANA": "ja", "KATAKANA": "ja", "MALAYALAM": "ml", "MYANMAR": "my", "TAMIL": "ta", "TELUGU": "te", "THAI": "th",
}  # fmt: skip
_NOT_LATIN = {code for codes in _SCRIPTS.values() for code in codes.split()}


def lines_of(path: Path) -> list[str]:
    """Lines without their ends (LF or CRLF alone: other separators are characters of a sentence).

    A byte order mark at the start of the file is no character of the text. Raises UnicodeDecodeError.
    """
    lines = [line.removesuffix("\r") for line in path.read_bytes().decode("utf-8-sig").split("\n")]
    return lines if lines[-1] else lines[:-1]


def opening(path: Path) -> list[str]:
    """Whole lines of the first 64 KiB, without their ends: enough to know the format; empty for what is not text.

    Bytes that are not UTF-8 are replaced here: reading all of the file names them.
    """
    with open(path, "rb") as file:
        start = file.read(_OPENING)
    if b"\0" in start:
        return []
    lines = start.decode("utf-8-sig", errors="replace").split("\n")
    whole = lines[:-1] if len(start) == _OPENING or not lines[-1] else lines
    return [line.removesuffix("\r") for line in whole]


def cells_of(line: str, between: str) -> list[str]:
    """The cells of a line; several spaces are one."""
    return [cell for cell in line.split(between) if cell or between != " "]


def sentences_of(lines: Iterable[str], space: str | None = None, between: str = "\t") -> Iterator[list[list[str]]]:
    """Cells of the lines of each sentence; lines of nothing but `space` (default: any) part them.

    between: what stands between the cells.
    """
    rows: list[list[str]] = []
    for line in (*lines, ""):
        if line.strip(space):
            rows.append(cells_of(line, between))
        elif rows:
            yield rows
            rows = []


def tagged(examples: Sequence[Tagging], counts: Counter[str]) -> Portion:
    """Tagged sentences, and the problems that were counted: "3 sentences ..."."""
    unlabelled = sum(example.tags is None for example in examples)
    problems = tuple(f"{count} {what}" for what, count in counts.items() if count)
    return Portion(tuple(examples), unlabelled=unlabelled, problems=problems)


def read_plain(path: Path) -> list[FileRow] | None:
    """The row of mlm/LANGUAGE.txt, a sentence a line; None for any other, as plain text has no sign of its own."""
    if path.parent.name != FOLDER or path.suffix != ".txt":
        return None
    language = canonical(path.stem)
    if language is None:
        why = f"the name {path.stem!r} is no language's code: name the file de.txt, say"
        return [FileRow(path, FOLDER, "", "train", FORMAT, problems=(why,))]
    read = partial(_sentences, path)
    # Text is its own gold: what is masked is known.
    return [FileRow(path, FOLDER, language, "train", FORMAT, len(read().examples), True, read=read)]


def _sentences(path: Path) -> Portion:
    lines = [line for line in lines_of(path) if line.strip()]
    return Portion(tuple(Sentence(f"{path.stem}:{number}", line) for number, line in enumerate(lines)))


def odd_script(texts: Iterable[str], language: str) -> str:
    """A sentence where the texts' letters are mostly of another script than the language's, "" otherwise.

    The first 5,000 letters tell; a language outside the benchmarks, and a few letters, tell nothing.
    """
    letters = islice((sign for sign in chain.from_iterable(texts) if sign.isalpha()), _SAMPLE)
    scripts = Counter(unicodedata.name(sign, "?").split()[0] for sign in letters)
    if language not in XTREME_R or scripts.total() < _ENOUGH:
        return ""
    if sum(scripts[script] for script in _scripts_of(language)) >= _CLAIMED * scripts.total():
        return ""
    return f"the name says {language!r}, but the text is in {scripts.most_common(1)[0][0].capitalize()} letters"


def _scripts_of(language: str) -> frozenset[str]:
    named = frozenset(script for script, codes in _SCRIPTS.items() if language in codes.split())
    return named if language in _NOT_LATIN else frozenset({"LATIN"})
