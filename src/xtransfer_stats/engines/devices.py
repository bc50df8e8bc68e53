"""Which device each worker of the local engine runs on. No torch: an "auto" is resolved inside the worker."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from xtransfer_stats.base.errors import RecipeError

CPU, AUTO = "cpu", "auto"
_KNOWN = re.compile(r"cpu|cuda:\d+")


def parse(text: str) -> tuple[str, ...]:
    """Read a text of devices: cpu, auto (all GPUs, else the CPU), or such as cuda:0,cuda:1. Raises RecipeError."""
    names = tuple(part.strip() for part in text.split(","))
    if names == (AUTO,):
        return names
    wrong = [name for name in names if not _KNOWN.fullmatch(name)]
    if wrong or len(set(names)) < len(names):
        value = f"devices {text!r}"
        raise RecipeError(f"{value}: give cpu, auto, or different devices such as cuda:0,cuda:1", [value])
    return names


def grouped(devices: Sequence[str], size: int) -> tuple[str, ...]:
    """Groups of `size` devices, each joined by "+": what one training step is given. Raises RecipeError."""
    if size < 1 or (devices[0] not in (AUTO, CPU) and len(devices) % size):
        values = f"devices_per_step {size}", f"devices {','.join(devices)}"
        remedy = "give a number from 1 up that divides the number of devices"
        raise RecipeError(f"{' with '.join(values)}: {remedy}", values)
    if devices[0] in (AUTO, CPU):
        return ("+".join([devices[0]] * size),)
    return tuple("+".join(devices[first : first + size]) for first in range(0, len(devices), size))


def share(devices: Sequence[str], number: int) -> str:
    """The device (or group) of worker `number`, from 0, round robin; training.hardware resolves auto:N."""
    parts = devices[number % len(devices)].split("+")
    return "+".join(f"{AUTO}:{number * len(parts) + i}" if part == AUTO else part for i, part in enumerate(parts))


def workers_for(devices: Sequence[str], folder: Path = Path("/dev")) -> int | None:
    """How many workers fit: one a GPU or group of GPUs; None where there is none, so that the cores decide."""
    parts = devices[0].split("+")
    if parts[0] == AUTO:
        gpus = _visible(folder)
        return max(1, gpus // len(parts)) if gpus else None
    return len(devices) if parts[0] != CPU else None


def _visible(folder: Path) -> int:
    """GPUs that the driver shows to this process, counted by its device files."""
    count = len([path for path in folder.glob("nvidia*") if re.fullmatch(r"nvidia\d+", path.name)])
    allowed = os.environ.get("CUDA_VISIBLE_DEVICES")
    if allowed is None:
        return count
    named = [name for name in allowed.split(",") if name.strip() and name.strip() != "-1"]
    return min(count, len(named))
