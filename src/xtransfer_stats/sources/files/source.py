"""The source of local copies: a folder of data sets in any layout that `xstats data` knows."""

import hashlib
from collections.abc import Iterable, Sequence
from dataclasses import replace
from functools import cache, cached_property, lru_cache
from pathlib import Path

from xtransfer_stats.base.errors import DataError, RecipeError
from xtransfer_stats.base.places import is_folder
from xtransfer_stats.base.usertext import few
from xtransfer_stats.sources.files.choose import Wanted
from xtransfer_stats.sources.files.copies import copy_of_another
from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.survey import survey
from xtransfer_stats.sources.source import (
    Classification,
    Example,
    Passage,
    Portion,
    Split,
    Tagging,
    check_limit,
    held_back,
)
from xtransfer_stats.tasks.catalogue import dataset as entry
from xtransfer_stats.tasks.task import SPLITS, Family

_BLOCK = 1 << 20  # bytes hashed at once
_SHOWN = 8
_KEPT = 4  # files' examples in memory: what train and dev of one data set need


class FilesSource:
    """A Source of the files under a directory, which is surveyed once."""

    name = "files"

    def __init__(self, directory: Path) -> None:
        """Raises RecipeError when there is no such directory."""
        if not is_folder(directory):
            raise RecipeError(
                f"source.name = {str(directory)!r}: no folder there: give a folder of data sets, or embedded or hub"
            )
        self.directory = directory
        self._examples = lru_cache(maxsize=_KEPT)(self._read_all)
        self._copies = cache(self._compared)

    def load(self, dataset: str, split: str, language: str, limit: int | None = None) -> Split:
        """The split's first `limit` examples.

        Raises DataError for what the folder has not, for unlabelled files, and for labels that the data set has not.
        """
        if split not in SPLITS:
            raise DataError(f"split {split!r} of {dataset!r}: choose from {', '.join(SPLITS)}")
        check_limit(limit)
        files, held = self._chosen(dataset, split, language)
        family, data = entry(dataset)
        portion = self._examples(files)
        labels = (data.labels or self._labels(dataset)) if family.labelled else ()
        _check(portion.examples, files, labels)
        examples = held_back(portion.examples, split) if held else portion.examples
        pool = portion.candidates or self._pool(dataset, language)
        return Split(dataset, split, language, family, tuple(examples[:limit]), labels, pool)

    def _pool(self, dataset: str, language: str) -> tuple[Passage, ...]:
        """The language's share of a file of candidates that all languages share (Mewsli-X).

        Candidates in a language without queries belong to the English share, so that each is in the pool once.
        """
        files = tuple(row for row in self._rows if row.task == dataset and not row.language and row.read is not None)
        spoken = self.languages(dataset) if files else ()
        return tuple(
            passage
            for passage in self._examples(files).candidates
            if (passage.language if passage.language in spoken else "en") == language
        )

    def blocked(self, dataset: str, split: str, language: str) -> str:
        """Why the split cannot be had from the folder and what to add, or ""."""
        try:
            self._chosen(dataset, split, language)
        except DataError as error:
            return str(error)
        return ""

    def warnings(self, dataset: str, split: str, language: str) -> tuple[str, ...]:
        """What `xstats data` says of the split's files, each with its path; nothing of a split that cannot be had."""
        try:
            files, _ = self._chosen(dataset, split, language)
        except DataError:
            return ()
        return tuple(f"{row.path}: {problem}" for row in files for problem in row.problems)

    def languages(self, dataset: str) -> tuple[str, ...]:
        """Languages of the usable test files, sorted."""
        spoken = {row.language for row in self._rows if row.split == _own(dataset, "test")}
        return tuple(sorted(code for code in spoken if code and not self.blocked(dataset, "test", code)))

    def fingerprint(self, dataset: str) -> str:
        """A hash of the data set's files, and of the files beside them that have no row of their own."""
        parts = _wanted(dataset, "", "").parts
        own = [row.path for row in self._rows if row.task in parts and row.read is not None]
        listed = {row.path for row in self._rows}
        beside = [path for folder in {path.parent for path in own} for path in folder.iterdir() if path.is_file()]
        return f"files/{_version(self.directory, [*own, *(path for path in beside if path not in listed)])}"

    @cached_property
    def _rows(self) -> list[FileRow]:
        return survey(self.directory)

    def _chosen(self, dataset: str, split: str, language: str) -> tuple[tuple[FileRow, ...], bool]:
        """The files of a split, and whether they are train's of which a part is held back as dev (English alone)."""
        wanted = _wanted(dataset, split, language)
        cut = split in ("train", "dev") and language == "en" and entry(dataset)[0] is not Family.MASKED_LM
        held = cut and not _wanted(dataset, "dev", language).files(self._rows)
        files = (_wanted(dataset, "train", language) if held else wanted).files(self._rows)
        if not files:
            names = " or ".join(wanted.parts)
            raise DataError(
                f"{wanted.where}: {self.directory} has no file of it{self._there(wanted)}: add one that `xstats data` "
                f"lists as task {names}, split {wanted.split or 'train'}, language {language}"
            )
        why = self._copies(tuple(files)) if len(files) > 1 else ""
        if why:
            raise DataError(f"{wanted.where}: {why}: they would be counted twice; leave one of the two in the folder")
        return tuple(files), held

    def _there(self, wanted: Wanted) -> str:
        """What the folder has of the data set instead, in a clause; "" for nothing."""
        told = {f"{row.split or 'no split'} {row.language or 'no language'}" for row in self._rows
                if row.task in wanted.parts}  # fmt: skip
        return f" (it has {few(sorted(told), _SHOWN)})" if told else ""

    def _compared(self, files: tuple[FileRow, ...]) -> str:
        """Why two of the files must not be joined, "" where they may."""
        return copy_of_another([(row.path, row.read().examples) for row in files if row.read is not None])

    def _read_all(self, files: tuple[FileRow, ...]) -> Portion:
        """Examples of all files in their order; candidates of one id are one candidate."""
        portions = [row.read() for row in files if row.read is not None]
        examples = _distinct([example for portion in portions for example in portion.examples])
        pool: dict[str, Passage] = {passage.id: passage for portion in portions for passage in portion.candidates}
        return Portion(examples, tuple(pool.values()))

    def _labels(self, dataset: str) -> tuple[str, ...]:
        """The sorted labels of the English train and dev data: the same for every split and language."""
        labels: set[str] = set()
        for split in ("train", "dev"):
            files, _ = self._chosen(dataset, split, "en")
            labels.update(label for example in self._examples(files).examples for label in _labels_of(example))
        return tuple(sorted(labels))


def _own(dataset: str, split: str) -> str:
    """The files' name of a split, "" where they have none."""
    return entry(dataset)[1].file_splits.get(split, split)


def _wanted(dataset: str, split: str, language: str) -> Wanted:
    return Wanted(dataset, entry(dataset)[1], _own(dataset, split), language)


def _distinct(examples: Sequence[Example]) -> tuple[Example, ...]:
    """Examples with ids of their own: one that occurs again gets its number behind it."""
    seen: dict[str, int] = {}
    distinct = []
    for example in examples:
        seen[example.id] = seen.get(example.id, 0) + 1
        again = seen[example.id] > 1
        distinct.append(replace(example, id=f"{example.id}#{seen[example.id]}") if again else example)
    return tuple(distinct)


def _labels_of(example: Example) -> Sequence[str]:
    if isinstance(example, Tagging):
        return example.tags or ()
    return (example.label,) if isinstance(example, Classification) and example.label is not None else ()


def _check(examples: Sequence[Example], files: Sequence[FileRow], labels: Sequence[str]) -> None:
    """Raise DataError for a label that the data set does not have."""
    known = set(labels)
    for label in (label for example in examples for label in _labels_of(example)) if labels else ():
        if label not in known:
            names = ", ".join(str(row.path) for row in files)
            raise DataError(
                f"{names}: the label {label!r} is none of {', '.join(labels[:20])}: give the train split too"
            )


def _version(root: Path, files: Iterable[Path]) -> str:
    """A hash of the names, sizes and contents of files. Raises OSError for one that cannot be read."""
    whole = hashlib.sha256()
    for path in sorted(set(files)):
        about = path.stat()
        content = _content(path, about.st_size, about.st_mtime_ns)
        whole.update(f"{path.relative_to(root).as_posix()}\0{about.st_size}\0{content}\n".encode())
    return whole.hexdigest()[:32]


@cache
def _content(path: Path, size: int, changed: int) -> str:
    """The hash of a file's bytes; size and time of change only tell whether it was read before."""
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
    return digest.hexdigest()
