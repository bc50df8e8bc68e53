"""Every command line of docs/commands.md runs as it stands, beside a finished study, results and the examples."""

import os
import re
import subprocess
import sys

import pytest
from tests.places import ROOT
from tests.stats.simulated import catalogue_frame
from tests.store.small_study import run_small

PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
LINES = re.findall(r"^    (xstats [^\n]+)$", PAGE, flags=re.MULTILINE)
OF_THE_SHELL = ("xstats --install-completion", "xstats --show-completion")  # they ask which shell called them


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A working directory with a store, a second one, results, the examples, and `xstats` on the PATH."""
    place = tmp_path_factory.mktemp("commands")
    with pytest.MonkeyPatch.context() as patch:
        run_small(patch, place / "xstats-store")
        run_small(patch, place / "my-store", {"seeds": 1})
    catalogue_frame(seeds=3).to_csv(place / "results.csv", index=False, na_rep="NaN")
    (place / "examples").symlink_to(ROOT / "examples")
    script = place / "bin" / "xstats"
    script.parent.mkdir()
    script.write_text(f'#!/bin/sh\nexec {sys.executable} -m xtransfer_stats "$@"\n')
    script.chmod(0o755)
    return place


@pytest.mark.parametrize("line", [line for line in LINES if not line.startswith(OF_THE_SHELL)])
def test_a_line_of_the_page_runs(folder, line):
    path = f"{folder / 'bin'}{os.pathsep}{os.environ['PATH']}"
    environment = {**os.environ, "PATH": path, "HF_ENDPOINT": "http://127.0.0.1:9", "XDG_CACHE_HOME": str(folder)}
    done = subprocess.run(
        line,
        shell=True,
        capture_output=True,
        text=True,
        timeout=300,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout


def test_the_page_has_lines():
    assert len(LINES) > 10
