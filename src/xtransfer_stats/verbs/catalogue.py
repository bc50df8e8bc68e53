"""What needs no study: the catalogue's tasks and languages, a folder's data sets, official scores of predictions."""

from pathlib import Path
from typing import TYPE_CHECKING, Any

from xtransfer_stats.base.places import named
from xtransfer_stats.tasks import listing

if TYPE_CHECKING:
    from xtransfer_stats.exchange.leaderboard import Leaderboard
    from xtransfer_stats.sources.files.filerow import FileRow


def catalogue(name: str | None = None) -> dict[str, Any]:
    """Entries of the catalogue by kind: intermediate, trainings, targets; averaging: how scores become averages.

    name: the entries of this name alone, by kind. Raises RecipeError where there is none.
    """
    if name:
        return dict(listing.entries(name))
    return {**listing.listing(), "averaging": listing.AVERAGING}


def languages() -> list[dict[str, Any]]:
    """A row a language: code, name, family, script, its benchmarks and target tasks."""
    return listing.languages()


def data(directory: str | Path) -> "list[FileRow]":
    """What each file of a folder is: data set, language, split, and what is wrong with it."""
    from xtransfer_stats.sources.files.survey import survey

    return survey(named(directory, "directory"))


def score(predictions: str | Path, labels: str | Path, benchmark: str) -> "Leaderboard":
    """Score any system's predictions in the leaderboard's layout, as the official scripts do.

    predictions, labels: folders of TASK/test-LANGUAGE.tsv or .json. benchmark: xtreme, xtreme-r, or one of your own.
    """
    from xtransfer_stats.exchange.leaderboard import score_benchmark

    return score_benchmark(named(predictions, "predictions"), named(labels, "labels"), benchmark)
