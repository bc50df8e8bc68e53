"""Numbers in cells as people write them: 72.4%, 72,4, **72.4**, "70.1 / 83.2"; a mean with a spread is told apart."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from numbers import Real
from typing import Any

from xtransfer_stats.exchange.scoreframe.values import is_gap

_MARKS = re.compile(r"\\(?:textbf|underline|mathbf)\{([^{}]*)\}|[*†‡§$_]+|</?[bui]>|\\%|\s*%")
_SPREAD = re.compile(r"[+-]?[\d.,]+\s*%?\s*(?:±|\+/-|\+-|\\pm|\u00b1|\(\s*(?:±|\+/-)?\s*[\d.,]+\s*%?\s*\)).*")
_SUBSCRIPT = re.compile(r"\d\}?_\{?\s*(?:\\(?:pm|scriptstyle|tiny|small)|[±\d])")  # $72.4_{\pm 0.3}$
_PAIR = re.compile(r"([+-]?[\d.,]+)\s*[/|]\s*([+-]?[\d.,]+)")
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?")
_COMMA = re.compile(r"[+-]?\d+,\d+")
_THOUSANDS = re.compile(r"[+-]?\d{1,3}(?:,\d{3})+(?:\.\d+)?")
_MORE_GAPS = frozenset({"\u2014", "--", "---", "\\", "/", "?", "x", "tbd", "oom", "n.a.", "missing", "failed"})


@dataclass(frozen=True)
class MeanWithSpread:
    """A mean with a spread, "72.4 ± 0.3": no single run."""

    text: str


@dataclass(frozen=True)
class Pair:
    """Two figures in one cell, "70.1 / 83.2"."""

    first: float
    second: float


@dataclass(frozen=True)
class NoNumber:
    """A cell that is none of these."""

    text: str


Value = float | Pair | MeanWithSpread | NoNumber | None  # None: a gap


def value(cell: Any, comma: bool = False) -> Value:
    """What one cell holds; comma: whether its column writes decimal commas."""
    if isinstance(cell, str) and not comma and _NUMBER.fullmatch(cell):
        return float(cell)
    if is_gap(cell) or isinstance(cell, bool):
        return None
    if isinstance(cell, Real):
        return float(cell)
    if not isinstance(cell, str):
        return NoNumber(str(cell))
    text = cell.strip().replace("\u2212", "-").replace("\u00a0", " ")
    if text.lower() in _MORE_GAPS:
        return None
    bare = _MARKS.sub(lambda found: found[1] or "", text).strip()
    if any(map(_SPREAD.fullmatch, (text, text.replace("$", ""), bare))) or _SUBSCRIPT.search(text):
        return MeanWithSpread(text)
    if pair := _PAIR.fullmatch(bare):
        parts = [_number(part, comma) for part in pair.groups()]
        return Pair(*parts) if None not in parts else NoNumber(text)  # type: ignore[arg-type]
    number = _number(bare, comma)
    return number if number is not None else None if is_gap(bare) else NoNumber(text)


def _number(text: str, comma: bool) -> float | None:
    if comma:
        text = text.replace(".", "").replace(",", ".")
    elif _THOUSANDS.fullmatch(text):
        text = text.replace(",", "")
    return float(text) if _NUMBER.fullmatch(text) else None


def decimal_commas(cells: Sequence[Any]) -> bool:
    """Whether a column writes decimal commas: some cell has one, and none has a point or a comma for thousands.

    "1,234" alone could be either; scores of a study are below 1,000, so three digits behind one comma are decimals
    where another number of digits stands beside them or the number is below 100.
    """
    texts = [_MARKS.sub("", cell).strip() for cell in cells if isinstance(cell, str) and not is_gap(cell)]
    parts = [part for text in texts for part in re.split(r"\s*/\s*", text)]
    found = [part for part in parts if _COMMA.fullmatch(part)]
    if not found or any("." in part for part in parts if re.fullmatch(r"[+-]?[\d.,]+", part)):
        return False
    return any(len(part.partition(",")[2]) != 3 or part.lstrip("+-").startswith("0") for part in found)


def percent(cells: Sequence[Any]) -> bool:
    """Whether all numbers of a column carry a percent sign, so that they are points whatever their size."""
    texts = [cell for cell in cells if isinstance(cell, str) and any(one.isdigit() for one in cell)]
    return bool(texts) and all("%" in text for text in texts)


def scorelike(cells: Sequence[Any]) -> bool:
    """Whether a column holds numbers, pairs or means with spreads, and gaps, and nothing else."""
    comma = decimal_commas(cells)
    values = [value(cell, comma) for cell in cells]
    return any(one is not None for one in values) and not any(isinstance(one, NoNumber) for one in values)


def mostly_numbers(cells: Sequence[Any]) -> bool:
    """Whether at least half of a column's cells that are no gaps are `scorelike`: the others are slips to be named."""
    comma = decimal_commas(cells)
    values = [one for one in (value(cell, comma) for cell in cells) if one is not None]
    return bool(values) and sum(not isinstance(one, NoNumber) for one in values) * 2 >= len(values)
