"""The cell-level model in its independent parts is the model whole: criterion, estimates, errors, df, predictions."""

import numpy as np
import pytest
from benchmarks.wholecells import cell_rows, whole_fit
from tests.stats.simulated import LANGUAGES, TRAININGS, analyzed, simulated_frame

from xtransfer_stats.mixedmodels import mixed
from xtransfer_stats.mixedmodels.likelihood.randomeffects import Predictor
from xtransfer_stats.stats.celllevel.celldata import cell_data
from xtransfer_stats.stats.celllevel.cellfit import fit_cells
from xtransfer_stats.stats.celllevel.cellmodel import luck_terms
from xtransfer_stats.stats.celllevel.effects import fitted_scores
from xtransfer_stats.stats.celllevel.parts import Slopes
from xtransfer_stats.stats.core.design import detect
from xtransfer_stats.stats.core.runs import averaged_replicates, score_table

STUDIES = {
    "nested": {"seeds": 4, "counts": (3, 5), "languages": LANGUAGES[:5]},
    "crossed": {"seeds": 3, "counts": (3,), "languages": LANGUAGES[:4], "cross": 2},
    "replicates": {"seeds": 3, "counts": (3, 9), "languages": LANGUAGES[:4], "baselines": 2},
}


def pieces(**options):
    frame, _ = simulated_frame(**options)
    table = score_table(frame)
    design = detect(averaged_replicates(table).runs, 9)
    data = cell_data(table, design, TRAININGS)
    return data, luck_terms(data, design)[0]


@pytest.fixture(scope="module", params=STUDIES)
def with_slopes(request):
    data, luck = pieces(**STUDIES[request.param])
    slopes = Slopes(True, tuple(range(len(data.tasks))))
    return data, fit_cells(data, luck, slopes), whole_fit(data, luck, slopes)


@pytest.fixture(scope="module", params=STUDIES)
def cell_means(request):
    data, luck = pieces(**STUDIES[request.param])
    return data, fit_cells(data, luck, None), whole_fit(data, luck, None)


def test_criterion_and_variances(with_slopes):
    _, parts, whole = with_slopes
    assert parts.optimum.solution.value == pytest.approx(whole.criterion, rel=1e-8)
    variances = np.concatenate([*map(np.diag, whole.covariances), np.ravel(whole.residual_variance)])
    assert parts.theta == pytest.approx(variances, abs=2e-5)


def test_fitted_scores(with_slopes):
    _, parts, whole = with_slopes
    assert fitted_scores(parts).ravel() == pytest.approx(whole.fitted(), abs=1e-5)


def test_predicted_slopes_and_their_errors(with_slopes):
    data, parts, whole = with_slopes
    rows = cell_rows(data)
    predictor = Predictor(whole.terms, whole.covariances, rows.score, whole.X, parts.residual[rows.task])
    for language in range(len(data.languages)):
        own = (data.language == language) / (data.language == language).sum()
        own = own - (own @ (data.task[:, None] == np.arange(len(data.tasks))) / data.per_task)[data.task]
        weights = np.zeros((1, len(data.counts), len(own)))
        weights[0, 0] = own
        estimate, error = parts.predicted(weights)
        row = predictor.combination(np.zeros(whole.X.shape[1]), _random(rows, whole.terms, own))
        expected, its_error = predictor.predict(row[None])
        assert estimate == pytest.approx(expected, abs=1e-6)
        assert error == pytest.approx(its_error, rel=2e-5)


def _random(rows, terms, own):
    """Weights of the first count's slopes: over cells (C,), put on the levels of each term."""
    first = np.flatnonzero(rows.place == 1)[: len(own)]
    weights = {}
    for i, term in enumerate(terms):
        if term.group.startswith("language"):
            inside = term.covariates[first, 0]
            weights[i, 0] = np.bincount(term.codes[first], weights=own * inside, minlength=term.levels)
    return weights


def test_single_hypotheses_of_cell_means(cell_means):
    data, parts, whole = cell_means
    assert parts.optimum.solution.value == pytest.approx(whole.criterion, rel=1e-8)
    L = np.random.default_rng(1).normal(size=(5, len(data.runs_at), len(data.cells)))
    ours, theirs = parts.cell_moments(L), whole.kenward_roger(L.reshape(5, -1))
    assert ours.estimate == pytest.approx(theirs.estimate, rel=1e-6)
    assert ours.std_error == pytest.approx(theirs.std_error, rel=1e-6)
    assert ours.df == pytest.approx(theirs.df, rel=1e-4)


def test_joint_hypotheses_of_cell_means(cell_means):
    data, parts, whole = cell_means
    L = np.random.default_rng(2).normal(size=(4, len(data.runs_at), len(data.cells)))
    L -= L.mean(axis=1, keepdims=True)
    ours, theirs = parts.f_test(L), whole.f_test(L.reshape(4, -1))
    assert ours[:3] == pytest.approx(theirs[:3], rel=1e-4)


def test_means_of_target_tasks_have_the_errors_of_a_fit_without_slopes():
    data, luck = pieces(**STUDIES["nested"])
    slopes = Slopes(False, ())
    parts, whole = fit_cells(data, luck, slopes), whole_fit(data, luck, slopes)
    tasks, counts = len(data.tasks), len(data.counts)
    rows = np.hstack([-np.tile(np.eye(tasks), (counts, 1)), np.eye(counts * tasks)])
    ours = parts.moments(rows)
    theirs = whole.kenward_roger(np.eye(whole.X.shape[1])[len(data.cells) :])
    assert ours.estimate == pytest.approx(theirs.estimate, abs=1e-6)
    assert ours.std_error == pytest.approx(theirs.std_error, rel=1e-6)
    assert ours.df == pytest.approx(theirs.df, rel=1e-4)


def test_analyze_of_complete_cells_never_calls_the_general_engine(monkeypatch):
    """It fits the runs' own numbers (one a run), never rows of cells."""
    frame, benchmarks = simulated_frame(seeds=3, languages=LANGUAGES[:4])
    whole = mixed.Criterion

    def only_runs(cross, reml):
        assert cross.n <= frame["run"].nunique(), "the general engine was called for cells"
        return whole(cross, reml)

    monkeypatch.setattr(mixed, "Criterion", only_runs)
    results = analyzed(frame, benchmarks, trainings=TRAININGS).results
    assert "language effect, shrunken" in set(results["term"])
