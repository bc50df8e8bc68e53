"""Exact match and token F1 as SQuAD's official scorers give them (v1.1; v2.0 for unanswerable questions)."""

import re
import string
from collections import Counter
from collections.abc import Sequence

_ARTICLES = re.compile(r"\b(a|an|the)\b", re.UNICODE)
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """Lower-case; drop ASCII punctuation and English articles; join words by single spaces."""
    bare = text.lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", bare).split())


def exact_match(prediction: str, answers: Sequence[str]) -> float:
    """Return 100 when the prediction equals an answer after normalisation, else 0.

    Without answers the right prediction is empty (v2.0).
    """
    mine = normalise(prediction)
    return 100.0 * any(mine == normalise(answer) for answer in (answers or ("",)))


def f1(prediction: str, answers: Sequence[str]) -> float:
    """Return the best token F1 over the answers, 0-100; without answers as exact_match (v2.0)."""
    if not answers:
        return exact_match(prediction, answers)
    return max(_f1(normalise(prediction).split(), normalise(answer).split()) for answer in answers)


def _f1(mine: list[str], theirs: list[str]) -> float:
    common = sum((Counter(mine) & Counter(theirs)).values())
    return 200.0 * common / (len(mine) + len(theirs)) if common else 0.0
