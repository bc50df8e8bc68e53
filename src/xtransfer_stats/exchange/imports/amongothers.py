"""Headings beside one another: which of several is the seed, whether 'no' is Norwegian, which split counts."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import few
from xtransfer_stats.exchange.imports.cells import value
from xtransfer_stats.exchange.imports.mapping import HEADINGS, Wishes
from xtransfer_stats.exchange.imports.meaning import Meaning
from xtransfer_stats.exchange.imports.raw import Heading, spelled
from xtransfer_stats.exchange.imports.roles import SHOWN, Roles
from xtransfer_stats.exchange.imports.vocabulary import CLASSES, MODELS, PARTS_OF_F1, SPLITS
from xtransfer_stats.exchange.scoreframe.headings import CONDITION, DRAW, LANGUAGE, METRIC, METRICS, NAMES, SEED, TASK
from xtransfer_stats.exchange.scoreframe.names import plain

CODE = re.compile(r"[a-z]{2,3}([-_][A-Za-z]{2,4})?")
MANY = 2  # headings of a kind that make a table wide in it


def one_of_each_name(found: Roles, cells: Mapping[Heading, Sequence[Any]], wishes: Wishes) -> None:
    """Of several columns that a name of the frame fits, the one that varies, by the surest name; the others only say
    more. A user's choice stands."""
    for name in dict.fromkeys(found.index.values()):
        mine = [heading for heading, is_ in found.index.items() if is_ == name]
        if not name or len(mine) < MANY or name in wishes.columns:
            for heading in mine if name in wishes.constants else ():
                found.index[heading] = ""
            continue
        order = list(NAMES[name])
        varied = {heading: len({str(cell) for cell in cells[heading] if cell is not None}) > 1 for heading in mine}
        best = min(mine, key=lambda heading: (not varied[heading], order.index(plain(heading[-1]))))
        for heading in mine:
            if heading != best:
                found.index[heading] = ""


def unsure_languages(found: Roles, cells: Mapping[Heading, Sequence[Any]], wishes: Wishes) -> None:
    """A heading that is a code and a word ("id", "no") is a language among others that are surely one."""
    sure = [heading for heading, meaning in found.scores.items() if meaning.language and not meaning.unsure]
    for heading, meaning in list(found.scores.items()):
        if meaning.unsure and (
            meaning.rest or len(sure) < MANY or _counts(cells[heading]) or heading[-1].endswith(".")
        ):
            del found.scores[heading]
            found.unknown.append(heading)
    if len(sure) < MANY:
        return
    for heading in list(found.unknown):
        if CODE.fullmatch(heading[-1]) and not _counts(cells[heading]) and not _settings(cells[heading]):
            found.unknown.remove(heading)
            found.scores[heading] = Meaning(language=heading[-1])
            found.notes.append(f"Column {spelled(heading)} is taken for a language that is in no list here.")


def _counts(column: Sequence[Any]) -> bool:
    """Whether a column counts its rows."""
    numbers = [value(cell) for cell in column]
    return len(numbers) > 1 and any(numbers == list(map(float, range(k, k + len(numbers)))) for k in (0, 1))


def _settings(column: Sequence[Any]) -> bool:
    """Whether a column of numbers looks like a setting of runs: whole numbers, or far from any score."""
    numbers = [one for one in map(value, column) if isinstance(one, float)]
    return (
        all(one.is_integer() for one in numbers)
        or max(map(abs, numbers), default=0) > 100
        or max(map(abs, numbers)) < 0.01
    )


def unknown_numbers(found: Roles, cells: Mapping[Heading, Sequence[Any]], wishes: Wishes) -> None:
    """Numbers under unknown headings: tasks beside known ones; where no score is known, one reading must be named."""
    known = [meaning for meaning in found.scores.values() if meaning.target_task and not meaning.language]
    wide = len(known) >= MANY and len(known) == len(found.scores)
    whole = [heading for heading in found.unknown if heading[-1].isdigit()]
    if wide and not whole:
        taken = [heading for heading in found.unknown if not _settings(cells[heading])]
        for heading in taken:
            found.scores[heading] = Meaning(target_task=spelled(heading))
        found.unknown = [heading for heading in found.unknown if heading not in taken]
        if taken:
            names = few([spelled(heading) for heading in taken], SHOWN)
            found.notes.append(f"Taken for target tasks that are in no list here: {names}.")


def conditions_in_headings(found: Roles, cells: Mapping[Heading, Sequence[Any]], wishes: Wishes) -> None:
    """Headings that are names of models are conditions, where a row is a language or task and nothing else is a score.

    "XLM-R", "mBERT", "Ours": at least half of them have a word of the trade. Others are refused, as tasks and metrics
    that are in no list would look the same.
    """
    told = {*found.index.values(), *wishes.columns, *wishes.constants}
    if found.scores or HEADINGS in wishes.columns or CONDITION in told or not told & {LANGUAGE, TASK}:
        return
    taken = [heading for heading in found.unknown if not _settings(cells[heading])]
    known = [heading for heading in taken if MODELS.search(spelled(heading))]
    if len(taken) < MANY or len(known) * 2 < len(taken):
        return
    found.scores |= {heading: Meaning(rest=(spelled(heading),)) for heading in taken}
    found.unknown = [heading for heading in found.unknown if heading not in taken]
    found.notes.append(f"The headings {few([spelled(one) for one in taken], SHOWN)} are taken for conditions.")


def seeds_in_headings(found: Roles, cells: Mapping[Heading, Sequence[Any]], wishes: Wishes) -> None:
    """Headings "1", "2", "3" or "r1", "r2" are seeds where several stand side by side and no column is called seed."""
    lone = [
        heading
        for heading, meaning in found.scores.items()
        if meaning.seed and not re.search("seed", spelled(heading), re.I)
    ]
    if len({found.scores[heading].seed for heading in lone}) < MANY:
        for heading in lone:
            del found.scores[heading]
            found.unknown.append(heading)
    digits = [heading for heading in found.unknown if heading[-1].isdigit()]
    if len(digits) >= MANY and SEED not in found.index.values() and wishes.columns.get(HEADINGS, SEED) == SEED:
        for heading in digits:
            found.scores[heading] = Meaning(seed=heading[-1], rest=tuple(level for level in heading[:-1] if level))
            found.unknown.remove(heading)
        found.notes.append(f"The headings {few([h[-1] for h in digits], SHOWN)} are taken for seeds.")


def scores_and_metrics(found: Roles, cells: Mapping[Heading, Sequence[Any]], wishes: Wishes) -> None:
    """A column `score` beside columns of metrics: one of them is meant."""
    bare = [heading for heading, meaning in found.scores.items() if meaning == Meaning()]
    others = [heading for heading, meaning in found.scores.items() if meaning != Meaning()]
    if bare and (len(bare) > 1 or others):
        if METRIC in found.index.values() and len(bare) == 1:
            found.put_aside(others, f"{spelled(bare[0])} holds the scores, a row a metric")
            return
        names = few([spelled(heading) for heading in (*bare, *others)], SHOWN)
        raise DataError(f"columns {names}: more than one could hold the scores; say which by map score=COLUMN", ["map"])


def parts_of_f1(found: Roles) -> None:
    """Precision and recall beside their F1 are no scores of their own."""
    cells = {
        (m.target_task, m.language, m.seed, m.rest) for m in found.scores.values() if m.metric in ("f1", "macro_f1")
    }
    parts = [
        heading
        for heading, m in found.scores.items()
        if m.metric in PARTS_OF_F1 and (m.target_task, m.language, m.seed, m.rest) in cells
    ]
    found.put_aside(parts, "their F1 stands beside; map score=COLUMN takes one of these instead")


def figures_of_classes(found: Roles) -> None:
    """Figures of single classes (LOC, NOUN, entailment) beside the one of all classes are no scores of their own."""
    alone = {replace(m, unsure=False) for m in found.scores.values() if m.metric and not m.rest}
    parts = [
        heading
        for heading, m in found.scores.items()
        if m.rest and all(plain(word) in CLASSES for word in m.rest) and replace(m, rest=(), unsure=False) in alone
    ]
    found.put_aside(parts, "figures of single classes; the one of all stands beside")


def best_splits(found: Roles) -> None:
    """Where a score stands for several splits, the test set's goes before those of development data."""
    order: Callable[[str], int] = lambda split: SPLITS.index(split) if split in SPLITS else len(SPLITS)  # noqa: E731
    best: dict[Meaning, Heading] = {}
    for heading, meaning in found.scores.items():
        cell = replace(meaning, split="", unsure=False)
        if cell not in best or order(meaning.split) < order(found.scores[best[cell]].split):
            best[cell] = heading
    worse = [heading for heading in found.scores if heading not in best.values()]
    used = sorted({found.scores[heading].split for heading in best.values()} - {""}, key=order)
    if worse:
        found.put_aside(
            worse, f"the scores on {' and '.join(used) or 'no named split'} are taken; map score=COLUMN takes another"
        )
    elif used and used != ["test"]:
        found.notes.append(f"The scores are those on {' and '.join(used)} data; there are no others.")


def told_headings(found: Roles, name: str) -> None:
    """Headings that say nothing are what the user says they are."""
    if name not in (TASK, LANGUAGE, SEED, METRIC, CONDITION, DRAW):
        raise DataError(
            f"map headings={name}: give {TASK}, {LANGUAGE}, {SEED}, {METRIC}, {CONDITION} or {DRAW}", ["map"]
        )
    for heading in [*found.unknown, *(h for h, m in found.scores.items() if not m.metric)]:
        text = spelled(heading)
        found.scores[heading] = _saying(name, text)
    found.unknown.clear()


def _saying(name: str, text: str) -> Meaning:
    """The meaning of a heading that says one thing."""
    said = {
        TASK: Meaning(target_task=text),
        LANGUAGE: Meaning(language=text),
        SEED: Meaning(seed=text),
        METRIC: Meaning(metric=METRICS.get(plain(text), text)),
    }
    return said.get(name, Meaning(rest=(text,)))


def said_twice(found: Roles, wished: Mapping[str, Sequence[Heading]]) -> None:
    """A column of what the headings of all scores say themselves says something else; only its values can tell what."""
    for name, attribute in ((LANGUAGE, "language"), (TASK, "target_task"), (SEED, "seed")):
        if any(getattr(meaning, attribute) for meaning in found.scores.values()):
            for heading, is_ in found.index.items():
                if is_ == name and heading not in wished.get(name, ()):
                    found.index[heading] = ""
