"""Studies through the product's whole code: a score frame, its checks, and the rows of the result frame."""

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
from benchmarks.calibration.draws import CATALOGUE, World
from benchmarks.calibration.tally import Tally, added, tally
from benchmarks.calibration.verdicts import ALPHA

from xtransfer_stats.stats.celllevel.cellresults import cell_results
from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.frame import COLUMNS
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.rows import Row
from xtransfer_stats.stats.core.termtable import SHRUNKEN_LANGUAGE
from xtransfer_stats.stats.core.weights import Benchmark
from xtransfer_stats.stats.runlevel.runresults import run_results

Benchmarks = Mapping[str, Benchmark]


def score_frame(world: World) -> pd.DataFrame:
    """The tidy frame of one study, its scores still zero; rows are chains by cells, cells fastest."""
    chains = world.chains.reset_index(drop=True)
    rows = chains.loc[chains.index.repeat(len(world.cells))].reset_index()
    named = {key: np.tile(world.cells.get_level_values(key), len(chains)) for key in world.cells.names}
    names = {"study": "simulated", "backbone": "none", "variant": "none", "control": "none", "metric": "accuracy"}
    same = {"replicate": 0, "catalogue": CATALOGUE, "score": 0.0, "n_examples": 1000, "status": "done"}
    run = "r" + rows["index"].astype(str)
    frame = rows.assign(run=run, **named, **names, **same)
    return frame[list(COLUMNS)]


def frames(world: World, scores: Array, rng: np.random.Generator) -> Iterable[pd.DataFrame]:
    """One frame a study; the generator's lost cells are NaN, in pairs drawn anew for each."""
    blank = score_frame(world)
    for i in range(scores.shape[2]):
        filled = blank.assign(score=scores[:, :, i].ravel())
        lost = rng.choice(len(filled), world.generator.lost_cells, replace=False)
        filled.loc[lost, ["score", "status"]] = [np.nan, "failed"]
        yield filled


def run_level(world: World, benchmarks: Benchmarks, frame: pd.DataFrame) -> list[Tally]:
    """Interactions and the second benchmark's steps, by scope."""
    second = list(benchmarks)[1]
    rows = run_results(complete_scores(frame, benchmarks), ALPHA).rows
    wanted = [row for row in rows if row["term"] == "interaction" or _is_step(row, second)]
    return [_tally(f"product, scope {row['scope']}", _short(row), row) for row in wanted]


def languages(world: World, benchmarks: Benchmarks, frame: pd.DataFrame) -> list[Tally]:
    """Every language's shrunken effect and every tested term of the cell-level model; the truth is zero."""
    found = cell_results(complete_scores(frame, benchmarks), world.trainings, None, ALPHA)
    rows = [row for row in found.rows if row["term"] == SHRUNKEN_LANGUAGE]
    of_rows = [_tally("product, shrunken languages", f"effect({int(row['n_tasks'])})", _missed(row)) for row in rows]
    tested = found.terms.dropna(subset=["p_value"])
    # A joint test has no interval.
    blank = {"conf_low": np.nan, "conf_high": np.nan}
    of_terms = [
        _tally(f"product, term {term}", "F", {"p_value": p, **blank})
        for term, p in zip(tested["term"], tested["p_value"], strict=True)
    ]
    return added([*of_rows, *of_terms])


def _missed(row: Row) -> Row:
    """A row without a test, judged by whether its interval misses the truth."""
    inside = row["conf_low"] <= 0 <= row["conf_high"]
    return {**row, "p_value": 1.0 if inside else 0.0}


def _is_step(row: Row, benchmark: str) -> bool:
    return row["term"] == "step" and row["benchmark"] == benchmark


def _short(row: Row) -> str:
    name = row["contrast"].split(" @ ")[0]
    return name.replace("interaction", "G").replace("step(", "step ").rstrip(")").replace("->", "-") + (
        ")" if name.startswith("interaction") else ""
    )


def _tally(method: str, contrast: str, row: Row) -> Tally:
    p = np.array(row["p_value"], dtype=float)
    width = np.array(row["conf_high"] - row["conf_low"], dtype=float)
    return tally(method, contrast, np.nan_to_num(p, nan=1.0) < ALPHA, np.isnan(p), width)
