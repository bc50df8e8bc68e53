"""Which run and cell each score is of: by the user's word, by headings, by names of columns, by the values in them.

What is found first stands: constants, mapped columns, the pattern's names, headings, columns of a known name, names
taken apart. Where two readings are left, the import stops and names the option that decides.
"""

import pandas as pd

from xtransfer_stats.base.usertext import few, shown
from xtransfer_stats.exchange.imports import nameparts
from xtransfer_stats.exchange.imports.columns import Roles
from xtransfer_stats.exchange.imports.conditions import conditions
from xtransfer_stats.exchange.imports.mapping import Wishes
from xtransfer_stats.exchange.imports.melted import IN_HEADING, NAMED, SOURCE, Melted
from xtransfer_stats.exchange.imports.raw import spelled
from xtransfer_stats.exchange.imports.seeds import seeds_from_names
from xtransfer_stats.exchange.imports.told import JOINT, TOLD, Dimensions
from xtransfer_stats.exchange.scoreframe.headings import (
    BACKBONE,
    COLUMNS,
    CONDITION,
    COUNT,
    ERROR,
    LANGUAGE,
    METRIC,
    SCORE,
    SET,
    TASK,
)
from xtransfer_stats.tasks.isocodes import language_code

MOST_ROWS_OF_NAME = 0.8  # of an unnamed column's values that are languages, where it is one of languages


def dimensions(melted: Melted, roles: Roles, wishes: Wishes) -> Dimensions:
    """The run and cell of every score. Raises DataError where two readings are possible."""
    rows = melted.rows
    texts = rows.drop(columns=["score", "std_error", "percent"], errors="ignore").fillna("").astype(str)
    empty = pd.DataFrame("", index=rows.index, columns=list(TOLD))
    numbers = {name: rows[name] for name in ("percent", SOURCE)}
    errors = (
        pd.to_numeric(rows["std_error"], errors="coerce")
        if "std_error" in rows
        else pd.Series(float("nan"), index=rows.index)
    )
    told = Dimensions(empty.assign(**{SCORE: rows["score"].astype(float), ERROR: errors.astype(float)}, **numbers))
    _by_word(told, texts, roles, wishes)
    if _own(told) and CONDITION not in (*wishes.columns, *wishes.constants):
        told.frame[CONDITION] = ""  # the variant, or another setting of a study of ours
        told.found.pop(CONDITION, None)
    if not _own(told):
        _spare(told, texts, roles)
        _apart(told, wishes)
        seeds_from_names(told, wishes)
        conditions(told, wishes)
    return told


def _own(told: Dimensions) -> bool:
    """Whether the rows are of a study of ours, whose treatment is a task count."""
    return not (told.lacks(COUNT) and told.lacks(SET))


def _by_word(told: Dimensions, texts: pd.DataFrame, roles: Roles, wishes: Wishes) -> None:
    """What the user, the pattern, headings and columns of known names say."""
    named: dict[str, list[str]] = {}
    for heading, name in roles.index.items():
        if name and spelled(heading) in texts:
            named.setdefault(name, []).append(spelled(heading))
    for name in TOLD:
        if name in wishes.constants and name != METRIC:  # a metric asked for keeps its rows among others (finish)
            told.tell(name, [wishes.constants[name]] * len(texts), "")
        elif columns := roles.wished.get(name, []):
            told.tell(name, texts[columns].agg(JOINT.join, axis=1) if len(columns) > 1 else texts[columns[0]], "")
            continue
        if name in texts and name not in named.get(name, []):
            told.tell(name, texts[name], "the pattern")
        if IN_HEADING + name in texts:
            told.tell(name, texts[IN_HEADING + name], "headings")
        for column in named.get(name, []):
            told.tell(name, texts[column], column)
    if SCORE in wishes.columns:
        told.found[SCORE] = wishes.columns[SCORE]


def _spare(told: Dimensions, texts: pd.DataFrame, roles: Roles) -> None:
    """The columns that have no meaning yet: of the path, of the table, words of headings."""
    used = {spelled(heading) for heading, name in roles.index.items() if name and name not in (CONDITION, BACKBONE)}
    used |= {column for columns in roles.wished.values() for column in columns}
    for column in texts:
        plainly = column.startswith(IN_HEADING) or column in (SOURCE, *COLUMNS)
        if column not in used and (not plainly or column == IN_HEADING + NAMED) and (texts[column] != "").any():
            told.spare[column.removeprefix(IN_HEADING)] = texts[column]


def _apart(told: Dimensions, wishes: Wishes) -> None:
    """Languages, tasks and metrics in the values of columns that are called nothing of the kind."""
    for column, values in list(told.spare.items()):
        names = list(values.unique())
        if "" in names:
            continue
        _languages_of_unnamed(told, column, values)
        found = nameparts.parts(names)
        fresh = {name: dict(zip(names, said, strict=True)) for name, said in found.said.items() if told.lacks(name)}
        if CONDITION in told.found and told.found[CONDITION] == column:
            fresh.pop(METRIC, None)
        if not fresh or column in wishes.columns.values():
            continue
        for name, said in fresh.items():
            told.tell(name, values.map(said), column)
        if set(fresh) == set(found.said):
            told.spare[column] = values.map(dict(zip(names, found.rest, strict=True)))
    if NAMED in told.spare and told.lacks(TASK) and not told.lacks(CONDITION):
        told.tell(TASK, told.spare.pop(NAMED), "headings")


def _languages_of_unnamed(told: Dimensions, column: str, values: pd.Series) -> None:
    """A column without a heading, most of whose values are languages, is one of languages."""
    names = list(values.unique())
    known = [name for name in names if language_code(name)]
    unnamed = column.startswith("(no heading)") or column == ""
    if unnamed and told.lacks(LANGUAGE) and len(known) > 2 and len(known) >= MOST_ROWS_OF_NAME * len(names):
        told.tell(LANGUAGE, values, "the column without a heading")
        del told.spare[column]
        strangers = [shown(name) for name in names if name not in known]
        if strangers:
            told.notes.append(f"Languages that are in no list here: {few(strangers, 6)}.")
