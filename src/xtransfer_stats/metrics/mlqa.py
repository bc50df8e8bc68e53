"""MLQA's normalisation of answers, which depends on their language (Lewis et al. 2020, official scorer v1)."""

import re
import string
import unicodedata
from functools import partial

from xtransfer_stats.metrics.squad import Normaliser

# What the official scorer counts as articles, without discussion of the grammar.
_ARTICLES = {
    "ar": re.compile("ال"),  # wherever it stands, also inside a word
    "de": re.compile(r"\b(?:ein|eine|einen|einem|eines|einer|der|die|das|den|dem|des)\b"),
    "en": re.compile(r"\b(?:a|an|the)\b"),
    "es": re.compile(r"\b(?:un|una|unos|unas|el|la|los|las)\b"),
    "hi": None,
    "vi": re.compile(r"\b(?:của|là|cái|chiếc|những)\b"),
    "zh": None,
}
LANGUAGES = tuple(_ARTICLES)
_IDEOGRAPH = re.compile("[\u4e00-\u9fa5]")


def _is_punctuation(character: str) -> bool:
    return character in string.punctuation or unicodedata.category(character).startswith("P")


def _normalise(text: str, language: str) -> str:
    bare = "".join(character for character in text.lower() if not _is_punctuation(character))
    articles = _ARTICLES[language]
    if articles is not None:
        bare = articles.sub(" ", bare)
    if language == "zh":
        bare = _IDEOGRAPH.sub(r" \g<0> ", bare)  # each ideograph is a token, other scripts go by white space
    return " ".join(bare.split())


def normaliser(language: str) -> Normaliser:
    """Return the normalisation of a language: lower case, no punctuation of any script, no articles, tokens.

    Raises ValueError for a language that MLQA does not have.
    """
    if language not in _ARTICLES:
        raise ValueError(f"language {language!r}: MLQA has rules for {', '.join(_ARTICLES)}")
    return partial(_normalise, language=language)
