"""The one recogniser of headings: which columns say what a run is, which hold scores and of what, which are neither.

A wide table, a tidy one, an export and a file of one run differ in nothing but how much their headings say: a score's
heading may name its language, task, metric, seed and split; what it does not name stands in other columns or the path.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import few, shown
from xtransfer_stats.exchange.imports.cells import mostly_numbers, scorelike, value
from xtransfer_stats.exchange.imports.mapping import HEADINGS, JOINED, Wishes
from xtransfer_stats.exchange.imports.meaning import Meaning, of_heading
from xtransfer_stats.exchange.imports.raw import Heading, LeftAside, spelled
from xtransfer_stats.exchange.imports.vocabulary import (
    CONDITION,
    DRAW,
    LANGUAGE,
    METRIC,
    METRICS,
    NAMES,
    NO_SCORES,
    PARTS_OF_F1,
    RESULTS,
    SCORE,
    SEED,
    SETTINGS,
    SPLITS,
    TASK,
    TRAIN,
    WEAK_SEEDS,
)
from xtransfer_stats.exchange.scoreframe.names import plain

CODE = re.compile(r"[a-z]{2,3}([-_][A-Za-z]{2,4})?")
MANY = 2  # headings of a kind that make a table wide in it
SHOWN = 6


@dataclass
class Roles:
    """What the columns are.

    index: heading -> the column of the frame that it is, "" where only its values can tell. scores: heading -> what its
    scores are of. errors: heading of standard errors -> metric. aside: what holds no score.
    """

    index: dict[Heading, str] = field(default_factory=dict)
    scores: dict[Heading, Meaning] = field(default_factory=dict)
    errors: dict[Heading, Meaning] = field(default_factory=dict)
    aside: list[LeftAside] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unknown: list[Heading] = field(default_factory=list)  # numbers under a heading that says nothing
    wished: dict[str, list[str]] = field(default_factory=dict)  # column of the frame -> what the user named for it

    def put_aside(self, headings: Iterable[Heading], why: str) -> None:
        """Leave columns aside, for one reason."""
        names = [spelled(heading) for heading in headings]
        for heading in headings:
            self.scores.pop(heading, None)
        if names:
            self.aside.append(LeftAside(f"column{'s' * (len(names) > 1)} {few(names, SHOWN)}", why))


def roles(cells: Mapping[Heading, Sequence[Any]], wishes: Wishes, of_path: Sequence[str] = ()) -> Roles:
    """The role of every heading, by its words and its cells; `wishes` go before.

    of_path: names of what the files' paths say, which a wish may name too. Raises DataError where two readings are
    possible, naming the option that decides.
    """
    found = Roles()
    wished = _wished(found, cells, wishes, of_path)
    scores = [heading for name, headings in wished.items() if name == SCORE for heading in headings]
    for name, headings in wished.items():
        if name != SCORE:
            found.index |= dict.fromkeys(headings, name)
    asides: dict[str, list[Heading]] = {}
    for heading, column in cells.items():
        if heading in found.index:
            continue
        if heading in scores or not scores:
            _place(found, asides, heading, column, heading in scores)
        elif not scorelike(column) or _named(heading):
            found.index[heading] = _named(heading) if _named(heading) != SCORE else ""
    for why, headings in asides.items():
        found.put_aside(headings, why)
    for step in (_one_of_each_name, _unsure_languages, _unknown_numbers, _seeds_in_headings, _scores_and_metrics):
        step(found, cells, wishes)
    if not scores:
        _parts(found)
        _splits(found)
    if wishes.columns.get(HEADINGS):
        _told_headings(found, wishes.columns[HEADINGS])
    for heading, meaning in list(found.scores.items()):
        for name, said in ((LANGUAGE, meaning.language), (TASK, meaning.target_task), (SEED, meaning.seed)):
            taken = [other for other, is_ in found.index.items() if is_ == name and said and other not in wished.get(name, ())]
            for other in taken:  # the headings say it of every score, so this column says something else
                found.index[other] = ""
    return found


def _wished(
    roles: Roles, cells: Mapping[Heading, Sequence[Any]], wishes: Wishes, of_path: Sequence[str]
) -> dict[str, list[Heading]]:
    """Column of the frame -> the headings that the user named for it; raises DataError for one that is not there."""
    known = {plain(spelled(heading)): heading for heading in reversed(cells)} | {
        plain(heading[-1]): heading for heading in reversed(cells) if heading
    }
    exact = {spelled(heading): heading for heading in cells}
    found: dict[str, list[Heading]] = {}
    for name, text in wishes.columns.items():
        if name == HEADINGS:
            continue
        parts = [text] if text in exact or plain(text) in known or text in of_path else [part.strip() for part in text.split(JOINED)]
        for part in parts:
            heading = exact.get(part) or known.get(plain(part))
            if heading is None and part in of_path:
                roles.wished.setdefault(name, []).append(part)
                continue
            if heading is None:
                there = few([shown(one) for one in (*map(spelled, cells), *of_path)], 20)
                raise DataError(f"map {name}={text}: no column {shown(part)}; there are {there}", ["map"])
            found.setdefault(name, []).append(heading)
            roles.wished.setdefault(name, []).append(spelled(heading))
    return found


def _named(heading: Heading) -> str:
    """The column of the frame that a heading's last level names; "" for none."""
    last = plain(heading[-1]) if heading else ""
    return next((name for name, names in NAMES.items() if last in names), "")


def _place(found: Roles, asides: dict[str, list[Heading]], heading: Heading, column: Sequence[Any], asked: bool) -> None:
    """Put one heading where it belongs, by itself alone."""
    within = {plain(level) for level in heading[:-1]}
    last = plain(heading[-1]) if heading else ""
    numbers = mostly_numbers(column) if asked or _named(heading) == SCORE or _metric(heading) else scorelike(column)
    name = _named(heading)
    if asked:
        found.scores[heading] = _clean(of_heading(heading)) if numbers else _no_numbers(heading, column)
    elif name and name != SCORE and not (within & RESULTS and numbers and len(heading) > 2):
        found.index[heading] = name
    elif within & SETTINGS or not numbers or not any(heading) or last in WEAK_SEEDS:
        found.index[heading] = ""
    elif name == SCORE:
        found.scores[heading] = Meaning()
    elif last in NO_SCORES:
        asides.setdefault("no score", []).append(heading)
    else:
        _by_words(found, asides, heading)


def _metric(heading: Heading) -> bool:
    """Whether a heading names a metric alone."""
    meaning = of_heading(heading)
    return bool(meaning.metric) and meaning.plainly


def _by_words(found: Roles, asides: dict[str, list[Heading]], heading: Heading) -> None:
    meaning = _clean(of_heading(heading))
    if meaning.aside:
        asides.setdefault("no score", []).append(heading)
    elif meaning.error:
        found.errors[heading] = meaning
    elif meaning.summary:
        asides.setdefault("computed from other scores (mean, spread, difference, ...)", []).append(heading)
    elif meaning.split in TRAIN:
        asides.setdefault("scores on training data", []).append(heading)
    elif meaning.says_cell or (meaning.split and meaning.plainly):
        found.scores[heading] = meaning
    else:
        found.unknown.append(heading)


def _clean(meaning: Meaning) -> Meaning:
    """Without the words that only say that these are results."""
    return replace(meaning, rest=tuple(word for word in meaning.rest if plain(word) not in RESULTS | SETTINGS | {"none", "score"}))


def _no_numbers(heading: Heading, column: Sequence[Any]) -> Meaning:
    text = next(cell for cell in column if not isinstance(value(cell), float | None))
    raise DataError(f"map score={spelled(heading)}: {shown(text)} is no number; name a column of numbers", ["map"])


def _one_of_each_name(found: Roles, cells: Mapping[Heading, Sequence[Any]], wishes: Wishes) -> None:
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


def _unsure_languages(found: Roles, cells: Mapping[Heading, Sequence[Any]], wishes: Wishes) -> None:
    """A heading that is a code and a word ("id", "no") is a language among others that are surely one."""
    sure = [heading for heading, meaning in found.scores.items() if meaning.language and not meaning.unsure]
    for heading, meaning in list(found.scores.items()):
        if meaning.unsure and (meaning.rest or len(sure) < MANY or _counts(cells[heading]) or heading[-1].endswith(".")):
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
    return all(one.is_integer() for one in numbers) or max(map(abs, numbers), default=0) > 100 or max(map(abs, numbers)) < 0.01


def _unknown_numbers(found: Roles, cells: Mapping[Heading, Sequence[Any]], wishes: Wishes) -> None:
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


def _seeds_in_headings(found: Roles, cells: Mapping[Heading, Sequence[Any]], wishes: Wishes) -> None:
    """Headings "1", "2", "3" or "r1", "r2" are seeds where several stand side by side and no column is called seed."""
    lone = [heading for heading, meaning in found.scores.items() if meaning.seed and not re.search("seed", spelled(heading), re.I)]
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


def _scores_and_metrics(found: Roles, cells: Mapping[Heading, Sequence[Any]], wishes: Wishes) -> None:
    """A column `score` beside columns of metrics: one of them is meant."""
    bare = [heading for heading, meaning in found.scores.items() if meaning == Meaning()]
    others = [heading for heading, meaning in found.scores.items() if meaning != Meaning()]
    if bare and (len(bare) > 1 or others):
        if METRIC in found.index.values() and len(bare) == 1:
            found.put_aside(others, f"{spelled(bare[0])} holds the scores, a row a metric")
            return
        names = few([spelled(heading) for heading in (*bare, *others)], SHOWN)
        raise DataError(f"columns {names}: more than one could hold the scores; say which by map score=COLUMN", ["map"])


def _parts(found: Roles) -> None:
    """Precision and recall beside their F1 are no scores of their own."""
    cells = {(m.target_task, m.language, m.seed, m.rest) for m in found.scores.values() if m.metric in ("f1", "macro_f1")}
    parts = [
        heading
        for heading, m in found.scores.items()
        if m.metric in PARTS_OF_F1 and (m.target_task, m.language, m.seed, m.rest) in cells
    ]
    found.put_aside(parts, "their F1 stands beside; map score=COLUMN takes one of these instead")


def _splits(found: Roles) -> None:
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
        found.put_aside(worse, f"the scores on {' and '.join(used) or 'no named split'} are taken; map score=COLUMN takes another")
    elif used and used != ["test"]:
        found.notes.append(f"The scores are those on {' and '.join(used)} data; there are no others.")


def _told_headings(found: Roles, name: str) -> None:
    """Headings that say nothing are what the user says they are."""
    if name not in (TASK, LANGUAGE, SEED, METRIC, CONDITION, DRAW):
        raise DataError(f"map headings={name}: give {TASK}, {LANGUAGE}, {SEED}, {METRIC}, {CONDITION} or {DRAW}", ["map"])
    for heading in [*found.unknown, *(h for h, m in found.scores.items() if not m.metric)]:
        text = spelled(heading)
        known = {CONDITION: Meaning(rest=(text,)), DRAW: Meaning(rest=(text,))}
        found.scores[heading] = known.get(name) or Meaning(**{name: METRICS.get(plain(text), text) if name == METRIC else text})
    found.unknown.clear()
