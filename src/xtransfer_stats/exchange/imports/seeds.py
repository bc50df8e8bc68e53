"""Seeds out of names, where no column has them, and out of the names that repeat them."""

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import few, shown
from xtransfer_stats.exchange.imports import nameparts
from xtransfer_stats.exchange.imports.mapping import Wishes
from xtransfer_stats.exchange.imports.told import Dimensions
from xtransfer_stats.exchange.scoreframe.headings import CONDITION, LANGUAGE, METRIC, SEED, TASK, WEAK_SEEDS
from xtransfer_stats.exchange.scoreframe.names import plain


def seeds_from_names(told: Dimensions, wishes: Wishes) -> None:
    """Seeds out of names, where no column has them; what is left of a name stays a name."""
    if not told.lacks(SEED) and wishes.seed_from is None:
        _stripped(told)
        return
    if wishes.seed_from is not None:
        told.frame[SEED] = ""
    columns = {CONDITION: told.frame[CONDITION]} if not told.lacks(CONDITION) else {}
    columns |= told.spare
    for column, values in columns.items():
        names = list(values.unique())
        if found := nameparts.seeds(names, wishes.seed_from):
            _take_seeds(told, column, values, names, found)
            return
    if wishes.seed_from is not None:
        shown_names = few([shown(name) for values in columns.values() for name in values.unique()], 4)
        raise DataError(
            f"seed_from {wishes.seed_from!r} fits not all names of any column: {shown_names}", ["seed_from"]
        )
    if wishes.number_seeds:  # the names are taken as they are
        return
    for column, values in told.spare.items():
        if (
            plain(column.split("/")[-1]) in WEAK_SEEDS
            and values.str.fullmatch(r"\d{1,9}").all()
            and values.nunique() > 1
        ):
            told.tell(SEED, values, column)
            told.notes.append(f"Column {column} is taken for the seed: nothing else is called one.")
            del told.spare[column]
            return
    for column, values in columns.items():
        names = list(values.unique())
        if (
            values.nunique() > 1
            and not all(map(nameparts.STAMP.search, names))
            and _differs_within_cells(told, values)
            and (found := nameparts.differing_number(names))
        ):
            _take_seeds(told, column, values, names, found)
            told.notes.append(f"The number that differs between names of {column} is taken for the seed.")
            return


def _differs_within_cells(told: Dimensions, values: pd.Series) -> bool:
    """Whether names differ between scores of one cell: what differs between cells alone is no seed."""
    cells = told.frame[[TASK, LANGUAGE, METRIC]].assign(name=values)
    return bool((cells.groupby([TASK, LANGUAGE, METRIC])["name"].nunique() > 1).any())


def _take_seeds(told: Dimensions, column: str, values: pd.Series, names: list[str], found: nameparts.Parts) -> None:
    told.tell(SEED, values.map(dict(zip(names, found.said[SEED], strict=True))), f"names of {column}")
    rest = values.map(dict(zip(names, found.rest, strict=True)))
    if column == CONDITION:
        told.frame[CONDITION] = rest
    if column in told.spare:
        told.spare[column] = rest


def _stripped(told: Dimensions) -> None:
    """The seed, known already, taken out of the names that repeat it: "xlmr-seed1" of seed 1 is xlmr."""
    targets: dict[str, pd.Series] = {CONDITION: told.frame[CONDITION]} | told.spare
    for column, values in targets.items():
        names = list(values.unique())
        found = nameparts.seeds(names) if names != [""] else None
        if found is None:
            continue
        said = dict(zip(names, found.said[SEED], strict=True))
        if (values.map(said).astype(float) == pd.to_numeric(told.frame[SEED], errors="coerce")).all():
            rest = values.map(dict(zip(names, found.rest, strict=True)))
            if column == CONDITION:
                told.frame[CONDITION] = rest
            else:
                told.spare[column] = rest
