"""`xs.compare_conditions` of the four-column table."""

from functools import partial

import pandas as pd
from benchmarks.seedpeers.method import LEVEL, Answer, Method, Way
from benchmarks.seedpeers.studies import Study

CALL = 'xs.compare_conditions(table, baseline="base")'


def compared(study: Study) -> tuple[Answer, ...]:
    """The rows of the effect: over seeds for these languages, and for languages like these."""
    import xtransfer_stats as xs

    rows = xs.compare_conditions(study.table, baseline="base").frame()
    effects = rows[rows["term"] == "effect"].set_index("scope")
    return tuple(map(partial(_answer, effects), ("these", "such")))


def _answer(effects: pd.DataFrame, scope: str) -> Answer:
    row = effects.loc[scope]
    return Answer(bool(row["p_value"] <= LEVEL), float(row["conf_low"]), float(row["conf_high"]))


WAYS = (
    Way("default", f"`{CALL}`, row of these languages", "seeds"),
    Way("such languages", f"`{CALL}`, row of such languages", "seeds and languages"),
)
METHODS = (Method("xtransfer-stats", "ours", WAYS, compared),)
