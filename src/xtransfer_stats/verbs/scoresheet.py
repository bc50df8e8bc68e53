"""A table of scores that is in no store, as it was found: a file, read once, or a frame of the caller's."""

from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Self

import pandas as pd

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.resources import nearest
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.exchange import anyscores
from xtransfer_stats.exchange.anyscores import Arrived
from xtransfer_stats.exchange.scoreframe import tablefile
from xtransfer_stats.exchange.scoreframe.asked import NOTHING, Asked, read_as, taken_for
from xtransfer_stats.exchange.scoreframe.kinds import TooLarge
from xtransfer_stats.exchange.scoreframe.scale import Scale
from xtransfer_stats.exchange.scoreframe.understood import Understood, understood
from xtransfer_stats.stats.core.frame import BACKBONE, CONDITION, by_backbone, predictions_beside
from xtransfer_stats.stats.published.gains import is_published
from xtransfer_stats.verbs.instore import require_backbone

MOST_NAMED = 12  # studies of a table that an error lists


@dataclass(frozen=True, eq=False)
class ScoreSheet:
    """A table of scores that is in no store: a file, read once, or a frame of the caller's.

    A published table that travels with the package is found by its file's name from anywhere. scale: what scores are
    multiplied by to be points, where they say nothing of it themselves (exchange.scoreframe.scale).
    """

    path: Path | None
    given: pd.DataFrame | None = None
    scale: Scale = None
    study: str | None = None  # whose rows are meant, where the table holds several
    asked: Asked = NOTHING  # of a table that compares conditions
    backbone: str | None = None  # whose rows are meant, where the study has several

    @cached_property
    def _file(self) -> tuple[Path, bytes]:
        path = self.path or Path()
        file = path if path.exists() else resources.shipped_table(path.name) or path
        return file, tablefile.frame_content(file)

    @cached_property
    def _literal(self) -> tablefile.Rows:
        """The rows with every text as it is written."""
        read = tablefile.Rows(self.given) if self.given is not None else tablefile.literal(*self._file)
        return read if self.study is None else replace(read, rows=_of_study(read.rows, self.study))

    @cached_property
    def _arrived(self) -> Arrived | None:
        """The rows as an import reads them, where they are not plainly a table of scores; else None."""
        if self.path is not None and anyscores.takes(self.path):
            return anyscores.of_place(self.path, self.asked, self.scale)
        source = self.path if self.path is not None and self.path.exists() and self.study is None else None
        try:
            rows = self._literal.rows
        except DataError as error:
            if source is None or isinstance(error, TooLarge):
                raise
            return anyscores.of_place(source, self.asked, self.scale, error)
        if self._is_published:
            return None
        return anyscores.of_rows(rows, source, self.asked, self.scale)

    @property
    def account(self) -> tuple[str, ...]:
        """How the rows were read, in sentences; none where their columns have our own names."""
        if self._arrived is not None:
            return self._arrived.account
        said = read_as(self._literal.rows, self.asked)
        return (said,) if said else ()

    @property
    def _is_published(self) -> bool:
        return not self.asked and is_published(self._literal.rows)

    @cached_property
    def published(self) -> pd.DataFrame | None:
        """The rows of a published table (single runs without seeds); None where this is none."""
        if self._arrived is not None or not self._is_published:
            return None
        rows = self.given if self.given is not None else tablefile.parsed(*self._file)
        return rows if self.study is None else _of_study(rows, self.study)

    @cached_property
    def _understood(self) -> Understood:
        if (read := self._arrived) is not None:
            name = self.path.name if self.path is not None else "frame"
            found = understood(read.rows, name, 1.0, anyscores.in_points(self.asked))
            return replace(found, notes=(*read.account, *found.notes))
        if self.path is not None and self._file[0] != self.path:
            tablefile.content(self.path)  # what travels along and is no published table is not meant
        return understood(
            self._literal.rows, self.path.name if self.path is not None else "frame", self.scale, self.asked
        )

    @property
    def frame(self) -> pd.DataFrame:
        """The score frame; raises DataError where the rows are none."""
        return self._of_backbone

    @cached_property
    def _of_backbone(self) -> pd.DataFrame:
        frame = self._understood.frame
        if self.backbone is None:
            return frame
        require_backbone(self.backbone, tuple(by_backbone(frame)))
        return frame[frame[BACKBONE] == self.backbone].reset_index(drop=True)

    @property
    def backbone_asked(self) -> str | None:
        """The backbone of a study of several whose rows are meant."""
        return self.backbone

    def of_backbone(self, name: str) -> Self:
        """The rows of one of the study's backbones; `frame` raises DataError for a name that is none of them."""
        return replace(self, backbone=name)

    @property
    def treatment(self) -> str:
        """What varies, by the table's own name of it."""
        if self._arrived is not None:
            return self._arrived.treatment
        return self.asked.columns.get(CONDITION) or taken_for(self._literal.rows, CONDITION) or CONDITION

    @property
    def notes(self) -> tuple[str, ...]:
        """A sentence for each thing that was repaired or supposed in the rows."""
        return self._understood.notes if self._arrived is not None else (*self._literal.notes, *self._understood.notes)

    def predictions(self) -> pd.DataFrame:
        """Outcomes of every test example, written beside the exported file; raises DataError where there are none."""
        if self.path is None:
            raise DataError("items: a frame has no file of predictions beside it: give a frame of them", ["items"])
        beside = predictions_beside(self.path)
        if not beside.is_file():
            remedy = f"`xstats export --output {self.path.name}` writes both"
            raise DataError(f"items: no {beside.name} beside {self.path.name}; {remedy}", ["items"])
        return pd.read_parquet(beside)


def _of_study(rows: pd.DataFrame, study: str) -> pd.DataFrame:
    """The rows of one study; raises DataError with the studies there are."""
    wanted = f"study {shown(study)}"
    if "study" not in rows:
        raise DataError(f"{wanted}: the table has no column study, so it holds one; leave it out", [wanted])
    own = rows[rows["study"].astype(str) == study]
    if own.empty:
        known = sorted({str(name) for name in rows["study"]})
        several = ", ".join(map(shown, known[:MOST_NAMED])) + (" and others" if len(known) > MOST_NAMED else "")
        raise DataError(f"{wanted} is not in the table: {nearest(study, known)}It holds: {several}", [wanted])
    return own.reset_index(drop=True)
