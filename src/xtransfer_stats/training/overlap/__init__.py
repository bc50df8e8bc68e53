"""The overlap control: the same steps, answered from surface overlap alone, no encoder. No torch.

What it scores shows how far a task can be solved without knowing the language.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.metrics.answers import SQUAD
from xtransfer_stats.metrics.scoring import ScoringRules, score_language, within_pool, write_scores
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.features import Inputs, Progress, Texts, read_texts
from xtransfer_stats.training.overlap import models
from xtransfer_stats.training.overlap.models import Model

_FILE = "overlap.json"
# How a model is fitted, and how it decides; retrieval has nothing to fit.
_MODELS: Mapping[Family, tuple[Callable[[Texts], Model], Callable[[Texts, Model], list[Any]]]] = {
    Family.CLASSIFICATION: (models.fit_labels, models.decide_labels),
    Family.TAGGING: (models.fit_tags, models.decide_tags),
    Family.SPAN_QA: (models.fit_answers, models.decide_answers),
    Family.MULTIPLE_CHOICE: (models.fit_choices, models.decide_choices),
}


def target(args: Mapping[str, Any], inputs: Inputs, out: Path, progress: Progress) -> dict[str, Any]:
    """Fit the family's surface model on the English training split."""
    family = Family(args["family"])
    model = {"family": str(family)}
    if family in _MODELS:
        model |= _MODELS[family][0](read_texts(inputs["train"]))
    (out / _FILE).write_text(json.dumps(model, ensure_ascii=False), encoding="utf-8")
    progress(1, 1)
    return {"control": "overlap"}


def evaluation(args: Mapping[str, Any], inputs: Inputs, out: Path, progress: Progress) -> dict[str, Any]:
    """Score the surface model on the languages of one target task; files as of a model's evaluation.

    Raises DataError where the family's fitted model is missing.
    """
    family, languages = Family(args["family"]), list(args["languages"])
    model = _model(inputs.get("encoder"), family)
    rules = ScoringRules(args["metrics"], args.get("normalisation", SQUAD))
    splits = {language: read_texts(inputs[f"test/{language}"]) for language in languages}
    pool = {c["id"]: c for texts in splits.values() for c in texts.candidates} if family.pooled else None
    scores = {}
    for number, (language, texts) in enumerate(splits.items(), start=1):
        decisions = _decisions(texts, model, pool)
        examples = texts.examples if pool is None else within_pool(texts.examples, pool)
        dev = read_texts(inputs[f"dev/{language}"]) if f"dev/{language}" in inputs else None
        dev_side = None if dev is None else (dev.examples, _decisions(dev, model, None))
        scores[language] = score_language(family, (examples, decisions), rules, dev_side, language)
        progress(number, len(languages))
    return write_scores(out, scores)


def _decisions(texts: Texts, model: Model, pool: Mapping[str, Any] | None) -> list[Any]:
    if texts.family in _MODELS:
        return _MODELS[texts.family][1](texts, model)
    return models.rank_by_overlap(texts.examples, list(pool.values()) if pool else list(texts.candidates))


def _model(folder: Path | None, family: Family) -> Model:
    if family not in _MODELS:
        return {}
    if folder is None:
        raise DataError(f"control overlap: family {family} needs a target step, fitted on English training data")
    return json.loads((folder / _FILE).read_text(encoding="utf-8"))
