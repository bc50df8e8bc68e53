import io
import re
from html.parser import HTMLParser

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from xtransfer_stats.report import escape
from xtransfer_stats.report.tables.table import csv

TEXT = st.text(st.characters(exclude_categories=()), max_size=40)
PARTS = ("<", ">", "</script>", "&amp;", '"', "'", "|", "\\", "`", "\n", "\r", "\t", "a", "=")
NASTY = st.lists(st.sampled_from(PARTS)).map("".join)


class Reader(HTMLParser):
    """What a browser makes of a paragraph."""

    def __init__(self):
        super().__init__()
        self.tags, self.text = [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append((tag, *attrs))

    def handle_data(self, data):
        self.text += data


@settings(max_examples=200, deadline=None)
@given(TEXT | NASTY)
def test_html_shows_the_text_and_nothing_else(text):
    reader = Reader()
    reader.feed(f'<p title="{escape.for_html(text)}">{escape.for_html(text)}</p>')
    reader.close()
    assert reader.text == escape.clean(text)
    assert reader.tags == [("p", ("title", escape.clean(text)))]


@settings(max_examples=200, deadline=None)
@given(TEXT | NASTY)
def test_markdown_stays_in_its_cell_and_opens_no_tag(text):
    bare = re.sub(r"\\.", "", escape.for_markdown(text))
    assert not set(bare) & set("|<>`*_[]\\\n\r")


@settings(max_examples=100, deadline=None)
@given(TEXT | NASTY | TEXT.map("=".__add__))
def test_no_csv_cell_is_a_formula(text):
    written = csv(pd.DataFrame({"name": [text, "x"], "value": [-1.5, 2.0]}))
    written.encode()
    read = pd.read_csv(io.StringIO(written), keep_default_na=False)
    assert not str(read["name"][0]).lstrip().startswith(escape.FORMULA_STARTS)
    assert read["value"].tolist() == [-1.5, 2.0]
