"""Simulated score frames of studies whose truth is known; deterministic for a given rng_seed."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import fields
from itertools import product
from typing import Any

import numpy as np
import pandas as pd

from xtransfer_stats.stats.analysis import AnalysisRequest, analyze
from xtransfer_stats.stats.core.results import Analysis
from xtransfer_stats.stats.core.scores import StudyScores

INTERMEDIATE = ("anli", "ccg", "commonsenseqa", "cosmosqa", "hellaswag", "mnli", "qqp", "squad1", "squad2")
LANGUAGES = ("de", "es", "fr", "ru", "zh", "sw", "tr", "vi")
TRAININGS = {
    "xnli": "mnli",
    "panx": "panx-en",
    "xquad": "squad1",
    "pawsx": "paws",
    "xcopa": "siqa",
    "tatoeba": None,
}
DEVIATIONS = {
    "seed": 0.4,
    "seed_task": 0.4,
    "set": 0.3,
    "set_task": 0.4,
    "run": 0.4,
    "run_training": 0.5,
    "language": 0.4,
    "noise": 0.8,
}
TASK_EFFECTS = {"xnli": 0.8, "panx": 0.3, "xquad": 1.2, "pawsx": 0.4, "tatoeba": 6.0, "xcopa": 2.0}
FIRST, SECOND = "xtreme-mini", "xtreme-r-mini"

Benchmarks = dict[str, dict[str, tuple[str, ...]]]


def overlapping_benchmarks(languages: Sequence[str] = LANGUAGES) -> Benchmarks:
    """Three shared tasks (one with more languages in the second), two first-only, one second-only."""
    names = tuple(languages)
    more = (*names, "et", "ht")
    first = {"xnli": names[:6], "panx": names, "xquad": names[:5], "pawsx": names[:3], "tatoeba": names}
    second = {"xnli": names[:6], "panx": more, "xquad": names[:5], "xcopa": (*names[-4:], "et", "ht")}
    return {FIRST: first, SECOND: second}


def balanced_sets(seeds: int, count: int, rng: np.random.Generator) -> list[tuple[str, ...]]:
    """One set a seed; every task is used up before one comes back."""
    if count == len(INTERMEDIATE):
        return [INTERMEDIATE] * seeds
    deck: list[int] = []
    drawn = []
    for _ in range(seeds):
        if len(deck) < count:
            fresh = [int(i) for i in rng.permutation(len(INTERMEDIATE)) if i not in deck]
            deck = deck + fresh + deck  # what is left comes first, and again at the new deck's end
        drawn.append(tuple(sorted(INTERMEDIATE[i] for i in deck[:count])))
        deck = deck[count:]
    return drawn


def chains(
    seeds: int,
    counts: Sequence[int],
    sets: int,
    cross: int,
    baselines: int,
    rng: np.random.Generator,
    *,
    singles: bool = False,
) -> Iterator[tuple[int, int, int, tuple[str, ...]]]:
    """Yield (seed, replicate, count, set): the baselines, then every count's runs, then each task alone if asked."""
    for seed, replicate in product(range(seeds), range(baselines)):
        yield seed, replicate, 0, ()
    for count in counts:
        if cross:
            shared = balanced_sets(1 if count == 9 else cross, count, rng)
            for seed, members in product(range(seeds), shared):
                yield seed, 0, count, members
            continue
        several = 1 if count == 9 else sets
        for index, members in enumerate(balanced_sets(seeds * several, count, rng)):
            yield index // several, 0, count, members
    for seed, task in product(range(seeds), INTERMEDIATE if singles else ()):
        yield seed, 0, 1, (task,)


class Luck:
    """Normal draws that come back the same for the same key, as seeds, sets and runs share theirs."""

    def __init__(self, rng: np.random.Generator, deviations: Mapping[str, float]):
        self._rng, self._deviations, self._drawn = rng, deviations, {}

    def of(self, component: str, *key: object) -> float:
        """The luck of one level of a component, in points."""
        full = (component, *key)
        if full not in self._drawn:
            self._drawn[full] = self._rng.normal(0.0, self._deviations[component])
        return self._drawn[full]


def catalogue_frame(seeds: int, counts: Sequence[int] = (3,)) -> pd.DataFrame:
    """A simulated frame as a user may bring it: less XQuAD in French and PAN-X in Haitian, which no catalogue has."""
    frame, _ = simulated_frame(seeds=seeds, counts=counts)
    return frame[~(frame["target_task"] + frame["language"]).isin(["xquadfr", "panxht"])].reset_index(drop=True)


def simulated_frame(
    seeds: int = 5,
    counts: Sequence[int] = (3,),
    languages: Sequence[str] = LANGUAGES,
    rng_seed: int = 0,
    *,
    sets: int = 1,
    cross: int = 0,
    baselines: int = 1,
    deviations: Mapping[str, float] | None = None,
    task_effects: Mapping[str, float] | None = None,
    growth: float = 0.15,
    constant_baseline: Sequence[str] = ("tatoeba",),
    singles: bool = False,
) -> tuple[pd.DataFrame, Benchmarks]:
    """The tidy score frame of a simulated study and its two benchmarks.

    sets: task sets a seed and count (nested); cross: M sets shared by all seeds instead; singles: each
    task alone too. The true effect of
    count k on a task is task_effects[task] * (1 + growth * (k - 3)). Tasks in `constant_baseline`
    score the same in every untrained run. QA has an exact_match and an f1 row a cell.
    """
    rng = np.random.default_rng(rng_seed)
    luck = Luck(rng, {**DEVIATIONS, **(deviations or {})})
    effects = {**TASK_EFFECTS, **(task_effects or {})}
    benchmarks = overlapping_benchmarks(languages)
    cells = sorted({(t, lang) for b in benchmarks.values() for t, names in b.items() for lang in names})
    level = {cell: float(rng.uniform(45, 70)) for cell in cells}
    rows = []
    for seed, replicate, count, members in chains(seeds, counts, sets, cross, baselines, rng, singles=singles):
        run = f"s{seed}-k{count}-{'.'.join(members)}-r{replicate}"
        for task, language in cells:
            score = level[task, language]
            if count or task not in constant_baseline:
                score += _luck(luck, run, seed, "+".join(members), task) + luck.of("noise", run, task, language)
            if count:
                score += effects[task] * (1 + growth * (count - 3)) + luck.of("language", language)
            for metric, value in _metrics(task, score):
                key = ("simulated", run, "e5-small-q4", "pretrained", "none", seed, replicate, count)
                done = (1000, "done")
                rows.append((*key, "+".join(members), len(INTERMEDIATE), task, language, metric, value, *done))
    return pd.DataFrame(rows, columns=list(FRAME_COLUMNS)), benchmarks


FRAME_COLUMNS = (
    "study",
    "run",
    "backbone",
    "variant",
    "control",
    "seed",
    "replicate",
    "n_tasks",
    "task_set",
    "catalogue",
    "target_task",
    "language",
    "metric",
    "score",
    "n_examples",
    "status",
)


def _luck(luck: Luck, run: str, seed: int, members: str, task: str) -> float:
    shared = luck.of("seed", seed) + luck.of("seed_task", seed, task) + luck.of("run", run)
    tuned = luck.of("run_training", run, TRAININGS[task] or task)
    sampled = bool(members) and members.count("+") < len(INTERMEDIATE) - 1
    drawn = luck.of("set", members) + luck.of("set_task", members, task) if sampled else 0.0
    return shared + tuned + drawn


def _metrics(task: str, score: float) -> list[tuple[str, float]]:
    if task == "xquad":
        return [("exact_match", score - 6.0), ("f1", score + 6.0)]
    return [("f1" if task == "panx" else "accuracy", score)]


def analyzed(frame: pd.DataFrame, benchmarks: Benchmarks, *, progress: Any = None, **options: Any) -> Analysis:
    """The analysis of a frame; options: fields of StudyScores and of AnalysisRequest."""
    asked = {field.name for field in fields(AnalysisRequest)}
    facts = {name: value for name, value in options.items() if name not in asked}
    request = {name: value for name, value in options.items() if name in asked}
    return analyze(StudyScores(frame, benchmarks, **facts), AnalysisRequest(**request), progress)
