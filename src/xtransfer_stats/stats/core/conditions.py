"""What a study compares: a baseline and other conditions, each by a whole-number code that every model works on.

Code 0 is the baseline. In a study of our own the code is the number of intermediate tasks; in any other it is the
condition's place in the order told, and the score frame's columns `condition` and `draw` say what it stands for.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum

import pandas as pd

from xtransfer_stats.base.formats import counted
from xtransfer_stats.stats.core.frame import CONDITION, DRAW


class Kind(StrEnum):
    """What can be said of the order of conditions."""

    COUNTS = "counts"  # numbers of intermediate tasks: each is a set drawn from a catalogue, and steps make sense
    NUMERIC = "numeric"  # numbers, such as sizes of the training data: steps and a trend make sense
    NAMED = "named"  # methods, prompts, backbones: no order


@dataclass(frozen=True)
class Measure:
    """What a score is: its unit in words, which way is better, and whether it is a share of test examples, 0-100."""

    unit: str = "points"
    higher_is_better: bool = True
    share: bool = True

    @property
    def sign(self) -> int:
        """1 where more is better, else -1."""
        return 1 if self.higher_is_better else -1

    @property
    def scale(self) -> str:
        """The unit with its scale where that is known: "points on 0-100", "perplexity"."""
        return f"{self.unit} on 0-100" if self.share else self.unit

    @property
    def remark(self) -> str:
        """What a reader of a difference must know of its sign; "" where more is better."""
        return "" if self.higher_is_better else "lower is better"


@dataclass(frozen=True)
class Conditions:
    """labels: code -> the level as hypotheses name it; none for counts, whose label is the count.

    treatment: what varies, in words. drawn: codes whose runs are draws from many.
    words: level -> what the reader calls it, where that is not the level itself.
    """

    kind: Kind = Kind.COUNTS
    labels: Mapping[int, str] = field(default_factory=dict)
    treatment: str = "intermediate training"
    drawn: frozenset[int] = frozenset()
    words: Mapping[str, str] = field(default_factory=dict)

    @property
    def counted(self) -> bool:
        """Whether this is a study of our own, of counts of intermediate tasks."""
        return self.kind is Kind.COUNTS

    @property
    def ordered(self) -> bool:
        """Whether going on from one condition to the next means something."""
        return self.kind is not Kind.NAMED

    @property
    def unit(self) -> str:
        """What a condition is one of: "task count", "condition"."""
        return "task count" if self.counted else "condition"

    @property
    def draw(self) -> str:
        """What a run of a condition is drawn with: "task set", "draw"."""
        return "task set" if self.counted else "draw"

    @property
    def remedy(self) -> str:
        """How scores that lack come to be."""
        return "complete the study (re-issue `xstats run`)" if self.counted else "add the scores that lack"

    def symbols(self, text: str) -> str:
        """A formula or the name of one of its terms in its own variables: `count` and `task_set`, or others' names."""
        return text if self.counted else re.sub(r"\b(count|task_set)\b", lambda found: SYMBOLS[found[0]], text)

    def label(self, code: float) -> str:
        """The level as a hypothesis names it: "3", "mad-x"."""
        return self.labels.get(int(code), str(int(code)))

    def called(self, code: float) -> str:
        """The condition in words: "3 tasks", "baseline"; another study's level as its reader calls it. "" for NaN."""
        if code != code:
            return ""
        if self.counted:
            return {0: "baseline", 1: "1 task"}.get(int(code), f"{int(code)} tasks")
        return self.words.get(self.label(code), self.label(code))

    def said(self, code: float) -> str:
        """What is compared with the baseline, as a sentence has it: "3 intermediate tasks", "mad-x"."""
        return counted(int(code), "intermediate task") if self.counted else self.called(code)

    def short(self, code: float) -> str:
        """The condition in a list of some: "count 3", "mad-x"."""
        return f"count {int(code)}" if self.counted else self.called(code)

    def coefficient(self, code: float) -> str:
        """A condition's part in the name of a coefficient: "count3", "mad-x"."""
        return f"count{int(code)}" if self.counted else self.label(code)

    def where(self, code: float) -> str:
        """Which condition a number is of: "at task count 3", "for mad-x"."""
        return f"at task count {int(code)}" if self.counted else f"for {self.called(code)}"

    def code(self, label: str) -> int | None:
        """The code of a level; None for what is none. Two spellings of one number are one level."""
        found = next((code for code, name in self.labels.items() if name == label), None)
        if found is None and self.kind is Kind.NUMERIC and (value := number(label)) is not None:
            found = next((code for code, name in self.labels.items() if number(name) == value), None)
        return found if not self.counted else (int(label) if label.isdecimal() else None)

    def values(self, codes: Iterable[int]) -> list[float]:
        """The conditions as numbers, for a trend: the counts, or the levels; the code where they are no numbers."""
        return [float(code) if (value := number(self.label(code))) is None else value for code in codes]


COUNTS = Conditions()
SYMBOLS = {"count": "condition", "task_set": "draw"}  # a formula's variables where conditions are no counts
POINTS = Measure()


def number(text: str) -> float | None:
    """The number that a level is, or None: "1k" and "10%" are names."""
    try:
        value = float(text.replace(",", "").replace("_", ""))
    except ValueError:
        return None
    return value if abs(value) < float("inf") else None


def conditions_of(
    frame: pd.DataFrame, treatment: str = CONDITION, words: Mapping[str, str] | None = None
) -> Conditions:
    """The conditions of a score frame: those that its column says, else counts of intermediate tasks.

    treatment: what varies, in words. words: level -> what the reader calls it.
    """
    if CONDITION not in frame:
        return COUNTS
    pairs = frame[["n_tasks", CONDITION]].drop_duplicates().sort_values("n_tasks")
    labels = {int(code): str(name) for code, name in pairs.itertuples(index=False)}
    kind = Kind.NUMERIC if all(number(name) is not None for name in labels.values()) else Kind.NAMED
    drawn = frame.loc[(frame[DRAW] != "") & (frame["task_set"] != ""), "n_tasks"] if DRAW in frame else ()
    return Conditions(kind, labels, treatment, frozenset(int(code) for code in set(drawn)), words or {})
