"""docs/own-results.md: its table is imported as its transcript says, and its Python runs."""

import re
import subprocess
import sys

from tests.places import ROOT

PAGE = (ROOT / "docs" / "own-results.md").read_text(encoding="utf-8")


def block(kind):
    return re.search(rf"^```{kind}\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE)[1]


def xstats(folder, *words):
    return subprocess.run([sys.executable, "-m", "xtransfer_stats", *words], cwd=folder, capture_output=True, text=True)


def test_the_transcript_is_what_the_command_says(tmp_path):
    (tmp_path / "results.csv").write_text(block("csv"))
    command, said = re.search(r"^```\n\$ xstats (import .*?)\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE).groups()
    done = xstats(tmp_path, *command.split())
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")
    assert (tmp_path / "scores.mapping.toml").read_text() == block("toml")
    assert (
        xstats(tmp_path, "import", "results.csv", "--map", "scores.mapping.toml", "--output", "b.csv").returncode == 0
    )
    assert (tmp_path / "b.csv").read_text() == (tmp_path / "scores.csv").read_text()


def test_one_command_says_what_the_page_shows(tmp_path):
    (tmp_path / "methods.csv").write_text(block("csv methods"))
    command, said = re.search(
        r"^```\n\$ xstats (analyze .*?)\n(.*?)^```", PAGE, flags=re.DOTALL | re.MULTILINE
    ).groups()
    done = xstats(tmp_path, *command.split())
    lines = iter([*done.stderr.splitlines(), *done.stdout.splitlines()])
    assert done.returncode == 0 and all(line in lines for line in said.splitlines())  # in this order
    sentence = said.splitlines()[1].replace("<", "&lt;")
    assert f'class="answer">{sentence}' in (tmp_path / "reports/methods/report.html").read_text()


def test_the_python_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results.csv").write_text(block("csv"))
    exec(compile(block("python"), "docs/own-results.md", "exec"), {})
    assert "18" in capsys.readouterr().out and (tmp_path / "scores.parquet").is_file()
