"""docs/inputs.md: every row names a test that exists."""

import ast
from functools import cache
from pathlib import Path

import pytest
from tests.places import ROOT

ROWS = [
    line
    for line in (ROOT / "docs" / "inputs.md").read_text(encoding="utf-8").splitlines()
    if line.startswith("| ") and not line.startswith("| input |")
]


@cache
def names_in(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    return {one.name for one in ast.walk(tree) if isinstance(one, ast.FunctionDef) and one.name.startswith("test_")}


@pytest.mark.parametrize("row", ROWS)
def test_every_row_names_its_test(row):
    named = row.rsplit("|", 2)[-2].strip().strip("`")
    path, _, name = named.partition("::")
    assert name in names_in(ROOT / path)


def test_the_page_has_rows_for_every_route():
    sections = (ROOT / "docs" / "inputs.md").read_text(encoding="utf-8").split("\n## ")[1:]
    assert all(any(line in ROWS for line in section.splitlines()) for section in sections)
