"""What single numbers a condition allow to be said, as published tables are: a description, and no test over seeds."""

from collections.abc import Iterator

import pandas as pd

from xtransfer_stats.base.formats import number, signed
from xtransfer_stats.base.usertext import few
from xtransfer_stats.stats.core.results import StudyFacts
from xtransfer_stats.stats.core.termtable import EFFECT, LANGUAGE, TASK, THESE

MOST_NAMED = 6
LIMITS = (
    "With one run a condition nothing can be said of other seeds: no interval and no test are given, and languages or "
    "tasks of one run are no replicates, as they share its luck. Run three seeds or more of each condition."
)


def single(facts: StudyFacts) -> bool:
    """Whether every condition has one run alone."""
    return all(max(facts.apart.get(code, (n,))) == 1 for code, n in zip(facts.counts, facts.seeds_at, strict=True))


def described(results: pd.DataFrame, facts: StudyFacts) -> str:
    """Mean difference to the baseline, in how many languages (else target tasks) it is above, and its range there."""
    these = results[results["scope"] == THESE]
    base = facts.conditions.called(0)
    parts = list(_parts(these, facts))
    return f"One run a condition, so a description: against {base}, {few(parts, MOST_NAMED)}. {LIMITS}"


def _parts(these: pd.DataFrame, facts: StudyFacts) -> Iterator[str]:
    effects = these[these["term"] == EFFECT]
    for code in facts.counts:
        name = facts.conditions.called(code)
        mine = effects[effects["n_tasks"] == code]
        sizes = " and ".join(
            f"{signed(row['estimate'])}{f' on {row.benchmark}' if len(facts.benchmarks) > 1 else ''}"
            for _, row in mine.iterrows()
        )
        yield f"{name} {sizes} {facts.measure.unit}{_spread(these, code)}"


def _spread(these: pd.DataFrame, code: int) -> str:
    """How the difference lies over languages, else over target tasks; "" where there are fewer than two of either."""
    for term, word in ((LANGUAGE, "languages"), (TASK, "target tasks")):
        values = these.loc[(these["term"] == term) & (these["n_tasks"] == code), "estimate"].dropna()
        if len(values) > 1:
            above = int((values > 0).sum())
            span = f"{signed(values.min())} to {signed(values.max())}, sd {number(values.std())}"
            return f" (above in {above} of {len(values)} {word}: {span})"
    return ""
