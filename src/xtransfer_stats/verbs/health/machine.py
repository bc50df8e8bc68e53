"""Cores, threads, memory, GPUs and disk."""

import os
import shutil
from collections.abc import Iterator
from pathlib import Path

from xtransfer_stats.base import extras
from xtransfer_stats.base.processes import cores
from xtransfer_stats.verbs.health.finding import Finding, Grade

LEAST = 5e8  # bytes: a report and a small study
THREADS = ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")


def machine(place: Path) -> Iterator[Finding]:
    """What a study at `place` would run on."""
    threads = ", ".join(f"{name}={os.environ[name]}" for name in THREADS if name in os.environ)
    yield Finding("cores", f"{cores()} for this process{f'; {threads}' if threads else ''}")
    yield Finding("memory", _memory())
    yield _devices()
    yield _disk(place)


def _memory() -> str:
    try:
        pages = os.sysconf("SC_PHYS_PAGES"), os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return "its size is not told by this system"
    return f"{pages[0] * pages[1] / 2**30:.1f} GiB"


def _devices() -> Finding:
    if extras.absent("train"):
        return Finding("GPUs", "not looked for: torch, of the extra train, is not installed")
    from xtransfer_stats.training.sighted import devices

    seen = devices()
    return Finding(
        "GPUs", "; ".join(seen) + ": `--devices auto` takes them" if seen else "torch sees none; runs go to the CPU"
    )


def _disk(place: Path) -> Finding:
    there = next(folder for folder in (place.absolute(), *place.absolute().parents) if folder.exists())
    free = shutil.disk_usage(there).free
    said = f"{free / 1e9:.1f} GB are free"
    if not os.access(there, os.W_OK):
        return Finding("disk", f"{said}; {there} cannot be written", Grade.MEND, "xstats run --store DIR")
    if free < LEAST:
        return Finding("disk", f"{said}, less than a small study takes", Grade.MEND, "xstats clean")
    return Finding("disk", said)
