"""From places to the frame: files found, read, their columns recognised, their scores brought into one form."""

import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import few
from xtransfer_stats.exchange.imports import mapping, mlruns, places
from xtransfer_stats.exchange.imports.account import ImportedScores
from xtransfer_stats.exchange.imports.columns import roles
from xtransfer_stats.exchange.imports.dimensions import dimensions
from xtransfer_stats.exchange.imports.finish import finished, lacking
from xtransfer_stats.exchange.imports.mapping import Wishes
from xtransfer_stats.exchange.imports.melted import melted
from xtransfer_stats.exchange.imports.places import Found
from xtransfer_stats.exchange.imports.predictions import prediction_files, scored
from xtransfer_stats.exchange.imports.raw import Heading, LeftAside, RawTable, spelled
from xtransfer_stats.exchange.imports.readers import ending, first_cells, read
from xtransfer_stats.exchange.imports.told import Dimensions
from xtransfer_stats.exchange.imports.vocabulary import SPLITS, SUMMARY, TRAIN
from xtransfer_stats.exchange.scoreframe.headings import NAMES, SEED
from xtransfer_stats.exchange.scoreframe.names import plain

_WORDS = "|".join([one for one in SPLITS if one] + sorted(TRAIN))
_SPLIT = re.compile(rf"(?<![A-Za-z])({_WORDS})(?![A-Za-z])", re.IGNORECASE)
# In one folder of a trainer's, the first of these holds what the others hold too.
SAME_RUN = ("all_results.json", "predict_results.json", "test_results.json", "eval_results.json", "trainer_state.json")
SETTINGS_OF_RUN = frozenset(
    "config.json args.json hparams.json params.json train_config.json training_args.json settings.json "
    "hyperparameters.json run_config.json".split()
)


def imported(asked: Sequence[str | Path], wishes: Wishes) -> ImportedScores:
    """The frame of some places' scores, with its account.

    Raises DataError where a place holds no scores, cannot be read, or can be read in two ways: the message names the
    option that decides.
    """
    left: list[LeftAside] = []
    tables = _tables(places.found(asked), wishes, left)
    _refuse_strangers(tables)
    return _of_tables(tables, left, tuple(map(str, asked)), wishes)


def imported_rows(rows: pd.DataFrame, wishes: Wishes) -> ImportedScores:
    """The frame of the scores in a frame of any form, headings of several levels and an index with names included."""
    named = rows.reset_index() if any(rows.index.names) else rows
    headings = [tuple(map(str, name)) if isinstance(name, tuple) else (str(name),) for name in named.columns]
    cells = named.astype(object).where(named.notna(), None).to_numpy().tolist()
    return _of_tables([RawTable("frame", "a frame", tuple(headings), cells)], [], ("FRAME",), wishes)


def _of_tables(tables: list[RawTable], left: list[LeftAside], asked: tuple[str, ...], wishes: Wishes) -> ImportedScores:
    found = roles(first_cells(tables), wishes, tuple(dict.fromkeys(name for table in tables for name in table.place)))
    if not found.scores:
        raise DataError(_no_scores(tables, [spelled(heading) for heading in found.unknown], found.aside), ["map"])
    rows = melted(tables, found, wishes)
    if rows.rows.empty:
        raise DataError(f"{tables[0].source}: no score: every row was left aside or is empty")
    told = dimensions(rows, found, wishes)
    told.notes[:0] = [*(note for table in tables for note in table.notes), *found.notes, *rows.notes]
    frame, others = finished(told, wishes)
    unknown = [
        LeftAside(f"column {spelled(heading)}", "numbers of which nothing tells what they are")
        for heading in found.unknown
    ]
    aside = [*left, *(one for table in tables for one in table.left), *found.aside, *unknown, *rows.left, *others]
    aside += _unused(told, found.index)
    told.notes += _of_place(told, tables)
    columns = {name: by for name, by in told.found.items() if name in frame and by}
    return ImportedScores(
        frame, tuple(tables), columns, tuple(aside), tuple(dict.fromkeys(told.notes)), tuple(lacking(frame)),
        mapping.written(asked, wishes, _kept(columns, found.index)),
    )  # fmt: skip


def _unused(told: Dimensions, index: dict[Heading, str]) -> list[LeftAside]:
    """Columns of tables that are neither scores nor tell a run: those that vary, and those that do not."""
    there = {spelled(heading) for heading in index}
    names = [name for name in told.spare if name in there and name not in (*told.used, *told.found.values())]
    vary = [name for name in names if told.spare[name].nunique() > 1]
    same = [name for name in names if name not in vary]
    reasons = ((vary, "it tells nothing that a score is kept under"), (same, "the same in all rows"))
    return [LeftAside(f"column{'s' * (len(group) > 1)} {few(group, 8)}", why) for group, why in reasons if group]


def _of_place(told: Dimensions, tables: Sequence[RawTable]) -> list[str]:
    """A sentence for each part of the path that varies and is nothing of the frame.

    Raises DataError where tables of one file differ in their title alone: they would be joined as if of one thing.
    """
    names = dict.fromkeys(name for table in tables for name in table.place)
    varied = {name: list(told.spare[name].unique()) for name in names if name in told.spare and name not in told.used}
    varied = {name: levels for name, levels in varied.items() if len(levels) > 1}
    varied = {name: levels for name, levels in varied.items() if name not in told.found.values()}
    for name in ("table", "sheet"):
        if name in varied:
            raise DataError(
                f"{name}: {few(list(map(repr, varied[name])), 4)}: nothing tells what these tables are of; say "
                "it by map "
                f"target_task={name} (or language, draw, condition, ...)",
                ["map"],
            )
    return [f"Not used: {name} ({few(levels, 4)})." for name, levels in varied.items()]


def _kept(columns: dict[str, str], index: dict[Heading, str]) -> dict[str, str]:
    """What a mapping file keeps: the columns of a table that were recognised."""
    there = {spelled(heading) for heading in index}
    return {name: by for name, by in columns.items() if by in there}


def _refuse_strangers(tables: Sequence[RawTable]) -> None:
    """Raise where a table shares no column with the first: they would be of different things."""
    shapes: dict[frozenset[Heading], RawTable] = {}
    for table in tables:
        shapes.setdefault(frozenset(table.headings), table)
    first, *others = shapes
    stranger = next((shapes[shape] for shape in others if not shape & first and "table" in shapes[shape].kind), None)
    if stranger is not None and "table" in shapes[first].kind:
        raise DataError(
            f"place: {shapes[first].source} and {stranger.source} have no column in common: name the files of "
            "one kind, "
            "and import the others by themselves"
        )


def _tables(files: Sequence[Found], wishes: Wishes, left: list[LeftAside]) -> list[RawTable]:
    """The raw tables of all files; a file of a tree that holds no scores is left aside, one that was named is not."""
    predicted, others = prediction_files(files)
    runs, others = mlruns.run_files(others)
    tables: list[RawTable] = []
    for table, why in (*map(scored, predicted), *map(mlruns.run, runs)):
        tables += [table] if table else []
        left += [why] if why else []
    readable = _best_split(_readable(others, left), left)
    settings = _settings(readable)
    for one in readable:
        if one.path in settings:
            continue
        try:
            found = read(one, wishes.sheet)
        except DataError as error:
            if one.asked:
                raise
            left.append(LeftAside(one.label, str(error).removeprefix(f"{one.label}: ")))
            continue
        if one.asked and not any(table.rows or table.left for table in found):
            raise DataError(f"{one.label}: nothing stands below its headings")
        beside = _of_folder(settings, one.path.parent)
        tables += [replace(table, place={**beside, **table.place}) for table in found]
    if not any(table.rows for table in tables):
        aside = [*left, *(one for table in tables for one in table.left)]
        reasons = "; ".join(f"{one.what}: {one.why}" for one in aside[:3])
        raise DataError(f"place: no file with scores is there{f' ({reasons})' if reasons else ''}")
    return [table for table in tables if table.rows or table.left]


def _readable(files: Sequence[Found], left: list[LeftAside]) -> list[Found]:
    """Files that may hold scores: of several of one run's, the one that holds most."""
    kept = []
    others = []
    for one in files:
        name = one.path.name.lower()
        named = one.asked or not any(part.startswith("folder") or part == "file name" for part in one.says)
        if not named and (not ending(one.path) or name in places.NO_RESULTS or places.NO_FILES.fullmatch(name)):
            others.append(one.label)
            continue
        better = SAME_RUN[: SAME_RUN.index(name)] if name in SAME_RUN else ()
        first = next((other for other in better if (one.path.parent / other).is_file()), None)
        if first and not named:
            left.append(LeftAside(one.label, f"{first} beside it is of the same run"))
        else:
            kept.append(one)
    if others:
        left.append(LeftAside(few(others, 4), "no results by its name"))
    return kept


def _best_split(files: Sequence[Found], left: list[LeftAside]) -> list[Found]:
    """Of files whose paths differ in nothing but the split (test.json, dev.json), the one on the best."""
    alike: dict[str, list[Found]] = {}
    for one in files:
        alike.setdefault(_SPLIT.sub("*", one.label), []).append(one)
    kept = []
    for group in alike.values():
        best = min(group, key=lambda one: _order(one.label))
        kept.append(best)
        if best.asked:
            kept += [one for one in group if one is not best]
            continue
        left += [LeftAside(one.label, "the same on the test set stands beside") for one in group if one is not best]
    return [one for one in files if one in kept]


def _order(label: str) -> int:
    """Which split a path names, the best first; those of training come last."""
    words = [word.lower() for word in _SPLIT.findall(label)]
    return max((SPLITS.index(word) if word in SPLITS else len(SPLITS) for word in words), default=SPLITS.index(""))


def _settings(files: Sequence[Found]) -> dict[Path, dict[str, str]]:
    """Files of settings that lie beside results, with the seed that they name."""
    folders: dict[Path, int] = {}
    for one in files:
        folders[one.path.parent] = folders.get(one.path.parent, 0) + 1
    found = {}
    for one in files:
        if one.path.name.lower() in SETTINGS_OF_RUN and not one.asked and folders[one.path.parent] > 1:
            try:
                tables = read(one)
            except DataError:
                continue
            cells = {
                heading: row[place]
                for table in tables
                for row in table.rows[:1]
                for place, heading in enumerate(table.headings)
            }
            seeds = [cell for heading, cell in cells.items() if plain(heading[-1]) in NAMES[SEED] and cell is not None]
            found[one.path] = {SEED: str(seeds[0])} if seeds else {}
    return found


def _of_folder(settings: dict[Path, dict[str, str]], folder: Path) -> dict[str, str]:
    return next((said for path, said in settings.items() if path.parent == folder and said), {})


def _no_scores(tables: Sequence[RawTable], unknown: list[str], aside: Sequence[LeftAside]) -> str:
    names = few([spelled(heading) for heading in tables[0].headings], 12)
    means = next((one.what for one in aside if one.why.startswith(SUMMARY)), "")
    if means:
        return (
            f"{tables[0].source}: {means}: means and spreads over runs, no scores of single runs: nothing can be "
            "paired or tested from them. Give the scores of the single runs, a row a seed; map score=COLUMN takes a "
            "column of means for single numbers without a seed"
        )
    if unknown:
        return (
            f"{tables[0].source}: numbers stand in {few(unknown, 8)}, and nothing tells what they are. map "
            "score=COLUMN names "
            "the column of scores; map headings=target_task (or language, seed, metric, condition) says what "
            "the headings are"
        )
    said = f"; {aside[0].what} {'is' if ' ' not in aside[0].what else 'are'} {aside[0].why}" if aside else ""
    return f"{tables[0].source}: no column of scores among {names}{said}; map score=COLUMN names it"
