"""The progress of a study: bars on a terminal, elsewhere a line at a steady pace, however long a step takes."""

import time
from collections.abc import Mapping
from typing import Self

from rich.console import Console
from rich.markup import escape
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.text import Text

from xtransfer_stats.base.formats import counted
from xtransfer_stats.cli.pace import Pace
from xtransfer_stats.cli.text import as_it_is
from xtransfer_stats.report.escape import clean
from xtransfer_stats.study.step import Step

_TRUST = 60.0  # seconds for which the known costs outweigh what was seen: processes start slowly


class _TimeLeft(ProgressColumn):
    """Time left by the weighted work that is done; steps of different kinds cost differently."""

    def render(self, task: Task) -> Text:
        left = task.fields.get("left")
        return Text("" if left is None else f"{_clock(left)} left", style="cyan")


class _Rate(ProgressColumn):
    def render(self, task: Task) -> Text:
        speed = task.completed / task.elapsed if task.elapsed else 0.0
        return Text(f"{speed:.1f}/s" if speed else "", style="dim")


class StudyProgress:
    """A Listener that draws; on a stream that is no terminal it writes a line whenever `pace` says."""

    def __init__(
        self,
        steps: Mapping[str, Step],
        missing: list[str],
        costs: Mapping[str, float],
        workers: int,
        console: Console,
        pace: Pace | None = None,
    ) -> None:
        self._pace = pace or Pace()
        self._workers = workers
        self._console = console
        self._weights = {key: costs[steps[key].kind] for key in missing}
        self._done_weight = 0.0
        self._began = time.monotonic()
        self._total, self._count = len(missing), 0
        self._bars: dict[str, TaskID] = {}
        self._display = Progress(
            TextColumn("{task.description}", justify="left"),
            BarColumn(),
            MofNCompleteColumn(),
            _Rate(),
            _TimeLeft(),
            console=console,
            disable=not console.is_terminal,
            transient=True,
        )
        self._study = self._display.add_task("[bold]study[/]", total=self._total, left=None)

    def __enter__(self) -> Self:
        self._display.start()
        return self

    def __exit__(self, *exception: object) -> None:
        self._display.stop()

    def started(self, step: Step) -> None:
        """Give the step a bar of its own."""
        self._close(step)  # a step that another process held is started a second time
        self._bars[step.key] = self._display.add_task(
            escape(clean(f"{step.kind} {step.name}"[:48])), total=None, left=None
        )

    def progressed(self, step: Step, done: int, total: int) -> None:
        """Move the step's bar on."""
        bar = self._bars.get(step.key)
        if bar is not None:
            task = next(task for task in self._display.tasks if task.id == bar)
            left = task.elapsed * (total - done) / done if done and task.elapsed else None
            self._display.update(bar, completed=done, total=total, left=left)
        self._speak(f"; {step.kind} {step.name}: {done} of {total}")

    def finished(self, step: Step, *, elsewhere: bool) -> None:
        """Count the step, and say now and then how far the study is."""
        self._close(step)
        self._count += 1
        self._done_weight += self._weights.get(step.key, 0.0)
        self._display.update(self._study, completed=self._count, left=self._left())
        self._speak()

    def failed(self, step: Step, message: str) -> None:
        """Name the step and why it failed."""
        self._close(step)
        line = f"{step.kind} {step.name}: {message.splitlines()[0] if message else 'no message'}"
        self._console.print(Text("failed", style="red") + ": " + as_it_is(line))

    def damaged(self, step: Step, trouble: str) -> None:
        """Name what is done again."""
        self._console.print(Text("damaged", style="yellow") + ": " + as_it_is(f"{trouble}: redone"))
        self._weights.setdefault(step.key, 0.0)

    def _speak(self, at_work: str = "") -> None:
        """Say how far the study is, where no bar says it and a line is due."""
        if not self._console.is_terminal and self._pace.due():
            left = f", {_clock(self._left())} left"
            self._console.print(as_it_is(f"{self._count} of {self._total} steps done{left}{at_work}"), soft_wrap=True)

    def retried(self, step: Step, why: str) -> None:
        """Name the step that was lost and is tried again."""
        self._close(step)
        line = f"{step.kind} {step.name}: {why.splitlines()[0]}"
        self._console.print(Text("lost", style="yellow") + ": " + as_it_is(line))

    def placed(self, step: Step, machine: str) -> None:
        """Name the machine in the step's bar."""
        bar = self._bars.get(step.key)
        if bar is not None:
            self._display.update(bar, description=escape(clean(f"{step.kind} {step.name}"[:40] + f" @{machine}"[:20])))

    def resized(self, workers: int) -> None:
        """Say how many steps run at once from now on."""
        self._workers = workers
        self._console.print(f"{counted(workers, 'worker')} from now on")

    def _close(self, step: Step) -> None:
        bar = self._bars.pop(step.key, None)
        if bar is not None:
            self._display.remove_task(bar)

    def _left(self) -> float:
        """Seconds left, from the speed so far; in the first minute the steps' known costs count as much."""
        elapsed, total = time.monotonic() - self._began, sum(self._weights.values())
        speed = (self._done_weight + self._workers * _TRUST) / (elapsed + _TRUST)
        return max(0.0, total - self._done_weight) / speed


def _clock(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"
