"""Two small logistic regressions for the overlap control, fitted by L-BFGS with a ridge penalty."""

from collections.abc import Callable, Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.special import log_softmax, softmax

RIDGE = 1e-3  # a mean loss's penalty on the sum of squared weights; standardised features


def standardise(rows: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Return mean and spread [F] of rows [N, F]; spread 1 for a constant feature."""
    spread = rows.std(0)
    return rows.mean(0), np.where(spread > 0, spread, 1.0)


def fit_classes(rows: np.ndarray, gold: np.ndarray, classes: int) -> np.ndarray:
    """Return weights [F + 1, K] of a multinomial regression of gold [N] on rows [N, F]; intercept last."""
    wide = np.hstack([rows, np.ones((len(rows), 1))])
    truth = np.eye(classes)[gold]

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        weights = flat.reshape(-1, classes)
        scores = wide @ weights
        value = -(log_softmax(scores, axis=1) * truth).sum() / len(rows) + RIDGE * (flat**2).sum()
        slope = wide.T @ (softmax(scores, axis=1) - truth) / len(rows) + 2 * RIDGE * weights
        return float(value), slope.ravel()

    return _minimum(loss, wide.shape[1] * classes).reshape(-1, classes)


def fit_choice(groups: Sequence[np.ndarray], gold: Sequence[int]) -> np.ndarray:
    """Return weights [F] of a conditional regression: of each group [C, F] one option, gold, is chosen."""
    rows = np.concatenate(groups)
    starts = np.cumsum([0, *map(len, groups)])[:-1]
    owner = np.repeat(np.arange(len(groups)), [len(group) for group in groups])
    right = starts + np.asarray(gold)

    def loss(weights: np.ndarray) -> tuple[float, np.ndarray]:
        scores = rows @ weights
        totals = np.logaddexp.reduceat(scores, starts)
        value = (totals - scores[right]).sum() / len(groups) + RIDGE * (weights**2).sum()
        shares = np.exp(scores - totals[owner])
        slope = (rows.T @ shares - rows[right].sum(0)) / len(groups) + 2 * RIDGE * weights
        return float(value), slope

    return _minimum(loss, rows.shape[1])


def _minimum(loss: Callable[[np.ndarray], tuple[float, np.ndarray]], size: int) -> np.ndarray:
    return minimize(loss, np.zeros(size), jac=True, method="L-BFGS-B").x
