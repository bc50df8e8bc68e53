import json

import pytest
from tests.report.made_up import made_up

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.report import select
from xtransfer_stats.report.charts import CHARTS, GROUPS, chart, export, specification, specifications


def flat(spec):
    """Every record of every data set of a specification."""
    return [record for data in spec["datasets"].values() for record in data]


@pytest.mark.parametrize("fixture", ["analysis", "three_counts", "one_seed"])
def test_every_chart_is_drawn_with_title_and_description(fixture, request):
    specs = specifications(request.getfixturevalue(fixture))
    assert list(specs) == [*CHARTS, *GROUPS]
    for spec in specs.values():
        assert spec["title"]["text"] and spec["description"] and spec["usermeta"]["labels"] > 0
        assert "points" in json.dumps(spec).lower()


@pytest.mark.parametrize("name", ["effects", "heatmap", "language_runs"])
def test_a_chart_is_altairs_and_says_its_specification(analysis, name):
    import altair

    drawn = chart(analysis, name)
    assert isinstance(drawn, altair.TopLevelMixin)
    assert drawn.to_dict() == specification(analysis, name)


def test_a_chart_without_rows_is_none_and_one_without_a_name_is_an_error(analysis):
    assert chart(analysis, "residuals") is None
    with pytest.raises(RecipeError, match="name 'efects': did you mean 'effects'"):
        chart(analysis, "efects")


def test_charts_show_the_result_frames_own_numbers(three_counts):
    specs = specifications(three_counts)
    rows = select.rows(three_counts, "effect")
    drawn = [record for record in flat(specs["effects"]) if "conf_low" in record]
    assert sorted(record["estimate"] for record in drawn) == pytest.approx(sorted(rows["estimate"]))
    assert {record["text"] for record in drawn} == set(rows["text"])


def test_seed_dots_average_to_the_estimates(three_counts):
    runs = select.run_effects(three_counts)
    found = select.these(select.rows(three_counts, "effect", "interaction"))
    means = runs.groupby(["n_tasks", "benchmark"])["value"].mean()
    assert len(found) == len(means) == 9
    for row in found.itertuples():
        assert means[row.n_tasks, row.benchmark] == pytest.approx(row.estimate)


def test_replicated_baselines_count_with_their_mean():
    analysis = made_up((3,), (0, 1))
    scores = analysis.run_scores
    again = scores[scores["n_tasks"] == 0].assign(run="again", replicate=1, score=lambda f: f["score"] + 2.0)
    import dataclasses

    import pandas as pd

    doubled = dataclasses.replace(analysis, run_scores=pd.concat([scores, again]))
    before, after = select.run_effects(analysis), select.run_effects(doubled)
    shift = after["value"] - before["value"]
    assert shift[after["benchmark"] != ""].tolist() == pytest.approx([-1.0] * 4)
    assert shift[after["benchmark"] == ""].tolist() == pytest.approx([0.0] * 2)


def test_languages_are_sorted_by_estimate(analysis):
    (drawn,) = [d for d in specifications(analysis)["languages"]["datasets"].values() if "conf_low" in d[0]]
    estimates = [record["estimate"] for record in drawn]
    assert estimates == sorted(estimates, reverse=True) and len(estimates) == 20


def test_one_seed_says_that_there_is_no_interval(one_seed):
    for name in ("effects", "interaction", "tasks", "leave_one_out"):
        assert "No interval: one seed." in " ".join(specifications(one_seed)[name]["title"]["subtitle"])


def test_an_analysis_without_language_rows_has_no_language_charts(analysis):
    import dataclasses

    without = dataclasses.replace(analysis, results=analysis.results[analysis.results["term"] != "language effect"])
    assert set(CHARTS) - set(specifications(without)) == {"languages", "heatmap"}


def test_svg_is_the_same_at_every_drawing(analysis):
    first, second = (export.svg(specifications(analysis)["effects"]) for _ in range(2))
    assert first == second
    other = export.svg(specifications(made_up((3,)))["effects"])
    assert first == other
