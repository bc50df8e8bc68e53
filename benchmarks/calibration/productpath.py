"""Studies through the product's whole code: a score frame, its checks, and the rows of the result frame."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import numpy as np
import pandas as pd
from benchmarks.calibration.draws import CATALOGUE, World
from benchmarks.calibration.tally import Tally, added, tally
from benchmarks.calibration.verdicts import ALPHA

from xtransfer_stats.stats.celllevel.cellresults import cell_results
from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.estimands import headline
from xtransfer_stats.stats.core.frame import COLUMNS
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.rows import Row, run_level_rows
from xtransfer_stats.stats.core.termtable import SHRUNKEN_LANGUAGE
from xtransfer_stats.stats.core.weights import Benchmark
from xtransfer_stats.stats.runlevel.runlevel import run_numbers
from xtransfer_stats.stats.runlevel.runresults import run_results
from xtransfer_stats.stats.runlevel.taskjackknife import such_task_rows

Benchmarks = Mapping[str, Benchmark]


def score_frame(world: World) -> pd.DataFrame:
    """The tidy frame of one study, its scores still zero; rows are chains by cells, cells fastest."""
    chains = world.chains.reset_index(drop=True)
    rows = chains.loc[chains.index.repeat(len(world.cells))].reset_index()
    named = {key: np.tile(world.cells.get_level_values(key), len(chains)) for key in world.cells.names}
    names = {"study": "simulated", "backbone": "none", "variant": "none", "control": "none", "metric": "accuracy"}
    names |= {"benchmarks": ""}
    same = {"replicate": 0, "catalogue": CATALOGUE, "score": 0.0, "n_examples": 1000, "status": "done"}
    run = "r" + rows["index"].astype(str)
    frame = rows.assign(run=run, **named, **names, **same)
    return frame[list(COLUMNS)]


def frames(world: World, scores: Array, rng: np.random.Generator) -> Iterable[pd.DataFrame]:
    """One frame a study; the generator's lost cells are NaN, in pairs drawn anew for each."""
    blank = score_frame(world)
    for i in range(scores.shape[2]):
        filled = blank.assign(score=scores[:, :, i].ravel())
        many = world.generator.lost_cells + round(world.generator.lost_share * len(filled))
        lost = rng.choice(len(filled), many, replace=False)
        filled.loc[lost, ["score", "status"]] = [np.nan, "failed"]
        yield filled


def run_level(world: World, benchmarks: Benchmarks, frame: pd.DataFrame) -> list[Tally]:
    """Interactions and the second benchmark's steps, by scope."""
    second = list(benchmarks)[1]
    rows = run_results(complete_scores(frame, benchmarks), ALPHA).rows
    wanted = [row for row in rows if row["term"] == "interaction" or _is_step(row, second)]
    return [_tally(f"product, scope {row['scope']}", _short(row), row) for row in wanted]


def averages(benchmarks: Benchmarks, frame: pd.DataFrame, truth: Array) -> list[Tally]:
    """Effects of both benchmarks and the interaction against the truth of their official averages; truth (cells,)."""
    complete = complete_scores(frame, benchmarks)
    wanted = headline(benchmarks, complete.full.cells)
    here = headline(complete.benchmarks, complete.cells)
    model = run_numbers(complete, np.array([one.weights for one in here]).T)
    rows = run_level_rows(model, [replace(one, steps=False) for one in here], complete.design.contrasts, ALPHA)
    true = [float(one.weights @ truth) for one in wanted] * len(complete.design.counts)
    names = [*(f"effect @ {name}" for name in benchmarks), "G"] * len(complete.design.counts)
    return added(
        missed("product, filled", f"{name}({row['n_tasks']})", row, value)
        for name, row, value in zip(names, rows, true, strict=True)
    )


def such_tasks(benchmarks: Benchmarks, frame: pd.DataFrame) -> list[Tally]:
    """Effects and interaction, for these target tasks and for such tasks; the truth of the latter is zero."""
    complete = complete_scores(frame, benchmarks)
    wanted = headline(complete.benchmarks, complete.cells)
    model = run_numbers(complete, np.array([one.weights for one in wanted]).T)
    these = run_level_rows(model, [replace(one, steps=False) for one in wanted], complete.design.contrasts, ALPHA)
    rows = [*these, *such_task_rows(complete, model, ALPHA)]
    names = [*(f"effect @ {name}" for name in benchmarks), "G"] * 2
    return [
        missed(f"product, scope {row['scope']}", f"{n}({row['n_tasks']})", row, 0.0)
        for n, row in zip(names, rows, strict=True)
    ]


def missed(method: str, contrast: str, row: Row, truth: float) -> Tally:
    """Wrong where the row's interval leaves out the truth."""
    low, high = (np.array(row[name], dtype=float) for name in ("conf_low", "conf_high"))
    return tally(method, contrast, (truth < low) | (truth > high), np.isnan(low), high - low)


def languages(world: World, benchmarks: Benchmarks, frame: pd.DataFrame) -> list[Tally]:
    """Every language's shrunken effect and every tested term of the cell-level model; the truth is zero."""
    found = cell_results(complete_scores(frame, benchmarks), world.trainings, None, ALPHA)
    rows = [row for row in found.rows if row["term"] == SHRUNKEN_LANGUAGE]
    of_rows = [missed("product, shrunken languages", f"effect({int(row['n_tasks'])})", row, 0.0) for row in rows]
    tested = found.terms.dropna(subset=["p_value"])
    # A joint test has no interval.
    blank = {"conf_low": np.nan, "conf_high": np.nan}
    of_terms = [
        _tally(f"product, term {term}", "F", {"p_value": p, **blank})
        for term, p in zip(tested["term"], tested["p_value"], strict=True)
    ]
    return added([*of_rows, *of_terms])


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
