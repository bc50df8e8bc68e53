"""The cell-level model whole, for the general engine: what its independent parts are held against.

Every run and cell is a row, and every variance a term of its own: no use is made of the cells being complete.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from xtransfer_stats.mixedmodels.mixed import MixedFit, fit_mixed
from xtransfer_stats.mixedmodels.randomterms import RandomTerm
from xtransfer_stats.stats.celllevel.celldata import CellData
from xtransfer_stats.stats.celllevel.parts import NONE, LuckTerm, Slopes

Array = NDArray[np.float64]
Codes = NDArray[np.int64]


@dataclass(frozen=True)
class CellRows:
    """Rows run by run, cells within a run: score, and the place of its run, cell and count; (n,) each."""

    data: CellData
    score: Array
    run: Codes
    cell: Codes
    place: Codes

    @property
    def task(self) -> Codes:
        """Target task of each row."""
        return self.data.task[self.cell]

    def luck(self, terms: tuple[LuckTerm, ...]) -> list[RandomTerm]:
        """Terms of luck, zero in the runs that a term leaves out."""
        return [
            _term(
                one.group,
                one.runs[self.run] * (one.tasks.max() + 1) + one.tasks[self.task],
                one.runs[self.run] != NONE,
            )
            for one in terms
        ]

    def slopes(self, slopes: Slopes) -> list[RandomTerm]:
        """Slopes of languages, a variance a count, and within target tasks, a variance a task."""
        language = self.data.language[self.cell]
        terms = []
        if slopes.language:
            at_count = (self.place[:, None] == 1 + np.arange(len(self.data.counts))).astype(float)
            names = tuple(f"count{count}" for count in self.data.counts)
            levels = len(self.data.languages)
            terms.append(RandomTerm("language", language, levels, at_count, names, correlated=False))
        for task in slopes.tasks:
            here = (self.place > 0) & (self.task == task)
            codes = self.place * len(self.data.languages) + language
            terms.append(_term(f"language:{self.data.tasks[task]}", np.where(here, codes, -1), here))
        return terms


def _term(group: str, codes: Codes, inside: NDArray[np.bool_]) -> RandomTerm:
    levels, compact = np.unique(codes, return_inverse=True)
    return RandomTerm(group, compact, len(levels), inside.astype(float)[:, None], ("1",), correlated=False)


def cell_rows(data: CellData) -> CellRows:
    """The rows of a complete table."""
    runs, cells = data.table.scores.shape
    run = np.repeat(np.arange(runs), cells)
    return CellRows(data, data.table.scores.ravel(), run, np.tile(np.arange(cells), runs), data.place[run])


def fixed_effects(rows: CellRows) -> Array:
    """0 + cell + count:target_task, counts first: (n, C + counts x T)."""
    cells, counts, tasks = len(rows.data.cells), len(rows.data.counts), len(rows.data.tasks)
    own = rows.cell[:, None] == np.arange(cells)
    effects = ((rows.place - 1) * tasks + rows.task)[:, None] == np.arange(counts * tasks)
    return np.hstack([own, effects & (rows.place > 0)[:, None]]).astype(float)


def whole_fit(data: CellData, luck: tuple[LuckTerm, ...], slopes: Slopes | None, *, by_task: bool = True) -> MixedFit:
    """The general engine's fit; slopes None: every cell mean at every count is a fixed effect.

    by_task: a residual variance a target task.
    """
    rows = cell_rows(data)
    if slopes is None:
        size = len(data.runs_at) * len(data.cells)
        X = ((rows.place * len(data.cells) + rows.cell)[:, None] == np.arange(size)).astype(float)
    else:
        X = fixed_effects(rows)
    terms = [*rows.luck(luck), *(rows.slopes(slopes) if slopes else [])]
    names = [f"x{i}" for i in range(X.shape[1])]
    return fit_mixed(rows.score, X, names, terms, residual_groups=rows.task if by_task else None)
