from html.parser import HTMLParser

import pytest
from tests.report.made_up import made_up
from tests.report.nasty import BENCHMARKS, NASTY, SCRIPTS

from xtransfer_stats.report.tables import tables


class Grids(HTMLParser):
    """Paragraphs and cells of a page, and every tag in it."""

    def __init__(self):
        super().__init__()
        self.tags, self.paragraphs, self.cells, self.inside = set(), [], [], []

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        if tag in ("p", "td", "th"):
            self.inside = {"p": self.paragraphs}.get(tag, self.cells)
            self.inside.append("")

    def handle_data(self, data):
        if self.inside:
            self.inside[-1] += data

    def handle_endtag(self, tag):
        if tag in ("p", "td", "th"):
            self.inside = []


@pytest.fixture(scope="module")
def nasty():
    return tables(made_up(benchmarks=BENCHMARKS, rename=NASTY | {key: name for key, (name, _) in SCRIPTS.items()}))


def read(table):
    grids = Grids()
    grids.feed(table.to_word())
    return grids


def test_word_gets_nothing_but_paragraphs_and_plain_tables(nasty):
    for table in nasty.values():
        assert read(table).tags <= set("html head meta title body p b i br table tr th td".split())


def test_every_cell_and_the_whole_caption_come_back(nasty):
    for table in nasty.values():
        grids = read(table)
        assert grids.paragraphs[0] == f"{table.title}. {table.full_caption()}"
        wanted = {cell for panel in table.panels for row in panel.rows for cell in row if cell}
        assert wanted <= set(grids.cells)


def test_columns_that_a_page_cannot_hold_follow_in_another_grid():
    measured, shrunken = tables(made_up((1, 2, 3, 5, 7, 9)))["languages"].panels
    text = tables(made_up((1, 2, 3, 5, 7, 9)))["languages"].to_word()
    assert text.count("<table") == 4
    assert text.count("<tr>") == 2 * (len(measured.rows) + 1 + len(shrunken.rows) + 1)
