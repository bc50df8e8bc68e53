"""Corrections by hand-worked examples and against pingouin."""

import numpy as np
import pandas as pd
import pingouin as pg
import pytest

from xtransfer_stats.stats.core.inference import FAMILIES, Correction, adjusted, families_note, with_families


def test_holm_by_hand():
    assert adjusted([0.01, 0.04, 0.03], Correction.HOLM) == pytest.approx([0.03, 0.06, 0.06])


@pytest.mark.parametrize(("correction", "method"), [(Correction.HOLM, "holm"), (Correction.BH, "fdr_bh")])
def test_agrees_with_pingouin(correction, method):
    p = np.random.default_rng(1).uniform(size=12) ** 3
    assert adjusted(p, correction) == pytest.approx(pg.multicomp(list(p), method=method)[1])


def test_untestable_rows_do_not_count():
    result = adjusted([0.02, np.nan, 0.5], Correction.HOLM)
    assert result[0] == pytest.approx(0.04)
    assert np.isnan(result[1])


def test_families_are_corrected_apart_and_others_not_at_all():
    rows = pd.DataFrame(
        {
            "family": ["primary", "primary", "languages", ""],
            "p_value": [0.01, 0.02, 0.03, 0.04],
            "p_adjusted": np.nan,
        }
    )
    assert with_families(rows)["p_adjusted"].tolist()[:3] == pytest.approx([0.02, 0.02, 0.03])
    assert np.isnan(with_families(rows)["p_adjusted"].iloc[3])


def test_the_note_names_every_family_with_its_correction():
    said = {part.split(" (")[1].split(")")[0].split(",")[0]: part for part in families_note().split(";")}
    for family, correction in FAMILIES.items():
        assert family in said[{"holm": "Holm", "fdr_bh": "Benjamini-Hochberg"}[correction]]
