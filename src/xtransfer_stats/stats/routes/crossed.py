"""The crossed bootstrap: seeds, task sets and, for scope "such", languages drawn anew at once (Owen 2007)."""

from collections.abc import Sequence
from functools import partial

import numpy as np

from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.design import Layout
from xtransfer_stats.stats.core.estimands import CountContrast, headline
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.rows import UNTESTED, Row, joined
from xtransfer_stats.stats.core.termtable import SUCH, THESE
from xtransfer_stats.stats.routes.sampling import (
    ChainSampler,
    RouteTarget,
    Sampling,
    drawn_weights,
    multiplicities,
    replicated,
)

ENOUGH = 10  # seeds, and sets a count: below, the interval is descriptive
SCOPES = (THESE, SUCH)


def crossed_rows(
    complete: CompleteScores, targets: Sequence[RouteTarget], sampling: Sampling, alpha: float
) -> tuple[list[Row], Array]:
    """Percentile rows of both scopes, and the replicates (replicates, scopes x targets)."""
    contrasts = list(dict.fromkeys(target.contrast for target in targets))
    sampler = ChainSampler(complete, sets=True)
    values = replicated(partial(_draw, complete, sampler, contrasts), sampling)
    places = [one.wording for one in headline(complete.benchmarks, complete.cells)]
    picked = np.stack(
        [values[:, :, contrasts.index(t.contrast), places.index(t.estimand.wording)] for t in targets], axis=2
    )
    rows = [
        replicate_row(t, picked[:, s, i], scope, alpha, method(complete, scope), caution(complete))
        for s, scope in enumerate(SCOPES)
        for i, t in enumerate(targets)
    ]
    return rows, picked.reshape(len(picked), -1)


def _draw(
    complete: CompleteScores,
    sampler: ChainSampler,
    contrasts: Sequence[CountContrast],
    rng: np.random.Generator,
    size: int,
) -> Array:
    """(size, scopes, contrasts, n): the headline's numbers."""
    names = sorted(complete.cells.get_level_values("language").unique())
    drawn, languages = sampler.draw(rng, size), multiplicities(rng, size, len(names))
    same = drawn_weights(complete.benchmarks, complete.cells, np.ones((1, len(names))), names)
    weights = np.stack([np.broadcast_to(same, (size, *same.shape[1:])),
                        drawn_weights(complete.benchmarks, complete.cells, languages, names)], axis=1)  # fmt: skip
    sides = np.stack([sampler.contrast(drawn, contrast) @ complete.chains.scores for contrast in contrasts], axis=1)
    return np.einsum("bkc,bsnc->bskn", sides, weights)


def method(complete: CompleteScores, scope: str) -> str:
    """What is drawn anew, in words."""
    sets = "" if complete.design.layout is Layout.NESTED else ", task sets"
    return f"crossed bootstrap over seeds{sets}{', languages' if scope == SUCH else ''}, percentile"


def caution(complete: CompleteScores) -> str:
    """Why the interval only describes, and what was not drawn."""
    design = complete.design
    sets = min((len(design.sets[c]) for c in design.sampled), default=ENOUGH)
    notes = ["task sets go with their seeds"] if design.layout is Layout.NESTED else []
    single = [str(c) for c in design.counts if len(design.sets[c]) == 1]
    notes += [f"the single set at count {', '.join(single)} is not drawn"] if single else []
    if len(design.seeds) < ENOUGH or sets < ENOUGH:
        notes.insert(
            0, f"descriptive: {len(design.seeds)} seeds and {sets} sets, where about {ENOUGH} of each are needed"
        )
    return joined(*notes)


def replicate_row(target: RouteTarget, values: Array, scope: str, alpha: float, wording: str, note: str) -> Row:
    """A row from replicates (replicates,): their sd and percentiles around the study's own estimate."""
    known = values[np.isfinite(values)]
    lost = f"{len(values) - len(known)} of {len(values)} replicates miss a task or count" * (len(known) < len(values))
    row = {**target.label, **UNTESTED, "scope": scope, "family": "", "method": wording, "n_runs": target.n_runs}
    estimate = float(target.differences.mean()) if len(target.differences) else np.nan
    row |= {"estimate": estimate, "note": joined(target.label["note"], note, lost)}
    if len(target.differences) < 2 or len(known) < len(values) / 2:
        return {**row, "note": joined(row["note"], "no interval: too few seeds, or most replicates are lost")}
    low, high = np.quantile(known, [alpha / 2, 1 - alpha / 2])
    return {**row, "std_error": float(known.std(ddof=1)), "conf_low": float(low), "conf_high": float(high)}
