"""Our own predictions in the leaderboard's layout, with the gold beside them: what `xstats score` and others read.

OUT/BENCHMARK/predictions/RUN/TASK/test-LANGUAGE.tsv (or .json), OUT/BENCHMARK/labels/TASK/test-LANGUAGE....
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.exchange.xtreme_layout import file_of
from xtransfer_stats.tasks.task import Family, TargetTask


@dataclass(frozen=True)
class Evaluated:
    """One run's predictions for a target task in one language, and the ids of the candidates in their order.

    rows: example_id, prediction, gold, as an evaluation step writes them.
    """

    run: str
    task: TargetTask
    language: str
    rows: pd.DataFrame
    candidates: Sequence[str] = ()


Sides = tuple[str, str]  # contents of the file of predictions and of the file of gold


def _labels(found: Evaluated) -> Sides:
    return _lines(found.rows["prediction"]), _lines(found.rows["gold"])


def _lines(values: Sequence[object]) -> str:
    return "".join(f"{value}\n" for value in values)


def _tags(found: Evaluated) -> Sides:
    return _sentences(found.rows["prediction"]), _sentences(found.rows["gold"])


def _sentences(rows: Sequence[str]) -> str:
    return "\n".join(_lines(row.split(" ")) for row in rows)


def _answers(found: Evaluated) -> Sides:
    texts = dict(zip(found.rows["example_id"], found.rows["prediction"], strict=True))
    questions = [
        {"id": name, "answers": [{"text": text} for text in json.loads(gold)]}
        for name, gold in zip(found.rows["example_id"], found.rows["gold"], strict=True)
    ]
    return _json(texts), _json({"data": [{"paragraphs": [{"qas": questions}]}]})


def _numbers(found: Evaluated) -> Sides:
    """Sentences by their number in the English file, from 0, as the released code writes them."""
    place = {name: number for number, name in enumerate(found.candidates)}
    golds = [json.loads(gold)[0] for gold in found.rows["gold"]]
    return _lines([place[name] for name in found.rows["prediction"]]), _lines([place[name] for name in golds])


def _pairs(found: Evaluated) -> Sides:
    rows = list(zip(found.rows["example_id"], found.rows["prediction"], found.rows["gold"], strict=True))
    mined = [f"{name}\t{partner}" for name, partner, _ in rows if partner]
    return _lines(mined), _lines([f"{name}\t{right}" for name, _, gold in rows for right in json.loads(gold)])


def _rankings(found: Evaluated) -> Sides:
    names = found.rows["example_id"]
    ranked, gold = (
        {n: json.loads(v) for n, v in zip(names, found.rows[c], strict=True)} for c in ("prediction", "gold")
    )
    return _json(ranked), _json(gold)


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False) + "\n"


_WRITERS: Mapping[Family, Callable[[Evaluated], Sides]] = {
    Family.CLASSIFICATION: _labels,
    Family.MULTIPLE_CHOICE: _labels,
    Family.TAGGING: _tags,
    Family.SPAN_QA: _answers,
    Family.SENTENCE_RETRIEVAL: _numbers,
    Family.BITEXT_MINING: _pairs,
    Family.ENTITY_RETRIEVAL: _rankings,
    Family.ANSWER_RETRIEVAL: _rankings,
}


def write_layout(out: Path, benchmark: str, found: Evaluated) -> None:
    """Write the predictions of one run, task and language under `out`, and the gold, which all runs share."""
    mine, right = _WRITERS[found.task.family](found)
    folder = out / benchmark
    for path, content in (
        (file_of(folder / "predictions" / found.run, found.task, found.language), mine),
        (file_of(folder / "labels", found.task, found.language), right),
    ):
        _write(path, content)


def _write(path: Path, content: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
    except OSError as error:
        raise DataError(
            f"--output: {path.name!r} cannot be written ({error.strerror}). Choose another place."
        ) from None
