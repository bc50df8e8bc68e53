"""Results of lm-evaluation-harness: old keys (`acc`) and new (`acc,none`), groups, languages in the tasks' names."""

import re
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from xtransfer_stats.exchange.imports.raw import Heading, LeftAside, RawTable, of_records
from xtransfer_stats.exchange.imports.vocabulary import AMBIGUOUS, FURTHER_TASKS, UNBOUNDED, task_of
from xtransfer_stats.exchange.scoreframe.headings import ERROR, EXAMPLES, LANGUAGE, METRIC, METRICS, SCORE
from xtransfer_stats.exchange.scoreframe.names import plain
from xtransfer_stats.tasks.isocodes import is_subtag, language_code

BESIDE = (
    "versions",
    "n-samples",
    "config",
    "configs",
    "n-shot",
    "group_subtasks",
    "higher_is_better",
    "config_general",
)
SEEDS = ("random_seed", "numpy_seed", "torch_seed", "fewshot_seed", "seed")
KIND = "results of lm-evaluation-harness"
_MODEL = re.compile(r"(?:^|,)\s*(pretrained|model|peft|delta|revision|path)=([^,]+)")


def is_harness(value: Any) -> bool:
    """Whether a JSON value is a result file of lm-evaluation-harness."""
    if not isinstance(value, Mapping) or not isinstance(value.get("results"), Mapping):
        return False
    tasks = value["results"]
    return (
        bool(tasks) and all(isinstance(one, Mapping) for one in tasks.values()) and any(key in value for key in BESIDE)
    )


def harness(source: str, value: Mapping[str, Any]) -> RawTable:
    """A row a task and metric. Groups whose parts stand beside are left aside; standard errors are example-level."""
    results, left = value["results"], []
    groups = _groups(value)
    of_run = _of_run(value)
    records = []
    for name, figures in results.items():
        if name in groups:
            left.append(LeftAside(name, "a group, whose tasks stand beside", source))
            continue
        cell = _cell(name, results) | of_run | _of_task(value, name)
        for metric, score, error in _figures(figures):
            if METRICS.get(plain(metric), metric) in UNBOUNDED and any(
                plain(k.split(",")[0]) in ("acc", "exactmatch", "f1") for k in figures
            ):
                left.append(LeftAside(f"{metric} of {name}", "another metric of the task stands beside", source))
                continue
            records.append(cell | {(METRIC,): metric, (SCORE,): score, (ERROR,): error})
    return of_records(source, KIND, records, left)


def _groups(value: Mapping[str, Any]) -> set[str]:
    """Names in the results that stand for several others."""
    parts = value.get("group_subtasks") or {}
    named = {name for name, inner in parts.items() if inner and any(one in value["results"] for one in inner)}
    return named | set(value.get("groups") or {}) | ({"all"} if len(value["results"]) > 1 else set())


def _of_run(value: Mapping[str, Any]) -> dict[Heading, Any]:
    """Model and seeds of a file."""
    config = value.get("config") or value.get("config_general") or {}
    given = config.get("model_args") or ""
    arguments = dict(given) if isinstance(given, Mapping) else dict(_MODEL.findall(str(given)))
    model = (
        value.get("model_name")
        or config.get("model_name")
        or arguments.get("pretrained")
        or arguments.get("model")
        or config.get("model")
        or ""
    )
    added = [
        str(arguments[name]) for name in ("peft", "delta", "revision") if arguments.get(name) not in (None, "main")
    ]
    found: dict[Heading, Any] = {("model",): "+".join([str(model), *added])} if model or added else {}
    return found | {(name,): config[name] for name in SEEDS if config.get(name) is not None}


def _of_task(value: Mapping[str, Any], name: str) -> dict[Heading, Any]:
    samples = (value.get("n-samples") or {}).get(name)
    count = samples.get("effective", samples.get("original")) if isinstance(samples, Mapping) else samples
    shots = (value.get("n-shot") or {}).get(name)
    return {(EXAMPLES,): count, ("config", "n_shot"): None if shots is None else f"{shots}-shot"}


def _figures(figures: Mapping[str, Any]) -> Iterator[tuple[str, float, float | None]]:
    """Metric, score and standard error; a filter is part of the metric's name where a metric has several."""
    filters: dict[str, list[str]] = defaultdict(list)
    for key in figures:
        metric, _, kept = key.partition(",")
        filters[metric].append(kept)
    for key, score in figures.items():
        metric, _, kept = key.partition(",")
        if (
            metric.endswith("_stderr")
            or isinstance(score, bool)
            or not isinstance(score, int | float)
            or metric in ("sample_len", "sample_count")
        ):
            continue
        error = figures.get(f"{metric}_stderr,{kept}" if kept else f"{metric}_stderr")
        name = f"{metric} ({kept})" if len(filters[metric]) > 1 and kept not in ("", "none") else metric
        yield name, float(score), float(error) if isinstance(error, int | float) else None


def _cell(name: str, names: Collection[str]) -> dict[Heading, Any]:
    task, language = task_and_language(name, names)
    return {("task",): task, (LANGUAGE,): language}


def task_and_language(name: str, names: Collection[str] = ()) -> tuple[str, str]:
    """The task and the language in a name of the harness, "xnli_eu_mt" -> xnli_mt, eu; "" where it has none.

    The language stands behind a known task, or at the end, or is the one word that can be none else. names: the tasks
    beside it, for a word such as "it" is a language where others of the same stem end in languages.
    """
    name = name.split("|")[1] if name.count("|") > 1 else name  # lighteval writes SUITE|TASK|SHOTS
    words = name.split("_")
    for length in range(min(3, len(words)), 0, -1):
        if task_of("_".join(words[:length])) and (size := _language(words, length)):
            return _without(words, length, size)
    for start in range(len(words) - 1, 0, -1):
        size = _language(words, start)
        if size and start + size == len(words) and _is_sure(words[start], words[:start], names):
            return _without(words, start, size)
    inner = [
        place for place in range(1, len(words)) if _language(words, place) and words[place].lower() not in AMBIGUOUS
    ]
    return _without(words, inner[0], _language(words, inner[0])) if len(inner) == 1 else (name, "")


def _language(words: list[str], start: int) -> int:
    """How many words from a place on are one language, with its script or region; 0 for none."""
    if start >= len(words) or not language_code(words[start]):
        return 0
    return 2 if start + 1 < len(words) and is_subtag(words[start + 1]) else 1


def _is_sure(word: str, stem: list[str], names: Collection[str]) -> bool:
    """Whether the last word of a name is a language: no common word, or others of the stem end in languages too."""
    if word.lower() not in AMBIGUOUS or plain("".join(stem)) in FURTHER_TASKS:
        return True
    others = [one.rpartition("_") for one in names]
    return (
        sum(head == "_".join(stem) and bool(language_code(tail)) and tail not in AMBIGUOUS for head, _, tail in others)
        > 0
    )


def _without(words: list[str], start: int, size: int) -> tuple[str, str]:
    return "_".join([*words[:start], *words[start + size :]]), "-".join(words[start : start + size])
