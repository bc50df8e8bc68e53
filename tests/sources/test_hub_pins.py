"""Commits of hub repositories: known ones are kept, what cannot be asked is explained."""

import os
import subprocess
import sys

import pytest

pytest.importorskip("huggingface_hub", reason="the train extra is not installed")
ASK = "from xtransfer_stats.sources.hub.pins import resolve; print(resolve(['acme/none'], {}))"


def asked(tmp_path, **changes):
    environment = {**os.environ, "HF_HOME": str(tmp_path), "HF_ENDPOINT": "http://127.0.0.1:9", **changes}
    return subprocess.run([sys.executable, "-c", ASK], capture_output=True, text=True, timeout=60, env=environment)


def test_a_known_commit_asks_nobody():
    from xtransfer_stats.sources.hub.pins import resolve

    assert resolve(["acme/none"], {"acme/none": "c" * 40}) == {"acme/none": "c" * 40}


@pytest.mark.parametrize(("offline", "told"), [("0", "cannot be reached"), ("1", "the cache holds no commit")])
def test_what_is_out_of_reach_is_explained(tmp_path, offline, told):
    done = asked(tmp_path, HF_HUB_OFFLINE=offline)
    assert "DataError: 'acme/none'" in done.stderr
    assert told in done.stderr
    assert "--source DIR" in done.stderr


def test_offline_reads_the_commit_that_the_cache_holds(tmp_path):
    refs = tmp_path / "hub" / "datasets--acme--none" / "refs"
    refs.mkdir(parents=True)
    (refs / "main").write_text("d" * 40)
    assert asked(tmp_path, HF_HUB_OFFLINE="1").stdout.strip() == str({"acme/none": "d" * 40})


def test_only_commits_are_taken_as_they_are():
    from xtransfer_stats.sources.hub.pins import is_commit

    assert is_commit("a" * 40)
    assert is_commit("refs/convert/parquet@" + "0" * 40)
    assert not is_commit("main")
    assert not is_commit("v1.0")


def test_a_branch_is_asked_for_its_commit(tmp_path):
    code = "from xtransfer_stats.sources.hub.pins import resolve; print(resolve(['acme/none'], {'acme/none': 'main'}))"
    environment = {**os.environ, "HF_HOME": str(tmp_path), "HF_ENDPOINT": "http://127.0.0.1:9", "HF_HUB_OFFLINE": "0"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=environment)
    assert "cannot be reached" in done.stderr
