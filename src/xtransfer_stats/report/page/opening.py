"""What stands first on a study's page: the answer in three short sentences, and what limits it."""

from collections.abc import Iterator

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import notes, select, words
from xtransfer_stats.report.charts.answer import hangs_on
from xtransfer_stats.stats.core.results import Analysis
from xtransfer_stats.stats.core.termtable import EFFECT, INTERACTION, LEAVE_ONE_OUT, SUCH_TASKS

LIMITS = 3


def sentences(analysis: Analysis) -> list[str]:
    """The answer: how much, what it hangs on, how sure. Of another question than two benchmarks', as analysed."""
    rows = select.these(select.rows(analysis, INTERACTION)).sort_values("n_tasks")
    two = analysis.facts.conditions.counted and len(analysis.facts.benchmarks) == 2
    if not two or rows.empty:
        return [analysis.answer]
    return [_how_much(analysis, rows), *_hanging(analysis, rows), _how_sure(analysis, rows)]


def _how_much(analysis: Analysis, rows: pd.DataFrame) -> str:
    first, second = analysis.facts.benchmarks
    last, name = rows.iloc[-1], analysis.facts.conditions.called(rows["n_tasks"].iloc[-1])
    effects = select.these(select.rows(analysis, EFFECT))
    at = effects[effects["n_tasks"] == last["n_tasks"]].set_index("benchmark")["estimate"]
    on = " and ".join(f"{formats.signed(at[one])} points on {one}" for one in (second, first) if one in at)
    others = [
        f"{formats.signed(row.estimate)} at {analysis.facts.conditions.called(row.n_tasks)}"
        for row in rows.iloc[:-1].itertuples()
    ]
    beside = f" ({', '.join(others)})" if others else ""
    return f"Intermediate training on {name} changes scores by {on}: a difference of {formats.points(last)}{beside}."


def _hanging(analysis: Analysis, rows: pd.DataFrame) -> list[str]:
    last, task = rows.iloc[-1], hangs_on(analysis)
    left = select.these(select.rows(analysis, LEAVE_ONE_OUT))
    left = left[(left["n_tasks"] == last["n_tasks"]) & (left["benchmark"] == "") & left["estimate"].notna()]
    own = left[left["target_task"] == task]
    if own.empty:
        return []
    rest = left[left["target_task"] != task]["estimate"]
    others = f" (without any other task: {_span(rest.min(), rest.max())})" if len(rest) else ""
    turned = _verdict(own.iloc[0]) != _verdict(last)
    verb = "It hangs on one target task" if turned else "It rests most on one target task, which does not turn it"
    return [f"{verb}: without {task} the difference is {formats.points(own.iloc[0])}{others}."]


def _verdict(row: pd.Series) -> int:
    """Below zero, above zero or neither, uncorrected."""
    return int(row["conf_low"] > 0) - int(row["conf_high"] < 0)


def _how_sure(analysis: Analysis, rows: pd.DataFrame) -> str:
    seeds = formats.counted(analysis.facts.fewest_seeds, "seed")
    p = rows["p_adjusted"].dropna()
    if p.empty:
        return f"How sure that is cannot be said from {seeds}."
    said = f"adjusted p {formats.related(formats.p_value(p.min()))}"
    sure = rows[rows["p_adjusted"] <= 0.05]
    if sure.empty:
        return f"The seeds do not show a difference from zero ({seeds}, smallest {said})."
    where = "" if len(rows) == 1 else f" at {', '.join(map(analysis.facts.conditions.called, sure['n_tasks']))}"
    return f"The seeds agree that it is not zero{where} ({seeds}, {said})."


def limits(analysis: Analysis) -> list[str]:
    """The three things that limit the answer most, a sentence each."""
    return list(_limits(analysis))[:LIMITS]


def _limits(analysis: Analysis) -> Iterator[str]:
    facts = analysis.facts
    such = select.rows(analysis, INTERACTION if len(facts.benchmarks) == 2 else EFFECT)
    such = such[(such["scope"] == SUCH_TASKS) & such["conf_low"].notna()].sort_values("n_tasks")
    if len(such):
        row = such.iloc[-1]
        what = "difference" if row["term"] == INTERACTION else "effect"
        span = _span(row["conf_low"], row["conf_high"])
        yield f"Few target tasks: for other tasks such as these the {what} may lie anywhere from {span}."
    yield f"Few runs: {notes.attainability(analysis)}"
    if facts.conditions.counted:
        yield (
            f"One pretrained checkpoint ({facts.backbone}) and one set of test examples in all runs: another "
            "checkpoint may give another effect."
        )
        if len(facts.counts) > 1:
            yield "More tasks also means other tasks: an effect of the count is an effect of both."
    else:
        what = words.spoken("seeds{and draws}", analysis)
        yield f"Only {what} vary: what all runs share, as their data, stays as it is."


def _span(low: float, high: float) -> str:
    return f"{formats.signed(low)} to {formats.signed(high)}"
