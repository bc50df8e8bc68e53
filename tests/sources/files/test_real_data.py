"""The survey of the real slices, held to a table that was made by hand."""

import pytest
from tests.places import REAL_DATA, beside
from tests.sources.files.real_data import EXPECTED

from xtransfer_stats.sources.files.survey import survey

ROWS = [tuple(part.strip() for part in line.split("|")) for line in EXPECTED.strip().splitlines()]


@pytest.fixture(scope="module")
def found():
    beside("real-data")
    rows = {}
    for row in survey(REAL_DATA):
        told = (row.task, row.language, row.split, row.examples, ("no", "yes")[row.labelled], row.question_language)
        path = row.path.relative_to(REAL_DATA).as_posix()
        rows.setdefault(path, []).append(" ".join(str(value or "-") for value in told))
    return rows


@pytest.mark.parametrize(("path", "told"), ROWS, ids=[path for path, _ in ROWS])
def test_a_real_file_is_what_its_format_says(found, path, told):
    assert told in found[path]


def test_every_unlabelled_or_unknown_file_says_why(found):
    assert all(row.problems for row in survey(REAL_DATA) if not (row.task and row.labelled))
