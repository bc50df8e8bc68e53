"""What the files of an evaluation have to hold, for those who compute with them: scores.json, predictions.parquet."""

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from xtransfer_stats.base.usertext import parsed_json
from xtransfer_stats.store.shape import shown

SCORES, PREDICTIONS = "scores.json", "predictions.parquet"
_COLUMNS = ("language", "example_id", "prediction", "gold")


class Misfit(ValueError):
    """A file does not hold what it should; the message says what it holds."""


def misfit(folder: Path, name: str, manifest: Mapping[str, Any]) -> str | None:
    """What the file called `name` of a step holds in the place of what it should; None where nothing is wrong."""
    if manifest["kind"] != "evaluation" or "languages" not in manifest["args"]:
        return None
    try:
        if name == SCORES:
            scores(folder, manifest["args"])
        elif name == PREDICTIONS:
            predictions(folder)
    except Misfit as error:
        return str(error)
    return None


def scores(folder: Path, args: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """language -> {"n_examples", "metrics"} of an evaluation with these arguments.

    Raises Misfit where one of its languages or metrics lacks, or is no score (0-100, NaN for none).
    """
    try:
        table = parsed_json((folder / SCORES).read_bytes())
    except (OSError, ValueError) as error:
        raise Misfit(str(error)) from None
    languages = table.get("languages") if isinstance(table, dict) else None
    if not isinstance(languages, dict):
        raise Misfit(f"holds {shown(table)}")
    for language in args["languages"]:
        _check(language, languages.get(language), args.get("metrics", ()))
    return languages


def _check(language: str, entry: Any, metrics: tuple[str, ...]) -> None:
    count, values = (entry.get("n_examples"), entry.get("metrics")) if isinstance(entry, dict) else (None, None)
    if isinstance(count, bool) or not isinstance(count, int) or count < 0 or not isinstance(values, dict):
        raise Misfit(f"of {language} it holds {shown(entry)}")
    for name in (*metrics, *values):
        value = values.get(name)
        if not _is_score(value):
            raise Misfit(f"{name} of {language} is {shown(value)}")


def _is_score(value: Any) -> bool:
    known = isinstance(value, int | float) and not isinstance(value, bool)
    return known and (math.isnan(value) or -1e-6 <= value <= 100 + 1e-6)


def predictions(folder: Path) -> Any:
    """The rows of an evaluation as a table of pyarrow, without pandas' note on each file's index; raises Misfit."""
    # Thousands of small files: pandas takes eight times as long for each, and reading ahead costs threads.
    import pyarrow as pa
    from pyarrow.parquet import ParquetFile

    try:
        with ParquetFile(folder / PREDICTIONS, pre_buffer=False) as file:
            rows = file.read(use_threads=False).replace_schema_metadata()
    except (OSError, ValueError, pa.ArrowException) as error:
        raise Misfit(f"cannot be read ({str(error).splitlines()[0]})") from None
    lacking = [name for name in _COLUMNS if name not in rows.column_names]
    if lacking:
        raise Misfit(f"lacks the column {lacking[0]}")
    return rows
