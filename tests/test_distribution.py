"""What would be uploaded: wheel and sdist with the right files, and metadata that an index takes."""

import email
import importlib.util
import subprocess
import sys
import tarfile
import zipfile
from pathlib import Path

import pytest

from xtransfer_stats.base import __version__

ROOT = Path(__file__).parents[1]

pytest.importorskip("hatchling", reason="hatchling, of the dev extra, is not installed")


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """A folder with wheel and sdist, built without an environment of its own."""
    place = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-d", str(place)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=300)
    if done.returncode:
        pytest.skip(f"nothing can be built here: {done.stderr[-300:]}")
    return place


@pytest.fixture(scope="module")
def metadata(built):
    """The wheel's metadata."""
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        name = next(name for name in wheel.namelist() if name.endswith(".dist-info/METADATA"))
        return email.message_from_bytes(wheel.read(name))


def test_an_index_takes_both(built):
    if importlib.util.find_spec("twine") is None:
        pytest.skip("twine, of the dev extra, is not installed")
    files = [str(path) for path in built.iterdir()]
    command = [sys.executable, "-m", "twine", "check", "--strict", *files]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("PASSED") == 2


def test_the_metadata_are_whole(metadata):
    assert metadata["Name"] == "xtransfer-stats"
    assert metadata["Version"] == __version__
    assert metadata["Author"] or metadata["Author-email"]
    assert metadata["License-Expression"] == "Apache-2.0"
    assert metadata["Description-Content-Type"] == "text/markdown"
    assert metadata.get_all("Project-URL")
    classifiers = metadata.get_all("Classifier")
    assert {f"Programming Language :: Python :: 3.{minor}" for minor in (11, 12, 13)} <= set(classifiers)
    assert not [one for one in classifiers if one.startswith("License ::")]  # an index refuses it beside an expression


def test_no_line_of_the_metadata_names_a_place_of_this_machine(metadata):
    told = [f"{key}: {value}" for key, value in metadata.items()]
    assert not [line for line in told if str(ROOT) in line or "localhost" in line or "127.0.0.1" in line]


def test_the_wheel_holds_the_package_and_nothing_beside(built):
    with zipfile.ZipFile(next(built.glob("*.whl"))) as wheel:
        names = set(wheel.namelist())
    tops = {name.split("/")[0] for name in names}
    assert tops == {"xtransfer_stats", f"xtransfer_stats-{__version__}.dist-info"}
    code = {path.relative_to(ROOT / "src").as_posix() for path in (ROOT / "src").rglob("*.py")}
    assert code <= names
    assert "xtransfer_stats/py.typed" in names
    assert f"xtransfer_stats-{__version__}.dist-info/licenses/LICENSE" in names
    assert not [name for name in names if "__pycache__" in name or name.endswith(".pyc")]


def test_the_sdist_holds_what_builds_and_tests_and_no_results(built):
    with tarfile.open(next(built.glob("*.tar.gz"))) as sdist:
        names = {name.partition("/")[2] for name in sdist.getnames()}
    for wanted in (
        "pyproject.toml",
        "README.md",
        "LICENSE",
        "CITATION.cff",
        "constraints.txt",
        "runners/embedded.toml",
    ):
        assert wanted in names, wanted
    assert "tests/test_distribution.py" in names
    tops = {name.split("/")[0] for name in names}
    assert not tops & {"reports", "xstats-store", ".venv", "dist", "build", "shared"}
    assert not [name for name in names if "__pycache__" in name]
