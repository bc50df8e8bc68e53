"""`recipes`: the studies that can be run by name, each with what it runs, its size and its time."""

import hashlib
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from xtransfer_stats.base import __version__, cache, resources
from xtransfer_stats.base.errors import XstatsError
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.tasks import ownfile

_TABLES = ("tasks", "step_costs", "backbones")  # what a plan's size and time are counted from


def recipes() -> list[dict[str, Any]]:
    """A row a recipe: those of the working directory and its runners/, then the shipped ones.

    name: what `run` takes. file, own: where it is, and whether it is yours. says: the comment in its first line.
    trouble: why it cannot be run, "" for nothing; with trouble the rest lacks: backbone, benchmarks, seeds, tasks
    (counts), targets and languages (how many), runs, steps, seconds (of one worker, or of the accelerator), bytes,
    accelerator ("" where the time is of processor cores).
    """
    return [_row(name, path, own=own) for name, path, own in _files()]


def _files() -> Iterator[tuple[str, Path, bool]]:
    """Names as `run` finds them: nearer files hide farther ones of the same name."""
    beside = [path for path in sorted(Path.cwd().glob("*.toml")) if _is_recipe(path)]
    seen: set[str] = set()
    for folder in resources.folders("runners"):
        for path in sorted(folder.glob("*.toml")):
            if path.stem not in seen:
                seen.add(path.stem)
                yield path.stem, path, resources.own(path)
    yield from ((path.name, path, True) for path in beside)


def _is_recipe(path: Path) -> bool:
    """Whether a TOML file of the working directory has the table [study]; others are none of ours."""
    try:
        return "study" in resources.read_toml(path)
    except XstatsError:
        return False


def _row(name: str, path: Path, *, own: bool) -> dict[str, Any]:
    row = {"name": name, "file": str(path), "own": own}
    try:
        text = path.read_text(encoding="utf-8-sig")
        return (
            row
            | {"says": _first_comment(text), "trouble": ""}
            | json.loads(cache.kept(_key(text), lambda: _counted(path)))
        )
    except (XstatsError, OSError, UnicodeDecodeError) as error:
        return row | {"says": "", "trouble": str(error)}


def _first_comment(text: str) -> str:
    """The comment in a file's first line."""
    first = text.partition("\n")[0].strip()
    return first.lstrip("# ").rstrip(".") if first.startswith("#") else ""


def _key(text: str) -> str:
    """The cache's name of what was counted: of the recipe, of the tables behind it, of own tasks, of this version."""
    own = ownfile.place()
    paths = [*(resources.find("data", name) for name in _TABLES), *([own] if own else [])]
    parts = [text.encode(), *(path.read_bytes() for path in paths), __version__.encode()]
    return f"recipe-{hashlib.sha256(b'|'.join(parts)).hexdigest()[:32]}.json"


def _counted(path: Path) -> str:
    """Size, time and disk of a recipe that has an empty store before it, as JSON."""
    from xtransfer_stats.store.store import Store
    from xtransfer_stats.store.survey import survey
    from xtransfer_stats.study.plan import make_plan
    from xtransfer_stats.study.recipe import load_recipe
    from xtransfer_stats.study.versions import tolerant

    plan = make_plan(load_recipe(path), tolerant)
    costs, study = survey(plan, Store(path.with_name(f"no store beside {shown(path.name)}"))), plan.recipe.study
    cells = list(study.cells().values())
    return json.dumps(
        {
            "backbone": ", ".join(plan.recipe.backbone.models),
            "benchmarks": list(study.benchmarks),
            "seeds": study.seeds,
            "tasks": list(study.tasks),
            "targets": len({task for part in cells for task in part}),
            "languages": len({code for part in cells for codes in part.values() for code in codes}),
            "runs": len(plan.runs) * len(plan.each),
            "steps": len(plan.steps),
            "seconds": costs.seconds(plan.steps, 1),
            "bytes": costs.bytes(plan.steps),
            "accelerator": plan.recipe.costs.accelerator if costs.assumptions else "",
        }
    )
