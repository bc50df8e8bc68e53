"""What needs no study: the catalogue's tasks and languages, a folder's data sets, official scores of predictions."""

from dataclasses import replace
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


def score(
    predictions: str | Path, labels: str | Path, benchmark: str, *, against: str | Path | None = None
) -> "Leaderboard":
    """Score any system's predictions in the leaderboard's layout, as the official scripts do.

    predictions, labels: folders of TASK/test-LANGUAGE.tsv or .json. benchmark: xtreme, xtreme-r, or one of your own.
    against: another system's predictions; `differences` of what is returned are then this system's scores less those,
    in points, with errors over test examples, paired by example. They tell nothing of another training of either.
    """
    from xtransfer_stats.exchange.against import differences
    from xtransfer_stats.exchange.leaderboard import score_benchmark

    mine, gold = named(predictions, "predictions"), named(labels, "labels")
    board = score_benchmark(mine, gold, benchmark)
    if against is None:
        return board
    return replace(board, differences=differences(mine, named(against, "against"), gold, benchmark))
