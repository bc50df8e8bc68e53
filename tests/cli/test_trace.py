"""`xstats trace` of an exported frame, as a user has it."""

import json
import subprocess
import sys

import pytest
from tests.stats.simulated import catalogue_frame

XSTATS = [sys.executable, "-m", "xtransfer_stats"]


@pytest.fixture(scope="module")
def scores(tmp_path_factory):
    """A folder with a frame whose cells are all in the catalogue."""
    folder = tmp_path_factory.mktemp("trace")
    frame = catalogue_frame(seeds=3)
    frame.to_csv(folder / "scores.csv", index=False, na_rep="NaN")
    return folder


def xstats(folder, *arguments):
    command = [*XSTATS, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=folder)


def test_an_id_of_the_analysis_is_traced_to_the_same_numbers(scores):
    analysed = json.loads(xstats(scores, "analyze", "scores.csv", "--margin", "1", "--json").stdout)
    within = [row for row in analysed["effects"] if row["term"] == "equivalence"]
    row = next(row for row in within if row["contrast"] == "interaction(3)")
    done = xstats(scores, "trace", row["id"], "scores.csv", "--margin", "1", "--json")
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["number"]["row"] == row
    total = sum(run["coefficient"] * run["number"] for run in told["number"]["runs"])
    assert total == pytest.approx(row["estimate"])
    assert told["commands"]["analysis"] == "xstats analyze scores.csv --margin 1"
    assert told["lineage"] is None


def test_a_trace_is_printed_for_people(scores):
    told = xstats(scores, "trace", "ruuayt7a", "scores.csv").stdout
    for said in ("interaction(3)", "g ~ C(count) + C(seed)", "weights sum to 1", "s2-k0--r0", "give the estimate"):
        assert said in told
    assert "Analyse again: xstats analyze scores.csv" in told
    score = xstats(scores, "trace", "s2-k0--r0:panx:de", "scores.csv").stdout
    assert "enters the analysis" in score
