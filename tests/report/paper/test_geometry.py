"""What is read of a drawing is what the drawer wrote: the expressions alone, and on drawings of this vl-convert."""

import json

import pytest
import vl_convert

from xtransfer_stats.report.paper import geometry

DRAWN = (
    '<svg version="1.1" xmlns="http://www.w3.org/2000/svg" width="300" height="120" viewBox="0 0 300 120">'
    '<rect width="300" height="120" fill="white"/>'
    '<g fill="none" stroke-miterlimit="10" transform="translate(12,5.5)">'
    '<g class="mark-group role-scope concat_0_group" role="x"><g transform="translate(0,7)">'
    '<path class="background" aria-hidden="true" d="M0.5,0.5h80v40.5h-80Z"/></g></g>'
    '<g class="mark-group role-scope concat_1_group" role="x"><g transform="translate(140.25,-1)">'
    '<path class="background" aria-hidden="true" d="M0,0h60v40h-60Z"/></g></g></g></svg>'
)


@pytest.fixture(scope="module")
def two_panels():
    """A drawing of two panels of 90 and 120 points, 20 apart."""
    panel = {"mark": "point", "height": 50, "encoding": {"x": {"field": "x", "type": "quantitative"}}}
    spec = {
        "$schema": "https://vega.github.io/schema/vega-lite/v5.json",
        "data": {"values": [{"x": 1}, {"x": 2}]},
        "concat": [panel | {"width": 90}, panel | {"width": 120}],
        "spacing": 20,
        "config": {"background": "white"},
    }
    return vl_convert.vegalite_to_svg(json.dumps(spec))


def test_size_and_panels_of_a_drawing():
    assert geometry.size(DRAWN) == (300, 120)
    assert geometry.panels(DRAWN) == [(12, 12.5, 80, 40.5), (152.25, 4.5, 60, 40)]


def test_a_drawing_without_them_has_no_size_and_no_panels():
    assert geometry.size("<svg/>") == (0, 0)
    assert geometry.panels("<svg/>") == []


def test_a_sheet_has_its_width_and_the_drawing_its_height():
    drawn = geometry.on_sheet(DRAWN, 237.6)
    assert 'width="237.6" height="120" viewBox="0 0 237.6 120"' in drawn
    assert '<rect width="237.6" height="120" fill="white"/>' in drawn
    assert geometry.panels(drawn) == geometry.panels(DRAWN)


def test_the_outer_size_alone_is_in_inches():
    drawn = geometry.in_inches(geometry.on_sheet(DRAWN, 237.6))
    assert 'width="3.3in" height="1.66667in" viewBox="0 0 237.6 120"' in drawn
    assert geometry.size(drawn) == (237.6, 120)


def test_vl_convert_draws_what_is_looked_for(two_panels):
    assert len(geometry._ROOT.findall(two_panels)) == len(geometry._SHEET.findall(two_panels)) == 1
    (left, top, *first), (right, beside, *second) = geometry.panels(two_panels)
    assert first == [90, 50] and second == [120, 50]
    assert right - left - 90 >= 20 and top == beside
    assert geometry.size(two_panels)[0] >= right + 120
    assert geometry.size(geometry.on_sheet(two_panels, 400))[0] == 400
