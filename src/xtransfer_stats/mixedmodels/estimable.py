"""What no optimiser can mend is refused before it starts, by name and with the remedy."""

from collections.abc import Sequence

import numpy as np

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.randomterms import Array, RandomTerm

LARGEST = 12_000  # random effects beside the largest term: a dense matrix of 1.2 GB


def require_estimable(y: Array, X: Array, names: Sequence[str], terms: Sequence[RandomTerm]) -> None:
    """Refuse what no optimiser can mend, naming the culprit."""
    n = len(y)
    if X.shape != (n, len(names)):
        raise FitError(
            f"X has shape {X.shape}: with {n} responses and {len(names)} names it must be ({n}, {len(names)})"
        )
    if not (np.all(np.isfinite(y)) and np.all(np.isfinite(X))):
        raise FitError("the response or the fixed effects hold a value that is not finite: drop those rows")
    if n <= X.shape[1]:
        raise FitError(f"{n} rows cannot estimate {X.shape[1]} fixed effects: simplify the formula or add rows")
    for term in terms:
        _check_term(term, n)
    widths = sorted((term.levels * len(term.names), term.group) for term in terms)
    if sum(width for width, _ in widths[:-1]) > LARGEST:
        named = ", ".join(f"{group} ({width})" for width, group in widths)
        raise FitError(f"too many random effects for dense algebra: {named}; drop a term or join levels")


def _check_term(term: RandomTerm, n: int) -> None:
    label = f"random term ({' + '.join(term.names)} | {term.group})"
    if not np.all(np.isfinite(term.distinct)):
        raise FitError(f"{label}: a covariate is not finite; drop those rows")
    if term.shared:
        return
    if term.levels < 2:
        raise FitError(f"{label}: {term.group!r} has one level, so its variance cannot be estimated; drop the term")
    if term.levels >= n:
        raise FitError(f"{label}: {term.group!r} has as many levels as there are rows ({n}); drop the term")
    if term.levels * len(term.names) >= n:
        raise FitError(
            f"{label}: {term.levels * len(term.names)} random effects for {n} rows "
            "cannot be told from the residual; drop a covariate or the term"
        )
