"""What a result was made from is told without fail: checksums, versions of what is installed, names of models."""

import hashlib
import platform

import pytest

from xtransfer_stats import __version__
from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.models import EMBEDDED, is_hub_id, local_folder
from xtransfer_stats.base.provenance import checksum, versions


def test_a_checksum_is_the_files_sha256(tmp_path):
    (tmp_path / "x").write_bytes(b"abc" * 100_000)
    assert checksum(tmp_path / "x") == hashlib.sha256(b"abc" * 100_000).hexdigest()


def test_versions_are_those_of_python_of_this_package_and_of_what_is_installed():
    numbers = versions(("numpy", "no-such-package"))
    assert list(numbers) == ["python", "xtransfer-stats", "numpy"]
    assert (numbers["python"], numbers["xtransfer-stats"]) == (platform.python_version(), __version__)


@pytest.mark.parametrize(
    ("name", "on_hub"),
    [("group/model", True), ("model", True), ("./model", False), ("~/m", False), ("a/b/c", False), (EMBEDDED, False)],
)
def test_a_model_is_named_by_an_id_of_the_hub_or_by_a_path(name, on_hub):
    assert is_hub_id(name) == on_hub


def test_a_folder_that_is_there_is_a_path_whatever_its_name(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "group" / "model").mkdir(parents=True)
    assert not is_hub_id("group/model")
    assert local_folder("group/model", "model").is_dir()
    assert local_folder("group/other", "model") is None
    with pytest.raises(DataError, match=r"^model '\./absent': no such directory"):
        local_folder("./absent", "model")
