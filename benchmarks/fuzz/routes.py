"""Each route's way into the product: the command line within the process, or the verb behind it where that is slow."""

import contextlib
import io
import os
import random
import shutil
import sys
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path

from benchmarks.fuzz import material
from benchmarks.fuzz.inputs import Input

from xtransfer_stats import cli
from xtransfer_stats.base.errors import XstatsError
from xtransfer_stats.stats.claims.evidence import evidence
from xtransfer_stats.stats.claims.verdict import claim_rows, verdicts
from xtransfer_stats.stats.core.complete import CompleteScores, complete_scores
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.stats.runlevel.combination import contrast_rows
from xtransfer_stats.tasks import entries, ownfile
from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS, TARGET_TASKS, TARGET_TRAININGS
from xtransfer_stats.verbs.recipes import load_claims
from xtransfer_stats.verbs.scores import ScoreSheet, read_scores

STORE = "XSTATS_FUZZ_STORE"  # the sound store of the route "stores"
Driver = Callable[[Input], str]


def drive(given: Input, folder: Path) -> str:
    """Hand an input over in a folder of its own: "accepted" or "refused"; whatever else is raised is a traceback.

    "silent" is a damaged store whose numbers changed without a sentence.
    """
    for name, content in given.files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_bytes(content)
    with contextlib.chdir(folder):
        return DRIVERS.get(given.route, _command)(given)


def _command(given: Input) -> str:
    return _main(given.words)[0]


def _main(words: tuple[str, ...]) -> tuple[str, str, str]:
    """What a command came to, and what it wrote to standard output and error."""
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", newline="") for _ in range(2))
    given, sys.argv = sys.argv, ["xstats", *words]
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            cli.main()
    except SystemExit as ended:
        came = "accepted" if not ended.code else "refused"
    else:
        came = "accepted"
    finally:
        sys.argv = given
    return came, _text(out), _text(err)


def _text(stream: io.TextIOWrapper) -> str:
    stream.seek(0)
    return stream.read()


@contextlib.contextmanager
def _refusals(told: list[str]) -> Iterator[None]:
    try:
        yield
    except XstatsError as error:
        told.append(str(error))


@cache
def _study() -> tuple[StudyScores, CompleteScores]:
    scores = read_scores(ScoreSheet(None, material.frame()), benchmarks=material.BENCHMARKS)
    return scores, complete_scores(scores.frame, scores.benchmarks)


def _contrast(given: Input) -> str:
    scores, complete = _study()
    told: list[str] = []
    with _refusals(told):
        contrast_rows(complete, given.words, 0.05, scores.labels)
    return "refused" if told else "accepted"


def _own_tasks(given: Input) -> str:
    told: list[str] = []
    with _refusals(told):
        tables = ownfile.tables_of(Path("xstats-tasks.toml"))
        known = {**INTERMEDIATE_TASKS, **entries.intermediate(tables, INTERMEDIATE_TASKS)}
        trained = {**TARGET_TRAININGS, **entries.trainings(tables, known, TARGET_TRAININGS)}
        entries.targets(tables, known, trained, TARGET_TASKS)
    return "refused" if told else "accepted"


def _claims(given: Input) -> str:
    told: list[str] = []
    with _refusals(told):
        said = [evidence(claim, _study()[1]) for claim in load_claims("c.toml")]
        claim_rows(verdicts(said, 0.05), said)
    return "refused" if told else "accepted"


def _store(given: Input) -> str:
    """Damage one file of a copy; what is still accepted must give the same output, or say something."""
    number, way, *words = given.words
    sound = Path(os.environ[STORE])
    shutil.copytree(sound, "s")
    rng = random.Random(int(number))
    files = sorted(path for path in Path("s").rglob("*") if path.is_file())
    _harm(rng.choice(files), way, rng)
    came, out, err = _main(tuple(words))
    if came == "refused" or words[0] not in ("export", "analyze"):
        return came
    return came if err.strip() or out == _undamaged(tuple(words), sound) else "silent"


@cache
def _undamaged(words: tuple[str, ...], sound: Path) -> str:
    shutil.rmtree("s")
    shutil.copytree(sound, "s")
    return _main(words)[1]


def _harm(path: Path, way: str, rng: random.Random) -> None:
    content = path.read_bytes()
    at = rng.randrange(len(content) + 1)
    path.unlink()
    if way == "folder":
        path.mkdir()
    elif way == "link":
        path.symlink_to(path.name)
    elif way != "delete":
        flipped = content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :]
        made = {"cut": content[:at], "flip": flipped, "empty": b"", "json": b'{"content": {}}', "text": b"\xff\x00x"}
        path.write_bytes(made[way])


DRIVERS: Mapping[str, Driver] = {
    "contrasts": _contrast,
    "own tasks": _own_tasks,
    "claims": _claims,
    "stores": _store,
}
