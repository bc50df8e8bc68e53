"""The progress display: time left is sane from the first step on."""

import io

import pytest
from rich.console import Console

from xtransfer_stats.cli.progress import StudyProgress
from xtransfer_stats.study.step import Step


@pytest.fixture
def steps():
    made = [Step("target", f"t{number}", {"n": number}, {}) for number in range(10)]
    return {step.key: step for step in made}


def progress(steps, console, workers=2):
    return StudyProgress(steps, list(steps), {"target": 30.0}, workers, console)


def test_time_left_begins_with_the_known_costs(steps):
    shown = progress(steps, Console(file=io.StringIO()))
    assert shown._left() == pytest.approx(10 * 30 / 2, rel=0.05)


def test_finished_steps_are_counted_and_failures_told(steps):
    out = io.StringIO()
    first, second, *_ = steps.values()
    with progress(steps, Console(file=out)) as shown:
        for step in (first, second):
            shown.started(step)
            shown.progressed(step, 1, 2)
        shown.finished(first, elsewhere=False)
        shown.failed(second, "no luck\nand a traceback")
    assert shown._count == 1
    assert "failed: target t1: no luck" in out.getvalue()
    assert "traceback" not in out.getvalue()


def test_on_a_terminal_bars_are_drawn(steps):
    out = io.StringIO()
    with progress(steps, Console(file=out, force_terminal=True, width=100)) as shown:
        shown.started(next(iter(steps.values())))
        shown._display.refresh()
    assert "study" in out.getvalue()
    assert "target t0" in out.getvalue()
