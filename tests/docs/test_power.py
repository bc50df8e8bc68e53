"""The figures of docs/power.md are those that the command beside them gives."""

import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from xtransfer_stats.cli import app
from xtransfer_stats.stats.power.plans import StudyPlan, Variances
from xtransfer_stats.stats.power.simulate import null_studies

PAGE = (Path(__file__).parents[2] / "docs" / "power.md").read_text(encoding="utf-8")
MEASURED = PAGE.split("## Measured")[1]
COMMAND = re.search(r"`xstats (power [^`]+)`", MEASURED)[1]
ROWS = re.findall(r"^\| ([^|]+?) \| ([\d./ ]+) \|$", MEASURED, re.MULTILINE)


def test_the_table_has_its_rows():
    assert len(ROWS) == 5


@pytest.mark.parametrize(("label", "figures"), ROWS, ids=[label for label, _ in ROWS])
def test_a_row_is_what_its_command_prints(label, figures):
    added = "".join(re.findall(r"`(--[^`]+)`", label))
    shown = CliRunner().invoke(app, [*shlex.split(COMMAND), *shlex.split(added)])
    planning = json.loads(shown.stdout)
    # Scope such has a table of its own; of the others the first number of sets is the row's.
    rows = planning["such"] if "such" in label else planning["designs"][:3]
    assert " / ".join(f"{row['power']:.3f}" for row in rows) == figures


def test_the_simulated_first_row_is_what_simulation_gives():
    said = re.search(r"Simulation through the run-level analysis gives ([\d./ ]+\d) in the first", MEASURED)[1]
    variances = Variances(seed=1, set=1, run=0.5, baseline=0.5)
    power = [null_studies(StudyPlan(n, catalogue=9), variances, 20_000, 2005, 0.05).power(2.0)[0] for n in (3, 5, 10)]
    assert " / ".join(f"{value:.3f}" for value in power) == said
