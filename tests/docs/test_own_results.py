"""docs/own-results.md: its table is imported as its transcript says, and its Python runs."""

import re
import subprocess
import sys

from tests.places import ROOT

PAGE = (ROOT / "docs" / "own-results.md").read_text(encoding="utf-8")


def block(kind):
    return re.search(rf"```{kind}\n(.*?)```", PAGE, flags=re.DOTALL)[1]


def test_the_transcript_is_what_the_command_says(tmp_path):
    (tmp_path / "results.csv").write_text(block("csv"))
    command, said = block("").split("\n", 1)
    words = command.removeprefix("$ xstats ").split()
    done = subprocess.run(
        [sys.executable, "-m", "xtransfer_stats", *words], cwd=tmp_path, capture_output=True, text=True
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, said, "")
    assert (tmp_path / "scores.mapping.toml").read_text() == block("toml")
    again = [
        sys.executable,
        "-m",
        "xtransfer_stats",
        "import",
        "results.csv",
        "--map",
        "scores.mapping.toml",
        "--output",
        "b.csv",
    ]
    assert subprocess.run(again, cwd=tmp_path, capture_output=True).returncode == 0
    assert (tmp_path / "b.csv").read_text() == (tmp_path / "scores.csv").read_text()


def test_the_python_runs(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "results.csv").write_text(block("csv"))
    exec(compile(block("python"), "docs/own-results.md", "exec"), {})
    assert "18" in capsys.readouterr().out and (tmp_path / "scores.parquet").is_file()
