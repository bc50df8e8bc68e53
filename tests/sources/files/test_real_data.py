"""The survey of the real slices, held to a table that was made by hand."""

from pathlib import Path

import pytest

from sources.files.real_data import EXPECTED
from xtransfer_stats.sources.files.survey import survey

REAL = Path(__file__).parents[4] / "shared" / "real-data"
ROWS = [tuple(part.strip() for part in line.split("|")) for line in EXPECTED.strip().splitlines()]


@pytest.fixture(scope="module")
def found():
    if not REAL.is_dir():
        pytest.skip("the real slices are not beside the project")
    rows = {}
    for row in survey(REAL):
        told = (row.task, row.language, row.split, row.examples, ("no", "yes")[row.labelled], row.question_language)
        path = row.path.relative_to(REAL).as_posix()
        rows.setdefault(path, []).append(" ".join(str(value or "-") for value in told))
    return rows


@pytest.mark.parametrize(("path", "told"), ROWS, ids=[path for path, _ in ROWS])
def test_a_real_file_is_what_its_format_says(found, path, told):
    assert told in found[path]


def test_every_unlabelled_or_unknown_file_says_why(found):
    assert all(row.problems for row in survey(REAL) if not (row.task and row.labelled))
