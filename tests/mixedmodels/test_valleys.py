"""Tables whose slopes differ between and within groups: the deepest of two minima is the one that is reported."""

import numpy as np
import pandas as pd
import pytest

from xtransfer_stats.mixedmodels.formula import fit_formula

GRID = np.concatenate([[0.0], 10 ** np.linspace(-3, 4, 140)])
TABLES = 500


def simpson_table(rng):
    """Groups whose means follow one slope and whose rows follow another; all sizes are drawn anew."""
    groups, rows = int(rng.integers(3, 13)), int(rng.integers(3, 12))
    within, between = rng.normal(0, 1, 2) * rng.choice([0.3, 1, 3])
    sigma, luck, spread, apart = 10 ** rng.uniform([-2, -2.5, -1, -1], [0.5, 1, 1, 1.3])
    means, group = rng.normal(0, apart, groups), np.repeat(np.arange(groups), rows)
    own = rng.normal(0, spread, len(group))
    y = within * own + between * means[group] + rng.normal(0, luck, groups)[group] + rng.normal(0, sigma, len(group))
    return pd.DataFrame({"y": y, "x": means[group] + own, "g": np.char.add("g", group.astype(str))})


@pytest.mark.parametrize("reml", [True, False])
def test_no_point_of_a_grid_lies_below_the_minimum(reml):
    rng = np.random.default_rng(2027)
    two = 0
    for number in range(TABLES):
        fit = fit_formula("y ~ x + (1 | g)", simpson_table(rng), reml=reml).fit
        heights = np.array([fit.model(np.array([ratio]))[0] for ratio in GRID])
        assert fit.criterion <= heights.min() + 1e-6 * max(1.0, abs(heights.min())), number
        valleys = (heights[1:-1] < heights[:-2]) & (heights[1:-1] <= heights[2:])
        two += int(valleys.sum()) + int(heights[0] < heights[1]) > 1
    assert two > TABLES / 20  # else the tables test nothing


def two_optima():
    rng = np.random.default_rng(3)
    for _ in range(2000):
        table = simpson_table(rng)
        fitted = fit_formula("y ~ x + (1 | g)", table)
        if any("second optimum" in note for note in fitted.notes):
            return table, fitted
    raise AssertionError("no table with a second optimum within reach")


def test_a_second_optimum_within_reach_is_said_with_the_coefficient_it_moves():
    _, fitted = two_optima()
    (note,) = (note for note in fitted.notes if "second optimum" in note)
    fit = fitted.fit
    heights = np.array([fit.model(np.array([ratio]))[0] for ratio in GRID])
    inner = [i for i in range(1, len(GRID) - 1) if heights[i] < heights[i - 1] and heights[i] <= heights[i + 1]]
    lows = sorted([heights[i] for i in inner] + ([heights[0]] if heights[0] < heights[1] else []))
    said = float(note.split("stands ")[1].split()[0])
    assert said == pytest.approx(lows[1] - fit.criterion, abs=0.1)


def test_two_terms_each_with_two_valleys():
    """Both groupings of a crossed table: the minimum is no worse than that of every start on a grid of both."""
    rng = np.random.default_rng(11)
    for _ in range(20):
        first, second = simpson_table(rng), rng.integers(0, 5, 200)
        table = first.assign(h=np.char.add("h", second[: len(first)].astype(str)))
        table["y"] += 3 * rng.normal(size=5)[second[: len(first)]]
        fit = fit_formula("y ~ x + (1 | g) + (1 | h)", table).fit
        pairs = [(a, b) for a in GRID[::6] for b in GRID[::6]]
        lowest = min(fit.model(np.array(pair))[0] for pair in pairs)
        assert fit.criterion <= lowest + 1e-6 * max(1.0, abs(lowest))
