"""Every common dialect of language codes leads to the catalogue's code."""

import pytest

from xtransfer_stats.tasks.catalogue import XTREME_R
from xtransfer_stats.tasks.codes import CODES, canonical, english_name, iso3


@pytest.mark.parametrize(
    ("given", "expected"),
    [
        ("iw", "he"), ("in", "id"), ("jw", "jv"), ("ji", "yi"), ("fil", "tl"), ("nb", "no"), ("zh-CN", "zh"),
        ("zh_Hans", "zh"), ("zho", "zh"), ("cmn", "zh"), ("pt-BR", "pt"), ("sr-Latn", "sr"), ("deu", "de"),
        ("ger", "de"), ("swh", "sw"), ("swa", "sw"), ("ara", "ar"), ("arb", "ar"), ("pes", "fa"), ("fas", "fa"),
        ("per", "fa"), ("nob", "no"), ("ell", "el"), ("gre", "el"), ("German", "de"), ("GERMAN", "de"),
        ("Haitian_Creole", "ht"), ("arabic-2387335860751143628-1", "ar"), ("de", "de"), (" EN ", "en"),
        ("eng_Latn", "en"), ("kat", "ka"), ("geo", "ka"), ("mya", "my"), ("bur", "my"), ("zsm", "ms"), ("quy", "qu"),
    ],
)  # fmt: skip
def test_a_dialect_is_understood(given, expected):
    assert canonical(given) == expected


@pytest.mark.parametrize("given", ["", "xx", "klingon", "de2", "-", "english literature"])
def test_what_is_no_language_is_none(given):
    assert canonical(given) is None


def test_every_language_of_the_benchmarks_has_its_names_and_no_name_means_two():
    assert CODES.keys() >= XTREME_R
    names = [name.lower() for code, row in CODES.items() for name in (code, *row)]
    assert len(names) == len(set(names))
    for code in CODES:
        assert {canonical(code), canonical(english_name(code)), canonical(iso3(code))} == {code}
        assert len(iso3(code)) == 3
