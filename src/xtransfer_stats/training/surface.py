"""What texts share on the surface: trigrams, words, shapes. All that the overlap control may see."""

import re
from collections import Counter
from collections.abc import Sequence

import numpy as np
from scipy.sparse import csr_matrix

# a run of word characters; in scripts written without spaces, each character
_UNSPACED = "\u0e00-\u0eff\u1000-\u109f\u3040-\u30ff\u3400-\u9fff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+", re.UNICODE)
PAIR_FEATURES = 6


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


def cosine(counts: Counter[str], profile: dict[str, float]) -> float:
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
    found = csr_matrix((values, flat, starts), shape=(len(counts), len(place))).toarray()
    found /= np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-12)
    return found[: len(texts)], found[len(texts) :]


def shape(token: str) -> str:
    """Return a token's shape in one word: number, mixed, capital, lower, or mark."""
    if token.isdigit():
        return "number"
    if any(character.isdigit() for character in token):
        return "mixed"
    if not any(character.isalpha() for character in token):
        return "mark"
    return "capital" if token[:1].isupper() else "lower"
