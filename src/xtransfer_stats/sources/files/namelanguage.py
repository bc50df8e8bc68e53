"""The language that names tell: the file's own, or a folder that declares one; never a word that happens to be a code.

A folder declares a language when its name is a code or a language's name and nothing else ("de", "zh-CN", "German"),
or a corpus and a code ("PAN-X.de", "xnli_sw"), or says so ("lang=de"). "3-th" and "my-data" declare nothing.
"""

import re
from collections.abc import Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path

from xtransfer_stats.sources.files.namecorpora import ANY_LAYOUT, FOLDERS, first
from xtransfer_stats.tasks.catalogue import TARGET_TASKS, XTREME_R
from xtransfer_stats.tasks.codes import canonical
from xtransfer_stats.tasks.ownfile import names as own_names

SPLITS = {
    "train": "train", "training": "train", "dev": "dev", "val": "dev", "valid": "dev",
    "validation": "dev", "development": "dev", "test": "test", "testing": "test",
}  # fmt: skip
# Codes that are also words or usual abbreviations. They count beside a dot, a split's or a corpus's name, a number or
# another code, and alone; as a folder they count beside another folder that is a code. Codes of three letters likewise.
_WORDS = frozenset("he hi id it my no in ms ml te tr pt am as is or to so la may per que est ind mar pan".split())
# Words of other languages: between dots and hyphens, and at the end.
_FOREIGN_WORDS = frozenset("de mo el et ka".split())
_ORDINALS = frozenset("st nd rd th".split())
# Not of the catalogue, but with a two-letter code that Tatoeba's other pairs are told by.
_OTHERS = {
    "no": "nob nor nb", "nn": "nno", "sv": "swe", "da": "dan", "cs": "ces cze", "sk": "slk slo", "sl": "slv",
    "hr": "hrv", "ca": "cat", "gl": "glg", "is": "isl ice", "ga": "gle", "hy": "hye arm", "sq": "sqi alb",
    "mn": "mon khk", "km": "khm", "am": "amh", "lv": "lvs lav", "be": "bel", "mk": "mkd mac", "sr": "srp",
    "cy": "cym wel",
}  # fmt: skip
_BY_THREE = {three: code for code, threes in _OTHERS.items() for three in threes.split()}
_VARIANT = r"(?:[-_](?:cn|tw|hk|sg|br|us|gb|mx|hans|hant|latn|cyrl|arab|deva|beng|thai|mymr|guru|gujr))?"
_WHOLE = re.compile(rf"[a-z]{{2,3}}{_VARIANT}|[a-z]{{4,}}")
_DECLARED = re.compile(rf"(.+?)[._=-]([a-z]{{2,}}{_VARIANT})")
_KEYS = frozenset({"lang", "language", "lg", "locale"})
_TOKEN = re.compile(r"[^._\-\s]+")


def short(code: str) -> str:
    """The two-letter code of any known code; a code without one stays as it is."""
    return canonical(code) or _BY_THREE.get(code.lower(), code.lower())


def spoken(token: str) -> str:
    """The code of a language of the benchmarks, or of a user's own entries, that a part of a name says; else ""."""
    code = short(token)
    return code if code in XTREME_R or code in _of_own_entries() else ""


@cache
def _of_own_entries() -> frozenset[str]:
    return frozenset(code for name in own_names("target") for code in TARGET_TASKS[name].languages)


def language_of(path: Path) -> str:
    """The benchmarks' code of the language that the names tell, by any common code; "" for none.

    The file's own last code counts, since machine translations are named from-to.
    """
    return own_language_of(path) or folder_language_of(path)


def own_language_of(path: Path) -> str:
    """The language that the file's own name tells, without its folders."""
    name = path.name.lower().removesuffix(".gz")
    name = name.rsplit(".", 1)[0] if Path(name).suffix else name
    declared = (code for code in _of_own_entries() if re.search(rf"(?<![a-z0-9]){re.escape(code)}(?![a-z0-9])", name))
    return _last_token(name) or first(sorted(code for code in declared if not _TOKEN.fullmatch(code)))


def folder_language_of(path: Path) -> str:
    """The language that the nearest declaring folder tells."""
    return first(map(_declared_by, list(path.parents)[:FOLDERS]))


def _last_token(name: str) -> str:
    found = list(_TOKEN.finditer(name))
    between = ["", *(name[one.end() : two.start()] for one, two in pairwise(found)), ""]
    tokens = [token[0] for token in found]
    told = (spoken(token) for place, token in enumerate(tokens) if _is_code(place, tokens, between))
    return first(reversed(list(told)))


def _is_code(place: int, tokens: Sequence[str], between: Sequence[str]) -> bool:
    """Whether a token of a name can be meant as a code where it stands; between[i] is what stands before token i."""
    token, left, right = tokens[place], between[place], between[place + 1]
    before = tokens[place - 1] if place else ""
    after = tokens[place + 1] if place + 1 < len(tokens) else ""
    if token in _ORDINALS and before[-1:].isdigit():
        return False
    if token in _FOREIGN_WORDS and after and "_" in (left, right):
        return False
    told = "." in (left, right) or _known(before) or _known(after)
    if token not in _WORDS | _ORDINALS and (len(token) != 3 or not spoken(token)):
        return told or not after
    beside = left == "." or _known(before) or not (before or after) or (not before and (right == "." or _code(after)))
    return beside and (not after or right == "." or _known(after))


def _known(token: str) -> bool:
    """Whether a token is one that a language stands beside: a split, a corpus, a number, another code."""
    return bool(token) and (token in SPLITS or token[0].isdigit() or bool(ANY_LAYOUT.of(token)) or _code(token)
                            or token in ("translated", "translate", "question", "context", "x"))  # fmt: skip


def _code(token: str) -> bool:
    return token not in _WORDS and bool(spoken(token))


def _declared_by(folder: Path) -> str:
    name = folder.name.lower()
    if _WHOLE.fullmatch(name):
        doubtful = name in _WORDS or (len(name) == 3 and not _BY_THREE.get(name))
        return spoken(name) if spoken(name) and (not doubtful or _beside_codes(folder)) else ""
    declared = _DECLARED.fullmatch(name)
    if declared and (declared[1] in _KEYS or ANY_LAYOUT.named(declared[1])):
        return spoken(declared[2])
    return ""


def _beside_codes(folder: Path) -> bool:
    """Whether another folder beside this one is a code, so that this one is meant as one."""
    try:
        others = [one.name.lower() for one in folder.parent.iterdir() if one.name != folder.name and one.is_dir()]
    except OSError:
        return False
    return any(len(name) in (2, 3) and spoken(name) for name in others)
