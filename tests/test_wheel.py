"""A built wheel carries the recipes and tables and works from an empty folder."""

import os
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]

pytest.importorskip("hatchling", reason="hatchling, of the dev extra, is not installed")


@pytest.fixture(scope="module")
def installed(tmp_path_factory):
    """A folder with the wheel's files, as pip lays them out."""
    place = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(place)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True, timeout=120)
    with zipfile.ZipFile(next(place.glob("*.whl"))) as wheel:
        wheel.extractall(place / "site")
    return place / "site"


def test_recipes_and_tables_travel_along(installed):
    shared = installed / "xtransfer_stats" / "_shared"
    for folder in ("runners", "analyses", "data"):
        there = {path.relative_to(ROOT / folder) for path in (ROOT / folder).rglob("*") if path.is_file()}
        assert there == {path.relative_to(shared / folder) for path in (shared / folder).rglob("*") if path.is_file()}


def test_commands_find_them_from_an_empty_folder(installed, tmp_path):
    environment = os.environ | {"PYTHONPATH": str(installed)}
    code = (
        "import sys, xtransfer_stats\n"
        "print(xtransfer_stats.__file__)\n"
        "from xtransfer_stats.cli import main\n"
        "sys.argv = ['xstats', 'run', '--quick', '--dry-run']\n"
        "main()\n"
    )
    # -P: the working directory stays off the path; the editable install is shadowed by the wheel's files.
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120
    )
    assert done.returncode == 0, done.stderr
    assert str(installed) in done.stdout
    assert "evaluation" in done.stdout
