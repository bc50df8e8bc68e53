"""What `xstats run` shows: the steps at work and how they ended; of a dry run steps, reasons, cost and obstacles."""

import shlex
import sys
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path

from rich.prompt import Confirm
from rich.table import Table

from xtransfer_stats.base.errors import XstatsError
from xtransfer_stats.base.formats import counted
from xtransfer_stats.base.processes import Terminated, termination_heard
from xtransfer_stats.base.resources import STORE
from xtransfer_stats.cli.codes import Code
from xtransfer_stats.cli.out import ERR, OUT, bar, duration, notes, say, table
from xtransfer_stats.cli.progress import StudyProgress
from xtransfer_stats.cli.status import steps_table
from xtransfer_stats.engines.engine import Listener
from xtransfer_stats.store.disk import free
from xtransfer_stats.study.foresight import sentences
from xtransfer_stats.verbs.run import RunResult, Watch
from xtransfer_stats.verbs.study import Study


class Terminal(Watch):
    """Follows a run on standard error, and asks whoever sits at the terminal. hours: the run's budget."""

    def __init__(self, hours: float | None) -> None:
        self._hours = hours

    def agrees(self, questions: Mapping[str, str]) -> bool:
        """Ask; no where nobody sits at the terminal."""
        if not sys.stdin.isatty() or ERR.quiet:
            return False
        say(*(f"{name}: {question}" for name, question in questions.items()), console=ERR)
        return Confirm.ask("Yes to all of these?", console=ERR, default=False)

    def begins(self, study: Study, workers: int) -> None:
        """The study in a sentence, and what it will take."""
        say(study.design, *_amount(study, workers), console=ERR)

    def remarks(self, sentences: Sequence[str]) -> None:
        """Warnings, a line each."""
        say(*sentences, console=ERR)

    @contextmanager
    def listens(self, study: Study, missing: Sequence[str], workers: int) -> Iterator[Listener]:
        """Draw the steps."""
        costs = {kind: seconds for kind, (seconds, _) in study.survey.costs.items()}
        with StudyProgress(study.plan.steps, list(missing), costs, workers, ERR) as listener:
            yield listener

    def ends(self, result: RunResult) -> None:
        """How it ended, and what to do next; failures are told as an error."""
        outcome, place = result.outcome, result.study.place
        where = "" if place == STORE else f" {shlex.quote(str(place))}"
        if outcome.put_off:
            done = f"{counted(len(outcome.done), 'step')} run, {len(outcome.put_off)} put off"
            line = (
                f"--max-hours {self._hours:g}: {done}. "
                f"Issue the same command again to go on; `xstats analyze{where}` works with what is there."
            )
            say(line, *result.study.collapsed, console=ERR)
        elif outcome.sound:
            steps = f"{counted(len(outcome.done), 'step')} run" if outcome.done else "Nothing was missing"
            next_one = f"Next: xstats analyze{where} --model mixed"
            say(f"{steps}; the study is complete.", *result.study.collapsed, next_one, console=ERR)


@contextmanager
def stoppable() -> Iterator[None]:
    """Ctrl-C and SIGTERM end a run with a sentence and the exit code that shells give them."""
    try:
        with termination_heard():
            yield
    except KeyboardInterrupt as stop:
        say("Stopped. Finished steps are kept; issue the same command again to go on.", console=ERR)
        raise SystemExit(Code.TERMINATED if isinstance(stop, Terminated) else Code.STOPPED) from None


def _amount(study: Study, workers: int) -> Iterator[str]:
    """Steps, time and disk of what is missing."""
    steps, survey = study.plan.steps, study.survey
    missing = survey.missing()
    if not missing:
        return
    wanted, left = survey.bytes(steps) / 1e9, free(study.store.root) / 1e9
    yield (
        f"{len(steps) - len(missing)} of {len(steps)} steps are done; {len(missing)} to run with "
        f"{counted(workers, 'worker')}, about {duration(survey.seconds(steps, workers))} "
        f"and {wanted:.1f} GB of disk ({left:.1f} GB are free)."
    )
    if wanted > left and study.recipe.study.keep == "all":
        yield "The disk may not suffice: --keep scores drops weights that nothing needs any more."


def dry_run(result: RunResult) -> None:
    """Steps by kind, reasons, time and disk; what cannot be had, and what will be asked."""
    study = result.study
    say(study.design)
    OUT.print(steps_table(study.status()))
    OUT.print(_reasons(study))
    common, steps = study.plan.shared(), study.plan.steps
    say(
        f"{common['either']} of {len(steps)} steps serve more than one run or benchmark "
        f"({common['runs']} several runs, {common['benchmarks']} both benchmarks).",
        *_estimate(study, result.workers),
    )
    if result.blocked:
        say("Blocked, so that this study cannot run yet:", style="bold")
        notes(sentences(study.recipe, list(result.blocked)))
    if result.reading:
        say("How the backbone reads:", style="bold")
        notes(result.reading)
    if result.warnings:
        say("What is odd about the data (xstats data shows all files):", style="bold")
        notes(result.warnings)
    if result.questions:
        say("Licences that restrict use, asked before the download:", style="bold")
        notes(f"{name}: {question}" for name, question in result.questions.items())


def compared_backbones(study: Study) -> None:
    """The answer to what a study of several backbones asks, and its report."""
    from xtransfer_stats.cli import analyze_view
    from xtransfer_stats.report.write import folder_name
    from xtransfer_stats.verbs.analyze import analyze
    from xtransfer_stats.verbs.backboneeffects import BackbonesResult

    try:
        result = analyze(study)
    except XstatsError as error:  # the run is done all the same
        say(f"The backbones cannot be compared yet: {error}", console=ERR)
        return
    if isinstance(result, BackbonesResult):
        folder = Path("reports") / folder_name(study.name)
        with bar("report"):
            result.write(folder)
        analyze_view.backbones(result)
        say(f"Report: {folder / 'report.html'}")


def _reasons(study: Study) -> Table | str:
    steps, survey = study.plan.steps, study.survey
    reasons = Counter((steps[key].kind, survey.reasons[key]) for key in survey.missing())
    why = table("What will run and why", "kind", "steps", "reason", right=("steps",))
    for (kind, reason), count in reasons.items():
        why.add_row(kind, str(count), reason)
    return why if reasons else "Nothing will run."


def _estimate(study: Study, workers: int) -> Iterator[str]:
    """Time and disk of what is missing, and where the figures come from."""
    steps, survey = study.plan.steps, study.survey
    gigabytes = survey.bytes(steps) / 1e9
    if survey.assumptions:
        hours = survey.seconds(steps, 1) / 3600
        yield f"Estimate: {hours:.1f} GPU hours, {gigabytes:.1f} GB of disk, assuming"
        yield from (f"- {line}" for line in survey.assumptions)
        yield "[costs] of the recipe changes them; steps of this store replace them."
        return
    origin = "this store's own steps" if any(survey.measured.values()) else "data/step_costs.toml"
    yield (
        f"Estimate: {duration(survey.seconds(steps, workers))} with {counted(workers, 'worker')}, "
        f"{gigabytes * 1e3:.0f} MB of disk (means a kind, from {origin})."
    )
