"""`analyze` of a study of several backbones: effects by backbone, and whether they differ."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.stats.core.frame import by_backbone
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.stats.core.termtable import HEADLINE
from xtransfer_stats.verbs import machines
from xtransfer_stats.verbs.instore import StudyInStore
from xtransfer_stats.verbs.results import Progress, Result
from xtransfer_stats.verbs.scores import Held

if TYPE_CHECKING:
    from xtransfer_stats.report.tables.table import Table
    from xtransfer_stats.stats.comparison.backbones.backbones import BackboneEffects


@dataclass(frozen=True, repr=False, eq=False)
class BackbonesResult(Result):
    """A study of several backbones analysed: each one's effects, and the differences of every two."""

    effects: "BackboneEffects"

    @property
    def study(self) -> str:
        """The study's name."""
        return self.effects.study

    @property
    def answer(self) -> str:
        """Whether what intermediate training adds differs between the backbones."""
        return self.effects.answer

    def frame(self) -> pd.DataFrame:
        """The result frame; `backbone` and `minus` say whose a row is, `minus` "" for one backbone's own."""
        return self.effects.results

    @property
    def key_rows(self) -> pd.DataFrame:
        """Differences of effects, steps and interactions."""
        rows = self.effects.differences
        return rows[rows["term"].isin(HEADLINE)]

    @property
    def drawings(self) -> Mapping[str, Callable[[], Any]]:
        """The forest plot."""
        from xtransfer_stats.report.charts.comparisons import backbones

        return {"backbones": partial(backbones, self.effects)}

    def made_tables(self) -> "Iterable[Table]":
        """Effects, average scores, target tasks, languages, and what differs."""
        from xtransfer_stats.report.tables.backbones import tables

        return tables(self.effects).values()

    def write(self, folder: str | Path, progress: Progress | None = None) -> list[Path]:
        """Write the report: page, chart, tables, results and backbones.json."""
        from xtransfer_stats.report.write import write_backbones

        return write_backbones(self.effects, self.to_dict(), Path(folder))

    def to_dict(self) -> dict[str, Any]:
        """`results`, the rows of every backbone and of every pair, and what stands beside them."""
        return machines.backbones_json(self.effects)


def of_several(scores: StudyScores) -> bool:
    """Whether these are scores of several backbones, each with runs of its own."""
    return scores.conditions.counted and len(by_backbone(scores.frame)) > 1


def compared_backbones(place: Held, scores: StudyScores, asked: Mapping[str, bool]) -> BackbonesResult:
    """Compare the backbones of a study. asked: option -> whether it was given, of those that one backbone alone has.

    Raises RecipeError for such an option.
    """
    from xtransfer_stats.stats.comparison.backbones.backbones import backbone_effects  # with the models
    from xtransfer_stats.verbs.compare import settings_of

    names = tuple(by_backbone(scores.frame))
    for option, given in asked.items():
        if given:
            raise RecipeError(
                f"{option}: the study has the backbones {', '.join(names)}, whose effects are compared by the runs' "
                f"numbers; leave {option} out, or name one with backbone",
                [option, "backbone"],
            )
    settings = {}
    if isinstance(place, StudyInStore):
        settings = {name: dict(settings_of(place.of_backbone(name), set())) for name in names}
    return BackbonesResult(backbone_effects(scores, settings))
