"""Placeholder: replaced below."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any


def target(
    args: Mapping[str, Any], inputs: Mapping[str, Path], out: Path, progress: Callable
) -> dict[str, Any]:
    raise NotImplementedError


def evaluation(
    args: Mapping[str, Any], inputs: Mapping[str, Path], out: Path, progress: Callable
) -> dict[str, Any]:
    raise NotImplementedError
