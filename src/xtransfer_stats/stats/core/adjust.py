"""Corrections for several tests, each within its own declared family."""

from collections.abc import Iterable
from enum import StrEnum

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray
from statsmodels.stats.multitest import multipletests


class Correction(StrEnum):
    """How the p-values of a family are corrected."""

    HOLM = "holm"  # any dependence; family-wise error (Holm 1979)
    BH = "fdr_bh"  # false discovery rate, exploratory (Benjamini and Hochberg 1995)

    @property
    def called(self) -> str:
        """Its name in sentences."""
        return "Holm" if self is Correction.HOLM else "Benjamini-Hochberg"


# One fact, one place: which family is corrected how. Rows outside a family carry no p_adjusted.
FAMILIES = {
    "primary": Correction.HOLM,
    "target tasks": Correction.BH,
    "languages": Correction.BH,
    "groups": Correction.BH,
    "claims": Correction.HOLM,  # over every p-value that could give a verdict: stats/claims/verdict.py
    "language families": Correction.BH,
    "scripts": Correction.BH,
}


def named(families: Iterable[str] = FAMILIES) -> str:
    """Families with their corrections as signatures name them: "primary=holm,target-tasks=fdr_bh"."""
    return ",".join(f"{family.replace(' ', '-')}={FAMILIES[family]}" for family in families)


def families_note() -> str:
    """Which family of tests is corrected how, as a sentence."""
    members = {rule: [family for family, its in FAMILIES.items() if its is rule] for rule in Correction}
    parts = (f"{', '.join(members[rule])} ({rule.called}{_exploratory(rule)})" for rule in Correction)
    listed = "; ".join(parts).replace("primary", "the primary interactions", 1)
    return f"Families of tests, each corrected on its own: {listed}. Other rows are uncorrected."


def _exploratory(rule: Correction) -> str:
    return ", exploratory" if rule is Correction.BH else ""


def adjusted(p_values: ArrayLike, correction: Correction) -> NDArray[np.float64]:
    """Corrected p-values, shape (n,); NaN (not testable) stays NaN and does not count in the family."""
    p = np.asarray(p_values, dtype=float)
    result = np.full(p.shape, np.nan)
    tested = np.isfinite(p)
    if tested.any():
        result[tested] = multipletests(p[tested], method=str(correction))[1]
    return result


def with_families(results: pd.DataFrame) -> pd.DataFrame:
    """The result frame with p_adjusted filled in, family by family."""
    filled = results.copy()
    for family, correction in FAMILIES.items():
        members = filled["family"] == family
        filled.loc[members, "p_adjusted"] = adjusted(filled.loc[members, "p_value"], correction)
    return filled
