"""Runs a tuned model over features and scores what it decides."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import nn

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.metrics.normalisation import SQUAD
from xtransfer_stats.metrics.scoring import DEV_METRIC, Scored, score, score_language, within_pool
from xtransfer_stats.metrics.scoring import Rules as ScoringRules
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.backbone import Encoder
from xtransfer_stats.training.batches import collate, inference_batches
from xtransfer_stats.training.decisions import (
    DECIDE,
    Outputs,
    candidate_pool,
    query_vectors,
)
from xtransfer_stats.training.features import Features
from xtransfer_stats.training.heads import HEADS, Head, Retriever
from xtransfer_stats.training.loop import Progress
from xtransfer_stats.training.ranking import rank


def quiet(done: int, total: int) -> None:
    """Tell nobody of progress."""


def run_units(
    encoder: Encoder,
    head: Head,
    features: Features,
    count: int,
    progress: Progress = quiet,
    layer: int | None = None,
) -> Outputs:
    """Return what the head gives for each unit of the first `count` examples and of all candidates.

    Vectors come in one array [U, H], fp32, with zeros for other units. `layer` is the encoder's, None for the last.
    """
    units, done = features.units_of(count), 0
    found: Any = np.zeros((len(features.lengths), encoder.width), np.float32) if head.dense else {}
    with torch.inference_mode():
        for chosen in inference_batches(features.lengths, units):
            batch = collate(features, chosen).to(encoder.precision.device)
            outputs = head.outputs(encoder(batch, layer), batch)
            if head.dense:
                found[chosen] = outputs
            else:
                found |= dict(zip(chosen.tolist(), outputs, strict=True))
            done += len(chosen)
            progress(done, len(units))
    return found


def dev_score(encoder: Encoder, head: Head, features: Features, limit: int, facts: Mapping[str, Any]) -> float:
    """Return the family's main metric on the first `limit` examples, 0-100."""
    count = min(limit, len(features.examples))
    outputs = run_units(encoder, head, features, count)
    decisions = DECIDE[features.family](features, outputs, count, facts)
    metric = DEV_METRIC[features.family]
    return score(features.family, features.examples[:count], decisions, [metric]).metrics[metric]


def rebuild_head(family: Family, width: int, folder: Path | None) -> tuple[Head, dict[str, Any]]:
    """Return the head that scores a family and what head.json tells of it (labels, unanswerable).

    Retrieval needs none. The other families need a target folder with a head of their family, else DataError.
    """
    if HEADS[family] is HEADS[Family.SENTENCE_RETRIEVAL]:
        return HEADS[family](width).eval(), {}
    if folder is None or not (folder / "head.json").is_file():
        raise DataError(f"family {family} is scored by a trained head; give a target step as encoder")
    facts = json.loads((folder / "head.json").read_text(encoding="utf-8"))
    if facts["family"] != family:
        raise DataError(f"the target step has a head for {facts['family']}, the evaluation is of {family}")
    head = HEADS[family](width, facts["labels"])
    load_head(head, folder)
    return head.eval(), facts


def load_head(head: nn.Module, folder: Path) -> None:
    """Load head.safetensors into the head."""
    from safetensors.torch import load_file

    head.load_state_dict(load_file(folder / "head.safetensors"))


@dataclass(frozen=True)
class Rules(ScoringRules):
    """How a target task is evaluated: its scoring, and which hidden states stand for a text without training."""

    layer: int | None = None
    pooling: str = "mean"


def rules_of(args: Mapping[str, Any]) -> Rules:
    """The rules that an evaluation step's arguments state."""
    return Rules(list(args["metrics"]), args.get("normalisation", SQUAD), **args.get("representation", {}))


class Evaluation:
    """One tuned model on the splits of one family."""

    def __init__(self, encoder: Encoder, head: Head, facts: Mapping[str, Any], rules: Rules) -> None:
        self.encoder, self.head, self.facts, self.rules = encoder, head, facts, rules
        if isinstance(head, Retriever):
            head.pooling = rules.pooling

    def outputs(self, features: Features, progress: Progress = quiet) -> Outputs:
        """Run all units of a split."""
        return run_units(self.encoder, self.head, features, len(features.examples), progress, self.rules.layer)

    def decisions(self, features: Features, progress: Progress = quiet) -> list[Any]:
        """Return a decision for each example of a split, among the split's own candidates."""
        outputs = self.outputs(features, progress)
        return DECIDE[features.family](features, outputs, len(features.examples), self.facts)

    def split(self, features: Features, dev: Features | None, progress: Progress) -> Scored:
        """Score one language on its own; bitext mining fits its threshold on `dev`."""
        side = (features.examples, self.decisions(features, progress))
        dev_side = None if dev is None else (dev.examples, self.decisions(dev))
        return score_language(features.family, side, self.rules, dev_side, features.language)

    def pooled(self, splits: Mapping[str, Features], progress: Progress) -> dict[str, Scored]:
        """Score languages whose candidates form one pool."""
        total, done = sum(len(features.lengths) for features in splits.values()), 0
        outputs: dict[str, Outputs] = {}
        for language, features in splits.items():
            outputs[language] = self.outputs(features, lambda n, _, done=done: progress(done + n, total))  # type: ignore[misc]
            done += len(features.lengths)
        queries = {name: query_vectors(outputs[name], len(splits[name].examples)).copy() for name in splits}
        names, vectors = candidate_pool([(splits[name], outputs[name]) for name in splits])
        outputs.clear()
        return self._scored(splits, queries, names, vectors)

    def _scored(
        self, splits: Mapping[str, Features], queries: Mapping[str, np.ndarray], names: list[str], vectors: np.ndarray
    ) -> dict[str, Scored]:
        found, known = {}, set(names)
        for language, features in splits.items():
            ranking = rank(queries[language], vectors, names)
            examples = within_pool(features.examples, known)
            found[language] = score(features.family, examples, ranking, self.rules.metrics)
        return found
