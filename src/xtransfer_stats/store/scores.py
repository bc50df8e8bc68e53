"""From the steps in a store to the score frame of a study, and to its predictions."""

from collections.abc import Iterator
from functools import cache
from typing import TYPE_CHECKING, Any

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.sealed import BrokenSeal
from xtransfer_stats.base.usertext import parsed_json
from xtransfer_stats.stats.core.frame import typed
from xtransfer_stats.store import contents
from xtransfer_stats.store.manifest import NAME as MANIFEST
from xtransfer_stats.store.store import State, Store
from xtransfer_stats.study.design import Run
from xtransfer_stats.study.plan import Plan
from xtransfer_stats.study.step import Step
from xtransfer_stats.tasks.catalogue import TARGET_TASKS

if TYPE_CHECKING:
    import pyarrow as pa

_NO_SCORE = float("nan")
CANDIDATES = "candidates.jsonl"


def score_frame(plan: Plan, store: Store) -> pd.DataFrame:
    """One row for each run, target task, language of the study, and metric, whatever became of it.

    Raises DamagedStep for an evaluation whose files are not what was written.
    """
    if plan.parts:
        return pd.concat([score_frame(part, store) for part in plan.parts], ignore_index=True)
    outcomes = _Outcomes(plan, store)
    languages = sorted({lang for tasks in plan.recipe.study.cells().values() for own in tasks.values() for lang in own})
    targets = dict.fromkeys(target for tasks in plan.recipe.study.cells().values() for target in tasks)
    rows = [row for run in plan.runs for target in targets for row in _rows(plan, run, target, languages, outcomes)]
    return typed(_policy(pd.DataFrame(rows), plan.recipe.study.collapsed))


def _policy(rows: pd.DataFrame, collapsed: str) -> pd.DataFrame:
    """Leave out whole runs that are at chance level somewhere, where the recipe says so."""
    if collapsed == "keep":
        return rows
    left_out = rows["run"].isin(rows.loc[rows["status"] == "collapsed", "run"]) & rows["status"].isin(
        ["done", "collapsed"]
    )
    return rows.assign(score=rows["score"].mask(left_out, _NO_SCORE), status=rows["status"].mask(left_out, "collapsed"))


def _rows(plan: Plan, run: Run, target: str, languages: list[str], outcomes: "_Outcomes") -> Iterator[dict[str, Any]]:
    scored = {lang: key for key, group in plan.scores[run.name, target] for lang in group}
    for language in languages:
        key = scored.get(language)
        status = outcomes.status(key) if key else "not_in_benchmark"
        scores = outcomes.scores(key)[language] if key and status in ("done", "collapsed") else {}
        for metric in TARGET_TASKS[target].metrics:
            yield _run_columns(plan, run) | {
                "target_task": target,
                "language": language,
                "metric": metric,
                "score": scores.get("metrics", {}).get(metric, _NO_SCORE),
                "n_examples": scores.get("n_examples", 0),
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
        "benchmarks": "+".join(study.benchmarks),
    }


class _Outcomes:
    """Status and scores of evaluation steps by key, each looked up once, verified."""

    def __init__(self, plan: Plan, store: Store) -> None:
        self._plan, self._store = plan, store
        self.status, self.scores, self._at_chance = cache(self._status), cache(self._scores), cache(self._is_at_chance)

    def _status(self, key: str) -> str:
        """done, collapsed (its training is at chance level), failed (it or a step it needs) or missing."""
        step = self._plan.steps[key]
        if step.kind == "evaluation" and self._store.is_there(step):
            self._store.read(step)  # raises DamagedStep
            return "collapsed" if self._at_chance(step.parents.get("encoder")) else "done"
        if self._store.state(step)[0] in (State.DONE, State.THINNED):
            return "done"
        failed = self._store.failure_path(step).exists() or "failed" in map(self.status, step.parents.values())
        return "failed" if failed else "missing"

    def _is_at_chance(self, key: str | None) -> bool:
        """Whether the step is a target training that ended at chance level; raises DamagedStep where none can tell."""
        training = self._plan.steps.get(key or "")
        return training is not None and training.kind == "target" and ended_at_chance(self._store, training)

    def _scores(self, key: str) -> dict[str, Any]:
        """language -> {"n_examples", "metrics"}."""
        step = self._plan.steps[key]
        try:
            return contents.scores(self._store.read(step), step.args)
        except contents.Misfit as error:
            raise self._store.damaged(step, f"{contents.SCORES}: {error}") from None


def ended_at_chance(store: Store, training: Step) -> bool:
    """Whether a finished target training ended at chance level; raises DamagedStep where its manifest is not there."""
    try:
        return bool(store.manifest(training)["facts"].get("collapsed"))
    except FileNotFoundError:
        trouble = f"{MANIFEST} is gone, and with it whether its scores are at chance level"
    except BrokenSeal as error:
        trouble = f"{MANIFEST}: {error}"
    raise store.damaged(training, trouble)


def evaluations(plan: Plan, store: Store) -> Iterator[tuple[str, str, Step, pd.DataFrame]]:
    """Run, target task, step and per-example predictions of every finished evaluation."""
    for run, target, step, rows in _finished(plan, store):
        yield run, target, step, rows.to_pandas()


def predictions(plan: Plan, store: Store) -> pd.DataFrame:
    """Per-example predictions of all finished evaluations, with the run and target task of each.

    Of several backbones with the backbone too.
    """
    import pyarrow as pa

    several = len(plan.each) > 1
    parts = [
        _labelled(rows, run=run, target_task=target, **({"backbone": part.recipe.backbone.model} if several else {}))
        for part in plan.each
        for run, target, _, rows in _finished(part, store)
    ]
    if not parts:
        raise DataError("no evaluation of this study is finished, so there are no predictions. `xstats run` goes on.")
    return pa.concat_tables(parts, promote_options="permissive").to_pandas()


def _finished(plan: Plan, store: Store) -> "Iterator[tuple[str, str, Step, pa.Table]]":
    for (run, target), groups in plan.scores.items():
        for key, _ in groups:
            step = plan.steps[key]
            if store.is_there(step):
                try:
                    yield run, target, step, contents.predictions(store.read(step))
                except contents.Misfit as error:
                    raise store.damaged(step, f"{contents.PREDICTIONS}: {error}") from None


def _labelled(rows: "pa.Table", **labels: str) -> "pa.Table":
    """The rows with columns that say the same in each."""
    import pyarrow as pa

    for name, label in labels.items():
        rows = rows.append_column(name, pa.repeat(pa.scalar(label, pa.large_string()), len(rows)))
    return rows


def candidate_ids(plan: Plan, store: Store, step: Step, language: str) -> list[str]:
    """Ids of the candidates that an evaluation searched in one language, in their file's order."""
    features = plan.steps[step.parents[f"test/{language}"]]
    try:
        text = (store.read(features) / CANDIDATES).read_text(encoding="utf-8")
        return [parsed_json(line)["id"] for line in text.splitlines()]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise store.damaged(features, f"{CANDIDATES}: {error}") from None
