"""A planning as a whole: its tables, its sentences, and itself for machines."""

import math
from dataclasses import asdict, dataclass
from typing import Any

import pandas as pd

from xtransfer_stats.stats.core.signflip import attainability_note
from xtransfer_stats.stats.power import tables as grid
from xtransfer_stats.stats.power.answers import MOST_SEEDS

TABLES = ("designs", "needed", "trades", "such", "curves")  # and the functions of stats.power.tables that make them
LOOKS = "Planned early stopping is not handled: a study that is looked at before its last seed has another error."


@dataclass(frozen=True)
class Planning:
    """designs, needed, trades, such, curves: see stats.power.tables. estimand, study: in words."""

    asked: grid.PowerRequest
    estimand: str
    study: str
    designs: pd.DataFrame
    needed: pd.DataFrame
    trades: pd.DataFrame
    such: pd.DataFrame
    curves: pd.DataFrame
    notes: tuple[str, ...]

    def json(self) -> dict[str, Any]:
        """Plain values, NaN where there is none."""
        asked = self.asked
        return {
            "estimand": self.estimand,
            "study": self.study,
            "effect": asked.effect,
            "alpha": asked.question.alpha,
            "wanted_power": asked.question.wanted,
            "studies": asked.question.studies,
            "seed": asked.question.seed,
            "tasks": list(asked.base.counts),
            "crossed": asked.base.crossed,
            "baselines": asked.base.baselines,
            "hours_unit": asked.hours.unit if asked.hours else None,
            "variances": {name: asdict(one) for name, one in asked.scenarios.named().items()},
            **{name: getattr(self, name).to_dict("records") for name in TABLES},
            "notes": list(self.notes),
        }


def planned(asked: grid.PowerRequest, estimand: str, study: str) -> Planning:
    """Every table of a planning."""
    tables = {name: getattr(grid, name)(asked) for name in TABLES}
    return Planning(asked, estimand, study, **tables, notes=tuple(_notes(asked, tables["needed"])))


def _notes(asked: grid.PowerRequest, needed: pd.DataFrame) -> list[str]:
    counts, alpha = len(asked.base.counts), asked.question.alpha
    notes = [_answer(asked, row) for row in needed.to_dict("records")]
    notes.append(f"Variances: {asked.scenarios.source}.")
    if asked.scenarios.uncertain:
        notes.append("Brackets: the 80 % reach of the variances, which few seeds leave wide.")
    notes += asked.scenarios.notes
    family = f"Holm over {counts} task counts, the same effect at each; power is that of the count hardest to see"
    notes.append(f"Test: two-sided at {alpha:g}, {family if counts > 1 else 'one task count, no family'}.")
    notes.append("The luck of a seed that all its runs share falls out of seed-paired differences.")
    notes.append(attainability_note(min(asked.seeds), counts, alpha))
    if asked.hours:
        notes.append(f"Costs in {asked.hours.unit}: {asked.hours.source}.")
    return [*notes, LOOKS]


def _answer(asked: grid.PowerRequest, row: dict[str, Any]) -> str:
    sets = f"{row['sets']:g} task set{'s' if row['sets'] != 1 else ''}"
    where = f"{sets} shared by all seeds" if asked.base.crossed else f"{sets} a seed and count"
    wanted = f"{100 * asked.question.wanted:g} % power for {asked.effect:g} points"
    # A study of the size that estimated variances ask for falls short as often as they came out small by chance.
    leading = row["seeds_high"] if asked.scenarios.uncertain else row["seeds"]
    answer = f"With {where}, {wanted} asks for {_seeds(leading)} seeds"
    if not asked.scenarios.uncertain:
        return f"{answer}."
    reach = f"at their estimate {_seeds(row['seeds'])}, at the lower end {_seeds(row['seeds_low'])}"
    return f"{answer}, at the upper end of what the variances may be; {reach}."


def _seeds(value: float) -> str:
    return f"more than {MOST_SEEDS}" if math.isnan(value) else f"{value:.0f}"
