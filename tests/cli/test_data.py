"""`xstats data`: the table and the rows for machines."""

import json
import subprocess
import sys


def data(*arguments):
    command = [sys.executable, "-m", "xtransfer_stats", "data", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=60)


def test_rows_for_machines_and_the_table_tell_the_same(tmp_path):
    folder = tmp_path / "panx"
    folder.mkdir()
    (folder / "test-de.tsv").write_text("Ada\nlebt\n\nUlm\n")
    (row,) = json.loads(data(tmp_path, "--json").stdout)
    assert row == {
        "path": "panx/test-de.tsv",
        "task": "panx",
        "language": "de",
        "split": "test",
        "format": "xtreme tags",
        "examples": 2,
        "labelled": False,
        "problems": ["2 sentences have no tags: XTREME's download strips those of test sets"],
    }
    told = data(tmp_path).stdout
    assert all(str(row[key]) in told for key in ("path", "task", "format", "examples"))
    assert "1 of these unlabelled" in told
