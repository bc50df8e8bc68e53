"""Curves and scores as TensorBoard's event files, which W&B (`wandb sync`) and other trackers read too."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

SCORES = "scores"  # the group of a run's own scores; curves stand under their training's name
Curve = tuple[str, list[dict[str, Any]]]  # name of a training; step, loss and dev scores at each evaluation


def write_events(frame: pd.DataFrame, curves: Iterable[Curve], folder: Path) -> list[Path]:
    """A folder a run with its scores by target task, language and metric, and one a training with its curve.

    frame: a score frame. Needs the extra trackers. Raises OSError where the folder cannot be written.
    """
    from tensorboardX import SummaryWriter

    written = []
    for run, rows in frame[frame["score"].notna()].groupby("run", sort=True):
        values = {f"{SCORES}/{row.target_task}/{row.language}/{row.metric}": row.score for row in rows.itertuples()}
        written.append(folder / "runs" / _named(str(run)))
        _write(SummaryWriter, written[-1], [(0, values)])
    for name, points in curves:
        written.append(folder / "trainings" / _named(name))
        _write(SummaryWriter, written[-1], [(point["step"], _values(point)) for point in points])
    return written


def _values(point: Mapping[str, Any]) -> dict[str, float]:
    return {"loss": point["loss"], **{f"dev/{task}": score for task, score in point["dev"].items()}}


def _write(writer_of: Any, folder: Path, points: Iterable[tuple[int, Mapping[str, float]]]) -> None:
    writer = writer_of(str(folder), write_to_disk=True)
    for step, values in points:
        for tag, value in values.items():
            writer.add_scalar(tag, float(value), step)
    writer.close()


def _named(name: str) -> str:
    """A folder's name, whatever the run is called."""
    return "".join(letter if letter.isalnum() or letter in "._+-" else "-" for letter in name).strip(".")[:200] or "run"
