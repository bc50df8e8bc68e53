"""Closed forms of the comparison models against fits of the same models."""

import numpy as np
import pandas as pd
import pytest
from benchmarks.calibration.cellmethods import CELL_METHODS, naive_stacked, run_intercept_alone
from benchmarks.calibration.draws import scores
from benchmarks.calibration.grid import GridCell
from benchmarks.calibration.setting import world_of
from benchmarks.wholecells import whole_fit
from tests.benchmarks.calibration.settings import SETTING

from xtransfer_stats.stats.celllevel.celldata import cell_data
from xtransfer_stats.stats.celllevel.parts import LuckTerm, Slopes
from xtransfer_stats.stats.core.design import detect
from xtransfer_stats.stats.core.estimands import CountContrast, gap_weights
from xtransfer_stats.stats.core.runs import ScoreTable

EFFECT = CountContrast(0, 3)


@pytest.fixture(scope="module")
def study():
    rng = np.random.default_rng(3)
    here = world_of(GridCell("cells", "nested, 1 set", 4, "set/run 1", 1, 1, (3,)), SETTING, SETTING.benchmarks, rng)
    return here, scores(here, rng, 2)


def test_run_intercept_alone_is_the_fitted_model(study):
    here, points = study
    data = cell_data(ScoreTable(here.chains, here.cells, points[:, :, 0]), detect(here.chains, 9), here.trainings)
    run = LuckTerm("run", np.arange(len(here.chains)), np.zeros(len(data.tasks), dtype=np.int64))
    fit = whole_fit(data, (run,), Slopes(False, ()), by_task=False)
    gap = np.bincount(data.task, weights=gap_weights(SETTING.benchmarks, here.cells))
    L = np.append(np.zeros(len(here.cells)), gap)
    answer = fit.kenward_roger(L)
    found = run_intercept_alone(here, SETTING.benchmarks, points, [EFFECT])[0]
    assert fit.state == "interior"
    assert found.width[0] == pytest.approx(float(answer.conf_high[0] - answer.conf_low[0]), rel=1e-3)
    assert found.wrong[0] == (answer.p_value[0] < 0.05)


@pytest.mark.filterwarnings("ignore::statsmodels.tools.sm_exceptions.SingularMatrixWarning")
def test_naive_stacked_is_least_squares_on_the_stacked_rows(study):
    import statsmodels.formula.api as smf

    here, points = study
    parts, count = [], here.chains["n_tasks"]
    for name, tasks in SETTING.benchmarks.items():
        for j, (task, language) in enumerate(here.cells):
            if language in tasks.get(task, ()):
                y = points[:, j, 0]
                parts.append(pd.DataFrame({"b": name, "cell": f"{task}{language}", "k": count, "y": y}))
    rows = pd.concat(parts).assign(k=lambda frame: (frame["k"] > 0).astype(int))
    fit = smf.ols("y ~ 0 + C(b):C(cell) + C(b):k", rows[["b", "cell", "k", "y"]]).fit()
    test = fit.t_test("C(b)[second]:k - C(b)[first]:k = 0")
    low, high = test.conf_int()[0]
    rank = np.linalg.matrix_rank(fit.model.exog)
    assert fit.df_resid == len(rows) - rank
    assert naive_stacked(here, SETTING.benchmarks, points, [EFFECT])[0].width[0] == pytest.approx(high - low)


def test_fitted_methods_answer_for_every_study(study):
    here, points = study
    for method in CELL_METHODS.values():
        (found,) = method(here, SETTING.benchmarks, points, [EFFECT])
        assert np.isfinite(found.width).all() and found.wrong.shape == (2,)
