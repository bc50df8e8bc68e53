"""Codes (ISO 639-3, withdrawn ones) and English names of languages, as files and ids write them -> the catalogue's."""

from xtransfer_stats.tasks.languages import XTREME_R

# Macrolanguages and their usual single language both: Tatoeba writes ara, swh, pes, cmn, est, zsm.
_THREE = {
    "af": "afr", "ar": "ara arb", "az": "aze azj azb", "bg": "bul", "bn": "ben", "de": "deu ger", "el": "ell gre",
    "en": "eng", "es": "spa", "et": "est ekk", "eu": "eus baq", "fa": "fas pes per", "fi": "fin", "fr": "fra fre",
    "gu": "guj", "he": "heb iw", "hi": "hin", "ht": "hat", "hu": "hun", "id": "ind", "it": "ita", "ja": "jpn",
    "jv": "jav jw", "ka": "kat geo", "kk": "kaz", "ko": "kor", "lt": "lit", "ml": "mal", "mr": "mar",
    "ms": "msa zsm may", "my": "mya bur", "nl": "nld dut", "pa": "pan", "pl": "pol", "pt": "por", "qu": "que",
    "ro": "ron rum", "ru": "rus", "sw": "swa swh", "ta": "tam", "te": "tel", "th": "tha", "tl": "tgl fil",
    "tr": "tur", "uk": "ukr", "ur": "urd", "vi": "vie", "wo": "wol", "yo": "yor", "zh": "zho cmn chi",
    # Not of the catalogue, but with a two-letter code that other corpora use.
    "no": "nob nor nb", "nn": "nno", "sv": "swe", "da": "dan", "cs": "ces cze", "sk": "slk slo", "sl": "slv",
    "hr": "hrv", "ca": "cat", "gl": "glg", "is": "isl ice", "ga": "gle", "hy": "hye arm", "sq": "sqi alb",
    "mn": "mon khk", "km": "khm", "am": "amh", "lv": "lvs lav", "be": "bel", "mk": "mkd mac", "sr": "srp",
    "cy": "cym wel",
}  # fmt: skip
_BY_THREE = {three: code for code, threes in _THREE.items() for three in threes.split()}

# The languages of TyDiQA's gold passages, whose question ids begin with the name.
NAMES = {
    "arabic": "ar", "bengali": "bn", "english": "en", "finnish": "fi", "indonesian": "id", "korean": "ko",
    "russian": "ru", "swahili": "sw", "telugu": "te", "japanese": "ja", "thai": "th",
}  # fmt: skip


def short(code: str) -> str:
    """The two-letter code of any known code; a code without one stays as it is."""
    return _BY_THREE.get(code.lower(), code.lower())


def spoken(token: str) -> str:
    """The code of a language of the benchmarks that a part of a name says, "" for any other word."""
    code = short(token)
    return code if code in XTREME_R else ""
