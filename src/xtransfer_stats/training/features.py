"""Features of a split: token ids and, where layers are frozen, their cached output."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import load_file, save_file
from torch import Tensor

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.texts import Example, read_candidate_names, read_texts


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
    ids: Tensor
    segments: Tensor | None
    marks: Tensor
    spans: np.ndarray | None
    hidden: Tensor | None
    offsets: np.ndarray
    lengths: np.ndarray
    owner: np.ndarray

    def units_of(self, owners: int) -> np.ndarray:
        """Return the units of the first `owners` examples and of all candidates."""
        return np.flatnonzero((self.owner < owners) | (self.owner >= len(self.examples)))


def write_units(out: Path, tensors: Mapping[str, Tensor]) -> None:
    """Write the units' tensors; names as in Features."""
    save_file({name: value.contiguous() for name, value in tensors.items()}, out / "units.safetensors")


def read_features(folder: Path) -> Features:
    """Read a features folder. Raises DataError when it holds no unit."""
    texts = read_texts(folder, candidates=False)
    tensors = load_file(folder / "units.safetensors")
    lengths = tensors["lengths"].numpy().astype(np.int64)
    if not len(lengths):
        raise DataError(f"no {texts.family} examples for language {texts.language!r}; check the data set's files")
    spans = tensors.get("spans")
    return Features(
        family=texts.family,
        language=texts.language,
        labels=texts.labels,
        examples=texts.examples,
        candidates=read_candidate_names(folder),
        ids=tensors["ids"],
        segments=tensors.get("segments"),
        marks=tensors["marks"],
        spans=None if spans is None else spans.numpy(),
        hidden=tensors.get("hidden"),
        offsets=np.concatenate([[0], np.cumsum(lengths)[:-1]]),
        lengths=lengths,
        owner=tensors["owner"].numpy().astype(np.int64),
    )


def run_over(count: int, batches: Any, run: Callable[[np.ndarray], None], progress: Callable[[int, int], None]) -> None:
    """Run every batch without gradients, telling progress in units."""
    done = 0
    with torch.inference_mode():
        for batch in batches:
            run(batch)
            done += len(batch)
            progress(done, count)
