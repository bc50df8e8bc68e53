"""The overlap control: the same steps, answered from surface overlap alone, no encoder. No torch.

What it scores shows how far a task can be solved without knowing the language.
"""

import json
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.metrics.normalisation import SQUAD
from xtransfer_stats.metrics.scoring import Rules, score_language, within_pool, write_scores
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training import overlap_models as models
from xtransfer_stats.training.texts import Texts, read_texts

Inputs = Mapping[str, Path]
Model = dict[str, Any]
FILE = "overlap.json"

_FIT: Mapping[Family, Callable[[Texts], Model]] = {
    Family.CLASSIFICATION: models.fit_labels,
    Family.TAGGING: models.fit_tags,
    Family.SPAN_QA: models.fit_answers,
    Family.MULTIPLE_CHOICE: models.fit_choices,
}
_DECIDE: Mapping[Family, Callable[[Texts, Model], list[Any]]] = {
    Family.CLASSIFICATION: models.decide_labels,
    Family.TAGGING: models.decide_tags,
    Family.SPAN_QA: models.decide_answers,
    Family.MULTIPLE_CHOICE: models.decide_choices,
}


def target(args: Mapping[str, Any], inputs: Inputs, out: Path, progress: Callable[[int, int], None]) -> dict[str, Any]:
    """Fit the family's surface model on the English training split; retrieval has nothing to fit."""
    family = Family(args["family"])
    fit = _FIT.get(family, lambda texts: {})
    model = {"family": str(family), **fit(read_texts(inputs["train"]))}
    (out / FILE).write_text(json.dumps(model, ensure_ascii=False), encoding="utf-8")
    progress(1, 1)
    return {"control": "overlap"}


def evaluation(
    args: Mapping[str, Any], inputs: Inputs, out: Path, progress: Callable[[int, int], None]
) -> dict[str, Any]:
    """Score the surface model on the languages of one target task; files as of a model's evaluation."""
    family, languages = Family(args["family"]), list(args["languages"])
    model = _model(inputs.get("encoder"), family)
    splits = {language: read_texts(inputs[f"test/{language}"]) for language in languages}
    pool = {c["id"]: c for texts in splits.values() for c in texts.candidates} if family.pooled else None
    scored = {}
    for number, (language, texts) in enumerate(splits.items(), start=1):
        decisions = _decisions(texts, model, pool)
        examples = texts.examples if pool is None else within_pool(texts.examples, pool)
        dev = read_texts(inputs[f"dev/{language}"]) if f"dev/{language}" in inputs else None
        dev_side = None if dev is None else (dev.examples, _decisions(dev, model, None))
        rules = Rules(args["metrics"], args.get("normalisation", SQUAD))
        scored[language] = score_language(family, (examples, decisions), rules, dev_side, language)
        progress(number, len(languages))
    return write_scores(out, scored)


def _decisions(texts: Texts, model: Model, pool: Mapping[str, Any] | None) -> list[Any]:
    if texts.family in _DECIDE:
        return _DECIDE[texts.family](texts, model)
    return models.rank_by_overlap(texts.examples, list(pool.values()) if pool else list(texts.candidates))


def _model(folder: Path | None, family: Family) -> Model:
    if family not in _DECIDE:
        return {}
    if folder is None:
        raise DataError(f"control overlap: family {family} needs a target step, fitted on English training data")
    return json.loads((folder / FILE).read_text(encoding="utf-8"))
