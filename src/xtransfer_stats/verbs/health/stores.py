"""A store: its files beside the steps, each study in it, what killed runs left."""

import os
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

from xtransfer_stats.base.errors import StoreError, XstatsError
from xtransfer_stats.base.resources import STORE
from xtransfer_stats.base.usertext import few
from xtransfer_stats.store import register, studies
from xtransfer_stats.store.leftovers import leftovers
from xtransfer_stats.store.store import FOLDERS, Store
from xtransfer_stats.verbs.health.finding import Finding, Grade
from xtransfer_stats.verbs.instore import Status, StudyInStore
from xtransfer_stats.verbs.trace.commands import run_command

_NAMED = 3  # damaged or failed steps that a finding names


def store_findings(place: Path) -> Iterator[Finding]:
    """What is wrong in the store at `place`, by sizes and times of its files; `xstats verify` reads every byte."""
    store, subject = Store(place), f"store {str(place)!r}"
    blocked = [part for part in ("", "steps", "looks", *FOLDERS) if _is_no_folder(store.root / part)]
    if blocked:
        path = place / blocked[0]
        yield Finding(subject, f"{path} is not a folder", Grade.MEND, shlex.join(["rm", str(path)]))
        return
    if not (store.root / "steps").is_dir():
        made = f"there is none here yet; a first study makes one{'' if place == STORE else ' there'}"
        yield Finding(subject, made, Grade.OPTIONAL, _with_store("xstats run --quick", place))
        return
    yield from _beside(store, place, subject)
    for name in studies.names(store):
        yield from _study(place, name)
    yield _left(store, place, subject)


def _is_no_folder(path: Path) -> bool:
    return os.path.lexists(path) and not path.is_dir()


def _with_store(command: str, place: Path) -> str:
    return command if place == STORE else f"{command} --store {shlex.quote(str(place))}"


def _beside(store: Store, place: Path, subject: str) -> Iterator[Finding]:
    wrong = register.misplaced(store)
    for one in wrong:
        yield Finding(subject, one.sentence, Grade.MEND, shlex.join(["rm", str(place / one.remove)]))
    names = studies.names(store)
    if not names:
        yield Finding(subject, "it holds no study", Grade.OPTIONAL, _with_store("xstats run --quick", place))
    elif not wrong:
        said = f"{few(names, 5)}; sizes and times of its files are right"
        yield Finding(subject, f"{said} where nothing else is said (`xstats verify` reads every byte)")
    if not os.access(store.root, os.W_OK):
        command = shlex.join(["chmod", "-R", "u+w", str(place)])
        yield Finding(subject, "it cannot be written, so that no step can be added", Grade.MEND, command)


def _study(place: Path, name: str) -> Iterator[Finding]:
    subject = f"study {name!r}"
    try:
        study = StudyInStore(place, name)
        status = study.status()
    except StoreError:
        return  # its file is among those beside the steps
    except XstatsError as error:
        yield Finding(subject, f"cannot be planned again: {error}", Grade.MEND, "xstats tasks")
        return
    command = run_command(study.recipe, place) or _with_store("xstats run RECIPE.toml", place)
    if status.damaged:
        said = f"{_steps(len(status.damaged))} damaged, done again by the command: {few(status.damaged, _NAMED)}"
        yield Finding(subject, said, Grade.MEND, command)
    if status.failed:
        said = f"{_steps(len(status.failed))} failed, tried again by the command: {few(status.failed, _NAMED)}"
        yield Finding(subject, said, Grade.MEND, command)
    yield _completeness(study, status, command)


def _completeness(study: StudyInStore, status: Status, command: str) -> Finding:
    missing, total = status.missing, sum(sum(states.values()) for states in status.counts.values())
    subject = f"study {study.name!r}"
    if not missing:
        return Finding(subject, f"complete, {_steps(total)}" if status.complete else f"{_steps(total)}, none missing")
    wanted, free = study.survey.bytes(study.plan.steps), shutil.disk_usage(study.store.root).free
    if wanted > free:
        said = f"{missing} of {_steps(total)} missing, for which the disk has no room ({wanted / 1e9:.1f} GB)"
        return Finding(subject, said, Grade.MEND, f"{command} --keep scores")
    return Finding(subject, f"{missing} of {_steps(total)} missing", Grade.OPTIONAL, command)


def _steps(count: int) -> str:
    return f"{count} step{'s' * (count != 1)}"


def _left(store: Store, place: Path, subject: str) -> Finding:
    left = leftovers(store)
    if not left:
        return Finding(subject, "nothing is left of killed runs")
    said = f"killed runs left {sum(one.size for one in left) / 1e6:.1f} MB"
    return Finding(subject, said, Grade.OPTIONAL, _with_store("xstats clean", place))
