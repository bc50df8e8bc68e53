import pytest

from xtransfer_stats.base import formats
from xtransfer_stats.report import escape

NAN = float("nan")


@pytest.mark.parametrize(
    ("value", "text"), [(1.234, "1.23"), (-1.236, "−1.24"), (-0.001, "0.00"), (0.0, "0.00"), (NAN, "–")]
)
def test_number(value, text):
    assert formats.number(value) == text


def test_estimate_with_and_without_interval():
    assert formats.estimate(-1, -2.5, 0.5) == "−1.00 [−2.50, 0.50]"
    assert formats.estimate(1, NAN, NAN) == "1.00 [no interval]"
    assert formats.estimate(NAN, NAN, NAN) == "–"


@pytest.mark.parametrize(
    ("p", "text", "stars"),
    [
        (0.0004, "<0.001", "***"),
        (0.001, "0.001", "**"),
        (0.049, "0.049", "*"),
        (0.05, "0.050", ""),
        (NAN, "–", ""),
    ],
)
def test_p_values_and_stars(p, text, stars):
    assert (formats.p_value(p), formats.stars(p)) == (text, stars)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@f", " =1+1", "＝1+1"])
def test_csv_guards_formulas(text):
    assert escape.for_csv(text) == "'" + text


def test_script_json_cannot_end_its_element():
    text = escape.for_script({"name": "</script><!--&"})
    assert not set("<>&") & set(text)
    import json

    assert json.loads(text) == {"name": "</script><!--&"}


def test_a_number_stands_behind_its_name_in_a_sentence():
    shown = (formats.p_value(0.0004), formats.p_value(0.0031), formats.probability(1.0))
    assert [formats.related(text) for text in shown] == ["< 0.001", "= 0.003", "> 0.999"]
