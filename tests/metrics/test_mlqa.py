"""MLQA's normalisation by language, with cases from the rules of the official scorer."""

import pytest

from xtransfer_stats.metrics.mlqa import normaliser


@pytest.mark.parametrize(
    ("language", "text", "expected"),
    [
        ("en", "The  Cat, sat!", "cat sat"),
        ("en", "\u201cCat\u201d \u2013 sat", "cat sat"),  # punctuation of any script, unlike SQuAD
        ("de", "Der Rat der Stadt", "rat stadt"),
        ("de", "the Rat", "the rat"),
        ("es", "Los a\u00f1os, \u00bfno?", "a\u00f1os no"),
        ("vi", "những ngôi nhà của tôi", "ngôi nhà tôi"),
        ("ar", "البيت", "بيت"),
        ("ar", "كتاب البيت", "كتاب بيت"),
        ("ar", "مالك", "م ك"),  # also inside a word
        ("hi", "एक घर।", "एक घर"),
        ("zh", "电化电池", "电 化 电 池"),
        ("zh", "在2010年,NBA 总决赛", "在 2010 年 nba 总 决 赛"),
    ],
)
def test_normalisation(language, text, expected):
    assert normaliser(language)(text) == expected


def test_a_language_without_rules_is_an_error():
    with pytest.raises(ValueError, match="language 'fr'"):
        normaliser("fr")
