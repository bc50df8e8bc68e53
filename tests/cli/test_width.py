"""Any width: no word is broken, no figure cut; into a pipe no line is folded."""

import os
import re
import subprocess
import sys

import pytest
from rich.text import Text
from tests.stats.simulated import catalogue_frame

from xtransfer_stats.cli.out import Output, table
from xtransfer_stats.cli.text import as_it_is, wrapped

OFFLINE = {**os.environ, "HF_ENDPOINT": "http://127.0.0.1:9"}
XSTATS = [sys.executable, "-m", "xtransfer_stats"]
WORDS = "the difference is told from zero at 3 tasks over 5 seeds (smallest corrected p = 0.001)"


TEXTS = [WORDS, f"- {WORDS}", f"    {WORDS}", f"{WORDS}\n\n{WORDS}", "", "   ", "日本語 " * 30]


def on_terminal(width, folder, *words, **more):
    """Output as on a terminal of this width."""
    environment = {**OFFLINE, "TTY_COMPATIBLE": "1", "COLUMNS": str(width), **more}
    command = [*XSTATS, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=folder, env=environment)


def in_pipe(folder, *words):
    command = [*XSTATS, *map(str, words)]
    environment = {**OFFLINE, "COLUMNS": "40"}
    return subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=folder, env=environment)


def bare(text):
    """Without colours."""
    return re.sub(r"\x1b\[[0-9;]*m", "", text)


@pytest.mark.parametrize("width", [20, 40, 41, 80, 200])
@pytest.mark.parametrize("text", TEXTS)
def test_lines_are_broken_between_words_alone(width, text):
    lines = wrapped(as_it_is(text), width)
    assert lines.plain.split() == text.split()
    assert all(Text(line).cell_len <= max(width, 24) for line in lines.plain.split("\n"))


def test_later_lines_stand_under_the_firsts_text_and_a_path_is_whole():
    path = "/a/very/long/path" * 8
    lines = wrapped(as_it_is(f"- see {path} and then the rest of it"), 40).plain.split("\n")
    assert lines[0] == "- see"
    assert lines[1:] == [f"  {path}", "  and then the rest of it"]


def grid():
    made = table("Differences by all that is known of them", "contrast", "estimate [95 %]", "p", right=("p",))
    made.add_row("interaction(3) of both benchmarks", "7.89 [5.23, 10.55]", "0.001")
    made.add_row("effect(3) @ xtreme-mini", "", "<0.001")
    return made


@pytest.mark.parametrize("width", [20, 30, 40, 60, 80])
def test_a_table_of_any_width_keeps_every_word(width, capsys):
    console = Output(highlight=False, force_terminal=True, color_system=None, width=width, height=25)
    console.print(grid())
    told = capsys.readouterr().out
    words = ("Differences", "contrast", "interaction(3)", "xtreme-mini", "[5.23,", "10.55]", "<0.001")
    assert all(word in told.split() or f"{word}:" in told.split() for word in words if word != "contrast" or width > 40)
    assert "…" not in told
    assert all(len(line.rstrip()) <= width for line in told.splitlines())


def test_what_has_no_room_side_by_side_is_a_block_a_row(capsys):
    console = Output(highlight=False, force_terminal=True, color_system=None, width=24, height=25)
    console.print(grid())
    told = [line.rstrip() for line in capsys.readouterr().out.splitlines()]
    assert "  p: 0.001" in told
    assert "effect(3) @ xtreme-mini" in told
    assert told[-1] == "  p: <0.001"  # a cell that is empty has no line


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    folder = tmp_path_factory.mktemp("width")
    catalogue_frame(seeds=3).to_csv(folder / "scores.csv", index=False, na_rep="NaN")
    return folder


@pytest.mark.parametrize("words", [("recipes",), ("languages",), ("tasks",), ("chart",), ("doctor", "--seconds", "1")])
def test_commands_say_the_same_words_at_40_columns_as_in_a_pipe(tmp_path, words):
    narrow, free = on_terminal(40, tmp_path, *words), in_pipe(tmp_path, *words)
    assert narrow.returncode == free.returncode == 0
    there = set(bare(narrow.stdout).split())
    lost = [word for word in free.stdout.split() if word not in there and f"{word}:" not in there]
    assert len(set(lost)) <= 3, lost  # headings of columns whose cells are all empty, seconds of the hub
    assert "…" not in narrow.stdout


def test_an_analysis_at_40_and_80_columns_breaks_no_word(scores):
    free = in_pipe(scores, "analyze", "scores.csv", "--model", "all", "--bootstrap", "99", "--out", "r")
    assert free.returncode == 0, free.stderr
    blocks = re.findall(r"^(\S+\(3\)[^\n]*)\nroute +estimate", free.stdout, flags=re.MULTILINE)
    assert [block.strip() for block in blocks] == ["effect(3) @ xtreme", "effect(3) @ xtreme-r", "interaction(3)"]
    assert "nan" not in free.stdout.split()
    figures = free.stdout.partition("\n- ")[0]  # the notes follow
    assert not re.search(r"(?<![\w.])-\d", figures)  # minus signs are those of the page
    assert "\N{MINUS SIGN}" in figures
    wanted = set(free.stdout.split())
    for width in (40, 80):
        told = on_terminal(width, scores, "analyze", "scores.csv", "--model", "all", "--bootstrap", "99", "--out", "r")
        there = set(bare(told.stdout).split())
        lost = {word for word in wanted if word not in there and f"{word}:" not in there}
        assert not {word for word in lost if len(word) > 2 and word not in ("contrast", "route")}, lost


def test_no_colour_where_none_is_wanted(scores):
    coloured = on_terminal(80, scores, "claims", "scores.csv")
    plain = on_terminal(80, scores, "claims", "scores.csv", NO_COLOR="1")
    colour = re.compile(r"\x1b\[(?:\d+;)*(?:3[0-7]|9[0-7]|38)")
    assert colour.search(coloured.stdout)
    assert not colour.search(plain.stdout)
    assert "\x1b" not in in_pipe(scores, "claims", "scores.csv").stdout
