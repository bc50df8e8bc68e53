"""What the verbs return: results that show themselves in a session and in a notebook, and write their reports."""

from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping
from functools import cached_property
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xtransfer_stats.base import formats
from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.base.resources import nearest

if TYPE_CHECKING:
    import pandas as pd

    from xtransfer_stats.report.tables.table import Table

KEY_COLUMNS = ("contrast", "estimate", "conf_low", "conf_high", "p_value", "p_adjusted")
Progress = Callable[[int, int], None]


class Result(ABC):
    """What a verb found. Its text is the answer with the rows that carry it; in a notebook a chart stands below."""

    @property
    @abstractmethod
    def answer(self) -> str:
        """The result in a sentence or two."""

    @abstractmethod
    def frame(self) -> "pd.DataFrame":
        """The rows of the result, in full precision; points on 0-100."""

    @abstractmethod
    def to_dict(self) -> dict[str, Any]:
        """Everything in plain values, as `--json` of the command line prints it; NaN is None."""

    @property
    def key_rows(self) -> "pd.DataFrame":
        """The rows of `frame()` that carry the answer."""
        return self.frame()

    @property
    def drawings(self) -> Mapping[str, Callable[[], Any]]:
        """Chart's name -> what draws it, as an Altair chart or None where the result has no row for it."""
        return {}

    @cached_property
    def _tables(self) -> Mapping[str, "Table"]:
        return {table.name: table for table in self.made_tables()}

    def made_tables(self) -> "Iterable[Table]":
        """The tables of the report."""
        return []

    @cached_property
    def _charts(self) -> dict[str, Any]:
        drawn = {name: draw() for name, draw in self.drawings.items()}
        return {name: chart for name, chart in drawn.items() if chart is not None}

    @property
    def charts(self) -> tuple[str, ...]:
        """Names of the charts that the result has rows for."""
        return tuple(self._charts)

    @property
    def tables(self) -> tuple[str, ...]:
        """Names of the tables that the result has rows for."""
        return tuple(self._tables)

    def chart(self, name: str | None = None) -> Any:
        """An Altair chart. Raises RecipeError with the names there are where `name` is none of them."""
        return _chosen("chart", name, self._charts)

    def table(self, name: str | None = None) -> "Table":
        """A table of the report. Raises RecipeError with the names there are where `name` is none of them."""
        return _chosen("table", name, self._tables)

    def write(self, folder: str | Path, progress: Progress | None = None) -> list[Path]:
        """Write the report into a folder, which is made if need be; returns the files.

        progress: told how many files of how many are written. Raises DataError when it cannot be written.
        """
        raise NotImplementedError(f"{type(self).__name__} has no report")

    def __repr__(self) -> str:
        return f"{self.answer}\n{_shown(self.key_rows).to_string(index=False)}"

    def _repr_html_(self) -> str:
        parts = [f"<p>{escape(self.answer)}</p>", self._html_table(), self._html_chart()]
        return "\n".join(part for part in parts if part)

    def _html_table(self) -> str:
        if self._tables:
            return next(iter(self._tables.values())).to_html()
        return _shown(self.key_rows).to_html(index=False)

    def _html_chart(self) -> str:
        from xtransfer_stats.report.charts import export
        from xtransfer_stats.report.escape import cleaned

        chart = next((found for draw in self.drawings.values() if (found := draw()) is not None), None)
        return "" if chart is None else export.svg(cleaned(chart.to_dict()))


def _shown(rows: "pd.DataFrame") -> "pd.DataFrame":
    """The columns that carry a result where the rows are of a result frame, numbers as the tables write them."""
    import pandas as pd

    kept = rows[[name for name in KEY_COLUMNS if name in rows]] if KEY_COLUMNS[0] in rows else rows
    write = {name: formats.p_value if name.startswith("p_") else formats.number for name in kept}
    numbers = [name for name in kept if pd.api.types.is_float_dtype(kept[name])]
    return kept.assign(**{name: kept[name].map(write[name]) for name in numbers})


def _chosen(kind: str, name: str | None, known: Mapping[str, Any]) -> Any:
    if name is not None and name in known:
        return known[name]
    what = f"name a {kind}: " if name is None else f"no {kind} {name!r}: {nearest(name, known)}"
    raise RecipeError(f"{what}there are {', '.join(known) or 'none'}")
