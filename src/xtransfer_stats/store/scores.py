"""From the steps in a store to the score frame of a study, and to its predictions."""

import json
from collections.abc import Iterator
from typing import Any

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.frame import typed
from xtransfer_stats.store.store import DamagedStep, State, Store
from xtransfer_stats.study.design import Run
from xtransfer_stats.study.plan import Plan
from xtransfer_stats.study.step import Step
from xtransfer_stats.tasks.target import TARGET_TASKS

_NO_SCORE = float("nan")


def score_frame(plan: Plan, store: Store) -> pd.DataFrame:
    """One row for each run, target task, language of the study, and metric, whatever became of it."""
    statuses = _Statuses(plan, store)
    languages = sorted({lang for tasks in plan.recipe.cells().values() for own in tasks.values() for lang in own})
    targets = dict.fromkeys(target for tasks in plan.recipe.cells().values() for target in tasks)
    rows = [row for run in plan.runs for target in targets for row in _rows(plan, run, target, languages, statuses)]
    return typed(_policy(pd.DataFrame(rows), plan.recipe.study.collapsed))


def _policy(rows: pd.DataFrame, collapsed: str) -> pd.DataFrame:
    """Leave out whole runs that are at chance level somewhere, where the recipe says so."""
    if collapsed == "keep":
        return rows
    left_out = rows["run"].isin(rows.loc[rows["status"] == "collapsed", "run"]) & rows["status"].isin(
        ["done", "collapsed"]
    )
    return rows.assign(score=rows["score"].mask(left_out, _NO_SCORE), status=rows["status"].mask(left_out, "collapsed"))


def _rows(plan: Plan, run: Run, target: str, languages: list[str], statuses: "_Statuses") -> Iterator[dict[str, Any]]:
    scored = {lang: key for key, group in plan.scores[run.name, target] for lang in group}
    for language in languages:
        key = scored.get(language)
        status = statuses.of(plan.steps[key]) if key else "not_in_benchmark"
        found = statuses.scores(plan.steps[key])[language] if key and status in ("done", "collapsed") else {}
        for metric in TARGET_TASKS[target].metrics:
            yield _run_columns(plan, run) | {
                "target_task": target,
                "language": language,
                "metric": metric,
                "score": found.get("metrics", {}).get(metric, _NO_SCORE),
                "n_examples": found.get("n_examples", 0),
                "status": status,
            }


def _run_columns(plan: Plan, run: Run) -> dict[str, Any]:
    study = plan.recipe.study
    return {
        "study": study.name,
        "run": run.name,
        "backbone": plan.recipe.backbone.model,
        "variant": study.variant,
        "control": study.control,
        "seed": run.seed,
        "replicate": run.replicate,
        "n_tasks": run.n_tasks,
        "task_set": run.set_name,
        "catalogue": len(plan.recipe.intermediate.tasks),
    }


class _Statuses:
    """Status and scores of evaluation steps, each read once, verified."""

    def __init__(self, plan: Plan, store: Store) -> None:
        self._plan, self._store = plan, store
        self._known: dict[str, str] = {}
        self._scores: dict[str, Any] = {}

    def of(self, step: Step) -> str:
        """done, collapsed (its training is at chance level), failed (it or a step it needs) or missing."""
        if step.key not in self._known:
            self._known[step.key] = self._look(step)
        return self._known[step.key]

    def _look(self, step: Step) -> str:
        state, trouble = self._store.state(step)
        if state is State.DAMAGED and step.kind == "evaluation":
            raise DamagedStep(step.key, f"{step.kind} {step.name}: {trouble}")
        if state in (State.DONE, State.THINNED):
            return "collapsed" if self._at_chance(step) else "done"
        parents = [self._plan.steps[key] for key in step.parents.values()]
        failed = self._store.failure_path(step).exists() or any(self.of(parent) == "failed" for parent in parents)
        return "failed" if failed else "missing"

    def _at_chance(self, step: Step) -> bool:
        training = self._plan.steps.get(step.parents.get("encoder", ""))
        if training is None or training.kind != "target" or self._store.state(training)[0] is State.MISSING:
            return False
        return bool(self._store.manifest(training)["facts"].get("collapsed"))

    def scores(self, step: Step) -> dict[str, Any]:
        """language -> {"n_examples", "metrics"}."""
        if step.key not in self._scores:
            path = self._store.read(step) / "scores.json"
            self._scores[step.key] = json.loads(path.read_text(encoding="utf-8"))["languages"]
        return self._scores[step.key]


def evaluations(plan: Plan, store: Store) -> Iterator[tuple[str, str, Step, pd.DataFrame]]:
    """Run, target task, step and per-example predictions of every finished evaluation."""
    for (run, target), groups in plan.scores.items():
        for key, _ in groups:
            step = plan.steps[key]
            if store.state(step)[0] is State.DONE:
                yield run, target, step, pd.read_parquet(store.read(step) / "predictions.parquet")


def predictions(plan: Plan, store: Store) -> pd.DataFrame:
    """Per-example predictions of all finished evaluations, with the run and target task of each."""
    parts = [part.assign(run=run, target_task=target) for run, target, _, part in evaluations(plan, store)]
    if not parts:
        raise DataError("no evaluation of this study is finished, so there are no predictions. `xstats run` goes on.")
    return pd.concat(parts, ignore_index=True)


def candidate_ids(plan: Plan, store: Store, step: Step, language: str) -> list[str]:
    """Ids of the candidates that an evaluation searched in one language, in their file's order."""
    features = plan.steps[step.parents[f"test/{language}"]]
    with (store.read(features) / "candidates.jsonl").open(encoding="utf-8") as lines:
        return [json.loads(line)["id"] for line in lines]
