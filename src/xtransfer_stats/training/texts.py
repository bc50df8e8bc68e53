"""The part of a features folder that needs no tensors: examples, candidates, labels."""

import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from xtransfer_stats.sources.source import Split
from xtransfer_stats.tasks.task import Family

Example = dict[str, Any]


@dataclass(frozen=True)
class Texts:
    """A split as plain values; each example is its dataclass as a dict."""

    family: Family
    language: str
    labels: tuple[str, ...]
    examples: tuple[Example, ...]
    candidates: tuple[Example, ...]


def _write_lines(path: Path, rows: Sequence[Any]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(asdict(row), ensure_ascii=False) + "\n")


def _read_lines(path: Path) -> tuple[Example, ...]:
    with path.open(encoding="utf-8") as file:
        return tuple(json.loads(line) for line in file)


def read_candidate_names(folder: Path) -> tuple[str, ...]:
    """Read the candidates' ids alone: a pool may hold a million."""
    with (folder / "candidates.jsonl").open(encoding="utf-8") as file:
        return tuple(json.loads(line)["id"] for line in file)


def write_texts(out: Path, split: Split) -> None:
    """Write a Split as plain JSON lines, so that no later step needs its source."""
    _write_lines(out / "examples.jsonl", split.examples)
    _write_lines(out / "candidates.jsonl", split.candidates)
    head = {
        "dataset": split.dataset,
        "split": split.split,
        "language": split.language,
        "family": str(split.family),
        "labels": list(split.labels),
    }
    (out / "split.json").write_text(json.dumps(head, ensure_ascii=False, indent=1), encoding="utf-8")


def read_texts(folder: Path, *, candidates: bool = True) -> Texts:
    """Read examples, labels and, unless told otherwise, candidates of a features folder."""
    head = json.loads((folder / "split.json").read_text(encoding="utf-8"))
    return Texts(
        family=Family(head["family"]),
        language=head["language"],
        labels=tuple(head["labels"]),
        examples=_read_lines(folder / "examples.jsonl"),
        candidates=_read_lines(folder / "candidates.jsonl") if candidates else (),
    )
