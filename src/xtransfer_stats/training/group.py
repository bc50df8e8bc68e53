"""The processes that train one step together, data parallel: each works through its parts of every batch.

All draw the same batches from the same seeds and make the same optimiser steps; gradients are summed between them
(a part's loss already carries its share of the batch's mean). One process alone, the usual case, does none of it.
"""

import os
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

MARK = "XSTATS_GROUP"  # set in the processes of a group
T = TypeVar("T")


def inside() -> bool:
    """Whether this process is one of a group."""
    return MARK in os.environ


def rank() -> int:
    """This process's number in its group, 0 alone."""
    return int(os.environ.get("RANK", "0")) if inside() else 0


@dataclass(frozen=True)
class Group:
    """`accelerator` is accelerate's Accelerator, None for one process alone."""

    accelerator: Any
    rank: int
    size: int

    def mine(self, parts: Iterable[T]) -> Iterator[T]:
        """The parts that this process works through."""
        return (part for number, part in enumerate(parts) if number % self.size == self.rank)

    def sum_gradients(self, parameters: Sequence[nn.Parameter]) -> None:
        """Replace every gradient by its sum over the processes; a parameter that no part reached keeps none."""
        if self.accelerator is None:
            return
        reached = torch.tensor([float(p.grad is not None) for p in parameters], device=self.accelerator.device)
        anywhere = self.accelerator.reduce(reached, reduction="sum").tolist()
        for parameter, count in zip(parameters, anywhere, strict=True):
            if count:
                own = torch.zeros_like(parameter) if parameter.grad is None else parameter.grad
                parameter.grad = self.accelerator.reduce(own, reduction="sum")

    def total(self, value: float) -> float:
        """The sum of a number over the processes."""
        if self.accelerator is None:
            return value
        found: Tensor = torch.tensor(value, dtype=torch.float32, device=self.accelerator.device)
        return float(self.accelerator.reduce(found, reduction="sum"))

    def agreed(self, scores: dict[str, float]) -> dict[str, float]:
        """The first process's scores: all must stop at the same step."""
        if self.accelerator is None:
            return scores
        from accelerate.utils import broadcast_object_list

        return broadcast_object_list([scores])[0]


ALONE = Group(None, 0, 1)


@cache
def group() -> Group:
    """The group of this process."""
    if not inside():
        return ALONE
    from accelerate import Accelerator

    accelerator = Accelerator(cpu=os.environ[MARK] == "cpu", mixed_precision="no")
    return Group(accelerator, accelerator.process_index, accelerator.num_processes)
