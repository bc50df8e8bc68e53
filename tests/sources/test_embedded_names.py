"""CLDR names: parts, traps."""

import random

import pytest

pytest.importorskip("babel")

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.embedded.names import KINDS, PARTS, names, part_of

SPOKEN = ("ar", "de", "en", "fi", "hi", "ja", "jv", "kk", "my", "th", "yo", "zh")


@pytest.mark.parametrize("language", SPOKEN)
def test_parts_are_disjoint_and_cover_the_pool(language: str) -> None:
    known = names(language)
    for kind in KINDS:
        parts = [known.pool(kind, part) for part in PARTS]
        assert all(len(part) >= 12 for part in parts)
        assert sorted(code for part in parts for code in part) == sorted({code for part in parts for code in part})
        assert set(known.pool(kind)) <= {code for part in parts for code in part}


def test_no_english_name_stands_in_two_parts_whatever_its_kind() -> None:
    known = names("en")
    seen = {part: {n for kind in KINDS for n in known.pool(kind, part).values()} for part in PARTS}
    assert not seen["train"] & seen["test"]
    assert not seen["train"] & seen["dev"]
    assert not seen["dev"] & seen["test"]


def test_a_concept_has_the_same_part_in_every_language() -> None:
    english, thai = names("en").pool("city", "test"), names("th").pool("city", "test")
    assert len(english.keys() & thai.keys()) > 50
    assert not thai.keys() & names("en").pool("city", "train").keys()


def test_pseudo_territories_and_unfit_names_are_dropped() -> None:
    territories = names("en").pool("territory")
    assert not {"XA", "XB", "ZZ", "EU", "UN", "EZ", "QO"} & territories.keys()
    for kind in KINDS:
        assert not any(set(name) & set("()[]{}0123456789") for name in names("de").pool(kind).values())


def test_languages_that_babel_answers_in_another_tongue_are_refused() -> None:
    with pytest.raises(DataError, match="'ht'"):
        names("ht")
    with pytest.raises(DataError, match="currency"):
        names("wo").pool("currency")


def test_unknown_kind_and_language_are_named() -> None:
    with pytest.raises(DataError, match="'river'"):
        names("en").pool("river")
    with pytest.raises(DataError, match="'xx'"):
        names("xx")


def test_draw_is_distinct_and_of_the_part() -> None:
    drawn = names("fi").draw("language", "dev", random.Random(1), 8)
    assert len(set(drawn)) == 8
    assert set(drawn) <= set(names("fi").pool("language", "dev").values())


def test_parts_are_about_as_large_as_said() -> None:
    counts = {part: sum(part_of(f"name {i}") == part for i in range(2000)) for part in PARTS}
    assert 1100 < counts["train"] < 1300
    assert 150 < counts["dev"] < 250
