"""Parquet files, and the Arrow files of a `save_to_disk` folder, with the label names that `datasets` keeps in them."""

from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import parsed_json
from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.rowtable import RowTable
from xtransfer_stats.sources.schemas.schema import Row

Names = Mapping[str, Sequence[str]]


def read_columns(path: Path) -> list[FileRow] | None:
    """What a Parquet or Arrow file holds; None when its columns are of no known release or it is neither."""
    table = _table(path)
    return table.file_rows() if table else None


def unknown_columns(path: Path) -> FileRow | None:
    """The row of a Parquet or Arrow file whose columns are of no known release; None where it is neither."""
    table = _table(path)
    return table.unknown() if table else None


def _table(path: Path) -> RowTable | None:
    kind = path.suffix.lower().removeprefix(".")
    if kind not in _BATCHES:
        return None
    import pyarrow

    try:
        metadata, _ = _BATCHES[kind](path)
    except (pyarrow.ArrowInvalid, pyarrow.ArrowNotImplementedError, OSError):
        return None
    names = _label_names(_features(metadata, path))
    return RowTable(path, kind, partial(_with_label_names, path, kind, names), named=_named_path(path))


def _with_label_names(path: Path, kind: str, names: Names) -> Iterator[Row]:
    _, batches = _BATCHES[kind](path)
    for batch in batches:
        yield from (_named(row, names) for row in batch.to_pylist())


def _parquet(path: Path) -> tuple[Mapping[bytes, bytes], Iterator[Any]]:
    from pyarrow.parquet import ParquetFile

    file = ParquetFile(path)
    return file.schema_arrow.metadata or {}, file.iter_batches()


def _arrow(path: Path) -> tuple[Mapping[bytes, bytes], Iterator[Any]]:
    """`datasets` writes the stream format."""
    from pyarrow import ipc, memory_map

    stream = ipc.open_stream(memory_map(str(path)))
    return stream.schema.metadata or {}, iter(stream)


_BATCHES = {"parquet": _parquet, "arrow": _arrow}


def _features(metadata: Mapping[bytes, bytes], path: Path) -> Mapping[str, Any]:
    """The columns' types as `datasets` describes them, in the file itself or in its folder's description."""
    inside = _mapping(parsed_json(metadata.get(b"huggingface", b"{}")), "info", "features")
    return inside or _mapping(_beside(path, "dataset_info.json"), "features")


def _mapping(value: Any, *keys: str) -> Mapping[str, Any]:
    """The mapping under the keys, empty where there is none."""
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _named_path(path: Path) -> Path:
    """The path with the data set, configuration and split that a `save_to_disk` folder's description adds."""
    info, state = _beside(path, "dataset_info.json"), _beside(path, "state.json")
    folders = filter(None, (info.get("dataset_name") or info.get("builder_name"), info.get("config_name")))
    return path.parent.joinpath(*map(str, folders), "-".join(filter(None, (state.get("_split"), path.name))))


def _beside(path: Path, name: str) -> Mapping[str, Any]:
    beside = path.with_name(name)
    try:
        content = parsed_json(beside.read_text(encoding="utf-8")) if beside.is_file() else {}
        return content if isinstance(content, Mapping) else {}
    except ValueError as error:
        raise DataError(f"{beside}: no JSON ({error}). Save the data set again") from error


def _label_names(features: Mapping[str, Any]) -> Names:
    names = {column: _class_names(feature) for column, feature in features.items()}
    return {column: of_column for column, of_column in names.items() if of_column}


def _class_names(feature: Any) -> Sequence[str]:
    """The names of a ClassLabel or of a list of them, as the versions of `datasets` write it."""
    if isinstance(feature, list):
        return _class_names(feature[0]) if feature else ()
    if not isinstance(feature, Mapping):
        return ()
    return feature.get("names") or _class_names(feature.get("feature"))


def _named(row: Row, names: Names) -> Row:
    return {**row, **{column: _word(row.get(column), known) for column, known in names.items()}}


def _word(value: Any, names: Sequence[str]) -> Any:
    """Names in place of integers; -1 says that there is no label."""
    if isinstance(value, list):
        return [_word(one, names) for one in value]
    return names[value] if isinstance(value, int) and 0 <= value < len(names) else value
