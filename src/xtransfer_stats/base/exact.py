"""Values as text and back, the same to the last bit: what a cache may keep, as reading it can run no code.

Plain values, arrays, frames, and data classes and enumerations of a list that the reader names.
"""

import base64
import json
from collections.abc import Callable, Mapping
from dataclasses import fields, is_dataclass
from enum import Enum
from typing import Any

import numpy as np
import pandas as pd

_KIND = ""  # the key under which a written value says what it is; a mapping of the user's is a list of pairs


class Exact:
    """Writes and reads values. types: the data classes and enumerations that may stand in them."""

    def __init__(self, *types: type):
        self._types = {one.__name__: one for one in types}

    def text(self, value: Any) -> str:
        """The value as JSON; raises TypeError for what is of no known type."""
        return json.dumps(self._written(value), ensure_ascii=False, separators=(",", ":"))

    def value(self, text: str) -> Any:
        """The value that `text` holds; raises ValueError where it holds none."""
        try:
            return self._read(json.loads(text))
        except (KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
            raise ValueError(f"no such value ({type(error).__name__})") from error

    def _written(self, value: Any) -> Any:
        if isinstance(value, Enum):
            return {_KIND: "member", "of": self._known(type(value)), "value": value.value}
        if isinstance(value, np.generic):
            return {_KIND: "scalar", **_bytes(np.asarray(value))}
        if value is None or isinstance(value, str | bool | int | float):
            return value
        if isinstance(value, list):
            return [self._written(one) for one in value]
        if isinstance(value, Mapping):
            pairs = [[self._written(key), self._written(inner)] for key, inner in value.items()]
            return {_KIND: "mapping", "pairs": pairs}
        if isinstance(value, tuple | frozenset):
            many = sorted(value) if isinstance(value, frozenset) else value
            return {_KIND: type(value).__name__, "of": [self._written(one) for one in many]}
        if isinstance(value, np.ndarray):
            return self._array(value)
        if isinstance(value, pd.DataFrame):
            return self._frame(value)
        if is_dataclass(value):
            inner = {one.name: self._written(getattr(value, one.name)) for one in fields(value)}
            return {_KIND: "record", "of": self._known(type(value)), "fields": inner}
        raise TypeError(f"{type(value).__name__} cannot be kept")

    def _known(self, kind: type) -> str:
        if self._types.get(kind.__name__) is not kind:
            raise TypeError(f"{kind.__name__} cannot be kept: name it")
        return kind.__name__

    def _array(self, values: Any) -> dict[str, Any]:
        if values.dtype.kind in "biuf":
            return {_KIND: "array", **_bytes(values)}
        if values.dtype.kind != "O":
            raise TypeError(f"an array of {values.dtype} cannot be kept")
        return {_KIND: "objects", "shape": list(values.shape), "of": [self._written(one) for one in values.ravel()]}

    def _frame(self, frame: pd.DataFrame) -> dict[str, Any]:
        columns = [self._column(frame.iloc[:, place].array) for place in range(frame.shape[1])]
        several = isinstance(frame.columns, pd.MultiIndex)
        heads = {"names": list(frame.columns.names), "several": several, "heads": self._written(list(frame.columns))}
        index = frame.index
        plain = isinstance(index, pd.RangeIndex) and index.equals(pd.RangeIndex(len(frame))) and index.name is None
        if isinstance(index, pd.MultiIndex):
            raise TypeError("a frame of several indices cannot be kept")
        rows = {"rows": len(frame)} if plain else {"index": self._column(index.array), "called": index.name}
        kind = None if several else str(frame.columns.dtype)
        return {_KIND: "frame", "columns": columns, **heads, **rows, "kind": kind}

    def _column(self, values: Any) -> dict[str, Any]:
        """One column: of numbers, its bytes; of texts or categories, which of a few each value is; else each value."""
        dtype = values.dtype
        if isinstance(dtype, pd.CategoricalDtype):
            of = self._column(dtype.categories.array)
            return {_KIND: "categories", **_bytes(values.codes), "of": of, "ordered": dtype.ordered}
        if isinstance(dtype, np.dtype) and dtype.kind in "biuf":
            return {_KIND: "array", **_bytes(values.to_numpy())}
        if isinstance(dtype, pd.StringDtype):
            codes, texts = pd.factorize(values)
            return {_KIND: "texts", **_bytes(codes.astype(np.int32)), "of": [str(one) for one in texts],
                    "storage": dtype.storage, "nan": dtype.na_value is not pd.NA}  # fmt: skip
        return self._array(np.asarray(values))

    def _read(self, written: Any) -> Any:
        if isinstance(written, list):
            return [self._read(one) for one in written]
        return self._readers[written[_KIND]](self, written) if isinstance(written, dict) else written

    def _record(self, written: dict[str, Any]) -> Any:
        return self._types[written["of"]](**{name: self._read(inner) for name, inner in written["fields"].items()})

    def _objects(self, written: dict[str, Any]) -> Any:
        values = np.empty(len(written["of"]), dtype=object)
        values[:] = [self._read(one) for one in written["of"]]
        return values.reshape(written["shape"])

    def _framed(self, written: dict[str, Any]) -> pd.DataFrame:
        columns = {place: self._read(one) for place, one in enumerate(written["columns"])}
        index = pd.RangeIndex(written["rows"]) if "rows" in written else pd.Index(self._read(written["index"]))
        frame = pd.DataFrame(columns, index=index if "rows" in written else index.rename(written["called"]))
        heads = self._read(written["heads"])
        if written["several"]:
            frame.columns = pd.MultiIndex.from_tuples(heads, names=written["names"])
        else:
            dtype = None if written["kind"] == "object" and not heads else written["kind"]
            frame.columns = pd.Index(heads, dtype=dtype, name=written["names"][0])
        return frame

    _readers: Mapping[str, Callable[["Exact", dict[str, Any]], Any]] = {
        "mapping": lambda self, one: {self._read(key): self._read(inner) for key, inner in one["pairs"]},
        "tuple": lambda self, one: tuple(self._read(inner) for inner in one["of"]),
        "frozenset": lambda self, one: frozenset(self._read(inner) for inner in one["of"]),
        "member": lambda self, one: self._types[one["of"]](one["value"]),
        "record": _record,
        "scalar": lambda self, one: _array_of(one)[()],
        "array": lambda self, one: _array_of(one),
        "objects": _objects,
        "categories": lambda self, one: pd.Categorical.from_codes(
            _array_of(one), categories=self._read(one["of"]), ordered=one["ordered"]
        ),
        "texts": lambda self, one: _texts(one),
        "frame": _framed,
    }


def _bytes(values: Any) -> dict[str, Any]:
    held = np.ascontiguousarray(values)
    return {
        "dtype": held.dtype.str,
        "shape": list(np.shape(values)),
        "bytes": base64.b64encode(held.tobytes()).decode("ascii"),
    }


def _array_of(written: dict[str, Any]) -> Any:
    dtype = np.dtype(written["dtype"])
    if dtype.kind not in "biuf":
        raise ValueError(f"an array of {dtype} is none that was kept")
    return np.frombuffer(base64.b64decode(written["bytes"]), dtype=dtype).reshape(written["shape"]).copy()


def _texts(written: dict[str, Any]) -> Any:
    missing: Any = np.nan if written["nan"] else pd.NA
    dtype = pd.StringDtype(written["storage"], na_value=missing)
    return pd.array(written["of"], dtype=dtype).take(_array_of(written), allow_fill=True)
