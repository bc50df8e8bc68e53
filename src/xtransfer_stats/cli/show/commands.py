"""What each command does once its options are read."""

import json
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd
from rich.console import Console
from rich.progress import Progress

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.cli.show import published, show
from xtransfer_stats.stats.core import frame as frames
from xtransfer_stats.store.store import Store
from xtransfer_stats.verbs import session
from xtransfer_stats.verbs.analysisrecipe import Model, load_analysis
from xtransfer_stats.verbs.fit import FitRequest, fit_table

if TYPE_CHECKING:
    from xtransfer_stats.stats.routes.route import RouteRequest

# Results go to standard output, what accompanies them to standard error.
_OUT, _ERR = Console(highlight=False), Console(stderr=True, highlight=False)


def _flat(replicates: pd.DataFrame) -> pd.DataFrame:
    """A column a route, scope and contrast, named in one text; raises RecipeError where nothing was drawn."""
    if replicates.empty:
        raise RecipeError("--replicates keeps what a bootstrap drew: it goes with --model bootstrap or all")
    return replicates.set_axis([" | ".join(map(str, name)) for name in replicates.columns], axis=1)


@dataclass(frozen=True)
class Resampling:
    """Options of the bootstrap routes. items: draw test examples too."""

    replicates: int = 1999
    seed: int = 2005
    workers: int = 1
    items: bool = False
    second_engine: bool = False
    table: Path | None = None

    def request(self, model: Model, items: pd.DataFrame | None, progress: Callable[[int], None]) -> "RouteRequest":
        """What the analysis is asked for; raises RecipeError where the model resamples nothing."""
        from xtransfer_stats.stats.routes.route import RouteRequest

        if items is not None and model not in ("bootstrap", "all"):
            raise RecipeError(f"--items draws test examples: it goes with --model bootstrap or all, not {model}")
        return RouteRequest(
            self.replicates, self.seed, self.workers, progress,
            model=model, predictions=items, second_engine=self.second_engine,
        )  # fmt: skip


def analyze(
    place: Path,
    model: str,
    study: str | None,
    benchmarks: tuple[str, str] | None,
    out: Path | None,
    contrasts: tuple[str, ...] = (),
    margin: float | None = None,
    resampling: Resampling | None = None,
    *,
    as_json: bool,
) -> None:
    """Analyze a score frame; print JSON, or write the report and print its summary."""
    recipe = load_analysis(model)
    table = session.published(place)
    if table is not None:
        published.analyze(table, out, as_json=as_json)
        return
    scores = session.scores_of(place, study, benchmarks or recipe.benchmarks, recipe.tatoeba)
    resampling = resampling or Resampling()
    items = session.predictions_of(place, study) if resampling.items else None
    with Progress(console=_ERR, transient=True, disable=not _ERR.is_terminal) as bar:
        task = bar.add_task("analysis", total=None)
        routes = resampling.request(recipe.model, items, lambda more: bar.advance(task, more))
        analysis = session.analyze(
            scores,
            (*recipe.contrasts, *contrasts),
            recipe.margin if margin is None else margin,
            routes,
            progress=lambda stage: bar.update(task, description=stage),
        )
    if resampling.table is not None:
        session.write_file(resampling.table, frames.written(_flat(analysis.replicates), "parquet"))
    if as_json:
        sys.stdout.write(json.dumps(session.analysis_json(analysis), indent=1, allow_nan=False) + "\n")
        return
    from xtransfer_stats.report.write import write_report

    folder = out or Path("reports") / analysis.facts.study
    with Progress(console=_ERR, transient=True, disable=not _ERR.is_terminal) as bar:
        task = bar.add_task("report", total=None)
        write_report(analysis, folder, progress=lambda done, total: bar.update(task, completed=done, total=total))
    # Written before it is told: a reader of the output that stops early (head) costs no report.
    show.analysis(_OUT, analysis)
    _OUT.print(f"Report: {folder / 'report.html'}", soft_wrap=True)


def fit(place: Path, request: FitRequest, *, as_json: bool) -> None:
    """Fit a formula to any table and print the fit."""
    with Progress(console=_ERR, transient=True, disable=not (_ERR.is_terminal and request.replicates)) as bar:
        task = bar.add_task("bootstrap", total=request.replicates)
        result = fit_table(place, request, lambda more: bar.advance(task, more))
    if as_json:
        sys.stdout.write(json.dumps(session.plain(result), indent=1, allow_nan=False) + "\n")
    else:
        show.fit(_OUT, result)


def export(store: Path, study: str | None, form: str, output: Path | None) -> None:
    """Write the frame, and the predictions beside the file; or a folder in the leaderboard's layout."""
    from xtransfer_stats.store.scores import predictions, score_frame

    prepared = session.study_of(store, study)
    if form == "xtreme":
        _export_layout(prepared, output)
        return
    content = frames.written(score_frame(prepared.plan, prepared.store), form)
    if output is None:
        sys.stdout.buffer.write(content)
        sys.stdout.buffer.flush()
        return
    session.write_file(output, content)
    beside = frames.predictions_beside(output)
    session.write_file(beside, frames.written(predictions(prepared.plan, prepared.store), "parquet"))
    _ERR.print(f"Wrote {output} and {beside}", soft_wrap=True)


def _export_layout(prepared: session.Prepared, output: Path | None) -> None:
    if output is None:
        raise RecipeError("--format xtreme writes a folder: name one with --output DIR")
    written = session.export_layout(prepared, output)
    _ERR.print(f"Wrote {written} files of predictions under {output}, and the gold beside them", soft_wrap=True)


def status(store: Path, study: str | None) -> None:
    """Show the study's steps by kind and state."""
    show.status(_OUT, session.study_of(store, study))


def verify(store: Path) -> None:
    """Name every damaged file; exit with 1 when there is one."""
    from xtransfer_stats.store.verify import verify as check

    with Progress(console=_ERR, transient=True, disable=not _ERR.is_terminal) as bar:
        task = bar.add_task("checksums", total=None)
        troubles = list(check(Store(store).opened(), lambda done, total: bar.update(task, completed=done, total=total)))
    for trouble in troubles:
        _OUT.print(f"damaged: {trouble}", markup=False, soft_wrap=True)
    if troubles:
        _ERR.print("`xstats run` redoes damaged steps.")
        raise SystemExit(1)
    _OUT.print("Every file is what was written.")


def data(directory: Path, *, as_json: bool) -> None:
    """Print what each file of a folder is."""
    from xtransfer_stats.cli.show import datatable
    from xtransfer_stats.sources.files.survey import survey

    rows = survey(directory)
    if as_json:
        sys.stdout.write(json.dumps([row.plain(directory) for row in rows], indent=1, ensure_ascii=False) + "\n")
    else:
        datatable.show(rows, directory)
