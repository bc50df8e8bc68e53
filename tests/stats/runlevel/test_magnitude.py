"""Effect sizes and Bayes factors against pingouin and by hand; where they are not to be had."""

import sys

import numpy as np
import pingouin
import pytest
from tests.stats.simulated import analyzed, simulated_frame

from xtransfer_stats.base.errors import MissingExtra
from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.routes.sampling import route_targets
from xtransfer_stats.stats.runlevel.magnitude import NOT_PAIRED, correction
from xtransfer_stats.stats.runlevel.magnitude import pingouin as imported


@pytest.fixture(scope="module")
def study():
    return simulated_frame(5, (3,), rng_seed=4)


def test_sizes_are_those_of_the_seed_differences(study):
    table = analyzed(*study).effect_sizes.set_index("contrast")
    for target in route_targets(complete_scores(*study)):
        row, x = table.loc[target.label["contrast"]], target.differences
        assert row["d"] == pytest.approx(x.mean() / x.std(ddof=1))
        t = pingouin.ttest(x, 0)
        assert row["bf10"] == pytest.approx(float(t["BF10"].iloc[0]), rel=5e-3)
        assert row["hedges_g"] == pytest.approx(row["correction"] * row["d"])


def test_the_factor_that_makes_three_seeds_say_little():
    assert correction(2) == pytest.approx(0.564, abs=1e-3)
    assert correction(1) == 0
    assert correction(40) == pytest.approx(1 - 3 / (4 * 40 - 1), abs=1e-3)  # Hedges' approximation


def test_g_is_unbiased():
    x = np.random.default_rng(0).normal(1.5, 1, (200_000, 4))
    g = correction(3) * x.mean(axis=1) / x.std(axis=1, ddof=1)
    assert g.mean() == pytest.approx(1.5, abs=0.02)


def test_no_paired_t_no_size():
    table = analyzed(*simulated_frame(4, (3,), cross=3, rng_seed=1)).effect_sizes
    assert table["d"].isna().all()
    assert set(table["note"]) == {NOT_PAIRED}


def test_without_pingouin_effect_sizes_name_what_is_missing(monkeypatch):
    monkeypatch.setitem(sys.modules, "pingouin", None)
    with pytest.raises(MissingExtra, match="pip install pingouin"):
        imported()
