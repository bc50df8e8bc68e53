"""What texts share on the surface (trigrams, words, shapes), and two small logistic regressions on it.

All that the overlap control may see, and all that it can learn: weights by L-BFGS with a ridge penalty.
"""

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.optimize import minimize
from scipy.sparse import csr_matrix
from scipy.special import log_softmax, softmax

# a run of word characters; in scripts written without spaces, each character
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+", re.UNICODE)
PAIR_FEATURES = 6
RIDGE = 1e-3  # a mean loss's penalty on the sum of squared weights; standardised features


def trigrams(text: str) -> Counter[str]:
    """Return the character trigrams of the lower-cased text, with a space at both ends."""
    padded = f" {' '.join(text.lower().split())} "
    return Counter(padded[i : i + 3] for i in range(len(padded) - 2))


def words(text: str) -> list[tuple[int, int]]:
    """Return the span of each word of a text, in code points."""
    return [match.span() for match in _WORD.finditer(text)]


def pair_features(first: str, second: str) -> list[float]:
    """Return overlap features of two texts: trigram Jaccard, both containments, word Jaccard, lengths."""
    a, b = trigrams(first), trigrams(second)
    shared = (a & b).total()
    left, right = set(first.lower().split()), set(second.lower().split())
    sizes = max(1, a.total()), max(1, b.total())
    return [
        shared / max(1, (a | b).total()),
        shared / sizes[0],
        shared / sizes[1],
        len(left & right) / max(1, len(left | right)),
        float(np.log(sizes[1] / sizes[0])),
        float(len(left) == len(right)),
    ]


def cosine(counts: Counter[str], profile: Mapping[str, float]) -> float:
    """Return the cosine of a text's trigram counts with a profile of length 1."""
    norm = sum(value * value for value in counts.values()) ** 0.5
    return sum(value * profile.get(key, 0.0) for key, value in counts.items()) / norm if norm else 0.0


def profile(texts: Sequence[str]) -> dict[str, float]:
    """Return the summed trigram counts of several texts, at length 1."""
    total: Counter[str] = Counter()
    for text in texts:
        total += trigrams(text)
    norm = sum(value * value for value in total.values()) ** 0.5 or 1.0
    return {key: value / norm for key, value in total.items()}


def vectors(texts: Sequence[str], others: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
    """Return trigram vectors of two lists of texts, at length 1, dense: [N, V], [M, V]."""
    counts = [trigrams(text) for text in (*texts, *others)]
    place: dict[str, int] = {}
    columns = [[place.setdefault(key, len(place)) for key in row] for row in counts]
    values = np.concatenate([np.fromiter(row.values(), float) for row in counts])
    starts = np.cumsum([0, *map(len, columns)])
    flat = np.fromiter((c for row in columns for c in row), int)
    rows = csr_matrix((values, flat, starts), shape=(len(counts), len(place))).toarray()
    rows /= np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return rows[: len(texts)], rows[len(texts) :]


def shape(token: str) -> str:
    """Return a token's shape in one word: number, mixed, capital, lower, or mark."""
    if token.isdigit():
        return "number"
    if any(character.isdigit() for character in token):
        return "mixed"
    if not any(character.isalpha() for character in token):
        return "mark"
    return "capital" if token[:1].isupper() else "lower"


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
