"""Cross-products of the lead's columns with all others, sparse where most of their tables would be empty."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from xtransfer_stats.mixedmodels.likelihood.designcolumns import DesignColumns, product_of
from xtransfer_stats.mixedmodels.likelihood.links import DenseLinks, Links
from xtransfer_stats.mixedmodels.likelihood.sparselinks import Places, SparseLinks, SparseTables
from xtransfer_stats.mixedmodels.randomterms import Array

SPARSE = 4  # a table with more entries than so many times the rows is mostly empty
SMALL = 10_000  # entries; so small a table is kept dense anyway
MOST_PRODUCTS = 30_000_000  # of two entries of a level's sparse tables, that are kept: 0.4 GB

Rows = slice | NDArray[np.bool_]


def linked(
    lead: DesignColumns, rest: Sequence[DesignColumns], known: Array, masks: Sequence[Rows]
) -> tuple[Links, ...]:
    """lead' [rest | known] of the rows of each mask, known (p, n): of one kind, and sparse at the same places."""
    if lead.levels * sum(part.levels * len(part.covariates) for part in rest) > SPARSE * len(lead.codes) + SMALL:
        return _sparse(lead, rest, known, masks)
    return tuple(_dense(lead.rows(m), [part.rows(m) for part in rest], known[:, m]) for m in masks)


def _shape(lead: DesignColumns) -> tuple[int, int, int]:
    return len(lead.covariates), lead.levels, -1


def _dense(lead: DesignColumns, rest: Sequence[DesignColumns], known: Array) -> DenseLinks:
    table = np.hstack([*(lead.with_other(part) for part in rest), lead.onto(known)])
    return DenseLinks(np.ascontiguousarray(table).reshape(_shape(lead)))


def _sparse(
    lead: DesignColumns, rest: Sequence[DesignColumns], known: Array, masks: Sequence[Rows]
) -> tuple[SparseLinks, ...]:
    met = [np.unique(lead.codes * part.levels + part.codes, return_inverse=True) for part in rest]
    places, order = _places(lead, rest, [pairs for pairs, _ in met])
    wheres = [where for _, where in met]
    links = []
    for m in masks:
        some, first = [part.rows(m) for part in rest], lead.rows(m)
        counted = list(zip(some, [(w[m], int(w.max()) + 1) for w in wheres], strict=True))
        entries = [_entries(x, counted)[order] for x in first.covariates]
        beside = np.ascontiguousarray(first.onto(known[:, m])).reshape(_shape(lead))
        links.append(SparseLinks(SparseTables(places, np.array(entries)), beside))
    return tuple(links)


def _places(
    lead: DesignColumns, rest: Sequence[DesignColumns], met: Sequence[Array]
) -> tuple[Places, NDArray[np.intp]]:
    """Where levels meet columns, and the order that sorts by level what is made part by part."""
    rows, columns, start = [], [], 0
    for part, pairs in zip(rest, met, strict=True):
        for _ in part.covariates:
            rows.append(pairs // part.levels)
            columns.append(start + pairs % part.levels)
            start += part.levels
    row, column = np.concatenate(rows), np.concatenate(columns)
    order = np.lexsort((column, row))
    entries, k = np.bincount(row, minlength=lead.levels), len(lead.covariates)
    starts = np.concatenate([[0], np.cumsum(entries)])
    kept = int(np.sum(entries * (entries + 1) // 2)) * k * (k + 1) // 2 <= MOST_PRODUCTS
    return Places(starts.astype(np.int32), column[order].astype(np.int32), start, kept), order


def _entries(x: Array | None, parts: Sequence[tuple[DesignColumns, tuple[Array, int]]]) -> Array:
    """Sums of the products of a covariate of the lead with those of the rest, by the pairs of levels that meet."""
    return np.concatenate(
        [
            np.bincount(where, product_of(x, y), size).astype(float)
            for part, (where, size) in parts
            for y in part.covariates
        ]
    )
