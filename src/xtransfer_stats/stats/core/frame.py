"""The tidy score frame: one row per run, target task, language and metric."""

import io
import json
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType

import pandas as pd

from xtransfer_stats.base.errors import DataError

COLUMNS = {
    "study": "str",
    "run": "str",
    "backbone": "str",
    "variant": "str",
    "control": "str",
    "seed": "int64",
    "replicate": "int64",
    "n_tasks": "int64",
    "task_set": "str",  # "mnli+qqp+squad1"; "" for the baseline
    "catalogue": "int64",  # how many intermediate tasks the study draws its sets from
    "target_task": "str",
    "language": "str",
    "metric": "str",
    "score": "float64",  # 0-100, NaN for none
    "n_examples": "int64",
    "status": "str",  # one of STATUSES
}
# collapsed: at chance level on English dev data; its score is there or not, as the recipe's policy says.
STATUSES = ("done", "collapsed", "failed", "missing", "not_in_benchmark")
CATALOGUE = "catalogue"
FORMATS = ("csv", "parquet", "json")


def typed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the frame's columns in their order and types; a frame written before CATALOGUE goes without it.

    Raises DataError naming the column that is missing or of another type.
    """
    absent = [name for name in COLUMNS if name not in rows.columns]
    if absent not in ([], [CATALOGUE]):
        raise DataError(f"the score frame lacks the column {absent[0]!r}. `xstats export` writes: {', '.join(COLUMNS)}")
    frame = rows[[name for name in COLUMNS if name not in absent]].copy()
    for name in frame:
        kind = COLUMNS[name]
        try:
            frame[name] = frame[name].fillna("").astype(str) if kind == "str" else frame[name].astype(kind)
        except (ValueError, TypeError) as error:
            raise DataError(f"column {name!r} of the score frame must be {kind}: {error}") from None
    return frame


def predictions_beside(path: Path) -> Path:
    """Where the per-example predictions of an exported frame stand."""
    return path.with_name(f"{path.stem}.predictions.parquet")


def read(path: Path | str, *, scores: bool = False) -> pd.DataFrame:
    """Read a table from CSV, Parquet or JSON, by the file's ending; with `scores` as a typed score frame.

    Raises DataError when there is no such file, or it is not readable as its ending says.
    """
    rows = parsed(Path(path), content(Path(path)), literal=scores)
    return typed(rows) if scores else rows


def content(path: Path) -> bytes:
    """The bytes of a table's file; raises DataError when there is no such file, or its ending is no table's."""
    if not path.is_file():
        raise DataError(f"no file {path.name!r}: give a store, or a table ending in .csv, .parquet or .json")
    if path.suffix not in _READERS:
        raise DataError(f"{path.name!r} ends in {path.suffix!r}: give a table ending in .csv, .parquet or .json")
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError(f"{path.name!r} cannot be read as {path.suffix[1:]}: {error}") from None


def parsed(path: Path, content: bytes, *, literal: bool = False) -> pd.DataFrame:
    """The rows in a file's bytes, by its ending; `literal` as a score frame has them: no text but a score is missing.

    Raises DataError when they are not readable as the ending says.
    """
    try:
        return _READERS[path.suffix](io.BytesIO(content), literal)
    except (ValueError, OSError) as error:
        raise DataError(f"{path.name!r} cannot be read as {path.suffix[1:]}: {error}") from None


def _read_csv(file: io.BytesIO, literal: bool) -> pd.DataFrame:
    # In a score frame "" is the baseline's set, and no text (the language "nan") may turn into a missing value.
    if literal:
        return pd.read_csv(file, keep_default_na=False, na_values={"score": ["", "NaN"]})
    return pd.read_csv(file)


_READERS: Mapping[str, Callable[[io.BytesIO, bool], pd.DataFrame]] = MappingProxyType(
    {
        ".csv": _read_csv,
        ".parquet": lambda file, _: pd.read_parquet(file),
        ".json": lambda file, _: pd.read_json(file, orient="records", dtype=False, precise_float=True),
    }
)


def written(frame: pd.DataFrame, form: str) -> bytes:
    """The frame as the bytes of a file in one of FORMATS; equal frames give equal bytes."""
    if form == "parquet":
        buffer = io.BytesIO()
        frame.to_parquet(buffer, index=False)
        return buffer.getvalue()
    if form == "json":
        # pandas rounds numbers in JSON to 15 digits, which changes scores.
        records = frame.astype(object).where(frame.notna(), None).to_dict("records")
        return ("[\n" + ",\n".join(json.dumps(row, ensure_ascii=False) for row in records) + "\n]\n").encode()
    if form == "csv":
        return frame.to_csv(index=False, na_rep="NaN").encode()
    raise DataError(f"format {form!r}: choose one of {', '.join(FORMATS)}, xtreme", ["format"])
