"""Made-up analyses and one report, made once."""

from pathlib import Path

import pytest
from tests.report.made_up import made_up

from xtransfer_stats.report.write import write_report
from xtransfer_stats.stats.core.results import Analysis


@pytest.fixture(scope="session")
def analysis() -> Analysis:
    return made_up((3,))


@pytest.fixture(scope="session")
def three_counts() -> Analysis:
    return made_up((3, 5, 9))


@pytest.fixture(scope="session")
def one_seed() -> Analysis:
    return made_up((3,), (0,))


@pytest.fixture(scope="session")
def report(three_counts: Analysis, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("report")
    write_report(three_counts, folder)
    return folder
