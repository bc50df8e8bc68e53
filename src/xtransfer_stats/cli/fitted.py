"""What `xstats analyze --formula` does once the formula is fitted: predictions, row by row answers, files."""

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.cli import analyze_view, meansoptions, options
from xtransfer_stats.cli.out import bar, for_machines, say

if TYPE_CHECKING:
    import pandas as pd

    from xtransfer_stats.verbs.fitmeans import MeansAnswers
    from xtransfer_stats.verbs.fitresult import FitResult


@dataclass(frozen=True)
class FitAsked:
    """What the options ask of a fit. random: "all", "none" or groupings with commas between."""

    out: Path | None
    as_json: bool
    predict: Path | None = None
    random: str | None = None
    interval: str | None = None
    level: float | None = None
    rows: bool = False

    def require_used(self) -> None:
        """Refuse options that would be ignored."""
        given = {"random": self.random, "interval": self.interval, "level": self.level}
        lone = [name for name, value in given.items() if value is not None]
        if lone and self.predict is None:
            raise RecipeError(f"--{lone[0]} goes with --predict: leave it out, or give a table to predict at")
        if self.level is not None and self.interval is None:
            raise RecipeError("--level goes with --interval: leave it out, or give --interval confidence or prediction")
        if self.predict is not None and self.out is None and not self.as_json:
            raise RecipeError("--predict needs a place for its rows: give --out FOLDER, or --json")
        if self.rows and not self.as_json:
            raise RecipeError(
                "--rows goes with --json: leave it out (--out FOLDER writes these rows too), or add --json"
            )


def show(result: "FitResult", asked: FitAsked, means: "MeansAnswers") -> None:
    """Predict, write and print what was asked for."""
    from xtransfer_stats.verbs.fitwrite import numbered, row_frames, with_frames

    predicted = None if asked.predict is None else _predicted(result, asked)
    if asked.out is not None:
        with bar("files") as files:
            result.write(asked.out, predicted=predicted, answers=means, progress=files.of)
    if asked.as_json:
        frames = row_frames(result.fitted) if asked.rows else {}
        frames |= {} if predicted is None else {"predictions": numbered(predicted)}
        for_machines(with_frames(result.report, frames) | means.to_dict())
        return
    analyze_view.fit(result.report)
    meansoptions.show(means)
    if predicted is not None:
        say(*_told(predicted))
    if asked.out is not None:
        say(f"Tables, charts and fit.json: {asked.out}")


def _predicted(result: "FitResult", asked: FitAsked) -> "pd.DataFrame":
    named = {None: True, "all": True, "none": False}
    random = named[asked.random] if asked.random in named else list(options.names(asked.random) or ())
    level = 0.95 if asked.level is None else asked.level
    return result.predict(asked.predict, random=random, interval=asked.interval, level=level)


def _told(predicted: "pd.DataFrame") -> list[str]:
    """How many predictions, and of how many rows something has to be said."""
    lines = [f"Predictions: {len(predicted)} rows"]
    if gaps := int(predicted["estimate"].isna().sum()):
        lines.append(f"- {gaps} rows have gaps in a named column, and no prediction")
    if new := int((predicted["new_levels"] != "").sum()):
        lines.append(
            f"- {new} rows are of levels that the fit has not seen (column new_levels): the population's prediction"
        )
    return lines
