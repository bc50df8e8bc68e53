"""The losses of a training's steps: kept where they were computed and read now and then, so no step waits for a GPU."""

import math
from collections.abc import Iterator

import numpy as np
import torch

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.training.distributed import process_group

READ_EVERY = {"cpu": 1}  # steps
_ON_A_GPU = 100  # steps: a training that diverged does not go on for long, and waiting so rarely costs nothing

Parts = list[tuple[torch.Tensor, float]]  # of one step: each part's mean loss, and its share of the batch's mean


class Diverged(DataError):
    """A training's loss or its model's outputs are no numbers any more: there is nothing left to go on from."""


class Losses:
    """The batch's mean loss of each step. `taken` steps were made in all, those since the last `mean` are held."""

    def __init__(self, device: torch.device) -> None:
        self.every = READ_EVERY.get(device.type, _ON_A_GPU)
        self.taken = 0
        self._unread: list[Parts] = []
        self._read: list[float] = []

    def add(self, parts: Parts) -> None:
        """Take note of one more step."""
        self.taken += 1
        self._unread.append(parts)

    @property
    def due(self) -> bool:
        """Whether it is time to read."""
        return len(self._unread) >= self.every

    def read(self) -> tuple[int, float] | None:
        """Read what is unread; return the first step, from 1, whose loss is not finite, and that loss."""
        values = [value for parts in self._unread for value, _ in parts]
        known = iter(torch.stack(values).tolist() if values else ())
        fresh = process_group().totals([_total(parts, known) for parts in self._unread])
        self._unread, first = [], self.taken - len(fresh) + 1
        self._read += fresh
        return next(((step, loss) for step, loss in enumerate(fresh, first) if not math.isfinite(loss)), None)

    def mean(self) -> float:
        """Return the mean over the steps read since the last time."""
        held, self._read = self._read, []
        return float(np.mean(held))


def _total(parts: Parts, known: Iterator[float]) -> float:
    """The batch's mean. Added one by one: `sum` rounds otherwise in some versions of Python."""
    total = 0.0
    for _, share in parts:
        total += next(known) * share
    return total
