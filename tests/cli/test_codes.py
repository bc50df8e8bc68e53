"""Exit codes: one set, the same for every command, as docs/commands.md says it."""

import re
import signal
import subprocess
import sys
import time

import pytest
import typer
from tests.places import ROOT

from xtransfer_stats import cli
from xtransfer_stats.base.errors import (
    DataError,
    FitError,
    MissingExtra,
    RecipeError,
    StoreError,
    StudyIncomplete,
    XstatsError,
)
from xtransfer_stats.cli.codes import Code, code_of

COMMANDS = typer.main.get_command(cli.app).commands
PAGE = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
# Words that each command needs before an option can be wrong.
NEEDED = {
    "compare": ("a.csv", "b.csv"),
    "trace": ("ruuayt7a",),
    "data": (".",),
    "import": ("a.csv",),
    "pin": ("quick",),
    "score": ("--predictions", "p", "--labels", "l", "--benchmark", "xtreme"),
}
# What makes each command say that something given is wrong.
WRONG = {
    "analyze": ("nowhere.csv",),
    "chart": ("efects",),
    "claims": ("nowhere.csv",),
    "clean": ("--yes", "--dry-run"),
    "compare": ("nowhere.csv", "b.csv"),
    "data": ("nowhere",),
    "doctor": ("--seconds", "0"),
    "export": ("a", "--store", "b"),
    "import": ("nowhere.csv",),
    "init": ("nowhere.csv",),
    "pin": ("nowhere",),
    "power": ("nowhere.csv",),
    "run": ("nowhere",),
    "score": NEEDED["score"],
    "status": ("--every", "0"),
    "tasks": ("mlqq",),
    "trace": ("ruuayt7a", "nowhere.csv"),
    "verify": ("a", "--store", "b"),
}
WITHOUT_INPUT = {"languages", "recipes"}  # nothing that is given to them can be wrong
OF_A_STORE = ("clean", "export", "status", "verify")
OF_A_PLACE = ("analyze", "claims", "power")


def xstats(words, monkeypatch, capsys):
    """Exit code and standard error of a command, within the process; a traceback is an exception."""
    monkeypatch.setattr(sys, "argv", ["xstats", *words])
    with pytest.raises(SystemExit) as ended:
        cli.main()
    return ended.value.code, capsys.readouterr().err


def test_the_page_has_every_code():
    told = {int(code) for code in re.findall(r"^\| (\d+) \|", PAGE, flags=re.MULTILINE)}
    assert told == set(Code)


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_an_unknown_option_is_2(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code, told = xstats([command, *NEEDED.get(command, ()), "--no-such-option"], monkeypatch, capsys)
    assert code == Code.WRONG
    assert "--no-such-option" in told


@pytest.mark.parametrize("command", sorted(set(COMMANDS) - WITHOUT_INPUT))
def test_what_is_given_wrong_is_2(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    code, told = xstats([command, *WRONG[command]], monkeypatch, capsys)
    assert code == Code.WRONG, told
    assert told.startswith("error: ")


@pytest.mark.parametrize("command", [*OF_A_STORE, *OF_A_PLACE])
def test_a_store_that_is_none_is_1(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "store").mkdir()
    code, told = xstats([command, "--store", "store"], monkeypatch, capsys)
    assert code == Code.NO, told
    assert "no store there" in told


@pytest.mark.parametrize(
    ("error", "code"),
    [(StoreError, 1), (StudyIncomplete, 1), (RecipeError, 2), (DataError, 2), (FitError, 2), (MissingExtra, 2)],
)
def test_each_kind_of_error_has_its_code(error, code):
    assert code_of(error("x")) == code


def test_no_kind_of_error_is_forgotten():
    assert {one.__name__ for one in XstatsError.__subclasses__()} <= {
        "StoreError", "StudyIncomplete", "RecipeError", "DataError", "FitError", "MissingExtra"
    }  # fmt: skip


@pytest.mark.parametrize("command", ["run", "status", "export", "verify", "analyze", "claims", "power", "clean"])
def test_a_place_and_another_store_are_refused_and_the_same_twice_is_taken(command, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    words = ["run", "quick", "--dry-run"] if command == "run" else [command]
    words.insert(2 if command == "run" else 1, "one")
    code, told = xstats([*words, "--store", "two"], monkeypatch, capsys)
    assert code == Code.WRONG
    assert "PLACE 'one' and --store 'two' are two places: give one of them" in told
    _, told = xstats([*words, "--store", "./one"], monkeypatch, capsys)
    assert "two places" not in told


@pytest.mark.parametrize(("words", "place"), [(("chart", "interaction"), 2), (("trace", "ruuayt7a"), 2)])
def test_chart_and_trace_take_either_too(words, place, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert "no file 'one'" in xstats([*words, "one"], monkeypatch, capsys)[1]
    assert "no file 'one'" in xstats([*words, "--store", "one"], monkeypatch, capsys)[1]
    assert "two places" in xstats([*words, "one", "--store", "two"], monkeypatch, capsys)[1]


def test_ctrl_c_is_130(tmp_path):
    command = [sys.executable, "-m", "xtransfer_stats", "status", "--watch", "--every", "60", "--store", "s"]
    code = (
        "import sys\n"
        "from xtransfer_stats.cli import main, status\n"
        "def look(*_, **__):\n    print('waiting', flush=True)\n    import time; time.sleep(60)\n"
        "status._now = look\n"
        f"sys.argv = {command[2:]!r}\n"
        "main()\n"
    )
    running = subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, cwd=tmp_path
    )
    assert running.stdout.readline() == "waiting\n"
    time.sleep(0.1)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == Code.STOPPED
    assert told == "Stopped.\n"
