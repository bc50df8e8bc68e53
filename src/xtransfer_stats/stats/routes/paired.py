"""`--model paired`: each seed's own difference, tested by Student's t and by flipping signs."""

from xtransfer_stats.stats.core.design import Layout
from xtransfer_stats.stats.core.prepare import Prepared
from xtransfer_stats.stats.core.rows import Row, joined, moment_rows
from xtransfer_stats.stats.routes.blocks import Sampling
from xtransfer_stats.stats.routes.signflip import sign_flip
from xtransfer_stats.stats.routes.targets import Target, targets
from xtransfer_stats.stats.runlevel.pairedt import paired

SEEDS_ONLY = "valid over seeds for these task sets, not over sets: all seeds share them"


def paired_rows(prepared: Prepared, alpha: float, sampling: Sampling) -> list[Row]:
    """Rows of the result frame; p_value is the t-test's, sign_flip_p the other's (a column of its own)."""
    return [_row(prepared, target, alpha, sampling) for target in targets(prepared)]


def _row(prepared: Prepared, target: Target, alpha: float, sampling: Sampling) -> Row:
    moments = paired(target.differences[:, None], target.n_runs)
    row = moment_rows(moments, [target.label], alpha)[0]
    p, wording = sign_flip(target.differences, sampling.replicates, sampling.seed)
    told = f"{wording} p = {p:.3g}" if wording else ""
    return {**row, "sign_flip_p": p, "note": joined(row["note"], told, _scope(prepared, target))}


def _scope(prepared: Prepared, target: Target) -> str:
    design = prepared.design
    sides = {target.contrast.low, target.contrast.high}
    crossed = design.layout is not Layout.NESTED and sides & set(design.sampled)
    return SEEDS_ONLY if crossed or sides & set(design.shared) else ""
