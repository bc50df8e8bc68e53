"""The words of a report that depend on what a study compares: "{unit}" in a declared text becomes its word."""

from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import Any

from xtransfer_stats.stats.core.conditions import COUNTS, Conditions
from xtransfer_stats.stats.core.termtable import EFFECT, INTERACTION

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
        "{treatment}": "intermediate tasks",
        "{the treatment}": "the intermediate tasks help",
        "{hurt}": "they hurt",
        "{treated}": "treated",
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
        "{treatment}": "conditions",
        "{the treatment}": "above the baseline",
        "{hurt}": "below it",
        "{treated}": "condition",
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
        "{of benchmarks}": "the mean effect",
        "{scale}": "how large an effect is may depend on how points are counted",
        "{on the scale}": "",
    }
)


@cache
def _words(counted: bool, several: bool, ordered: bool) -> Mapping[str, str]:
    steps = {"{and steps}": " and steps" if ordered else ""}
    return {**(_OURS if counted else _OTHERS), **(_GAP if several else _ONE), **steps}


def spoken(text: str, analysis: Any) -> str:
    """A declared text with the words of an analysis's study in it."""
    if "{" not in text:
        return text
    facts = getattr(analysis, "facts", None)
    conditions = conditions_of(analysis)
    several = facts is None or len(getattr(facts, "benchmarks", ("", ""))) > 1
    for token, word in _words(conditions.counted, several, conditions.ordered).items():
        text = text.replace(token, word)
    return text


def conditions_of(analysis: Any) -> Conditions:
    """What an analysis compares: counts of intermediate tasks where it does not say."""
    found = getattr(getattr(analysis, "facts", None), "conditions", COUNTS)
    return found if isinstance(found, Conditions) else COUNTS
