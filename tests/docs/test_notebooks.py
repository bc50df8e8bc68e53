"""The notebooks of docs/notebooks run, and show what is stored in them."""

import pytest

pytest.importorskip("hassil", reason="the embedded extra is not installed")

from tests.docs import notebooks


def test_there_are_two():
    assert [page.name for page in notebooks.PAGES] == ["recipe-to-paper.ipynb", "wide-csv.ipynb"]


@pytest.mark.parametrize("page", notebooks.PAGES, ids=lambda page: page.stem)
def test_every_cell_gives_the_output_that_is_stored(page, monkeypatch):
    monkeypatch.chdir(page.parent)
    cells = 0
    for cell, found in notebooks.outputs(notebooks.read(page)):
        assert notebooks.texts(found) == notebooks.texts(cell["outputs"]), "".join(cell["source"])
        cells += 1
    assert cells >= 9


def test_the_wide_csv_takes_ten_cells():
    (page,) = (page for page in notebooks.PAGES if page.stem == "wide-csv")
    assert sum(cell["cell_type"] == "code" for cell in notebooks.read(page)["cells"]) == 10


def test_what_a_cell_shows_is_kept_apart():
    notebook = {"cells": [{"cell_type": "code", "source": ["print('a')\n", "1 + 1"]}]}
    ((_, found),) = notebooks.outputs(notebook)
    assert notebooks.texts(found) == ["a\n", "2"]
