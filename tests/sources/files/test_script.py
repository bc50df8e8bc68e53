"""A text in another script than the claimed language's is told."""

import pytest

from xtransfer_stats.sources.files.text import odd_script

RUSSIAN = "Осло — столица Норвегии, а Берген второй город."


@pytest.mark.parametrize(
    ("text", "language"),
    [
        (RUSSIAN, "ru"),
        ("Oslo ist die Hauptstadt Norwegens.", "de"),
        ("オスロはノルウェーのしゅとであり、にほんではありません。", "ja"),
        ("奥斯陆是挪威的首都也是挪威最大的城市和港口所在地。", "zh"),
        ("Super Bowl (NFL) тогда выиграла команда Broncos из Денвера", "ru"),  # names in Latin letters
        (RUSSIAN, "xx"),  # not a language of the benchmarks
        ("Осло", "de"),  # too few letters
    ],
)
def test_nothing_is_odd(text, language):
    assert odd_script([text], language) == ""


def test_another_script_is_named():
    assert odd_script(["Oslo 12, ", RUSSIAN], "de") == "the name says 'de', but the text is in Cyrillic letters"
    assert "Latin" in odd_script(["Oslo is the capital of Norway."], "th")
