"""The catalogue's language codes (ISO 639-1) and what other sources call the same languages."""

from functools import cache
from types import MappingProxyType

# Code, English name as google/xtreme and TyDiQA write it, ISO 639-3 as Tatoeba writes it, then further names:
# ISO 639-2/B, macro-languages and individual ones, withdrawn codes. Source: ISO 639, and the release that uses one.
_TABLE = """
af Afrikaans afr
ar Arabic ara arb
az Azerbaijani aze azj
bg Bulgarian bul
bn Bengali ben
de German deu ger
el Greek ell gre
en English eng
es Spanish spa
et Estonian est ekk
eu Basque eus baq
fa Persian pes fas per farsi
fi Finnish fin
fr French fra fre
gu Gujarati guj
he Hebrew heb iw
hi Hindi hin
ht Haitian_Creole hat haitian
hu Hungarian hun
id Indonesian ind in
it Italian ita
ja Japanese jpn
jv Javanese jav jw
ka Georgian kat geo
kk Kazakh kaz
ko Korean kor
lt Lithuanian lit
ml Malayalam mal
mr Marathi mar
ms Malay msa may zsm
my Burmese mya bur
nl Dutch nld dut
pa Punjabi pan panjabi
pl Polish pol
pt Portuguese por
qu Quechua que quy quz
ro Romanian ron rum mo
ru Russian rus
sw Swahili swh swa
ta Tamil tam
te Telugu tel
th Thai tha
tl Tagalog tgl fil filipino
tr Turkish tur
uk Ukrainian ukr
ur Urdu urd
vi Vietnamese vie
wo Wolof wol
yo Yoruba yor
zh Chinese cmn zho chi mandarin
no Norwegian nor nb nob
sr Serbian srp
yi Yiddish yid ji
"""
# The last three are in no benchmark; a user's own entry may name them.
CODES = MappingProxyType({row.split()[0]: tuple(row.split()[1:]) for row in _TABLE.strip().splitlines()})


@cache
def _known() -> dict[str, str]:
    codes = {}
    for code, names in CODES.items():
        for name in (code, *names):
            codes[name.lower().replace("_", " ")] = code
    return codes


def canonical(code: str) -> str | None:
    """Return the catalogue's code for a language by any common code or its English name; None when unknown.

    Upper and lower case are alike. What follows the first hyphen or underscore is script, region or variant
    ("zh_Hans", "pt-BR", "sr-Latn") and is left out; "arabic-2387335860751143628-1" is an id of TyDiQA.
    """
    known = _known()
    text = code.strip().lower().replace("_", "-")
    first = text.split("-", 1)[0]
    return known.get(text.replace("-", " ")) or known.get(first)


def english_name(code: str) -> str:
    """The language's English name, as in google/xtreme's configurations; raises KeyError for an unknown code."""
    return CODES[code][0].replace("_", " ")


def iso3(code: str) -> str:
    """The ISO 639-3 code by which Tatoeba's files go; raises KeyError for an unknown code."""
    return CODES[code][1]
