"""Parquet: its rows are counted and its text measured before it is unpacked, and text that is not UTF-8 is named."""

import io

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from pyarrow.parquet import ParquetFile

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.exchange.scoreframe.kinds import TooLarge


def parquet_rows(name: str, content: bytes, most_rows: int, most_bytes: int, remedy: str) -> pd.DataFrame:
    """The rows of a Parquet file. Raises DataError for more than `most_rows` or `most_bytes` of text, and for other
    text than UTF-8; pyarrow's ValueError for what is no Parquet.

    A file of 40 kB may hold twenty million rows, or one text a million times: text stays coded until it is measured.
    """
    whole = ParquetFile(io.BytesIO(content))
    if whole.metadata.num_rows > most_rows:
        counted = f"{whole.metadata.num_rows:,} rows, more than the {most_rows:,} of a score frame"
        raise TooLarge(f"{name!r} has {counted}; {remedy}")
    texts = [field.name for field in whole.schema_arrow if _is_text(field.type)]
    table = ParquetFile(io.BytesIO(content), read_dictionary=texts).read(use_threads=False)
    long = sum(_text_bytes(column) for column in table.columns if _is_coded_text(column.type))
    if long > most_bytes:
        raise TooLarge(f"{name!r} unpacks to {long / 2**20:,.0f} MB of text, more than {most_bytes / 2**20:,.0f} MB")
    return pd.DataFrame({column: _values(name, column, table.column(column)) for column in table.column_names})


def _is_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_string(kind) or pa.types.is_large_string(kind))


def _is_coded_text(kind: pa.DataType) -> bool:
    return bool(pa.types.is_dictionary(kind)) and _is_text(kind.value_type)


def _text_bytes(column: pa.ChunkedArray) -> int:
    """Bytes of a column's text once every row has its own."""
    total = 0
    for chunk in column.chunks:
        lengths = pc.binary_length(chunk.dictionary.cast(pa.large_binary()))
        total += pc.sum(lengths.take(chunk.indices)).as_py() or 0
    return total


def _values(name: str, column: str, values: pa.ChunkedArray) -> pd.Series:
    if not _is_coded_text(values.type):
        found = pd.Series(values.to_pandas())
        return found.astype(object) if pa.types.is_dictionary(values.type) else found
    rows: list[str | None] = []
    for chunk in values.chunks:
        known: dict[int | None, str | None] = {None: None}
        for place, text in enumerate(chunk.dictionary.cast(pa.large_binary()).to_pylist()):
            known[place] = _decoded(text)
        indices = chunk.indices.to_pylist()
        broken = {place for place, text in known.items() if text is None and place is not None}
        wrong = next((row for row, place in enumerate(indices, len(rows)) if place in broken), None)
        if wrong is not None:
            raise DataError(
                f"{name!r}: column {column}, row {wrong + 1:,}: text that is not UTF-8; write it anew as UTF-8"
            )
        rows += [known[place] for place in indices]
    return pd.Series(rows, dtype=object)


def _decoded(text: bytes) -> str | None:
    try:
        return text.decode()
    except UnicodeDecodeError:
        return None
