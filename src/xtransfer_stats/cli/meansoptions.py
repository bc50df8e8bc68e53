"""Options of `xstats analyze --formula` on tests of terms, marginal means, slopes and contrasts, and how they show."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Annotated

import typer

from xtransfer_stats.cli.out import OUT, notes, table

if TYPE_CHECKING:
    from xtransfer_stats.verbs.fitmeans import MeansAnswers, MeansRequest
    from xtransfer_stats.verbs.fitresult import FitResult

MEANS = "Means, slopes and contrasts of a formula"
TestsOption = Annotated[
    int | None, typer.Option("--tests", help="--formula: tests of terms of type 2 or 3.", rich_help_panel=MEANS)
]
MeansOption = Annotated[
    list[str] | None,
    typer.Option("--means", help="--formula: marginal means, as in 'a', 'a:b' or 'a | b'.", rich_help_panel=MEANS),
]
SlopesOption = Annotated[
    list[str] | None,
    typer.Option("--slopes", help="--formula: slopes of a covariate, as in 'x' or 'x | a'.", rich_help_panel=MEANS),
]
ContrastsOption = Annotated[
    str | None,
    typer.Option(
        "--contrasts",
        help="Of --means and --slopes: pairwise, reference (or reference=LEVEL), consecutive, or weights 1,-0.5,-0.5.",
    ),
]
AdjustOption = Annotated[
    str | None,
    typer.Option("--adjust", help="Of --contrasts: tukey, mvt, dunnett, holm, bonferroni, sidak, bh or none."),
]
AtOption = Annotated[
    list[str] | None,
    typer.Option("--at", help="Of --means and --slopes: values of a predictor, as in x=0,1.", rich_help_panel=MEANS),
]
AverageOption = Annotated[
    str | None,
    typer.Option("--average", help="Of --means and --slopes: weights equal, proportional, outer or cells."),
]
BackOption = Annotated[
    bool, typer.Option("--back", help="Of --means: undo the response's log or square root.", rich_help_panel=MEANS)
]


def request(
    tests: int | None,
    means: Sequence[str] | None,
    slopes: Sequence[str] | None,
    contrasts: str | None,
    adjust: str | None,
    at: Sequence[str] | None,
    average: str | None,
    back: bool,
) -> "MeansRequest":
    """What is asked; raises RecipeError before any fit for what cannot be read."""
    from xtransfer_stats.verbs.fitmeans import MeansRequest

    return MeansRequest(tests, means or (), slopes or (), contrasts, adjust, at or (), average, back)


def answered(fitted: "FitResult", asked: "MeansRequest") -> "MeansAnswers":
    """The answers of a fit."""
    from xtransfer_stats.verbs.fitmeans import answers

    return answers(fitted, asked)


def show(found: "MeansAnswers") -> None:
    """A table each, and its notes that were not said before."""
    said: set[str] = set()
    for one in found:
        cells = one.cells()
        grid = table(one.details, *map(str, cells.columns))
        for row in cells.itertuples(index=False, name=None):
            grid.add_row(*row)
        OUT.print(grid)
        notes([note for note in one.notes if note not in said])
        said |= set(one.notes)
