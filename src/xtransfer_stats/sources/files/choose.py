"""Which files of a folder make up a split of a data set."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.tasks.task import DataSet


@dataclass(frozen=True)
class Wanted:
    """A split of a data set, by the files' own name of the split."""

    dataset: str
    data: DataSet
    split: str
    language: str

    @property
    def where(self) -> str:
        """The split in words, for messages."""
        return f"{self.dataset!r}, {self.split} split, language {self.language!r}"

    @property
    def parts(self) -> tuple[str, ...]:
        """What `xstats data` calls the files."""
        return self.data.files or (self.dataset,)

    def files(self, rows: Iterable[FileRow]) -> list[FileRow]:
        """Its files in a fixed order, none when there are none.

        A part of the data set's own name stands alone, and the others stand in where it has no file; parts of other
        names are joined in their order (ANLI+). Raises DataError for unlabelled files, for several formats of
        the same data, and where a part to be joined is lacking.
        """
        known = list(rows)
        files = {part: _one_format(self, _labelled(self, _own([row for row in known if self._has(row, part)])))
                 for part in self.parts}  # fmt: skip
        held = [part for part in self.parts if files[part]]
        if self.dataset in self.parts:
            held.sort(key=lambda part: part != self.dataset)
            return files[held[0]] if held else []
        if held and len(held) < len(self.parts):
            lacking = ", ".join(part for part in self.parts if not files[part])
            raise DataError(
                f"{self.where}: it joins {', '.join(self.parts)}, and there is no file of {lacking}: add it"
            )
        return [row for part in held for row in files[part]]

    def _has(self, row: FileRow, part: str) -> bool:
        same = (row.task, row.split, row.language) == (part, self.split, self.language)
        if any(word in row.path.stem for word in self.data.aside):
            return False
        # MLQA has files of questions in other languages than the context's: no benchmark scores them.
        return bool(self.split) and same and row.read is not None and row.question_language in ("", row.language)


def _own(rows: Sequence[FileRow]) -> Sequence[FileRow]:
    """Without columns beside another language's: each translated file has the same English, and one stands in."""
    return [row for row in rows if not row.beside] or rows[:1]


def _labelled(wanted: Wanted, rows: Sequence[FileRow]) -> list[FileRow]:
    """The labelled ones. Raises DataError when there are others only."""
    labelled = [row for row in rows if row.labelled]
    if rows and not labelled:
        raise DataError(
            f"{rows[0].path}: unlabelled, so it cannot be the {wanted.split} split of {wanted.dataset!r}: add the file "
            f"with labels, from the data set's own release (XTREME's download strips those of test sets)"
        )
    return labelled


def _one_format(wanted: Wanted, rows: Sequence[FileRow]) -> list[FileRow]:
    """Files of one format are parts of one split (UD's treebanks); two formats would count the same data twice.

    Twins that differ in their suffix alone are one file in two formats, as MNLI, SNLI and XNLI are released: the first
    is taken.
    """
    first: dict[Path, str] = {}
    for row in rows:
        first.setdefault(row.path.with_suffix(""), row.format)
    kept = [row for row in rows if row.format == first[row.path.with_suffix("")]]
    by_format = {row.format: row for row in kept}
    if len(by_format) > 1:
        names = ", ".join(f"{row.path} ({row.format})" for row in by_format.values())
        raise DataError(f"{wanted.where}: in several formats: {names}: leave those of one in the folder")
    return kept
