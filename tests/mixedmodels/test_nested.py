"""What is part of a larger formula, and what is not: no likelihood ratio is printed of the latter."""

import numpy as np
import pytest
from tests.mixedmodels.postfit.reference import rows

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.formula import fit_formula
from xtransfer_stats.mixedmodels.likelihoodratio import likelihood_ratio
from xtransfer_stats.mixedmodels.nested import require_nested

NESTED = [
    ("y ~ x + (1 | g)", "y ~ x + (1 + x | g)"),
    ("y ~ x + (1 | g) + (0 + x | g)", "y ~ x + (1 + x | g)"),
    ("y ~ x + (1 + x || g)", "y ~ x + (1 + x | g)"),
    ("y ~ x + (1 | g)", "y ~ x + (1 + x || g)"),
    ("y ~ x + (1 | g)", "y ~ x + (0 + a | g)"),  # an intercept is in the span of the levels
    ("y ~ x + (1 | g)", "y ~ x + (1 | g) + (1 | h)"),
    ("y ~ x + (1 | g)", "y ~ poly(x, 2) + (1 | g)"),
    ("y ~ f + (1 | g)", "y ~ f * x + (1 | g) + (1 | h)"),
    ("y ~ x + (1 | g:f)", "y ~ x + (1 | g/f)"),
    ("y ~ x + (1 | f:g)", "y ~ x + (1 | g/f)"),
    ("y ~ x", "y ~ x + (1 | g)"),
]
APART = [
    ("y ~ x + (1 | h)", "y ~ x + z + (1 | g)", r"random term \(Intercept \| h\)"),
    ("y ~ x + (1 + x | g)", "y ~ x + z + (1 + z | g) + (1 | h)", r"random term \(Intercept \+ x \| g\)"),
    ("y ~ x + (1 + x | g)", "y ~ x + f + (1 + x || g)", r"random term \(Intercept \+ x \| g\)"),
    ("y ~ x + (1 | g)", "y ~ x + z + (1 | g:f)", r"random term \(Intercept \| g\)"),
    ("y ~ x + (1 | g:f)", "y ~ x + z + (1 | g)", r"random term \(Intercept \| g:f\)"),
    ("y ~ x + z + (1 | g)", "y ~ x * f + (1 | g)", "fixed effects z are not"),
    ("log(y + 20) ~ x + (1 | g)", "y ~ x + z + (1 | g)", "another response"),
    ("y ~ x + offset(o) + (1 | g)", "y ~ x + z + (1 | g)", r"another response \(or offset\)"),
    ("y ~ x + z + (1 | g)", "y ~ x + z + (1 | h)", r"random term"),
]


@pytest.mark.parametrize(("null", "full"), NESTED)
def test_what_is_part_of_the_larger_is_compared(null, full):
    small, large = (fit_formula(one, rows()) for one in (null, full))
    require_nested(small, large)
    assert likelihood_ratio(small, large, 0, 1).statistic > -1e-6


@pytest.mark.parametrize(("null", "full", "message"), APART)
def test_what_is_no_part_of_it_is_named(null, full, message):
    with pytest.raises(FitError, match=message):
        require_nested(*(fit_formula(one, rows()) for one in (null, full)))


def test_rows_that_only_one_has_are_refused_though_as_many():
    table = rows().assign(x=rows()["x"].where(rows().index != 3), z=rows()["z"].where(rows().index != 9))
    with pytest.raises(FitError, match="other rows"):
        require_nested(fit_formula("y ~ x + (1 | g)", table), fit_formula("y ~ z + (1 | g) + (1 | h)", table))


def test_the_same_space_in_another_basis_compares_by_reml_in_one():
    """poly(x, 2) and x + x^2 are one space: the statistic is that of the random terms alone."""
    null = fit_formula("y ~ poly(x, 2) + (1 | g)", rows())
    full = fit_formula("y ~ x + I(x**2) + (1 + x | g)", rows())
    same = fit_formula("y ~ x + I(x**2) + (1 | g)", rows())
    assert likelihood_ratio(null, full, 0, 1).statistic == pytest.approx(
        same.fit.criterion - full.fit.criterion, rel=1e-6
    )
    assert not np.isclose(null.fit.criterion, same.fit.criterion)
