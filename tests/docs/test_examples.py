"""Commands of the documents that name a file run as they are written, from a checkout; and the files are there."""

import importlib.util
import re
import shlex
from collections.abc import Iterator

import pytest
import typer
from tests.places import ROOT
from typer.testing import CliRunner

from xtransfer_stats.cli import app

PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
FOLDERS = ("examples", "data", "runners", "analyses")
FILE = re.compile(r"[\w./-]+\.(?:csv|tsv|json|jsonl|parquet|xlsx|toml)")
WRITTEN = re.compile(r"--(?:output|out|replicates)[ =]\S+")
# Files that a page shows in full, or that an earlier line of its own writes; its own test makes them.
SHOWN = {
    "own-results.md": {"results.csv", "scores.mapping.toml", "methods.csv"},
    "commands.md": {"own.toml"},  # which init writes
    "own-study.md": {"my-study.toml"},  # which init writes
    "first-hour.md": {"mine.csv"},
}
SLOW = {"run": "--dry-run"}  # commands that train, and what makes a plan of them


def commands() -> Iterator[tuple[str, str]]:
    """(page, command) of each line in a block and each command between backticks that names a file to be read."""
    for page in PAGES:
        text = page.read_text(encoding="utf-8")
        lines = re.findall(r"^(?:\$ |    )?xstats ([^`#\n]+)", text, flags=re.MULTILINE)
        for words in (*lines, *re.findall(r"`xstats ([^`\n]+)`", text)):
            command = words.replace("\\|", "|").strip()
            if FILE.search(WRITTEN.sub("", command)):
                yield page.name, command


COMMANDS = sorted(set(commands()))
RUN = sorted({command for page, command in COMMANDS if re.search(rf"\b(?:{'|'.join(FOLDERS)})/", command)})


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A folder with the files of a checkout, in which a command may write."""
    for name in FOLDERS:
        (tmp_path / name).symlink_to(ROOT / name)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_commands_are_found():
    pages = {page for page, _ in COMMANDS}
    assert {"README.md", "claims.md", "compare.md", "conditions.md", "mixed-models.md", "power.md"} <= pages
    assert len(RUN) >= 14


@pytest.mark.parametrize(("page", "command"), COMMANDS)
def test_a_file_that_a_command_names_is_in_the_checkout(page, command):
    named = {name for name in FILE.findall(WRITTEN.sub("", command)) if name not in SHOWN.get(page, ())}
    assert not {name for name in named if not (ROOT / name).is_file()}


@pytest.mark.parametrize("command", RUN)
def test_a_command_runs_as_it_is_written(command, checkout):
    words = shlex.split(command)
    assert SLOW.get(words[0], "") in words or words[0] not in SLOW, "this command would train"
    done = CliRunner().invoke(app, words)
    assert done.exit_code == 0, done.output
    assert done.stdout.strip()


def test_the_made_up_tables_are_what_the_script_makes(tmp_path):
    spec = importlib.util.spec_from_file_location("make", ROOT / "examples" / "make.py")
    make = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(make)
    make.main(tmp_path)
    assert len(list(tmp_path.iterdir())) == 7
    for made in tmp_path.iterdir():
        assert made.read_bytes() == (ROOT / "examples" / made.name).read_bytes(), made.name


def test_each_example_is_in_the_list_of_its_folder():
    listed = (ROOT / "examples" / "README.md").read_text(encoding="utf-8")
    for path in (ROOT / "examples").iterdir():
        assert f"`{path.name}`" in listed or path.name in ("README.md", "make.py", "__pycache__"), path.name


def written() -> Iterator[tuple[str, str]]:
    """(page, command) of every line of a block that calls xstats, one a line; lines of several commands are split."""
    for page in PAGES:
        blocks = re.findall(
            r"^(?:\$ |    )?(xstats [a-z][^#\n]*)", page.read_text(encoding="utf-8"), flags=re.MULTILINE
        )
        for line in blocks:
            for command in line.replace("\\|", "|").split("&&"):
                yield page.name, command.strip().removeprefix("xstats ")


@pytest.mark.parametrize(("page", "command"), sorted(set(written())))
def test_a_line_of_a_page_is_a_command_with_options_and_values_that_it_takes(page, command):
    name, *words = shlex.split(command)
    typer.main.get_command(app).commands[name].make_context(name, words)
