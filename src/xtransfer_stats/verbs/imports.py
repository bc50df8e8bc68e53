"""`import_results`: anybody's results as a frame of scores, with an account of what was read as what."""

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.verbs.export import write_file

if TYPE_CHECKING:
    from xtransfer_stats.exchange.imports.account import ImportedScores

FORMATS = {".csv": "csv", ".parquet": "parquet", ".json": "json"}


def import_results(
    *place: str | Path,
    output: str | Path | None = None,
    map: str | Path | Mapping[str, str] | None = None,
    set: Mapping[str, Any] | None = None,
    seed_from: str | None = None,
    number_seeds: bool = False,
    sheet: str | None = None,
    scale: float | Mapping[str, float] | None = None,
) -> "ImportedScores":
    """Read results of any form: wide and tidy tables, JSON, trees of runs, exports, harness results, predictions.

    place: files, folders, or patterns with names such as 'runs/{condition}/{language}/seed{seed}/results.json'.
    output: a .csv, .parquet or .json file to write, with the mapping beside it (NAME.mapping.toml). map: column of the
    frame -> column of the file, as a dict, a text "seed=run_seed,language=lang", or a mapping file. set: columns that
    are the same for all. seed_from: a regular expression whose first group is the seed in a name. number_seeds: number
    the runs, so that no two conditions share a seed. sheet: of a workbook. scale: 100 for fractions and 1 for points,
    of all scores or by metric. Scores of the frame are points on 0-100, save metrics without an upper limit.

    Raises DataError and RecipeError naming file, row and column, and where two readings are possible the option that
    decides.
    """
    from xtransfer_stats.exchange.imports.imported import imported
    from xtransfer_stats.exchange.imports.mapping import wishes

    if not place:
        raise RecipeError("place: give files, folders or patterns")
    kind = _kind(output)
    asked = wishes(map, set, scale, seed_from=seed_from, number_seeds=number_seeds, sheet=sheet)
    result = imported(place, asked)
    return result if output is None else replace(result, files=_written(result, Path(output), kind))


def _kind(output: str | Path | None) -> str:
    kind = FORMATS.get(Path(output).suffix.lower(), "") if output is not None else "csv"
    if not kind:
        raise RecipeError(f"output {str(output)!r}: give a name ending in {', '.join(FORMATS)}", ["output"])
    return kind


def _written(result: "ImportedScores", path: Path, kind: str) -> tuple[Path, Path]:
    """Write frame and mapping; their paths."""
    from xtransfer_stats.stats.core import frame as frames

    beside = path.with_name(f"{path.stem}.mapping.toml")
    write_file(path, result.frame.to_csv(index=False).encode() if kind == "csv" else frames.written(result.frame, kind))
    write_file(beside, result.mapping.encode())
    return path, beside
