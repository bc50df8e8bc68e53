"""Moments of the simulated luck against the sds that were asked for."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from benchmarks.calibration.draws import World, numbers, scores, task_luck, units
from benchmarks.calibration.generators import GENERATORS, Generator
from tests.benchmarks.calibration.settings import BENCHMARKS, TRAININGS, draw

from xtransfer_stats.stats.core.estimands import gap_weights
from xtransfer_stats.stats.core.weights import cell_weights

STUDIES = 20_000
STILL = Generator("", seed=0, seed_task=0, set_ratio=None, run=0, tuned=0, residual=0)
CELLS = sorted({(task, x) for part in BENCHMARKS.values() for task, names in part.items() for x in names})


def world(seeds=2, sets=1, cross=0, counts=(3, 9), **sds):
    cells = pd.MultiIndex.from_tuples(CELLS, names=["target_task", "language"])
    return World(draw(counts, seeds, sets, cross, 1), cells, TRAININGS, replace(STILL, **sds))


def luck(**settings):
    here = world(**settings)
    return here, task_luck(here, np.random.default_rng(0), STUDIES)


def test_a_seeds_luck_is_shared_by_its_chains_and_tasks():
    here, found = luck(seed=2.0)
    assert found.std(axis=2) == pytest.approx(2.0, rel=0.03)
    mine = found[(here.chains["seed"] == 0).to_numpy()]
    assert np.ptp(mine, axis=(0, 1)).max() == 0
    assert np.corrcoef(found[0, 0], found[1, 0])[0, 1] == pytest.approx(0, abs=0.03)


def test_set_luck_is_absent_at_the_baseline_and_with_all_nine_tasks():
    here, found = luck(set=1.5)
    sampled = (here.chains["n_tasks"] == 3).to_numpy()
    assert found[sampled].std(axis=2) == pytest.approx(1.5, rel=0.03)
    assert not found[~sampled].any()


def test_set_ratio_is_that_of_a_tasks_mean_over_languages():
    sds = {"run": 0.4, "tuned": 0.5, "residual": 0.8}
    here = world(set_ratio=2.0, **sds)
    run = task_luck(world(set_ratio=0.0, **sds), np.random.default_rng(0), STUDIES)
    both = task_luck(here, np.random.default_rng(0), STUDIES)
    one = int(np.flatnonzero(here.chains["n_tasks"] == 3)[0])
    languages = np.bincount(here.cell_task)
    of_run = run[one].var(axis=1) + 0.8**2 / languages
    assert both[one].var(axis=1) - run[one].var(axis=1) == pytest.approx(4 * of_run, rel=0.06)


def test_tasks_of_one_training_share_their_tuned_model():
    here = world(tuned=1.0)
    shared = World(here.chains, here.cells, {**TRAININGS, "pawsx": "squad1"}, here.generator)
    found = task_luck(shared, np.random.default_rng(0), 50)
    place = {task: i for i, task in enumerate(here.tasks)}
    assert np.array_equal(found[:, place["pawsx"]], found[:, place["xquad"]])
    assert len(set(units(here))) == 5 and len(set(units(shared))) == 4


def test_additive_sets_have_the_asked_sd_at_three_tasks_and_none_at_nine():
    here, found = luck(additive=True, set=1.0, counts=(3, 5, 9))
    count = here.chains["n_tasks"].to_numpy()
    assert found[count == 3].std(axis=2) == pytest.approx(1.0, rel=0.03)
    assert found[count == 5].std(axis=2) == pytest.approx(np.sqrt((1 / 5 - 1 / 9) / (1 / 3 - 1 / 9)), rel=0.03)
    assert found[count == 9] == pytest.approx(0, abs=1e-12)


@pytest.mark.parametrize("base", [0.0, 2.0])
def test_the_baseline_factor_is_on_a_runs_own_luck(base):
    here, found = luck(run=0.7, base=base)
    untrained = (here.chains["n_tasks"] == 0).to_numpy()
    assert found[untrained].std(axis=2) == pytest.approx(0.7 * base, rel=0.03)
    assert found[~untrained].std(axis=2) == pytest.approx(0.7, rel=0.03)


def test_numbers_are_distributed_as_weighted_cells():
    here = world(seed=0.5, seed_task=0.5, run=0.4, tuned=0.5, residual=0.8, set_ratio=1.0)
    here = replace(here, generator=replace(here.generator, factors=GENERATORS["unequal tasks"].factors))
    second = BENCHMARKS["second"]
    weights = np.column_stack([gap_weights(BENCHMARKS, here.cells), cell_weights(second, here.cells)])
    direct = numbers(here, weights, np.random.default_rng(0), STUDIES)
    by_cell = np.einsum("cn,rcs->rns", weights, scores(here, np.random.default_rng(1), STUDIES))
    for j in range(2):
        ours, theirs = np.cov(direct[:, j]), np.cov(by_cell[:, j])
        assert ours == pytest.approx(theirs, abs=0.06 * np.diag(theirs).max())
