"""`trace`: from a number's id to everything that stands behind it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from xtransfer_stats.base.resources import STORE
from xtransfer_stats.exchange.scoreframe.asked import NOTHING
from xtransfer_stats.exchange.scoreframe.scale import Scale
from xtransfer_stats.verbs.export import write_file
from xtransfer_stats.verbs.instore import StudyInStore
from xtransfer_stats.verbs.machines import as_text
from xtransfer_stats.verbs.results import Progress, Result
from xtransfer_stats.verbs.scores import ScoreSheet, held
from xtransfer_stats.verbs.trace.beside import ScoreTrace
from xtransfer_stats.verbs.trace.commands import TraceRequest
from xtransfer_stats.verbs.trace.trace import Trace, for_machines
from xtransfer_stats.verbs.trace.trace import trace as traced


@dataclass(frozen=True, repr=False, eq=False)
class TraceResult(Result):
    """What stands behind a number: formula, weights, runs, checkpoints, data, versions, commands."""

    trace: Trace

    @property
    def answer(self) -> str:
        """What the number is."""
        number = self.trace.number
        return f"{number.id}  {getattr(number, 'words', getattr(number, 'enters', ''))}"

    def frame(self) -> pd.DataFrame:
        """A row a run behind a row of a table; of a score, its run, target task, language, metrics and status."""
        number = self.trace.number
        if isinstance(number, ScoreTrace):
            cell = {"run": number.run, "target_task": number.target_task, "language": number.language}
            return pd.DataFrame([{**cell, **number.metrics, "status": number.status}])
        return number.runs

    def write(self, folder: str | Path, progress: Progress | None = None) -> list[Path]:
        """Write trace.json, which has everything."""
        path = Path(folder) / "trace.json"
        write_file(path, as_text(self.to_dict()))
        return [path]

    def to_dict(self) -> dict[str, Any]:
        """number, commands, recipe, and of a store: steps in full, and every run's by their keys."""
        return for_machines(self.trace)


def trace(
    name: str,
    source: Any = STORE,
    *,
    study: str | None = None,
    backbone: str | None = None,
    model: str = "mixed",
    benchmarks: tuple[str, ...] | None = None,
    scale: Scale = None,
    contrast: Sequence[str] = (),
    margin: float | None = None,
    pairs: bool = False,
) -> TraceResult:
    """Trace a number: formula, weights, runs, checkpoints, data hashes, versions, commands.

    name: a row's id, its contrast ("effect(9) @ xtreme"; any hypothesis), or run:target_task:language. source: as in
    `analyze`, or what `read_scores` gives. backbone: of a study of several. Other options are as `analyze` had them.
    Raises DataError for an id that is not there, StoreError for a store that is none.
    """
    place = held(source, study, scale, backbone=backbone)
    if isinstance(place, ScoreSheet):
        study, scale = place.study, place.scale
    asked = getattr(place, "asked", NOTHING)
    path = place.place if isinstance(place, StudyInStore) else getattr(place, "path", None) or Path("FRAME")
    backbone = getattr(place, "backbone_asked", None)
    request = TraceRequest(path, study, model, benchmarks, tuple(contrast), margin, scale, asked, pairs, backbone)
    return TraceResult(traced(name, request, place))
