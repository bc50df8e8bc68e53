"""The evaluation phase: runs a tuned model over features and scores what it decides; dev scores too."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.metrics import scoring
from xtransfer_stats.metrics.answers import SQUAD
from xtransfer_stats.study.adapters import Adapter
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.backbone import Encoder
from xtransfer_stats.training.batches import Batch, run_units
from xtransfer_stats.training.checkpoints import load_encoder, rebuild_head
from xtransfer_stats.training.decisions import DECIDE, Outputs, candidate_pool, rank, vectors_of
from xtransfer_stats.training.features import Features, Inputs, Progress, read_features
from xtransfer_stats.training.hardware import Precision, precision_of
from xtransfer_stats.training.heads import Head, Retriever
from xtransfer_stats.training.losses import Diverged


def _quiet(done: int, total: int) -> None:
    """Tell nobody of progress."""


def unit_outputs(
    encoder: Encoder,
    head: Head,
    features: Features,
    count: int,
    progress: Progress = _quiet,
    layer: int | None = None,
) -> Outputs:
    """Return what the head gives for each unit of the first `count` examples and of all candidates.

    Vectors come in one array [U, H], fp32, with zeros for other units. `layer` is the encoder's, None for the last.
    Raises Diverged for an encoder whose hidden states are not finite.
    """
    outputs: Any = np.zeros((len(features.lengths), encoder.width), np.float32) if head.dense else {}

    def use(chosen: np.ndarray, batch: Batch) -> None:
        hidden = encoder(batch, layer)
        if not bool((torch.isfinite(hidden).all(-1) | ~batch.mask).all()):
            raise Diverged(
                "the encoder's hidden states are not finite: its training diverged; lower learning_rate there"
            )
        values = head.outputs(hidden, batch)
        if head.dense:
            outputs[chosen] = values
        else:
            outputs.update(zip(chosen.tolist(), values, strict=True))

    run_units(features, features.units_of(count), encoder.precision.device, encoder.width, use, progress)
    return outputs


def dev_score(encoder: Encoder, head: Head, features: Features, limit: int, facts: Mapping[str, Any]) -> float:
    """Return the metric that decides early stopping on the first `limit` examples, 0-100."""
    count = min(limit, len(features.examples))
    outputs = unit_outputs(encoder, head, features, count)
    decisions = DECIDE[features.family](features, outputs, count, facts)
    return scoring.stopping_score(features.family, features.examples[:count], decisions)


@dataclass(frozen=True)
class DecisionRules(scoring.ScoringRules):
    """How a target task is evaluated: its scoring, and which hidden states stand for a text without training."""

    layer: int | None = None
    pooling: str | None = None  # the encoder's own


@dataclass(frozen=True)
class Evaluation:
    """One tuned model on the splits of one family."""

    encoder: Encoder
    head: Head
    facts: Mapping[str, Any]
    rules: DecisionRules

    def _outputs(self, features: Features, progress: Progress) -> Outputs:
        return unit_outputs(self.encoder, self.head, features, len(features.examples), progress, self.rules.layer)

    def _decisions(self, features: Features, progress: Progress) -> list[Any]:
        """A decision for each example of a split, among the split's own candidates."""
        outputs = self._outputs(features, progress)
        return DECIDE[features.family](features, outputs, len(features.examples), self.facts)

    def split(self, features: Features, dev: Features | None, progress: Progress) -> scoring.Scored:
        """Score one language on its own; bitext mining fits its threshold on `dev`."""
        side = (features.examples, self._decisions(features, progress))
        dev_side = None if dev is None else (dev.examples, self._decisions(dev, _quiet))
        return scoring.score_language(features.family, side, self.rules, dev_side, features.language)

    def pooled(self, splits: Mapping[str, Features], progress: Progress) -> dict[str, scoring.Scored]:
        """Score languages whose candidates form one pool."""
        total, done = sum(len(features.lengths) for features in splits.values()), 0
        outputs: dict[str, Outputs] = {}
        for language, features in splits.items():
            outputs[language] = self._outputs(features, lambda n, _, done=done: progress(done + n, total))  # type: ignore[misc]
            done += len(features.lengths)
        queries = {name: vectors_of(outputs[name])[: len(splits[name].examples)].copy() for name in splits}
        names, vectors = candidate_pool([(splits[name], outputs[name]) for name in splits])
        outputs.clear()  # a pool may be large
        pool = set(names)
        return {
            language: scoring.score(
                features.family,
                scoring.within_pool(features.examples, pool),
                rank(queries[language], vectors, names),
                self.rules.metrics,
            )
            for language, features in splits.items()
        }


@lru_cache(maxsize=2)
def _tuned(
    pretrained: Path, tuned: Path | None, freeze: int | None, precision: Precision, adapter: Adapter | None
) -> Encoder:
    """Keep the last encoders: the languages of a target task are scored by one, step after step.

    A pretrained model that was not trained is scored without an adapter, which would change nothing yet.
    """
    return load_encoder(pretrained, tuned, freeze, precision, adapter if tuned else None).eval()


def evaluation(args: Mapping[str, Any], inputs: Inputs, out: Path, progress: Progress) -> dict[str, Any]:
    """Score one encoder on the languages of one target task; return what scores.json holds.

    Raises DataError where a language's features or the family's head are missing, or nothing can be scored.
    """
    family, languages = Family(args["family"]), list(args["languages"])
    place = inputs["pretrained"], inputs.get("encoder")
    encoder = _tuned(*place, args["freeze"], precision_of(args), Adapter.read(args))
    head, facts = rebuild_head(family, encoder.width, inputs.get("encoder"))
    rules = DecisionRules(list(args["metrics"]), args.get("normalisation", SQUAD), **args.get("representation", {}))
    head.pooling = encoder.pooling
    if isinstance(head, Retriever):
        head.pooling = rules.pooling or encoder.pooling
    model = Evaluation(encoder, head.to(encoder.precision.device), facts, rules)
    if family.pooled:
        splits = {language: read_features(inputs[f"test/{language}"]) for language in languages}
        return scoring.write_scores(out, model.pooled(splits, progress))
    scores = {}
    for number, language in enumerate(languages):
        if f"test/{language}" not in inputs:
            raise DataError(f"languages: no test features for {language!r}")
        features = read_features(inputs[f"test/{language}"])
        dev = read_features(inputs[f"dev/{language}"]) if f"dev/{language}" in inputs else None

        def within(done: int, total: int, number: int = number) -> None:
            progress(round(1000 * (number + done / total)), 1000 * len(languages))

        scores[language] = model.split(features, dev, within)
    return scoring.write_scores(out, scores)
