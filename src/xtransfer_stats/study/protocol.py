"""Where a target task's protocol departs from the common one: what stops its training, how it is scored."""

from collections.abc import Mapping
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.metrics.answers import SQUAD
from xtransfer_stats.sources.registry import source_at
from xtransfer_stats.study.recipe import Recipe
from xtransfer_stats.tasks.target import TARGET_TASKS
from xtransfer_stats.tasks.task import Family, TargetTask, TrainingTask

# Retrieval that no training is made for: compared by the recipe's layer. Mewsli-X and LAReQA keep the last, on which
# their trainings put the loss (contrastive) or the head (SQuAD).
_UNTRAINED = (Family.SENTENCE_RETRIEVAL, Family.BITEXT_MINING)


def target_dev(
    recipe: Recipe, targets: Mapping[str, tuple[str, ...]], training: TrainingTask
) -> list[tuple[TargetTask, str]]:
    """The target tasks that score a training, and the languages in which each has a dev split.

    Only of the training's own family. `targets` maps the study's target tasks to their languages.
    Raises DataError where there is no such split but in English.
    """
    found = [
        (task, language)
        for task in map(TARGET_TASKS.__getitem__, targets)
        if task.training == training.name and task.family is training.family
        for language in targets[task.name]
        if not source_at(recipe.source.place(task.dataset)).blocked(task.dataset, "dev", language)
    ]
    if all(language == "en" for _, language in found):
        raise DataError(
            f'early_stopping = "target": no target task that scores the training {training.name!r} has a dev split '
            "in a language other than English; "
            f'set target.by_training.{training.name}.early_stopping to "english" or "none"'
        )
    return found


def scoring_settings(recipe: Recipe, task: TargetTask) -> dict[str, Any]:
    """What an evaluation takes over of the training's settings; the precision where it is not chosen by device."""
    target = recipe.target
    settings = target.settings_of(task.training) if task.training else target.settings
    precision = {} if settings.precision == "auto" else {"precision": settings.precision}
    return {"max_answer_length": target.settings.max_answer_length} | precision


def scoring(recipe: Recipe, task: TargetTask) -> dict[str, Any]:
    """Arguments of an evaluation that most have not: rules of answers, the representation of untrained retrieval."""
    found: dict[str, Any] = {} if task.normalisation == SQUAD else {"normalisation": task.normalisation}
    representation = recipe.backbone.representation() if task.family in _UNTRAINED else {}
    return found | ({"representation": representation} if representation else {})
