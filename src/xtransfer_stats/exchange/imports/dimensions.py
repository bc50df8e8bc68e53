"""Which run and cell each score is of: by the user's word, by headings, by names of columns, by the values in them.

What is found first stands: constants, mapped columns, the pattern's names, headings, columns of a known name, names
taken apart. Where two readings are left, the import stops and names the option that decides.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import few, shown
from xtransfer_stats.exchange.imports import nameparts
from xtransfer_stats.exchange.imports.columns import Roles
from xtransfer_stats.exchange.imports.mapping import Wishes
from xtransfer_stats.exchange.imports.melted import IN_HEADING, NAMED, SOURCE, Melted
from xtransfer_stats.exchange.imports.raw import spelled
from xtransfer_stats.exchange.imports.vocabulary import (
    BACKBONE,
    BENCHMARK,
    COLUMNS,
    CONDITION,
    COUNT,
    DRAW,
    ERROR,
    EXAMPLES,
    LANGUAGE,
    METRIC,
    SCORE,
    SEED,
    SET,
    TASK,
    WEAK_SEEDS,
)
from xtransfer_stats.exchange.scoreframe.names import plain
from xtransfer_stats.tasks.isocodes import language_code

TOLD = (SEED, CONDITION, DRAW, TASK, LANGUAGE, METRIC, EXAMPLES, BENCHMARK, BACKBONE, COUNT, SET)
MOST_ROWS_OF_NAME = 0.8  # of an unnamed column's values that are languages, where it is one of languages
JOINT = "/"


@dataclass
class Dimensions:
    """frame: a score a row, the columns of a frame as texts, "" where nothing tells them. found: column of the frame ->
    what told it. spare: columns that are none of these yet, by their spelling."""

    frame: pd.DataFrame
    found: dict[str, str] = field(default_factory=dict)
    spare: dict[str, pd.Series] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)

    def lacks(self, name: str) -> bool:
        """Whether no row is told this column."""
        return bool((self.frame[name] == "").all())

    def tell(self, name: str, values: Sequence[str], by: str) -> None:
        """Fill a column's empty rows from values, and remember what told it."""
        own = self.frame[name]
        self.frame[name] = own.where(own != "", pd.Series(list(values), index=own.index))
        if by and self.frame[name].ne(own).any():
            self.found[name] = f"{self.found[name]}, {by}" if name in self.found else by


def dimensions(melted: Melted, roles: Roles, wishes: Wishes) -> Dimensions:
    """The run and cell of every score. Raises DataError where two readings are possible."""
    rows = melted.rows
    texts = rows.drop(columns=["score", "std_error", "percent"], errors="ignore").fillna("").astype(str)
    empty = pd.DataFrame("", index=rows.index, columns=list(TOLD))
    numbers = {name: rows[name] for name in ("percent", SOURCE)}
    errors = rows["std_error"] if "std_error" in rows else pd.Series(float("nan"), index=rows.index)
    told = Dimensions(empty.assign(**{SCORE: rows["score"].astype(float), ERROR: errors.astype(float)}, **numbers))
    _by_word(told, texts, roles, wishes)
    if not _own(told):
        _spare(told, texts, roles)
        _apart(told, wishes)
        _seeds(told, wishes)
        _conditions(told, wishes)
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
        if name in wishes.constants and not (name == METRIC and "/" in wishes.constants[name]):
            if name != METRIC:
                told.tell(name, [wishes.constants[name]] * len(texts), "")
        elif name in wishes.columns:
            columns = roles.wished.get(name, [])
            if columns:
                told.tell(name, texts[columns].agg(JOINT.join, axis=1) if len(columns) > 1 else texts[columns[0]], "")
            continue
        if name in texts and name not in named.get(name, []):
            told.tell(name, texts[name], "the pattern")
        if IN_HEADING + name in texts:
            told.tell(name, texts[IN_HEADING + name], "headings")
        for column in named.get(name, []):
            told.tell(name, texts[column], column)
    if METRIC in wishes.constants:
        told.tell(METRIC, [wishes.constants[METRIC]] * len(texts), "")
    if SCORE in wishes.columns:
        told.found[SCORE] = wishes.columns[SCORE]


def _spare(told: Dimensions, texts: pd.DataFrame, roles: Roles) -> None:
    """The columns that have no meaning yet: of the path, of the table, words of headings."""
    used = {spelled(heading) for heading, name in roles.index.items() if name and name not in (CONDITION, BACKBONE)}
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


def _seeds(told: Dimensions, wishes: Wishes) -> None:
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
        raise DataError(f"seed_from {wishes.seed_from!r} fits not all names of any column: {shown_names}", ["seed_from"])
    for column, values in told.spare.items():
        if plain(column.split("/")[-1]) in WEAK_SEEDS and values.str.fullmatch(r"\d{1,9}").all() and values.nunique() > 1:
            told.tell(SEED, values, column)
            told.notes.append(f"Column {column} is taken for the seed: nothing else is called one.")
            del told.spare[column]
            return
    for column, values in columns.items():
        names = [name for name in values.unique()]
        if values.nunique() > 1 and not all(map(nameparts.STAMP.search, names)) and (found := nameparts.differing_number(names)):
            if _differs_within_cells(told, values):
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


def _conditions(told: Dimensions, wishes: Wishes) -> None:
    """The condition, where no column names it: the one thing that varies and is told by nothing else."""
    if not told.lacks(CONDITION) and (told.frame[CONDITION].nunique() > 1 or CONDITION in (*wishes.columns, *wishes.constants)):
        return
    constant = told.frame[CONDITION].iloc[0] if not told.lacks(CONDITION) else ""
    chosen = _chosen(told)
    if chosen is None:
        if constant:
            return
        sources = told.frame[SOURCE].unique()
        name = sources[0].rsplit("/", 1)[-1].split(".")[0] if len(sources) == 1 else "all"
        told.frame[CONDITION] = name
        told.notes.append(f"One condition alone, called {name!r}: nothing in the results names another. set condition=NAME calls it otherwise.")
        return
    column, values = chosen
    if constant and told.lacks(BACKBONE):
        told.frame[BACKBONE] = constant
    told.frame[CONDITION] = values
    told.found[CONDITION] = column


def _chosen(told: Dimensions) -> tuple[str, pd.Series] | None:
    """What is the condition among the columns without a meaning; raises DataError where several could be."""
    varied = {name: values for name, values in told.spare.items() if _may_be(told, values)}
    if NAMED in varied:
        return NAMED, varied[NAMED]
    of_path = {name: values for name, values in varied.items() if _in_path(name)}
    of_table = {name: values for name, values in varied.items() if name not in of_path}
    texts = {name: values for name, values in of_table.items() if pd.to_numeric(values, errors="coerce").isna().any()}
    for group in (texts, of_table):
        if group:
            return _with_place(told, *_finest(group), of_path)
    if of_path:
        joined = pd.DataFrame(of_path).agg(lambda row: JOINT.join(part for part in row if part), axis=1)
        return ", ".join(of_path), joined
    return None


def _with_place(
    told: Dimensions, name: str, values: pd.Series, of_path: dict[str, pd.Series]
) -> tuple[str, pd.Series]:
    """A condition of a table, with its file before it where several files have the same levels for the same cells."""
    cells = told.frame[[SEED, TASK, LANGUAGE, METRIC]].assign(condition=values)
    if not of_path or not cells.duplicated().any():
        return name, values
    parts = pd.DataFrame({**of_path, name: values})
    return " and ".join(parts), parts.agg(lambda row: JOINT.join(part for part in row if part), axis=1)


def _in_path(name: str) -> bool:
    return name.startswith(("folder ", "file name", "sheet"))


def _may_be(told: Dimensions, values: pd.Series) -> bool:
    """Whether a column could be the condition: it varies, is no time stamp, and says not what another column says."""
    names = values.unique()
    if len(names) < 2 or all(nameparts.STAMP.search(name) or not name for name in names):
        return False
    for column in (SEED, TASK, LANGUAGE, METRIC):
        other = told.frame[column]
        if other.nunique() > 1 and _one_to_one(values, other):
            return False
    runs = told.frame[[SEED, TASK, LANGUAGE, METRIC]].assign(value=values)
    cells = [TASK, LANGUAGE, METRIC]
    # A name of its own for every run is its identity; with one run a condition the two are the same.
    each = runs.groupby([*cells, "value"]).size().max() == 1 and runs.groupby([*cells, SEED]).size().max() > 1
    return not (each and told.frame[SEED].nunique() > 1 and len(names) > told.frame[SEED].nunique() * 2)


def _one_to_one(one: pd.Series, other: pd.Series) -> bool:
    pairs = pd.DataFrame({"one": one.to_numpy(), "other": other.to_numpy()}).drop_duplicates()
    return bool(not pairs["one"].duplicated().any() and not pairs["other"].duplicated().any())


def _finest(group: dict[str, pd.Series]) -> tuple[str, pd.Series]:
    """The column that tells all others of a group; raises DataError where none does."""
    determines: Callable[[pd.Series, pd.Series], bool] = lambda one, other: bool(  # noqa: E731
        (pd.DataFrame({"a": one, "b": other}).groupby("a")["b"].nunique() <= 1).all()
    )
    for name, values in group.items():
        if all(determines(values, other) for other in group.values()):
            return name, values
    names = list(group)
    raise DataError(
        f"columns {few(names, 6)} vary, and each could be the condition: say which by map condition={names[0]}, or join "
        f"them by map condition={'+'.join(names[:2])}",
        ["map"],
    )
