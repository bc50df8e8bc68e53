"""The ids that an analysis can have are known without it, and an id that it cannot have is told at once."""

import pytest
from tests.stats.simulated import TRAININGS, catalogue_frame
from tests.verbs.trace.studies import DESIGNS, LABELS, SIZES, study

import xtransfer_stats as xs
from xtransfer_stats.stats.analysis import AnalysisRequest, analyze
from xtransfer_stats.stats.core.rows import IDENTIFIER, TABLES
from xtransfer_stats.stats.core.scores import Covariate, StudyScores
from xtransfer_stats.stats.names import row_names
from xtransfer_stats.stats.routes.route import RouteRequest
from xtransfer_stats.verbs.recipes import load_claims
from xtransfer_stats.verbs.trace import trace as tracing

CONTRASTS = ("effect(9) - effect(3) @ xtreme-mini", "trend @ task xnli")


def scores_of(design):
    frame, benchmarks, _, _ = study(design)
    sizes = {"articles": Covariate(SIZES, "tenfold articles", logarithmic=True)}
    own = {"xnli": frozenset(["mnli"])}
    return StudyScores(frame, benchmarks, TRAININGS, own, LABELS, sizes)


@pytest.mark.parametrize("design", DESIGNS)
@pytest.mark.parametrize("model", ["mixed", "all"])
def test_every_row_of_an_analysis_is_among_the_names(design, model):
    asked = AnalysisRequest(
        contrasts=CONTRASTS, margin=1.0, routes=RouteRequest(model=model, replicates=99), claims=load_claims()
    )
    scores = scores_of(design)
    found, names = analyze(scores, asked), row_names(scores, asked)
    shown = {*found.results["id"], *(found.routes["id"] if len(found.routes) else ())}
    assert shown <= set(names["id"])
    assert len(names) - len(shown) <= 12
    ids = dict(zip(names["id"], names["contrast"], strict=True))
    assert all(ids[row.id] == row.contrast for row in found.results.itertuples())


def test_every_id_has_the_form_that_is_looked_for():
    _, _, _, analysis = study("nested")
    assert set(TABLES) == {"terms", "variance", "influence", "convergence"}
    tables = (analysis.results, analysis.terms, analysis.variance, analysis.diagnostics.influence)
    assert all(IDENTIFIER.fullmatch(one) for table in tables for one in table["id"])


@pytest.fixture(scope="module")
def place(tmp_path_factory):
    frame = catalogue_frame(seeds=3)
    path = tmp_path_factory.mktemp("names") / "scores.csv"
    frame.to_csv(path, index=False, na_rep="NaN")
    return path


UNKNOWN = ["", " ", "raaaaaaa", "ruuayt7b", "interaction(4)", "nonsense", "r", "\u2028", "x" * 5000]


@pytest.mark.parametrize("name", UNKNOWN)
def test_an_id_that_no_row_has_is_told_without_an_analysis(place, name, monkeypatch):
    monkeypatch.setattr(tracing, "analysed", lambda *_: pytest.fail("analysed"))
    with pytest.raises(xs.XstatsError, match="no row has the id") as refused:
        xs.trace(name, place)
    assert len(str(refused.value)) < 900


def test_a_contrast_is_the_name_of_its_row_and_any_hypothesis_can_be_traced(place):
    assert xs.trace("interaction(3)", place).trace.number.id == "ruuayt7a"
    asked = xs.trace("effect(3) @ xtreme - effect(3) @ xtreme-r", place).trace
    assert asked.number.row["term"] == "contrast" and "--contrast" in asked.commands["analysis"]


@pytest.mark.parametrize("name", ["ruuayt7b", "interaction(4)", "interaktion(3)"])
def test_the_nearest_ids_are_named_and_can_be_traced(place, name):
    with pytest.raises(xs.XstatsError, match=r"did you mean .*'ruuayt7a', interaction\(3\)"):
        xs.trace(name, place)
    assert xs.trace("ruuayt7a", place).trace.number.row["contrast"] == "interaction(3)"
