"""Profile intervals agree with lme4's confint."""

import json

import pytest
from tests.mixedmodels.test_mixed_lme4 import FOLDER, data

from xtransfer_stats.mixedmodels.formula import fit_formula
from xtransfer_stats.mixedmodels.profile import profile_sds

MODELS = json.loads((FOLDER / "profile.json").read_text())["models"]


@pytest.mark.parametrize("answer", MODELS, ids=lambda answer: answer["data"])
def test_limits_of_lme4(answer):
    name = answer["data"]
    rows = profile_sds(fit_formula(answer["formula"], data(name)).fit)
    assert [low for *_, low, _ in rows] == pytest.approx(answer["low"], rel=1e-3)
    assert [high for *_, high in rows] == pytest.approx(answer["high"], rel=1e-3)
