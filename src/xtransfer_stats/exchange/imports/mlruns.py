"""MLflow's file store: a folder a run, with a file a metric, a parameter and a tag."""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from xtransfer_stats.base.usertext import regular_file
from xtransfer_stats.exchange.imports.places import Found
from xtransfer_stats.exchange.imports.raw import Heading, LeftAside, RawTable, of_records

KIND = "a run of MLflow"
META = "meta.yaml"
FINISHED = "3"  # mlflow.entities.RunStatus
_KEY = re.compile(r"^(\w+): *(.*?) *$", re.MULTILINE)
_LARGEST = 2**20


def run_files(files: Sequence[Found]) -> tuple[list[Found], list[Found]]:
    """The files that describe a run each, and the files that are part of no store of MLflow."""
    folders = {one.path.parent for one in files if one.path.name == META}
    runs = [one for one in files if one.path.name == META and (one.path.parent / "metrics").is_dir()]
    mine = {one.path.parent for one in runs}
    others = [one for one in files if one.path.parent not in folders and not mine & set(one.path.parents)]
    return runs, others


def run(found: Found) -> tuple[RawTable | None, LeftAside | None]:
    """The last value of each metric of a run, with its parameters and tags; or why it is left aside."""
    folder = found.path.parent
    about = dict(_KEY.findall(_text(found.path)))
    label = found.label.rpartition("/")[0] or folder.name
    if about.get("lifecycle_stage") == "deleted" or about.get("status", FINISHED) != FINISHED:
        return None, LeftAside(label, "the run was deleted, or did not finish")
    record: dict[Heading, Any] = {("metrics", name): _last(path) for name, path in _files(folder / "metrics")}
    record |= {("params", name): _text(path).strip() for name, path in _files(folder / "params")}
    tags = {name: path for name, path in _files(folder / "tags") if not name.startswith("mlflow.")}
    record |= {("tags", name): _text(path).strip() for name, path in tags.items()}
    record[("run name",)] = about.get("run_name", "").strip("'\"")
    above = folder.parent / META
    experiment = dict(_KEY.findall(_text(above))).get("name", "") if above.is_file() else ""
    return of_records(label, KIND, [record], place={"experiment": experiment} if experiment else {}), None


def _files(folder: Path) -> Iterator[tuple[str, Path]]:
    if folder.is_dir():
        for path in sorted(folder.rglob("*")):
            if path.is_file():
                yield path.relative_to(folder).as_posix(), path


def _text(path: Path) -> str:
    return regular_file(path, _LARGEST).read_text(encoding="utf-8", errors="replace")


def _last(path: Path) -> float | None:
    """The value of the last step; lines are "time value step", as MLflow's own "latest" is chosen."""
    logged = [line.split() for line in _text(path).splitlines() if line.strip()]
    rows = [(int(step), int(time), float(value)) for time, value, step in (row[:3] for row in logged if len(row) > 2)]
    rows += [(0, int(time), float(value)) for time, value in (row for row in logged if len(row) == 2)]
    return max(rows)[2] if rows else None
