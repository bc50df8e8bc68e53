"""What a reader makes of a file: the contract between the readers, `xstats data` and the source of local files."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from xtransfer_stats.sources.source import Portion


@dataclass(frozen=True)
class FileRow:
    """One file, or one language of it, as its content tells; "" where that does not tell.

    `task` is the catalogue's name of the corpus (xnli, squad1, snli, ...), `split` train, dev or test, `format` a
    short name of the layout, `examples` the number of usable examples. `problems` are sentences:
    what is odd, what was dropped, what the name claims wrongly. `question_language` differs from
    `language`, the context's, in MLQA alone. `beside` tells of columns in another language than the one that the file
    is named for, as English beside a translation. `read` gives the examples; a row without it has none.
    """

    path: Path
    task: str = ""
    language: str = ""
    split: str = ""
    format: str = ""
    examples: int = 0
    labelled: bool = False
    problems: tuple[str, ...] = ()
    question_language: str = ""
    read: Callable[[], Portion] | None = field(default=None, compare=False, repr=False)
    beside: bool = False

    def counted(self, portion: Portion, read: Callable[[], Portion], *after: str) -> "FileRow":
        """The row of a file whose examples `read` gives, as it gave `portion` now: their number, and whether with gold.

        The row's own problems stand before those of the reading, `after` behind them.
        """
        labelled = bool(portion.examples) and not portion.unlabelled
        problems = (*self.problems, *portion.problems, *after)
        return replace(self, examples=len(portion.examples), labelled=labelled, problems=problems, read=read)

    def plain(self, root: Path) -> Mapping[str, Any]:
        """The row of `xstats data --json`."""
        row = {"path": self.path.relative_to(root).as_posix(), "task": self.task, "language": self.language}
        if self.question_language:
            row["question_language"] = self.question_language
        return {
            **row,
            "split": self.split,
            "format": self.format,
            "examples": self.examples,
            "labelled": self.labelled,
            "problems": list(self.problems),
        }


# A reader looks at one file (and at its neighbours, where two files make one data set). None: not its format.
Reader = Callable[[Path], list[FileRow] | None]
