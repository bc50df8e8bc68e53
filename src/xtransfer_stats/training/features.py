"""A features folder: a split's texts as JSON lines, and its units' token ids with, above frozen layers, their output.

Texts are read without torch: the overlap control needs no more.
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.source import Split
from xtransfer_stats.tasks.task import Family

if TYPE_CHECKING:
    from torch import Tensor

Inputs = Mapping[str, Path]  # a step's roles -> folders of finished steps
Progress = Callable[[int, int], None]  # done, total
Example = dict[str, Any]


@dataclass(frozen=True)
class Texts:
    """A split as plain values; each example is its dataclass as a dict."""

    family: Family
    language: str
    labels: tuple[str, ...]
    examples: tuple[Example, ...]
    candidates: tuple[Example, ...]


def _write_lines(path: Path, rows: Sequence[Any]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(_plain(row), default=_plain, ensure_ascii=False) + "\n")


def _plain(row: Any) -> Example:
    """A dataclass as a dict, its fields as they are: `asdict` copies each, which takes longer than writing them."""
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


def _read_lines(path: Path) -> tuple[Example, ...]:
    with path.open(encoding="utf-8") as file:
        return tuple(json.loads(line) for line in file)


def write_texts(out: Path, split: Split) -> None:
    """Write a Split as plain JSON lines, so that no later step needs its source."""
    _write_lines(out / "examples.jsonl", split.examples)
    _write_lines(out / "candidates.jsonl", split.candidates)
    head = {
        "dataset": split.dataset,
        "split": split.split,
        "language": split.language,
        "family": str(split.family),
        "labels": list(split.labels),
    }
    (out / "split.json").write_text(json.dumps(head, ensure_ascii=False, indent=1), encoding="utf-8")


def read_texts(folder: Path, *, candidates: bool = True) -> Texts:
    """Read examples, labels and, unless told otherwise, candidates of a features folder."""
    head = json.loads((folder / "split.json").read_text(encoding="utf-8"))
    return Texts(
        family=Family(head["family"]),
        language=head["language"],
        labels=tuple(head["labels"]),
        examples=_read_lines(folder / "examples.jsonl"),
        candidates=_read_lines(folder / "candidates.jsonl") if candidates else (),
    )


@dataclass(frozen=True)
class Features:
    """A read split. Tokens of all units stand in a row: ids, segments, marks [T], hidden [T, H] fp16.

    offsets, lengths, owner [U] belong to units; the owner of a unit is an example's index, or
    len(examples) + j for candidate j. Of candidates only the ids are read. spans [T, 2] are code points
    in the context (span QA), else None.
    """

    family: Family
    language: str
    labels: tuple[str, ...]
    examples: tuple[Example, ...]
    candidates: tuple[str, ...]
    ids: "Tensor"
    segments: "Tensor | None"
    marks: "Tensor"
    spans: np.ndarray | None
    hidden: "Tensor | None"
    offsets: np.ndarray
    lengths: np.ndarray
    owner: np.ndarray

    def units_of(self, owners: int) -> np.ndarray:
        """Return the units of the first `owners` examples and of all candidates."""
        return np.flatnonzero((self.owner < owners) | (self.owner >= len(self.examples)))


def write_units(out: Path, tensors: Mapping[str, "Tensor"]) -> None:
    """Write the units' tensors; names as in Features."""
    from safetensors.torch import save_file

    save_file({name: value.contiguous() for name, value in tensors.items()}, out / "units.safetensors")


def read_features(folder: Path) -> Features:
    """Read a features folder. Raises DataError when it holds no unit."""
    from safetensors.torch import load_file

    texts = read_texts(folder, candidates=False)
    tensors = load_file(folder / "units.safetensors")
    lengths = tensors["lengths"].numpy().astype(np.int64)
    if not len(lengths):
        raise DataError(f"no {texts.family} examples for language {texts.language!r}; check the data set's files")
    with (folder / "candidates.jsonl").open(encoding="utf-8") as file:
        candidates = tuple(json.loads(line)["id"] for line in file)  # a pool may hold a million: ids alone
    spans = tensors.get("spans")
    return Features(
        **{**vars(texts), "candidates": candidates},
        ids=tensors["ids"],
        segments=tensors.get("segments"),
        marks=tensors["marks"],
        spans=None if spans is None else spans.numpy(),
        hidden=tensors.get("hidden"),
        offsets=np.concatenate([[0], np.cumsum(lengths)[:-1]]),
        lengths=lengths,
        owner=tensors["owner"].numpy().astype(np.int64),
    )
