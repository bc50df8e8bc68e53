"""Which device each worker of the local engine runs on. No torch: an "auto" is resolved inside the worker."""

import os
import re
from collections.abc import Sequence
from pathlib import Path

from xtransfer_stats.errors import RecipeError

CPU, AUTO = "cpu", "auto"
_KNOWN = re.compile(r"cpu|cuda:\d+")


def parse(text: str) -> tuple[str, ...]:
    """Read --devices: cpu, auto (all GPUs, else the CPU), or a list such as cuda:0,cuda:1. Raises RecipeError."""
    names = tuple(part.strip() for part in text.split(","))
    if names == (AUTO,):
        return names
    wrong = [name for name in names if not _KNOWN.fullmatch(name)]
    if wrong or len(set(names)) < len(names):
        raise RecipeError(f"--devices {text!r}: give cpu, auto, or different devices such as cuda:0,cuda:1")
    return names


def share(devices: Sequence[str], number: int) -> str:
    """The device of worker `number` (from 0), round robin; training.devices resolves auto:N."""
    chosen = devices[number % len(devices)]
    return f"{AUTO}:{number}" if chosen == AUTO else chosen


def workers_for(devices: Sequence[str], folder: Path = Path("/dev")) -> int | None:
    """How many workers fit: one a GPU; None where there is none, so that the cores decide."""
    if devices[0] == AUTO:
        return _visible(folder) or None
    return len(devices) if any(device != CPU for device in devices) else None


def _visible(folder: Path) -> int:
    """GPUs that the driver shows to this process, counted by its device files."""
    count = len([path for path in folder.glob("nvidia*") if re.fullmatch(r"nvidia\d+", path.name)])
    allowed = os.environ.get("CUDA_VISIBLE_DEVICES")
    if allowed is None:
        return count
    named = [name for name in allowed.split(",") if name.strip() and name.strip() != "-1"]
    return min(count, len(named))
