"""All results that rest on the runs' own numbers: effects, steps, interactions, tasks, what they rest on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np

from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.design import Layout
from xtransfer_stats.stats.core.estimands import (
    Estimand,
    headline,
    interaction_parts,
    leave_one_task_out,
    target_tasks,
)
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.rows import Row, joined, mapped, run_level_rows
from xtransfer_stats.stats.core.signflip import sign_flip_note
from xtransfer_stats.stats.runlevel.exploratory import exploratory_rows
from xtransfer_stats.stats.runlevel.jackknife import such_language_rows, such_languages
from xtransfer_stats.stats.runlevel.pooling import pools
from xtransfer_stats.stats.runlevel.prediction import prediction_rows
from xtransfer_stats.stats.runlevel.runlevel import RunLevel, run_numbers
from xtransfer_stats.stats.runlevel.taskjackknife import such_task_rows

LEAST_SEEDS = 10
MEASURED = "measured family-wise error at 10 seeds 6 to 7 %, at 15 5 %"  # docs/calibration.md, corrections
EFFECTS = "effects"
DRAWS, SEED, BLOCK = 9999, 2005, 1000


def max_t_p(differences: Array, draws: int = DRAWS, seed: int = SEED) -> Array:
    """Single-step max-T p of each contrast, (K,), from seed differences (seeds, K): (1 + hits) / (1 + draws).

    The correction that knows how the interactions' estimates go together. Studentised, from one simulated model: seeds'
    differences normal with the covariance they show (Westfall & Young 1993, section 2.3). With few seeds that
    covariance is of low rank (2 with three seeds), so it is offered from ten; Holm stands for the family at any number.
    NaN below LEAST_SEEDS or where a contrast does not vary.
    """
    seeds, contrasts = differences.shape
    if seeds < LEAST_SEEDS or np.any(np.ptp(differences, axis=0) == 0):
        return np.full(contrasts, np.nan)
    observed = np.abs(_t(differences[None])[0])
    rng, hits = np.random.default_rng(np.random.SeedSequence(seed)), np.zeros(contrasts)
    root = np.linalg.svd(differences - differences.mean(axis=0), full_matrices=False)
    scaled = (root[1][:, None] * root[2]) / np.sqrt(seeds - 1)  # (rank, K), scaled' scaled the covariance
    for start in range(0, draws, BLOCK):
        size = min(BLOCK, draws - start)
        largest = np.abs(_t(rng.standard_normal((size, seeds, len(scaled))) @ scaled)).max(axis=1)
        hits += (largest[:, None] >= observed * (1 - 1e-12)).sum(axis=0)
    return (1 + hits) / (1 + draws)


def _t(samples: Array) -> Array:
    """t of each sample (b, seeds, K) and contrast, (b, K)."""
    return samples.mean(axis=1) / samples.std(axis=1, ddof=1) * np.sqrt(samples.shape[1])


@dataclass(frozen=True)
class RunResults:
    """model: numbers are those of `headline`. rows: of the result frame.

    paired: the headline by the seed-paired t, for effect sizes, where pooling over counts took its place; or none.
    """

    model: RunLevel
    rows: tuple[Row, ...]
    paired: tuple[Row, ...] = ()


def run_results(complete: CompleteScores, alpha: float) -> RunResults:
    """Every run-level row, headline first."""
    averages = _families(complete, headline(complete.benchmarks, complete.cells))
    behind = [
        *leave_one_task_out(complete.benchmarks, complete.cells),
        *interaction_parts(complete.benchmarks, complete.cells),
    ]
    model = _model(complete, averages)
    contrasts = complete.design.contrasts
    first = mapped(run_level_rows(model, averages, contrasts, alpha), _sign_flips(complete, model))
    tasks = exploratory_rows(complete, several_tasks(complete), alpha)
    rest = run_level_rows(_model(complete, behind), behind, contrasts, alpha) if behind else []
    such = such_languages(complete)
    wider = such_language_rows(complete, model, such, alpha) if such else []
    wider += such_task_rows(complete, model, alpha)
    rows = (*first, *tasks, *rest, *wider, *prediction_rows(complete, model, such, alpha))
    return RunResults(model, rows, _seed_paired(complete, averages, alpha))


def _families(complete: CompleteScores, numbers: Sequence[Estimand]) -> list[Estimand]:
    """Conditions on several benchmarks: their effects are a family beside that of the gaps, as the verdict has it."""
    if complete.design.conditions.counted:
        return list(numbers)
    return [one if one.family else replace(one, family=EFFECTS) for one in numbers]


def several_tasks(complete: CompleteScores) -> list[Estimand]:
    """The target tasks; none where a study of conditions has but one, which is its benchmark."""
    found = target_tasks(complete.cells)
    return found if complete.design.conditions.counted or len(found) > 1 else []


def _seed_paired(complete: CompleteScores, averages: Sequence[Estimand], alpha: float) -> tuple[Row, ...]:
    chains, design = complete.chains, complete.design
    if not pools(chains.runs, design):
        return ()
    numbers = chains.scores @ np.array([one.weights for one in averages]).T
    return tuple(
        run_level_rows(RunLevel(chains.runs, design, numbers, pooled=False), averages, design.contrasts, alpha)
    )


def _model(complete: CompleteScores, estimands: Sequence[Estimand]) -> RunLevel:
    return run_numbers(complete, np.array([one.weights for one in estimands]).T)


def _sign_flips(complete: CompleteScores, model: RunLevel) -> dict[str, str]:
    """A note a primary row: the exact sign-flip p, and max-T's, where seeds are the replicates of the test."""
    if complete.design.layout is not Layout.NESTED:
        return {}
    contrasts = complete.design.effects
    columns = [model.differences(contrast)[:, -1] for contrast in contrasts]
    primary = headline(complete.benchmarks, complete.cells)[-1].wording
    notes = {primary.of(c): sign_flip_note(column) for c, column in zip(contrasts, columns, strict=True)}
    if len(columns) > 1 and len({len(column) for column in columns}) == 1:
        for name, p in zip(notes, max_t_p(np.array(columns).T), strict=True):
            notes[name] = joined(notes[name], "" if np.isnan(p) else f"max-T p = {p:.3g} ({MEASURED})")
    return notes
