"""Plain text for multilingual masked language modelling: mlm/LANGUAGE.txt, a sentence a line."""

from functools import partial
from pathlib import Path

from xtransfer_stats.sources.files.found import Found, Reader
from xtransfer_stats.sources.files.lines import lines_of
from xtransfer_stats.sources.source import Portion, Sentence
from xtransfer_stats.tasks.codes import canonical

FOLDER, FORMAT = "mlm", "plain text"


def read_plain(path: Path) -> list[Found] | None:
    """The row of a text file in a folder called mlm; None for any other, as plain text has no sign of its own."""
    if path.parent.name != FOLDER or path.suffix != ".txt":
        return None
    language = canonical(path.stem)
    if language is None:
        why = f"the name {path.stem!r} is no language's code: name the file de.txt, say"
        return [Found(path, FOLDER, "", "train", FORMAT, 0, False, (why,))]
    read = partial(_portion, path)
    # Text is its own gold: what is masked is known.
    return [Found(path, FOLDER, language, "train", FORMAT, len(read().examples), True, read=read)]


def _portion(path: Path) -> Portion:
    kept = [line for line in lines_of(path) if line.strip()]
    return Portion(tuple(Sentence(f"{path.stem}:{number}", line) for number, line in enumerate(kept)))


READERS: tuple[Reader, ...] = (read_plain,)
