"""A study's scores as the `model-index` of a model card, the form in which the Hugging Face hub reads results.

https://huggingface.co/docs/hub/model-cards#evaluation-results. One entry a condition, each score the mean over seeds.
"""

import json
from collections.abc import Iterator, Mapping
from typing import Any

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.formats import counted
from xtransfer_stats.base.models import EMBEDDED
from xtransfer_stats.stats.core.conditions import conditions_of
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.tasks.task import Family

# What the hub calls the task that a family of data sets sets.
TYPES: Mapping[Family, str] = {
    Family.CLASSIFICATION: "text-classification",
    Family.TAGGING: "token-classification",
    Family.SPAN_QA: "question-answering",
    Family.MULTIPLE_CHOICE: "multiple-choice",
    Family.SENTENCE_RETRIEVAL: "sentence-similarity",
    Family.BITEXT_MINING: "sentence-similarity",
    Family.ENTITY_RETRIEVAL: "text-retrieval",
    Family.ANSWER_RETRIEVAL: "text-retrieval",
}
KEYS = ["target_task", "language", "metric"]


def model_card(frame: pd.DataFrame) -> bytes:
    """The card's head in YAML, between its lines of dashes; frame: a score frame, points on 0-100.

    Raises DataError where no score is there.
    """
    scored = frame[frame["score"].notna()]
    if scored.empty:
        raise DataError("format model-card: the study has no score yet. `xstats run` goes on.", ["format"])
    return "\n".join(["---", "model-index:", *_entries(scored), "---", ""]).encode()


def _entries(scored: pd.DataFrame) -> Iterator[str]:
    conditions = conditions_of(scored)
    for code, runs in scored.groupby("n_tasks", sort=True):
        backbone = str(runs["backbone"].iloc[0])
        name = f"{backbone}, {'no intermediate task' if code == 0 else conditions.called(float(code))}"
        yield f"- name: {_quoted(name if conditions.counted else conditions.called(float(code)))}"
        yield "  results:"
        for (task, language, metric), rows in runs.groupby(KEYS, sort=True):
            yield from _result(str(task), str(language), str(metric), rows, stand_in=backbone == EMBEDDED)


def _result(task: str, language: str, metric: str, rows: pd.DataFrame, *, stand_in: bool) -> Iterator[str]:
    known = TARGET_TASKS.get(task)
    title = known.title if known else task
    seeds = rows.groupby("seed")["score"].mean()
    over = f"{metric}, mean over {counted(len(seeds), 'seed')}"
    yield "  - task:"
    yield f"      type: {TYPES[known.family] if known else 'other'}"
    yield "    dataset:"
    yield f"      type: {_quoted(task)}"
    yield f"      name: {_quoted(f'{title} (synthetic stand-in)' if stand_in else title)}"
    yield f"      config: {_quoted(language)}"
    yield "      split: test"
    yield "    metrics:"
    yield f"    - type: {_quoted(metric)}"
    yield f"      value: {float(seeds.mean())!r}"
    yield f"      name: {_quoted(over)}"


def _quoted(text: Any) -> str:
    """A text as YAML reads it whatever is in it: every JSON text is one of YAML."""
    return json.dumps(str(text))
