"""By which recipe the runs' numbers are analysed: its formula, and what the methods paragraph says of its errors.

g: a chain's number. Fitted as printed (`xstats analyze FILE --formula`), the formulas give the errors: the nested one
on the rows of a contrast's two counts, a seed's sets averaged; pooled, on those of the sampled counts, whose residual
variance is the mean square, and m ~ 1 on the seeds' own m (docs/analysis.md).
"""

from dataclasses import dataclass, replace

import pandas as pd

from xtransfer_stats.stats.core.design import Design, Layout
from xtransfer_stats.stats.runlevel.pooling import ALLOWANCE, MOST_SEEDS, pools

NESTED_FORMULA = "g ~ C(count) + C(seed)"
POOLED_FORMULA = f"{NESTED_FORMULA}; m ~ 1"
CROSSED_FORMULA = "g ~ 0 + count + (1 | seed) + (0 + sampled | task_set) + (0 + base | run)"
IN_THIS_LAYOUT = "the mixed model of this layout"  # what the seed-paired t is of nested sets


@dataclass(frozen=True)
class RunRecipe:
    """formula: in lme4's notation. errors: how they are got, for the methods paragraph. note: for the page, or none."""

    formula: str
    errors: str
    note: str = ""


PAIRED_T = RunRecipe(
    NESTED_FORMULA,
    f"each contrast is a seed-paired t ({IN_THIS_LAYOUT}), the formula fitted to its two counts alone, with one df "
    "less than seeds",
)
POOLED_SQUARES = RunRecipe(
    POOLED_FORMULA,
    "errors are mean squares pooled over the sampled counts with Satterthwaite df: the residual of the first formula "
    "on the sampled counts and, of the second, that of each seed's m, the part of a contrast that they share, with "
    f"what the seeds' own contrasts vary beyond {ALLOWANCE:g} times both; a contrast for which pooling gains nothing "
    f"is a seed-paired t ({IN_THIS_LAYOUT})",
    f"Errors are pooled over task counts {{counts}}, as the study allows it: sets nested in at most {MOST_SEEDS} "
    "seeds, every seed at every count, no set drawn twice at a count. Luck of sets and runs is taken to be alike "
    "there.",
)
MEAN_SQUARES = RunRecipe(
    CROSSED_FORMULA,
    "errors come from positive mean squares of task sets and seeds with Satterthwaite df, cautious where sets have "
    "fewer df than seeds",
)
WITH_HOLES = RunRecipe(
    CROSSED_FORMULA, "errors come from REML with Kenward and Roger's correction, as some chains are missing"
)
OF_LAYOUT = {Layout.NESTED: PAIRED_T, Layout.CROSSED: MEAN_SQUARES, Layout.INCOMPLETE: WITH_HOLES}


def recipe(chains: pd.DataFrame, design: Design) -> RunRecipe:
    """The recipe of chains (seed, n_tasks, task_set) in a design."""
    used = POOLED_SQUARES if pools(chains, design) else OF_LAYOUT[design.layout]
    return replace(used, formula=design.conditions.symbols(used.formula))
