"""A row's trace: the runs and weights that it names give the row's number."""

import pytest
from tests.stats.simulated import TRAININGS, analyzed
from tests.verbs.trace.studies import DESIGNS, study

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.report.tables import tables
from xtransfer_stats.stats.routes.route import RouteRequest
from xtransfer_stats.verbs.trace.beside import table_of, trace_table
from xtransfer_stats.verbs.trace.result import trace_result

MODELLED = {"language effect", "task effect, shrunken", "own data", "additive tasks"}


@pytest.fixture(scope="module", params=list(DESIGNS))
def traced(request):
    """Design, frame, prepared scores, and the traces of some rows of every kind."""
    frame, _, prepared, analysis = study(request.param)
    names = analysis.results.groupby(["term", "scope", "n_tasks"], dropna=False).head(4)["id"]
    return request.param, frame, prepared, [trace_result(name, prepared, analysis) for name in names]


def test_the_runs_are_as_many_as_the_row_says(traced):
    for one in traced[3]:
        assert len(one.runs) == one.row["n_runs"], one.row["contrast"]
        assert one.runs["run"].is_unique


def test_every_mean_of_runs_is_reproduced_from_their_numbers(traced):
    design, _, _, traces = traced
    plain = [one for one in traces if one.reproduced is not None and one.row["term"] not in MODELLED]
    assert len(plain) > 40
    for one in plain:
        if "REML" not in one.row["method"]:
            assert one.reproduced == pytest.approx(one.row["estimate"], abs=1e-9), one.row["contrast"]
            assert "give the estimate" in one.verdict
    assert any("REML" in one.row["method"] for one in plain) == (design == "incomplete")


def test_no_verdict_asks_for_a_report(traced):
    assert not [one.verdict for one in traced[3] if "report it" in one.verdict]


def test_an_effect_is_what_the_frame_gives_by_hand(traced):
    design, frame, _, traces = traced
    one = next(t for t in traces if t.row["contrast"] == "effect(3) @ task panx" and t.row["term"] == "task effect")
    panx = frame[frame["target_task"] == "panx"].groupby(["run", "seed", "n_tasks"])["score"].mean()
    numbers = panx.reset_index(["seed", "n_tasks"], drop=True)
    told = one.runs.set_index("run")["number"]
    assert told.to_dict() == pytest.approx(numbers[told.index].to_dict())
    if design != "incomplete":  # whose estimate REML weighs
        by_count = panx.groupby(["seed", "n_tasks"]).mean().groupby("n_tasks").mean()
        assert by_count[3] - by_count[0] == pytest.approx(one.row["estimate"])


def test_the_interaction_is_one_average_less_the_other(traced):
    _, _, prepared, traces = traced
    one = next(t for t in traces if t.row["contrast"] == "interaction(3)" and t.row["term"] == "interaction")
    assert [(side.name, side.sign) for side in one.sides] == [("xtreme-r-mini", 1), ("xtreme-mini", -1)]
    for side in one.sides:
        assert side.total == pytest.approx(1)
        listed = {cell for task, names in prepared.benchmarks[side.name].items() for cell in [(task, x) for x in names]}
        assert side.cells == len(listed)
    assert one.cells["weight"].sum() == pytest.approx(0)
    assert one.over_counts == {0: -1.0, 3: 1.0}


def test_cells_of_an_average_have_the_benchmarks_weights(traced):
    _, _, prepared, traces = traced
    one = next(t for t in traces if t.row["contrast"] == "effect(3) @ xtreme-mini")
    tasks = prepared.benchmarks["xtreme-mini"]
    expected = {(task, x): 1 / (len(tasks) * len(names)) for task, names in tasks.items() for x in names}
    found = {(row.target_task, row.language): row.weight for row in one.cells.itertuples()}
    assert found == pytest.approx(expected)


def test_what_a_model_shrinks_says_so(traced):
    for one in traced[3]:
        if one.row["term"] == "language effect":
            assert "cell-level model" in one.verdict
            assert one.formula.startswith("y ~")


def test_an_unknown_id_is_told_with_the_nearest():
    _, _, prepared, analysis = study("nested")
    with pytest.raises(DataError, match=r"did you mean 'ruuayt7a', interaction\(3\)\?.*results.csv"):
        trace_result("ruuayt7b", prepared, analysis)
    with pytest.raises(DataError, match="did you mean 'ruuayt7a'"):
        trace_result("interaction(3)", prepared, analysis)
    with pytest.raises(DataError, match="no row has the id '9999'"):
        trace_result("9999", prepared, analysis)


def test_a_row_is_shown_by_every_route_that_was_asked_for():
    frame, benchmarks, prepared, _ = study("nested")
    request = RouteRequest(99, model="bootstrap")
    analysis = analyzed(frame, benchmarks, trainings=TRAININGS, routes=request)
    one = trace_result("ruuayt7a", prepared, analysis)
    assert set(one.routes["route"]) == set(analysis.routes["route"])
    assert one.reproduced == pytest.approx(one.row["estimate"])
    assert one.row["method"].startswith("studentised bootstrap")
    beside = analysis.routes[~analysis.routes["id"].isin(analysis.results["id"])]["id"]
    assert trace_result(beside.iloc[0], prepared, analysis).row["scope"] == "such"


def test_rows_of_the_other_tables_are_traced():
    _, _, prepared, analysis = study("nested")
    tables = {"terms": analysis.terms, "variance": analysis.variance, "convergence": analysis.diagnostics.convergence}
    for table, rows in (tables | {"influence": analysis.diagnostics.influence}).items():
        for name in rows["id"]:
            assert table_of(name, analysis) == table
            found = trace_table(name, table, prepared, analysis)
            assert found.formula
            assert len(found.cells)
    moved = analysis.diagnostics.influence.query("kind == 'seed'").iloc[0]
    found = trace_table(moved["id"], "influence", prepared, analysis)
    assert int(moved["level"]) not in set(found.runs["seed"])
    assert len(found.runs) == 3 * (2 + 2 + 1)  # baselines, runs of three tasks, run of all
    assert table_of("ruuayt7a", analysis) == ""


def test_every_table_of_a_report_has_ids_that_can_be_traced():
    _, _, prepared, analysis = study("nested")
    made = tables(analysis)
    assert len(made) > 8
    for name, table in made.items():
        if name == "runs":  # a run is no number
            continue
        for row in table.frame["id"].head(2):
            beside = table_of(row, analysis)
            found = trace_table(row, beside, prepared, analysis) if beside else None
            assert (found or trace_result(row, prepared, analysis)).id == row, name
