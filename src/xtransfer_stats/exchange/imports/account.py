"""The account of an import: what was read from where, as what, what was left aside and why, what is still lacking."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from xtransfer_stats.base.usertext import few
from xtransfer_stats.exchange.imports.raw import LeftAside, RawTable
from xtransfer_stats.exchange.scoreframe.headings import BENCHMARK, CONDITION, COUNT, DRAW, LANGUAGE, METRIC, SEED, TASK

FILES = 8  # that are named one by one
LEVELS = 8
LEFT = 12


@dataclass(frozen=True, eq=False)
class ImportedScores:
    """frame: a score a row. read: file (and sheet) -> kind and rows. columns: column of the frame -> what told it.

    left: what was left aside. notes: what was guessed, repaired or scaled. lacking: what an analysis still needs, with
    the option that gives it. mapping: the mapping as TOML. files: what was written.
    """

    frame: pd.DataFrame
    read: tuple[RawTable, ...]
    columns: Mapping[str, str]
    left: tuple[LeftAside, ...]
    notes: tuple[str, ...]
    lacking: tuple[str, ...]
    mapping: str
    files: tuple[Path, ...] = ()

    @property
    def account(self) -> list[str]:
        """Everything above in lines, for people."""
        return [
            *self._sources(),
            f"Scores: {len(self.frame)}. {self._levels()}",
            *(f"{name} from {by}" for name, by in self.columns.items()),
            *self.notes,
            *_left(self.left),
            *(f"Lacking: {text}" for text in self.lacking),
        ]

    def plain(self) -> dict[str, Any]:
        """The account as JSON has it."""
        return {
            "rows": len(self.frame),
            "read": [{"source": one.source, "kind": one.kind, "rows": len(one.rows)} for one in self.read],
            "columns": dict(self.columns),
            "left": [{"what": one.what, "why": one.why, "where": one.where} for one in self.left],
            "notes": list(self.notes),
            "lacking": list(self.lacking),
            "mapping": self.mapping,
            "files": list(map(str, self.files)),
        }

    def _sources(self) -> list[str]:
        lines = [f"{table.source}: {table.kind}, {_count(len(table.rows), 'row')}" for table in self.read]
        if len(lines) <= FILES:
            return lines
        kinds = Counter(table.kind for table in self.read)
        return [f"{_count(count, 'file')}: {kind}" for kind, count in kinds.items()] + [f"such as {lines[0]}"]

    def _levels(self) -> str:
        names = {CONDITION: "conditions", COUNT: "task counts", DRAW: "draws", SEED: "seeds", TASK: "target tasks",
                 LANGUAGE: "languages", METRIC: "metrics", BENCHMARK: "benchmarks"}  # fmt: skip
        parts = []
        for name, words in names.items():
            levels = [str(one) for one in self.frame[name].unique() if str(one)] if name in self.frame else []
            if levels:
                parts.append(f"{len(levels)} {words if len(levels) > 1 else words[:-1]} ({few(levels, LEVELS)})")
        return "; ".join(parts) + "."


def _left(left: Sequence[LeftAside]) -> list[str]:
    """What was left aside, by reason: many rows or files of one reason on one line."""
    reasons: dict[str, list[LeftAside]] = {}
    for one in left:
        reasons.setdefault(one.why, []).append(one)
    lines = []
    for why, those in list(reasons.items())[:LEFT]:
        names = list(dict.fromkeys(f"{one.where}: {one.what}" if one.where else one.what for one in those))
        lines.append(f"Left aside: {few(names, 4)}: {why}")
    return lines + ([f"Left aside for {len(reasons) - LEFT} more reasons"] if len(reasons) > LEFT else [])


def _count(number: int, word: str) -> str:
    return f"{number} {word}{'s' if number != 1 else ''}"
