"""Codes of languages that corpora use beyond the benchmarks, and the English names in TyDiQA's ids."""

from xtransfer_stats.tasks.codes import canonical
from xtransfer_stats.tasks.languages import XTREME_R

# Not of the catalogue, but with a two-letter code that Tatoeba's other pairs are told by.
_OTHERS = {
    "no": "nob nor nb", "nn": "nno", "sv": "swe", "da": "dan", "cs": "ces cze", "sk": "slk slo", "sl": "slv",
    "hr": "hrv", "ca": "cat", "gl": "glg", "is": "isl ice", "ga": "gle", "hy": "hye arm", "sq": "sqi alb",
    "mn": "mon khk", "km": "khm", "am": "amh", "lv": "lvs lav", "be": "bel", "mk": "mkd mac", "sr": "srp",
    "cy": "cym wel",
}  # fmt: skip
_BY_THREE = {three: code for code, threes in _OTHERS.items() for three in threes.split()}

# The languages of TyDiQA's gold passages, whose question ids begin with the name.
NAMES = {
    "arabic": "ar", "bengali": "bn", "english": "en", "finnish": "fi", "indonesian": "id", "korean": "ko",
    "russian": "ru", "swahili": "sw", "telugu": "te", "japanese": "ja", "thai": "th",
}  # fmt: skip


def short(code: str) -> str:
    """The two-letter code of any known code; a code without one stays as it is."""
    return canonical(code) or _BY_THREE.get(code.lower(), code.lower())


def spoken(token: str) -> str:
    """The code of a language of the benchmarks that a part of a name says, "" for any other word."""
    code = short(token)
    return code if code in XTREME_R else ""
