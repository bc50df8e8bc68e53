"""Where tests find files that are not theirs: the checkout, and the material that may lie beside it."""

from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
BESIDE = ROOT.parent / "shared"
REAL_DATA = BESIDE / "real-data"
REFERENCE = BESIDE / "reference"


def beside(*parts: str) -> Path:
    """A file or folder beside the checkout; the test that asks for it skips, by name, where it is absent."""
    path = BESIDE.joinpath(*parts)
    if not path.exists():
        pytest.skip(f"{'/'.join(('../shared', *parts))} is not beside the project")
    return path


def needs_beside(*parts: str) -> pytest.MarkDecorator:
    """The mark for tests that are collected from such files."""
    missing = not BESIDE.joinpath(*parts).exists()
    return pytest.mark.skipif(missing, reason=f"{'/'.join(('../shared', *parts))} is not beside the project")
