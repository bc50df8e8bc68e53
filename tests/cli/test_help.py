"""Help: whole, quick, with examples that can be pasted; and what stands before every command."""

import os
import re
import shlex
import subprocess
import sys

import pytest
import typer

from xtransfer_stats.base import __version__
from xtransfer_stats.cli import app

XSTATS = [sys.executable, "-m", "xtransfer_stats"]
COMMANDS = typer.main.get_command(app).commands
HEAVY = "numpy pandas scipy statsmodels pingouin altair pyarrow torch transformers jax"


def xstats(*words, **environment):
    """Output of a command on a wide page without colours."""
    wide = {**os.environ, "COLUMNS": "400", "TERMINAL_WIDTH": "400", "NO_COLOR": "1", **environment}
    return subprocess.run([*XSTATS, *words], capture_output=True, text=True, timeout=120, env=wide)


def bare(text):
    return "".join(re.sub(r"[`*│╭╮╰╯─]", " ", text).split())


@pytest.fixture(scope="module")
def pages():
    return {command: xstats(command, "--help").stdout for command in COMMANDS}


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_word_of_an_options_help_is_shown(pages, command):
    shown = bare(pages[command])
    for parameter in COMMANDS[command].params:
        assert bare(parameter.help or "") in shown, parameter.name


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_example_can_be_pasted_without_colours(pages, command):
    page = pages[command].partition("Example")[2]
    examples = [line.strip() for line in page.splitlines() if line.strip().startswith("xstats ")]
    assert examples
    for line in examples:
        words = shlex.split(line.replace("|", " ").replace("&&", " "), comments=True)
        assert words[:2] == ["xstats", command]
        first = words[2 : words.index("xstats", 1) if "xstats" in words[1:] else None]
        known = {option for one in COMMANDS[command].params for option in (*one.opts, *one.secondary_opts)}
        assert {word for word in first if word.startswith("--")} <= known, line


def test_long_lists_of_options_stand_in_panels(pages):
    for command in ("analyze", "power", "run"):
        panels = re.findall(r"^╭─ (.+?) ─+╮$", pages[command], flags=re.MULTILINE)
        assert len(panels) >= 5, command


def test_the_version_is_told():
    assert xstats("--version").stdout == f"xtransfer-stats {__version__}\n"


@pytest.mark.parametrize("words", [["--help"], ["--version"], ["power", "--help"], ["tasks"], ["languages"], ["chart"]])
def test_help_and_lists_import_nothing_heavy(words, tmp_path):
    code = (
        "import sys, atexit\n"
        f"heavy = {HEAVY!r}.split()\n"
        "atexit.register(lambda: print('IMPORTED', [name for name in heavy if name in sys.modules]))\n"
        f"sys.argv = ['xstats', *{words!r}]\n"
        "from xtransfer_stats.cli import main\n"
        "main()\n"
    )
    environment = {**os.environ, "XDG_CACHE_HOME": str(tmp_path)}
    for _ in range(2):  # the charts are looked up once
        told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, env=environment)
    assert "IMPORTED []" in told.stdout, told.stdout[-300:]


def test_quiet_silences_remarks_and_no_error(tmp_path):
    told, quiet = (xstats("analyze", "nowhere.csv", *more) for more in ([], ["--quiet"]))
    assert told.stderr == quiet.stderr != ""
    (tmp_path / "gold").mkdir()
    loud = xstats("verify", "--quiet", "--store", str(tmp_path))
    assert (loud.returncode, loud.stdout) == (1, "")
    assert "no store there" in loud.stderr


def test_words_after_two_dashes_are_no_options_of_ours(tmp_path):
    assert "'--quiet'" in xstats("data", "--", "--quiet").stderr


def test_completion_is_offered():
    assert "--install-completion" in xstats("--help").stdout
    shown = xstats("--show-completion", _TYPER_COMPLETE_TEST_DISABLE_SHELL_DETECTION="1")
    assert "--show-completion" not in shown.stderr or shown.returncode in (0, 2)
