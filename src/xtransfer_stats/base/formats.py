"""How a number is written, once for charts, tables and the page, so that all show the same digits.

The minus sign is U+2212, which spreadsheets read as text and never as the start of a formula.
"""

import math
from collections.abc import Mapping
from typing import Any

MINUS = "\N{MINUS SIGN}"
NONE = "\N{EN DASH}"  # what stands where there is no number
NO_INTERVAL = "no interval"
DIGITS = 2
STAR_LEVELS = ((0.001, "***"), (0.01, "**"), (0.05, "*"))


def number(value: float, digits: int = DIGITS) -> str:
    """`value` with a fixed number of decimals; a dash for NaN and never a negative zero."""
    if math.isnan(value):
        return NONE
    text = f"{value:.{digits}f}"
    if float(text) == 0:
        text = text.lstrip("-")
    return text.replace("-", MINUS)


def estimate(value: float, low: float, high: float) -> str:
    """`est [lo, hi]` in points; the words "no interval" where the bounds are NaN."""
    if math.isnan(value):
        return NONE
    if math.isnan(low) or math.isnan(high):
        return f"{number(value)} [{NO_INTERVAL}]"
    return f"{number(value)} [{number(low)}, {number(high)}]"


def p_value(value: float) -> str:
    """A p-value with three decimals, bounded below by `<0.001`; a dash for NaN."""
    return "<0.001" if value < 0.001 else number(value, 3)


def probability(value: float) -> str:
    """A posterior probability with three decimals, never a certainty that draws cannot give; a dash for NaN."""
    return ">0.999" if value > 0.999 else "<0.001" if value < 0.001 else number(value, 3)


def related(shown: str) -> str:
    """What `p_value` or `probability` shows, as a sentence has it behind a name: "= 0.003", "< 0.001"."""
    return f"{shown[0]} {shown[1:]}" if shown[0] in "<>" else f"= {shown}"


def stars(p_adjusted: float) -> str:
    """The stars of an adjusted p-value (see `notes.legend`); none for NaN."""
    return next((mark for level, mark in STAR_LEVELS if p_adjusted < level), "")


def percent(share: float) -> str:
    """A share in [0, 1] as per cent with one decimal."""
    text = number(100 * share, 1)
    return text if text == NONE else f"{text} %"


def reach(low: float, high: float) -> str:
    """The range of an estimate, `lo to hi` in points; empty where there is none."""
    return "" if math.isnan(low) else f"{number(low)} to {number(high)}"


def count_of_tasks(n_tasks: float) -> str:
    """A task count in words: "3 tasks", "1 task", "baseline"; empty for NaN."""
    if math.isnan(n_tasks):
        return ""
    return {0: "baseline", 1: "1 task"}.get(int(n_tasks), f"{int(n_tasks)} tasks")


def points(row: Mapping[str, Any]) -> str:
    """An estimate with its interval, "+1.20 [-0.10, +2.50]"; without the interval where there is none."""
    if math.isnan(row["conf_low"]):
        return f"{signed(row['estimate'])} (no interval)"
    return f"{signed(row['estimate'])} [{signed(row['conf_low'])}, {signed(row['conf_high'])}]"


def signed(value: float) -> str:
    """Points with sign and two decimals."""
    return f"{value:+.2f}".replace("-", MINUS)


def counted(count: int, noun: str) -> str:
    """A count and what is counted: "1 seed", "3 seeds"."""
    return f"{count:,} {noun}{'s' * (count != 1)}"


def agreeing(count: int, noun: str, verb: str) -> str:
    """A count, what is counted, and its verb: "1 line is", "2 lines are"."""
    one = {"are": "is", "do": "does", "have": "has"}.get(verb, f"{verb}s")
    return f"{counted(count, noun)} {one if count == 1 else verb}"


def row_at(place: int) -> str:
    """The row at a place from 0, as people count, and where an editor shows it: "row 1 (line 2 of a CSV)"."""
    return f"row {place + 1:,} (line {place + 2:,} of a CSV)"


def significant(value: float | None, digits: int = 4) -> str:
    """A number of any size with so many significant digits; a dash where there is none."""
    if value is None or math.isnan(value):
        return NONE
    return f"{value:.{digits}g}".replace("-", MINUS)


def tasks(count: float) -> str:
    """ "1 task", "3 tasks"."""
    return f"{int(count)} task{'s' if count != 1 else ''}"
