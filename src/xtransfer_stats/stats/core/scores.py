"""A study's scores with what an analysis must know of its benchmarks, target tasks and languages."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.conditions import COUNTS, POINTS, Conditions, Measure
from xtransfer_stats.stats.core.weights import Benchmark

OwnData = Mapping[str, Collection[str]]  # target task -> intermediate tasks that hold its training data
Trainings = Mapping[str, str | None]  # target task -> the training whose tuned model it scores, None for none
# kind -> what it labels -> value: "group" labels target tasks; "name", "script", "family" and "languages", which are
# groups of a user's own, label languages.
Labels = Mapping[str, Mapping[str, str]]

# Names of the covariates that travel with the package.
WIKIPEDIA, DISTANCE = "Wikipedia articles", "syntactic distance from English"
TRAINED_IN = "en"  # the language of the target tasks' training data


@dataclass(frozen=True)
class Covariate:
    """values: language -> number, above zero where logarithmic. per: what one unit of the slope is, in words.

    A slope is per tenfold value where logarithmic, else per `step` of the values.
    """

    values: Mapping[str, float]
    per: str
    logarithmic: bool = False
    step: float = 1.0

    def scaled(self) -> dict[str, float]:
        """language -> the number that a slope is on, without the language that target tasks are trained in."""
        return {
            language: float(np.log10(x)) if self.logarithmic else x / self.step
            for language, x in self.values.items()
            if language != TRAINED_IN
        }


Covariates = Mapping[str, Covariate]  # by name


@dataclass(frozen=True)
class StudyScores:
    """The scores of one study; what `analyze`, `compare` and `studied` start from.

    frame: the tidy score frame (stats.core.frame), one row a run, target task, language and metric; points on 0-100.
    benchmarks: one or more, name -> target task -> languages; of two G = effect on the second less that on the first.
    trainings: target task -> the training whose tuned model it scores; tasks of one training share its luck.
    own_data: target task -> intermediate tasks that hold its training data; adds sensitivity rows.
    labels: "group": target task -> group; "name", "script", "family": language -> value; for names, groups, hypotheses.
    covariates: numbers of the languages by name, for slopes on them (docs/page.md).
    looks: how many states of the scores were analysed so far, this one included; None: not counted.
    notes: what was repaired or supposed when the frame was read, a sentence each.
    conditions: what is compared; counts of intermediate tasks unless told. measure: what a score is.
    name: of the study in a comparison's tables. settings: facts that no frame holds, for what two studies differ in.
    """

    frame: pd.DataFrame
    benchmarks: Mapping[str, Benchmark]
    trainings: Trainings = field(default_factory=dict)
    own_data: OwnData = field(default_factory=dict)
    labels: Labels = field(default_factory=dict)
    covariates: Covariates = field(default_factory=dict)
    looks: int | None = None
    notes: tuple[str, ...] = ()
    conditions: Conditions = COUNTS
    measure: Measure = POINTS
    name: str = ""
    settings: Mapping[str, str] = field(default_factory=dict)


def require_counted(scores: StudyScores, what: str) -> None:
    """Raise DataError where a study compares other conditions than counts of intermediate tasks, which `what` needs."""
    if not scores.conditions.counted:
        name = f"study {scores.name} " if scores.name else "this table "
        raise DataError(
            f"{what} is of counts of intermediate tasks; {name}compares conditions: `xstats analyze` takes it"
        )
