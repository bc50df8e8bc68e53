"""--study beside a table: the rows of that study, or the studies there are; never nothing."""

import pandas as pd
import pytest
from tests.stats.simulated import catalogue_frame
from typer.testing import CliRunner

import xtransfer_stats as xs
from xtransfer_stats.cli import app


@pytest.fixture(scope="module")
def frame():
    return catalogue_frame(seeds=3)


@pytest.fixture(scope="module")
def place(frame, tmp_path_factory):
    path = tmp_path_factory.mktemp("table") / "scores.csv"
    frame.to_csv(path, index=False, na_rep="NaN")
    return path


@pytest.mark.parametrize("study", ["1,2", "0x10", "", "simulate", "{b}", "x" * 5000])
@pytest.mark.parametrize("command", ["chart", "analyze", "trace", "power", "claims"])
def test_a_study_that_the_table_does_not_hold_is_one_sentence(command, study, place):
    first = {"chart": ["interaction"], "trace": ["ruuayt7a"]}.get(command, [])
    done = CliRunner().invoke(app, [command, *first, str(place), "--study", study])
    assert isinstance(done.exception, xs.XstatsError)
    assert str(done.exception).endswith("It holds: 'simulated'")
    assert "is not in the table" in str(done.exception)


def test_of_a_table_of_two_studies_the_one_that_is_named_is_analysed(frame):
    both = pd.concat([frame, frame.assign(study="other", score=frame["score"] / 2)])
    with pytest.raises(xs.XstatsError, match="column study: other, simulated"):
        xs.analyze(both)
    alone, chosen = (one.frame() for one in (xs.analyze(frame), xs.analyze(both, study="simulated")))
    pd.testing.assert_frame_equal(alone, chosen)


def test_a_table_without_the_column_says_so(frame):
    with pytest.raises(xs.XstatsError, match="study 'a': the table has no column study, so it holds one; leave it out"):
        xs.analyze(frame.drop(columns="study"), study="a")


def test_a_study_beside_a_study_is_refused(frame):
    scores = xs.read_scores(frame)
    with pytest.raises(xs.XstatsError, match="study 'a': the source is one study already"):
        xs.analyze(scores, study="a")
    result = xs.analyze(scores)
    with pytest.raises(xs.XstatsError, match="study, backbone, benchmarks, scale: the source is analysed already"):
        xs.chart("interaction", result, study="a")
