"""What is read of a training: the time between two steps, the tokens worked through between them, memory, the card."""

import statistics
import time
from dataclasses import dataclass, field
from typing import Any

import torch

SIDE = 8192  # of the matrices whose product is the measure


def wait(device: torch.device) -> None:
    """Wait for the device."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)


def matrix_rate(device: torch.device) -> float:
    """Operations a second of a bf16 matrix product of random numbers; the median of nine rounds."""
    side, rounds, products = (SIDE, 9, 10) if device.type == "cuda" else (512, 3, 3)
    left, right = (torch.randn(side, side, device=device, dtype=torch.bfloat16) for _ in range(2))
    seconds = []
    for _ in range(rounds + 1):
        wait(device)
        begin = time.perf_counter()
        for _ in range(products):
            left @ right
        wait(device)
        seconds.append((time.perf_counter() - begin) / products)
    return 2 * side**3 / statistics.median(seconds[1:])


def copy_rate(device: torch.device) -> float:
    """Bytes a second, read and written, of a large copy within the device's memory."""
    size = 2**31 if device.type == "cuda" else 2**24
    source = torch.empty(size, dtype=torch.uint8, device=device)
    target = torch.empty_like(source)
    seconds = []
    for _ in range(6):
        wait(device)
        begin = time.perf_counter()
        target.copy_(source)
        wait(device)
        seconds.append(time.perf_counter() - begin)
    return 2 * size / statistics.median(seconds[1:])


@dataclass
class Clock:
    """Watches a training: `batch` takes each step's lengths, `step` its end. Steps up to `warm` are not counted."""

    device: torch.device
    warm: int
    last: int
    batches: list[list[int]] = field(default_factory=list)
    padded: list[int] = field(default_factory=list)
    seen: dict[int, float] = field(default_factory=dict)
    begun: float = 0.0

    def start(self) -> None:
        """Begin, with memory's peak at what is held now."""
        if self.device.type == "cuda":
            torch.cuda.reset_peak_memory_stats(self.device)
        self.begun = time.perf_counter()

    def batch(self, lengths: list[int], padded: int | None = None) -> None:
        """Take note of the texts of one more batch, and of its tokens with padding (default: to its longest)."""
        self.batches.append(lengths)
        self.padded.append(len(lengths) * max(lengths) if padded is None else padded)

    def step(self, number: int) -> None:
        """Take note of a step's end; only three of them are waited for."""
        if number in (1, self.warm, self.last):
            wait(self.device)
            self.seen[number] = time.perf_counter()

    def row(self, operations: Any, rate: float) -> dict[str, float]:
        """What is told of the steps after the warm-up; `operations` gives those of a step from its lengths."""
        counted, padded = self.batches[self.warm : self.last], sum(self.padded[self.warm : self.last])
        seconds, tokens = self.seen[self.last] - self.seen[self.warm], sum(map(sum, counted))
        peak = torch.cuda.max_memory_allocated(self.device) / 2**30 if self.device.type == "cuda" else 0.0
        return {
            "tokens_per_s": tokens / seconds,
            "examples_per_s": sum(map(len, counted)) / seconds,
            "step_ms": 1000 * seconds / len(counted),
            "padding": 1 - tokens / padded,
            "utilisation": sum(map(operations, counted)) / seconds / rate,
            "peak_gib": peak,
            "first_step_s": self.seen[1] - self.begun,
            "mean_length": tokens / sum(map(len, counted)),
        }
