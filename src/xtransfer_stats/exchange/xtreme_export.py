"""Our own predictions in the leaderboard's layout, with the gold beside them: what `xstats score` and others read.

OUT/BENCHMARK/predictions/RUN/TASK/test-LANGUAGE.tsv (or .json), OUT/BENCHMARK/labels/TASK/test-LANGUAGE....
"""

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.exchange.filescores import file_of
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


_Contents = tuple[str, str]  # of the file of predictions and of the file of gold


def _labels(evaluated: Evaluated) -> _Contents:
    return _lines(evaluated.rows["prediction"]), _lines(evaluated.rows["gold"])


def _lines(values: Sequence[object]) -> str:
    return "".join(f"{value}\n" for value in values)


def _tags(evaluated: Evaluated) -> _Contents:
    return _sentences(evaluated.rows["prediction"]), _sentences(evaluated.rows["gold"])


def _sentences(rows: Sequence[str]) -> str:
    return "\n".join(_lines(row.split(" ")) for row in rows)


def _answers(evaluated: Evaluated) -> _Contents:
    texts = dict(zip(evaluated.rows["example_id"], evaluated.rows["prediction"], strict=True))
    questions = [
        {"id": name, "answers": [{"text": text} for text in json.loads(gold)]}
        for name, gold in zip(evaluated.rows["example_id"], evaluated.rows["gold"], strict=True)
    ]
    return _json(texts), _json({"data": [{"paragraphs": [{"qas": questions}]}]})


def _numbers(evaluated: Evaluated) -> _Contents:
    """Sentences by their number in the English file, from 0, as the released code writes them."""
    place = {name: number for number, name in enumerate(evaluated.candidates)}
    golds = [json.loads(gold)[0] for gold in evaluated.rows["gold"]]
    return _lines([place[name] for name in evaluated.rows["prediction"]]), _lines([place[name] for name in golds])


def _pairs(evaluated: Evaluated) -> _Contents:
    rows = list(zip(evaluated.rows["example_id"], evaluated.rows["prediction"], evaluated.rows["gold"], strict=True))
    mined = [f"{name}\t{partner}" for name, partner, _ in rows if partner]
    return _lines(mined), _lines([f"{name}\t{right}" for name, _, gold in rows for right in json.loads(gold)])


def _rankings(evaluated: Evaluated) -> _Contents:
    def texts(column: str) -> str:
        pairs = zip(evaluated.rows["example_id"], evaluated.rows[column], strict=True)
        return _json({name: json.loads(value) for name, value in pairs})

    return texts("prediction"), texts("gold")


def _json(content: object) -> str:
    return json.dumps(content, ensure_ascii=False) + "\n"


_WRITERS: Mapping[Family, Callable[[Evaluated], _Contents]] = {
    Family.CLASSIFICATION: _labels,
    Family.MULTIPLE_CHOICE: _labels,
    Family.TAGGING: _tags,
    Family.SPAN_QA: _answers,
    Family.SENTENCE_RETRIEVAL: _numbers,
    Family.BITEXT_MINING: _pairs,
    Family.ENTITY_RETRIEVAL: _rankings,
    Family.ANSWER_RETRIEVAL: _rankings,
}


def write_layout(output: Path, benchmark: str, evaluated: Evaluated) -> None:
    """Write the predictions of one run, task and language under `output`, and the gold, which all runs share.

    Raises DataError for a place that cannot be written.
    """
    mine, right = _WRITERS[evaluated.task.family](evaluated)
    folder = output / benchmark
    _write(file_of(folder / "predictions" / evaluated.run, evaluated.task, evaluated.language), mine)
    _write(file_of(folder / "labels", evaluated.task, evaluated.language), right)


def _write(path: Path, content: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8", newline="")
    except OSError as error:
        message = f"output: {path.name!r} cannot be written ({error.strerror}). Choose another place."
        raise DataError(message, ["output"]) from None
