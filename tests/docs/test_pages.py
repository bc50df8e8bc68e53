"""README and the pages of the documents: what they show is what the commands print, and their examples run."""

import re
import shlex
import subprocess
import sys
from functools import cache

import pytest
from tests.places import ROOT
from typer.testing import CliRunner

from xtransfer_stats.cli import app

DOCS = ROOT / "docs"
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCK = re.compile(r"^( *)```(\w*)\n(.*?)^\1```", flags=re.DOTALL | re.MULTILINE)
FILES = {"own-claims.md": "my-claims.toml", "own-benchmark.md": "benchmarks.toml"}


def page(name):
    return (DOCS / name).read_text(encoding="utf-8")


def blocks(text, kind):
    """Blocks of a language, without the indentation that a list gives them."""
    return [
        re.sub(f"^{indent}", "", body, flags=re.MULTILINE) for indent, its, body in BLOCK.findall(text) if its == kind
    ]


def plain(text):
    return " ".join(text.split())


@pytest.fixture
def checkout(tmp_path, monkeypatch):
    """A folder with the examples, in which a command may write."""
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def xstats(folder, *words):
    command = [sys.executable, "-m", "xtransfer_stats", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=300)


@pytest.fixture(scope="module")
def told(tmp_path_factory):
    """What a command prints, remarks first, in a folder with the examples; each command runs once."""
    folder = tmp_path_factory.mktemp("told")
    (folder / "examples").symlink_to(ROOT / "examples")
    (folder / "mine.csv").write_text(blocks(page("first-hour.md"), "csv")[0])

    @cache
    def run(command):
        done = xstats(folder, *shlex.split(command)[1:])
        assert done.returncode == 0, done.stderr
        return plain(f"{done.stderr} {done.stdout}")

    return run


def test_the_output_in_the_readme_is_what_its_command_prints(told):
    shell = blocks(README, "")
    number = next(number for number, block in enumerate(shell) if block.startswith("The effect of"))
    shown = shell[number].splitlines()
    assert 8 <= len(shown) <= 12
    output = told(shell[number - 1].splitlines()[-1])
    assert not [line for line in shown if plain(line) not in output]


def transcripts():
    """(page, command, lines) of each command of the tutorial and the how-to pages that is shown with its output."""
    for name in ("tutorial.md", "first-hour.md"):
        for block in blocks(page(name), ""):
            command, *shown = block.removeprefix("$ ").splitlines()
            if block.startswith("$ ") and shown and re.search(r"examples/|mine\.csv", command):
                yield name, command, shown


@pytest.mark.parametrize(("name", "command", "shown"), list(transcripts()))
def test_a_transcript_is_what_its_command_prints(name, command, shown, told):
    output = told(command)
    assert not [line for line in shown if plain(line) not in output]


def test_there_are_transcripts():
    assert len(list(transcripts())) >= 3


def test_the_python_of_the_readme_runs(checkout, capsys):
    (block,) = blocks(README, "python")
    names = {}
    exec(compile(block, "README.md", "exec"), names)
    assert "interaction(3)" in capsys.readouterr().out and "tabular" in names["latex"]
    assert (checkout / "interaction.html").is_file() and (checkout / "reports" / "quick" / "report.html").is_file()


def test_the_python_of_the_page_on_z_prints_what_stands_below(capsys):
    (code,), (shown,) = blocks(page("why-not-z.md"), "python"), blocks(page("why-not-z.md"), "text")
    exec(compile(code, "why-not-z.md", "exec"), {})
    assert capsys.readouterr().out == shown


@pytest.mark.parametrize(("name", "file"), FILES.items())
def test_a_file_that_a_page_shows_is_the_one_that_its_command_reads(name, file):
    (shown,) = blocks(page(name), "toml")
    text = (ROOT / "examples" / file).read_text(encoding="utf-8")
    assert re.sub(r"^#.*\n", "", text, flags=re.MULTILINE).strip() == shown.strip()


def test_the_task_of_the_page_is_one(tmp_path):
    (entry,) = blocks(page("own-task.md"), "toml")
    (tmp_path / "xstats-tasks.toml").write_text(entry)
    done = xstats(tmp_path, "tasks", "my-nli")
    assert done.returncode == 0 and "my-nli" in done.stdout, done.stderr


def test_the_study_of_the_page_is_written_and_planned(tmp_path, monkeypatch):
    pytest.importorskip("hassil", reason="the embedded extra is not installed")
    monkeypatch.chdir(tmp_path)
    written, planned, ran, analyzed = blocks(page("own-study.md"), "")[0].splitlines()
    assert f"{ran} --dry-run" == planned and analyzed == "xstats analyze"
    for line in (written, planned):
        done = CliRunner().invoke(app, shlex.split(line)[1:])
        assert done.exit_code == 0, done.output


def training():
    """Commands of the README and of the pages that train the embedded study."""
    for text in (README, page("tutorial.md")):
        for line in re.findall(r"^(?:\$ )?xstats (run .*)$", text, flags=re.MULTILINE):
            yield line.removesuffix(" --dry-run")


@pytest.mark.parametrize("line", sorted(set(training())))
def test_a_command_that_trains_can_be_planned(line, tmp_path, monkeypatch):
    pytest.importorskip("hassil", reason="the embedded extra is not installed")
    monkeypatch.chdir(tmp_path)
    done = CliRunner().invoke(app, [*shlex.split(line), "--dry-run"])
    assert done.exit_code == 0, done.output


def test_the_readme_is_short_and_opens_with_a_picture_of_a_result():
    lines = README.splitlines()
    (picture,) = re.findall(r"^!\[[^\]]+\]\(([^)]+)\)", README, flags=re.MULTILINE)
    assert (ROOT / picture).stat().st_size < 200_000
    assert next(n for n, line in enumerate(lines) if line.startswith("![")) < 10
    assert "synthetic stand-ins" in "\n".join(lines[:12])
    assert len(lines) < 140


def test_one_way_to_put_the_command_on_the_path():
    texts = [README, *(path.read_text(encoding="utf-8") for path in DOCS.rglob("*.md"))]
    assert not any(".venv/bin/xstats" in text for text in texts)
    assert README.count("bin/activate") == 1
