"""Exact match and token F1 as SQuAD's official scorers give them (v1.1; v2.0 for unanswerable questions)."""

import math
import re
import string
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

Normaliser = Callable[[str], str]
Question = tuple[str, Sequence[str]]  # id, texts of the gold answers

_ARTICLES = re.compile(r"\b(a|an|the)\b", re.UNICODE)
_PUNCTUATION = str.maketrans("", "", string.punctuation)


def normalise(text: str) -> str:
    """Lower-case; drop ASCII punctuation and English articles; join words by single spaces."""
    bare = text.lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", bare).split())


def exact_match(prediction: str, answers: Sequence[str], normalised: Normaliser = normalise) -> float:
    """Return 100 when the prediction equals an answer after normalisation, else 0.

    Without answers the right prediction is empty (v2.0).
    """
    mine = normalised(prediction)
    return 100.0 * any(mine == normalised(answer) for answer in (answers or ("",)))


def f1(prediction: str, answers: Sequence[str], normalised: Normaliser = normalise) -> float:
    """Return the best token F1 over the answers, 0-100; without answers as exact_match (v2.0)."""
    if not answers:
        return exact_match(prediction, answers, normalised)
    mine = normalised(prediction).split()
    return max(_f1(mine, normalised(answer).split()) for answer in answers)


def _f1(mine: list[str], theirs: list[str]) -> float:
    common = sum((Counter(mine) & Counter(theirs)).values())
    return 200.0 * common / (len(mine) + len(theirs)) if common else 0.0


def answer_scores(
    questions: Sequence[Question], predictions: Mapping[str, str], normalised: Normaliser = normalise
) -> dict[str, float]:
    """Return mean exact_match and f1 over all questions, 0-100; NaN for none.

    A question without a prediction counts 0, as in the official scorers of v1.1 and MLQA. Questions are counted
    by position: two of one id (they occur in TyDiQA) are two questions.
    """
    answered = [(predictions[key], answers) for key, answers in questions if key in predictions]
    return {
        "exact_match": _mean([exact_match(*pair, normalised) for pair in answered], len(questions)),
        "f1": _mean([f1(*pair, normalised) for pair in answered], len(questions)),
    }


def squad2_scores(questions: Sequence[Question], predictions: Mapping[str, str]) -> dict[str, float]:
    """Return SQuAD v2.0's exact_match and f1 over all questions, and each over HasAns and NoAns, 0-100.

    The keys are exact_match, f1, HasAns_exact_match, HasAns_f1, NoAns_exact_match, NoAns_f1; NaN where there is no
    such question. An answer that is empty after normalisation is none, as in the official scorer. That scorer
    breaks off where a prediction is lacking; here such a question counts 0, as in v1.1.
    """
    kept = [(key, [text for text in answers if normalise(text)]) for key, answers in questions]
    kinds = [bool(answers) for _, answers in questions]
    found = answer_scores(kept, predictions)
    for name, kind in (("HasAns", True), ("NoAns", False)):
        part = [question for question, has in zip(kept, kinds, strict=True) if has is kind]
        found |= {f"{name}_{metric}": value for metric, value in answer_scores(part, predictions).items()}
    return found


def _mean(values: Sequence[float], count: int) -> float:
    return math.fsum(values) / count if count else float("nan")
