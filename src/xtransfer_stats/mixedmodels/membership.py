"""A grouping with several levels a row: which tasks a task set holds.

Row r has weight 1/k_r - 1/T for each of its k_r members and -1/T for every other of the T levels, so that two sets a
and b have the covariance s2 (|a and b| / (k_a k_b) - 1/T): zero for a set of all T, and nothing that the mean of
the sets could say. A row without members has no effect.
"""

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import FitError
from xtransfer_stats.mixedmodels.randomterms import RandomTerm

JOIN = "+"


def shared_term(label: str, sets: pd.Series) -> RandomTerm:
    """The centred term of texts such as "mnli+qqp"; "" holds nothing.

    Raises FitError unless there are two members or more, and the sets differ.
    """
    texts, where = np.unique(sets.to_numpy(dtype=str), return_inverse=True)
    members = [[name for name in text.split(JOIN) if name] for text in texts]
    levels = sorted({name for names in members for name in names})
    if len(levels) < 2:
        raise FitError(
            f"random term (1 | {label}): {len(levels)} member in all; its column joins the members of a row by "
            f"{JOIN!r}, as in 'mnli{JOIN}qqp'"
        )
    weights = np.array([[name in names for name in levels] for names in members], dtype=float)
    size = weights.sum(axis=1, keepdims=True)
    centred = np.where(size > 0, weights / np.maximum(size, 1) - 1 / len(levels), 0.0)
    if not np.any(np.abs(centred) > 1e-12):
        raise FitError(f"random term (1 | {label}): every row holds all members or none; drop the term")
    nowhere = np.zeros(len(where), dtype=np.int64)
    return RandomTerm(label, nowhere, len(levels), centred[where], ("1",), shared=True, level_names=tuple(levels))
