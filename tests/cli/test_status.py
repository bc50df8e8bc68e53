"""`xstats status` for scripts and for those who wait; and lines at a steady pace where no bar can be drawn."""

import io
import json
import subprocess
import sys

import pytest
from rich.console import Console
from tests.store.small_study import run_small

from xtransfer_stats import cli
from xtransfer_stats.cli import out, progress, status
from xtransfer_stats.cli.pace import Pace
from xtransfer_stats.store.store import discard
from xtransfer_stats.study.step import Step

XSTATS = [sys.executable, "-m", "xtransfer_stats"]


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    root = tmp_path_factory.mktemp("status") / "store"
    with pytest.MonkeyPatch.context() as patch:
        run_small(patch, root)
    return root


@pytest.fixture
def part(store, tmp_path):
    """A store with a step taken out."""
    place = tmp_path / "part"
    subprocess.run(["cp", "-a", str(store), str(place)], check=True)
    discard(next((place / "steps" / "evaluation").iterdir()))
    return place


def xstats(*words):
    return subprocess.run([*XSTATS, *map(str, words)], capture_output=True, text=True, timeout=120)


def test_missing_steps_are_1_with_check_alone(store, part):
    assert xstats("status", store, "--check").returncode == 0
    assert xstats("status", part).returncode == 0
    assert xstats("status", part, "--check").returncode == 1


def test_the_state_is_told_to_machines(store, part):
    whole, lacking = (json.loads(xstats("status", "--store", place, "--json").stdout) for place in (store, part))
    assert (whole["complete"], whole["missing"]) == (True, 0)
    assert (lacking["complete"], lacking["missing"]) == (False, 1)
    assert lacking["counts"]["evaluation"]["missing"] == 1
    assert lacking["study"] == "quick"


def test_watch_ends_when_the_study_is_complete(part, store, monkeypatch, capsys):
    looks = iter([part, part, store])
    before = status._now
    monkeypatch.setattr(status, "_now", lambda place, study: before(next(looks), study))
    monkeypatch.setattr(status.time, "sleep", lambda seconds: None)
    monkeypatch.setattr(sys, "argv", ["xstats", "status", str(part), "--watch", "--check"])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    assert ended.value.code == 0
    assert capsys.readouterr().out.count("Steps") == 2  # shown where it has changed
    assert next(looks, None) is None


class Clock:
    def __init__(self):
        self.now = 0.0

    def __call__(self):
        return self.now


def test_a_pace_is_steady_whatever_the_work():
    clock = Clock()
    pace = Pace(30, clock)
    told = []
    for now in [0, 10, 29, 30, 31, 59, 61, 200, 205, 211]:
        clock.now = now
        if pace.due():
            told.append(now)
    assert told == [30, 61, 200, 211]


def test_a_long_step_is_told_of_while_it_runs():
    steps = {step.key: step for step in (Step("target", f"t{number}", {"n": number}, {}) for number in range(4))}
    clock, console = Clock(), Console(file=io.StringIO())
    shown = progress.StudyProgress(steps, list(steps), {"target": 30.0}, 1, console, Pace(30, clock))
    first = next(iter(steps.values()))
    with shown:
        shown.started(first)
        for done in range(1, 100):
            clock.now = float(done)
            shown.progressed(first, done, 100)
        clock.now = 125.0
        shown.finished(first, elsewhere=False)
    lines = console.file.getvalue().splitlines()
    assert len(lines) == 4
    assert lines[0].startswith("0 of 4 steps done, ")
    assert lines[0].endswith("left; target t0: 30 of 100")
    assert lines[-1].startswith("1 of 4 steps done, ")


def test_other_work_is_told_of_at_the_same_pace(monkeypatch):
    clock, file = Clock(), io.StringIO()
    monkeypatch.setattr(out, "ERR", Console(file=file))
    monkeypatch.setattr(out, "Pace", lambda: Pace(30, clock))
    with out.bar("checksums", 100) as bar:
        for done in range(100):
            clock.now = float(done)
            bar.more(1)
    assert file.getvalue().splitlines() == ["checksums: 31 of 100", "checksums: 61 of 100", "checksums: 91 of 100"]
