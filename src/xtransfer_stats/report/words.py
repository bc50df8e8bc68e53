"""The words of a report that depend on what a study compares: "{unit}" in a declared text becomes its word."""

import re
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from xtransfer_stats.stats.core.conditions import COUNTS, POINTS, Conditions, Measure
from xtransfer_stats.stats.core.termtable import COMPOSITION, EFFECT, HETEROGENEITY, INTERACTION, LEAVE_ONE_OUT

COMPOSED = " Which target tasks it has stands apart, as its composition."
BELIEVE = (
    " Whether languages differ in the effect: believe the table Differences between languages; here the luck of runs "
    "is taken to be alike at every {}."
)
WITHOUT_TASKS = "; their range without each target task in turn"
TOKEN = re.compile(r"\{[^{}]*\}")
_OURS: Mapping[str, str] = MappingProxyType(
    {
        "{unit}": "task count",
        "{draw}": "task set",
        "{condition}": "count",
        "{the unit}": "the count",
        "{a next seed}": "one more seed with task sets of its own",
        "{and draws}": " and task sets",
        "{and draw}": " and task set",
        "{marks of one seed}": "; marks of one seed and shape are task sets",
        "{Effect of treatment}": "Effect of intermediate tasks",
        "{helps}": "the intermediate tasks help",
        "{hurts}": "they hurt",
        "{treated}": "treated",
        "{treated mean}": "mean, treated",
        "{terms}": "The seven terms",
    }
)
_OTHERS: Mapping[str, str] = MappingProxyType(
    {
        "{unit}": "condition",
        "{draw}": "draw",
        "{condition}": "condition",
        "{the unit}": "the condition",
        "{a next seed}": "one more seed",
        "{and draws}": "",
        "{and draw}": "",
        "{marks of one seed}": "",
        "{Effect of treatment}": "Difference from the baseline",
        "{helps}": "better than the baseline",
        "{hurts}": "worse",
        "{treated}": "condition",
        "{treated mean}": "mean",
        "{terms}": "The terms",
    }
)
_GAP: Mapping[str, str] = MappingProxyType(
    {
        "{primary}": INTERACTION,
        "{Primary}": "Interaction",
        "{primaries}": "interactions",
        "{and interaction}": " and interaction",
        "{Interaction, effects}": "Interaction, effects",
        "{by benchmark}": " by benchmark and ",
        "{, by benchmark}": ", by benchmark",
        "{of benchmarks}": "the benchmarks' mean effect",
        "{scale}": "whether the benchmarks differ may depend on how points are counted",
        "{on the scale}": " An interaction that is there on one scale alone is one of the scale.",
    }
)
_ONE: Mapping[str, str] = MappingProxyType(
    {
        "{primary}": EFFECT,
        "{Primary}": "Effect",
        "{primaries}": "effects",
        "{and interaction}": "",
        "{Interaction, effects}": "Effects",
        "{by benchmark}": " by ",
        "{, by benchmark}": "",
        "{of benchmarks}": "the mean effect",
        "{scale}": "how large an effect is may depend on how points are counted",
        "{on the scale}": "",
    }
)


@cache
def _words(counted: bool, several: bool, ordered: bool, measure: Measure) -> Mapping[str, str]:
    steps = {"{and steps}": " and steps" if ordered else ""}
    return {**(_OURS if counted else _OTHERS), **(_GAP if several else _ONE), **steps, **_of_scores(measure)}


def _of_scores(measure: Measure) -> Mapping[str, str]:
    unit = measure.unit
    return {
        "{points}": unit,
        "{Points}": _capital(unit),
        "{points on 0-100}": measure.scale,
        "{Points on 0-100}": _capital(measure.scale),
        "{score in points}": f"score in {unit}" if measure.share else f"score ({unit})",
        "{; lower is better}": f"; {measure.remark}" if measure.remark else "",
        "{Lower is better.}": f" {_capital(measure.remark)}." if measure.remark else "",
    }


def _capital(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}"


def spoken(text: str, analysis: Any) -> str:
    """A declared text with the words of an analysis's study in it."""
    if "{" not in text:
        return text
    facts = getattr(analysis, "facts", None)
    conditions = conditions_of(analysis)
    several = facts is None or len(getattr(facts, "benchmarks", ("", ""))) > 1
    found = _words(conditions.counted, several, conditions.ordered, measure_of(analysis))
    found = {
        **found,
        "{baseline}": "baseline" if conditions.counted else conditions.called(0),
        "{, or one more language,}": ", or one more language,"
        if conditions.counted or _several_languages(analysis)
        else "",
        "{without tasks}": WITHOUT_TASKS if conditions.counted or _has(analysis, LEAVE_ONE_OUT) else "",
        "{composition}": COMPOSED if conditions.counted or _has(analysis, COMPOSITION) else "",
        "{believe}": BELIEVE.format(found["{condition}"])
        if conditions.counted or _has(analysis, HETEROGENEITY)
        else "",
    }
    # In one pass: a word that came from a user's name or unit is no template.
    return TOKEN.sub(lambda token: found.get(token[0], token[0]), text)


def _has(analysis: Any, term: str) -> bool:
    """Whether an analysis has rows of a term; it has where it does not say."""
    results = getattr(analysis, "results", None)
    return results is None or bool(results["term"].eq(term).any())


def _several_languages(analysis: Any) -> bool:
    cells = getattr(analysis, "cells", None)
    return cells is None or bool(cells["language"].nunique() > 1)


def measure_of(analysis: Any) -> Measure:
    """What the scores of an analysis are: points where it does not say."""
    return getattr(getattr(analysis, "facts", None), "measure", POINTS)


def keys_of(analysis: Any) -> tuple[str, str]:
    """What a chart's data call the condition in words and the draw: a tooltip shows these names."""
    return ("count", "task_set") if conditions_of(analysis).counted else ("condition", "draw")


def run_keys(analysis: Any) -> list[str]:
    """What of `keys_of` tells one run of a seed from another in a tooltip: draws only where there are any."""
    conditions, (condition, draw) = conditions_of(analysis), keys_of(analysis)
    if conditions.counted:
        return [draw]
    return [condition, draw] if conditions.drawn else [condition]


def conditions_of(analysis: Any) -> Conditions:
    """What an analysis compares: counts of intermediate tasks where it does not say."""
    found = getattr(getattr(analysis, "facts", None), "conditions", COUNTS)
    return found if isinstance(found, Conditions) else COUNTS
