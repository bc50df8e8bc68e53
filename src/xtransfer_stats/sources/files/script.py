"""Whether a text is in the script of the language that a name claims."""

import unicodedata
from collections import Counter
from collections.abc import Iterable
from itertools import chain, islice

from xtransfer_stats.tasks.languages import XTREME_R

_CLAIMED = 0.25  # names, formulas and quotations in other scripts leave more than a quarter
_ENOUGH, _SAMPLE = 20, 5000  # letters

# First words of the Unicode names of the letters; languages of the benchmarks that are not here are in Latin script.
_SCRIPTS = {
    "ARABIC": "ar fa ur", "BENGALI": "bn", "CYRILLIC": "bg kk ru uk", "DEVANAGARI": "hi mr", "GEORGIAN": "ka",
    "GREEK": "el", "GUJARATI": "gu", "GURMUKHI": "pa", "HANGUL": "ko", "HEBREW": "he", "CJK": "ja zh",
    "HIRAGANA": "ja", "KATAKANA": "ja", "MALAYALAM": "ml", "MYANMAR": "my", "TAMIL": "ta", "TELUGU": "te", "THAI": "th",
}  # fmt: skip
_OTHERS = {code for codes in _SCRIPTS.values() for code in codes.split()}


def _written(language: str) -> frozenset[str]:
    named = frozenset(script for script, codes in _SCRIPTS.items() if language in codes.split())
    return named if language in _OTHERS else frozenset({"LATIN"})


def odd_script(texts: Iterable[str], language: str) -> str:
    """A sentence where the texts' letters are mostly of another script than the language's, "" otherwise.

    The first 5,000 letters tell; a language outside the benchmarks, and a few letters, tell nothing.
    """
    letters = islice((sign for sign in chain.from_iterable(texts) if sign.isalpha()), _SAMPLE)
    found = Counter(unicodedata.name(sign, "?").split()[0] for sign in letters)
    if language not in XTREME_R or found.total() < _ENOUGH:
        return ""
    if sum(found[script] for script in _written(language)) >= _CLAIMED * found.total():
        return ""
    return f"the name says {language!r}, but the text is in {found.most_common(1)[0][0].capitalize()} letters"
