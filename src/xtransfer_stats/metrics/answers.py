"""Exact match and token F1 of answers, and how texts are normalised first, as the official scorers have it.

SQuAD's normalisation is the same for all languages (v1.1, v2.0 for unanswerable questions; XQuAD and TyDiQA in
XTREME), MLQA's depends on the language (Lewis et al. 2020, official scorer v1).
"""

import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial

Normaliser = Callable[[str], str]
SQUAD, MLQA = "squad", "mlqa"

_ARTICLES = re.compile(r"\b(a|an|the)\b", re.UNICODE)
_PUNCTUATION = str.maketrans("", "", string.punctuation)
# What MLQA's scorer counts as articles, without discussion of the grammar.
_MLQA_ARTICLES = {
    "ar": re.compile("ال"),  # wherever it stands, also inside a word
    "de": re.compile(r"\b(?:ein|eine|einen|einem|eines|einer|der|die|das|den|dem|des)\b"),
    "en": re.compile(r"\b(?:a|an|the)\b"),
    "es": re.compile(r"\b(?:un|una|unos|unas|el|la|los|las)\b"),
    "hi": None,
    "vi": re.compile(r"\b(?:của|là|cái|chiếc|những)\b"),
    "zh": None,
}
_IDEOGRAPH = re.compile("[\u4e00-\u9fa5]")


def normalise(text: str) -> str:
    """Lower-case; drop ASCII punctuation and English articles; join words by single spaces (SQuAD)."""
    bare = text.lower().translate(_PUNCTUATION)
    return " ".join(_ARTICLES.sub(" ", bare).split())


def _is_punctuation(character: str) -> bool:
    return character in string.punctuation or unicodedata.category(character).startswith("P")


def _normalise_mlqa(text: str, language: str) -> str:
    bare = "".join(character for character in text.lower() if not _is_punctuation(character))
    articles = _MLQA_ARTICLES[language]
    if articles is not None:
        bare = articles.sub(" ", bare)
    if language == "zh":
        bare = _IDEOGRAPH.sub(r" \g<0> ", bare)  # each ideograph is a token, other scripts go by white space
    return " ".join(bare.split())


def mlqa_normaliser(language: str) -> Normaliser:
    """Return MLQA's normalisation: lower case, no punctuation of any script, no articles, tokens.

    Raises ValueError for a language that MLQA does not have.
    """
    if language not in _MLQA_ARTICLES:
        raise ValueError(f"language {language!r}: MLQA has rules for {', '.join(_MLQA_ARTICLES)}")
    return partial(_normalise_mlqa, language=language)


def normaliser(rules: str, language: str) -> Normaliser:
    """Return the normalisation of answers in a language by the rules that the catalogue names, "squad" or "mlqa".

    Raises KeyError for other rules.
    """
    # MLQA's embedded twin is also in languages that MLQA does not have: SQuAD's rules, as XTREME's script has for all.
    mlqa = mlqa_normaliser(language) if language in _MLQA_ARTICLES else normalise
    return {SQUAD: normalise, MLQA: mlqa}[rules]


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
