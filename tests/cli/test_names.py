"""Names and paths on the terminal: shown as they were typed, and nothing is written outside --out."""

import io
import os
import subprocess
import sys

import pandas as pd
import pytest
from rich.console import Console
from tests.exchange.score_frames import small

from xtransfer_stats.cli import out
from xtransfer_stats.stats.core.frame import written
from xtransfer_stats.verbs.analyze import analyze
from xtransfer_stats.verbs.export import export
from xtransfer_stats.verbs.instore import StudyInStore
from xtransfer_stats.verbs.scores import ScoreSheet

XSTATS = [sys.executable, "-m", "xtransfer_stats"]
MARKUP = ("[/]", "[red]x", "[/red]", ":smile:", "[link=x]y", "\\[x]")


def shown(draw) -> str:
    """What a function writes on a console of a terminal."""
    file = io.StringIO()
    draw(Console(file=file, force_terminal=True, color_system="truecolor", width=200, highlight=False))
    return file.getvalue()


@pytest.mark.parametrize("text", MARKUP)
def test_no_markup_is_read_in_names(text):
    grid = out.table(f"title {text}", f"head {text}", "number", right=("number",))
    grid.add_row(f"cell {text}", "[1.0, 2.0]")
    told = shown(lambda console: console.print(grid))
    for part in ("title", "head", "cell"):
        assert f"{part} {text}" in told
    assert text in shown(lambda console: out.say(text, console=console))


def test_no_control_character_of_a_name_reaches_the_terminal():
    told = shown(lambda console: out.say("a\x1b[31m\x07\u202eb\u2028c\nd", console=console))
    assert told == "a [31m b c\nd\n".replace(" b", " b")
    assert "\x1b" not in told and "\u202e" not in told


def run(place, *arguments):
    return subprocess.run(
        [*XSTATS, *arguments], capture_output=True, timeout=300, cwd=place, env={**os.environ, "COLUMNS": "200"}
    )


@pytest.mark.parametrize("name", [b"[red]x", b"caf\xe9 [bold]"])
def test_a_path_is_shown_as_it_is(name, tmp_path):
    small().to_csv(tmp_path / "f.csv", index=False)
    told = run(tmp_path, "analyze", "f.csv", "--benchmarks", "xtreme,xtreme-r", "--out", name)
    assert told.returncode == 0, told.stderr
    assert b"Report: " + name + b"/report.html" in told.stdout
    assert (tmp_path / os.fsdecode(name) / "report.html").is_file()


@pytest.mark.parametrize("name", ["[/]", "[red]x", b"caf\xe9", "a b;c", "{b}"])
@pytest.mark.parametrize("command", [("analyze",), ("export", "--store"), ("status", "--store"), ("verify", "--store")])
def test_a_place_that_is_not_there_is_named(command, name, tmp_path):
    told = run(tmp_path, *command, name)
    assert told.returncode in (1, 2)
    assert b"Traceback" not in told.stderr
    assert (name if isinstance(name, bytes) else name.encode()).split(b"/")[-1][:3] in told.stderr


@pytest.mark.parametrize("name", ["../../evil", "ABSOLUTE/evil"])
def test_a_study_named_like_a_path_writes_inside_its_folder(name, tmp_path):
    inner = tmp_path / "one" / "two"
    inner.mkdir(parents=True)
    small().assign(study=name.replace("ABSOLUTE", str(tmp_path))).to_csv(inner / "f.csv", index=False)
    told = run(inner, "analyze", "f.csv", "--benchmarks", "xtreme,xtreme-r")
    assert told.returncode == 0, told.stderr
    assert b"is no folder's name" in told.stderr
    written_to = {path.relative_to(tmp_path).parts[:3] for path in tmp_path.rglob("*.html")}
    assert written_to == {("one", "two", "reports")}


def test_text_like_a_formula_is_exported_as_it_is_said_and_read_back(tmp_path, monkeypatch):
    frame = ScoreSheet(None, small().assign(backbone="=cmd|'/c calc'!A0", study="-1+1")).frame
    monkeypatch.setattr(StudyInStore, "frame", frame)
    monkeypatch.setattr(StudyInStore, "predictions", lambda self: pd.DataFrame({"run": ["a"]}))
    told = export(StudyInStore(tmp_path), output=tmp_path / "f.csv")
    assert "which a spreadsheet runs as a formula" in told.notes[0]
    assert export(StudyInStore(tmp_path), format="json").notes == ()
    back = ScoreSheet(tmp_path / "f.csv").frame
    pd.testing.assert_frame_equal(back, frame)
    one, other = (analyze(source, benchmarks=("xtreme", "xtreme-r")) for source in (frame, back))
    assert written(one.frame(), "csv") == written(other.frame(), "csv")
    assert one.analysis.signature == other.analysis.signature


@pytest.mark.parametrize("command", ["claims", "power", "chart", "trace", "compare"])
def test_the_remedy_for_fractions_works_in_every_command(command, tmp_path):
    small().assign(score=small()["score"] / 100).to_csv(tmp_path / "f.csv", index=False)
    small(rng_seed=1).assign(score=lambda rows: rows["score"] / 100).to_csv(tmp_path / "g.csv", index=False)
    places = {
        "compare": ("f.csv", "g.csv"),
        "chart": ("effects", "f.csv"),
        "trace": ("s1-baseline-r0:xnli:de", "f.csv"),
    }
    asked = (command, *places.get(command, ("f.csv",)), "--benchmarks", "xtreme,xtreme-r")
    told = run(tmp_path, *asked)
    assert told.returncode == 2
    assert b"--scale 100" in told.stderr
    told = run(tmp_path, *asked, "--scale", "100")
    assert told.returncode == 0, told.stderr
