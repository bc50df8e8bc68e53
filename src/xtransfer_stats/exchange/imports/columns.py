"""The one recogniser of headings: which columns say what a run is, which hold scores and of what, which are neither.

A wide table, a tidy one, an export and a file of one run differ in nothing but how much their headings say: a score's
heading may name its language, task, metric, seed and split; what it does not name stands in other columns or the path.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import few, shown
from xtransfer_stats.exchange.imports.amongothers import (
    best_splits,
    conditions_in_headings,
    figures_of_classes,
    one_of_each_name,
    parts_of_f1,
    said_twice,
    scores_and_metrics,
    seeds_in_headings,
    told_headings,
    unknown_numbers,
    unsure_languages,
)
from xtransfer_stats.exchange.imports.cells import mostly_numbers, scorelike, value
from xtransfer_stats.exchange.imports.mapping import HEADINGS, JOINED, Wishes
from xtransfer_stats.exchange.imports.meaning import Meaning, of_heading
from xtransfer_stats.exchange.imports.raw import Heading, spelled
from xtransfer_stats.exchange.imports.roles import Roles
from xtransfer_stats.exchange.imports.vocabulary import (
    NO_SCORES,
    RESULTS,
    SETTING_WORDS,
    SETTINGS,
    SUMMARY,
    TIMES,
    TRAIN,
)
from xtransfer_stats.exchange.scoreframe.headings import NAMES, SCORE, WEAK_SEEDS
from xtransfer_stats.exchange.scoreframe.names import plain


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
    _place_all(found, cells, scores)
    for step in (
        one_of_each_name,
        unsure_languages,
        unknown_numbers,
        conditions_in_headings,
        seeds_in_headings,
        scores_and_metrics,
    ):
        step(found, cells, wishes)
    if not scores:
        figures_of_classes(found)
        parts_of_f1(found)
        best_splits(found)
    if wishes.columns.get(HEADINGS):
        told_headings(found, wishes.columns[HEADINGS])
    said_twice(found, wished)
    return found


def _place_all(found: Roles, cells: Mapping[Heading, Sequence[Any]], scores: Sequence[Heading]) -> None:
    """Put every heading that the user did not name where its words and cells belong."""
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


def _wished(
    roles: Roles, cells: Mapping[Heading, Sequence[Any]], wishes: Wishes, of_path: Sequence[str]
) -> dict[str, list[Heading]]:
    """Column of the frame -> the headings that the user named for it; raises DataError for one that is not there."""
    known: dict[str, Heading] = {}
    for named in cells:
        known.setdefault(plain(spelled(named)), named)
        known.setdefault(plain(named[-1]), named)
    exact = {spelled(heading): heading for heading in cells}
    found: dict[str, list[Heading]] = {}
    for name, text in wishes.columns.items():
        if name == HEADINGS:
            continue
        parts = (
            [text]
            if text in exact or plain(text) in known or text in of_path
            else [part.strip() for part in text.split(JOINED)]
        )
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


def _place(
    found: Roles, asides: dict[str, list[Heading]], heading: Heading, column: Sequence[Any], asked: bool
) -> None:
    """Put one heading where it belongs, by itself alone."""
    within = {plain(level) for level in heading[:-1]}
    last = plain(heading[-1]) if heading else ""
    numbers = mostly_numbers(column) if asked or _named(heading) == SCORE or _metric(heading) else scorelike(column)
    name = _named(heading)
    if asked:
        meaning = _clean(of_heading(heading)) if numbers else _no_numbers(heading, column)
        found.scores[heading] = meaning if meaning.says_cell else Meaning()
    elif name and name != SCORE and not (within & RESULTS and numbers and len(heading) > 2):
        found.index[heading] = name
    elif within & SETTINGS or not numbers or not any(heading) or last in WEAK_SEEDS | SETTING_WORDS | TIMES:
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
        asides.setdefault(f"{SUMMARY} (mean, spread, difference, ...)", []).append(heading)
    elif meaning.split in TRAIN:
        asides.setdefault("scores on training data", []).append(heading)
    elif meaning.says_cell or (meaning.split and meaning.plainly):
        found.scores[heading] = meaning
    else:
        found.unknown.append(heading)


def _clean(meaning: Meaning) -> Meaning:
    """Without the words that only say that these are results."""
    return replace(
        meaning, rest=tuple(word for word in meaning.rest if plain(word) not in RESULTS | SETTINGS | {"none", "score"})
    )


def _no_numbers(heading: Heading, column: Sequence[Any]) -> Meaning:
    text = next(cell for cell in column if not isinstance(value(cell), float | None))
    raise DataError(f"map score={spelled(heading)}: {shown(text)} is no number; name a column of numbers", ["map"])
