"""The tidy score frame: one row per run, target task, language and metric."""

import io
import json
from pathlib import Path

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
    "benchmarks": "str",  # "xtreme+xtreme-r": the pair that the study scored, the interaction being second less first
    "target_task": "str",
    "language": "str",
    "metric": "str",
    "score": "float64",  # 0-100, NaN for none
    "n_examples": "int64",
    "status": "str",  # one of STATUSES
}
# collapsed: at chance level on English dev data; its score is there or not, as the recipe's policy says.
STATUSES = ("done", "collapsed", "failed", "missing", "not_in_benchmark")
CATALOGUE, BENCHMARKS, BACKBONE = "catalogue", "benchmarks", "backbone"
# A study that is none of ours has these too: what n_tasks and task_set stand for there, and the cell's benchmark.
CONDITION, DRAW, BENCHMARK = "condition", "draw", "benchmark"
OPTIONAL = {CONDITION: "str", DRAW: "str", BENCHMARK: "str"}
LATER = (CATALOGUE, BENCHMARKS)  # columns that frames of before lack
FORMATS = ("csv", "parquet", "json")


def typed(rows: pd.DataFrame) -> pd.DataFrame:
    """Return the frame's columns in their order and types; a frame may go without those of LATER and OPTIONAL.

    Raises DataError naming the columns that are missing, or one of another type.
    """
    absent = [name for name in COLUMNS if name not in rows.columns]
    if lacking := [name for name in absent if name not in LATER]:
        raise DataError(f"the score frame lacks the columns {', '.join(lacking)}; it has {', '.join(COLUMNS)}")
    known = COLUMNS | OPTIONAL
    frame = rows[[name for name in known if name in rows.columns]].copy()
    for name in frame:
        kind = known[name]
        try:
            frame[name] = frame[name].fillna("").astype(str) if kind == "str" else frame[name].astype(kind)
        except (ValueError, TypeError, OverflowError) as error:
            raise DataError(f"column {name!r} of the score frame must be {kind}: {error}") from None
    return frame


def by_backbone(frame: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Backbone -> its rows, in the order of the frame; of a study of one there is one."""
    return {str(name): frame[frame[BACKBONE] == name] for name in dict.fromkeys(frame[BACKBONE])}


def predictions_beside(path: Path) -> Path:
    """Where the per-example predictions of an exported frame stand."""
    stem = path.name.removesuffix(".gz").rpartition(".")[0] or path.stem
    return path.with_name(f"{stem}.predictions.parquet")


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
    raise DataError(f"format {form!r}: choose one of {', '.join(FORMATS)}, xtreme, model-card, tensorboard", ["format"])
