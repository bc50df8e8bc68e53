"""Decisions and examples -> scores (0-100) and a row an example; the overlap control scores here too."""

import json
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.metrics import retrieval, squad
from xtransfer_stats.metrics.accuracy import accuracy
from xtransfer_stats.metrics.normalisation import SQUAD, normaliser
from xtransfer_stats.metrics.span_f1 import span_f1
from xtransfer_stats.metrics.squad import Normaliser
from xtransfer_stats.tasks.task import Family

NAN = float("nan")
Example = Mapping[str, Any]
DEV_METRIC: Mapping[Family, str] = {  # decides early stopping
    Family.CLASSIFICATION: "accuracy",
    Family.TAGGING: "f1",
    Family.SPAN_QA: "f1",
    Family.MULTIPLE_CHOICE: "accuracy",
    Family.SENTENCE_RETRIEVAL: "accuracy",
    Family.BITEXT_MINING: "accuracy",
    Family.ENTITY_RETRIEVAL: "map@20",
    Family.ANSWER_RETRIEVAL: "map@20",
}


@dataclass(frozen=True)
class Scored:
    """Metrics of a split, 0-100, and a row an example: prediction, gold, each metric's own value or NaN."""

    n_examples: int
    metrics: dict[str, float]
    rows: list[dict[str, Any]]


def _labelled(examples: Sequence[Example], decisions: Sequence[Any], key: str) -> list[tuple[Example, Any]]:
    pairs = [(e, d) for e, d in zip(examples, decisions, strict=True) if e[key] is not None]
    if not pairs:
        raise DataError(f"no example has a {key}: choose a split whose {key} is public")
    return pairs


def _row(example: Example, prediction: str, gold: str, values: Mapping[str, float]) -> dict[str, Any]:
    head = {"example_id": example["id"], "paragraph": example.get("paragraph") or example["id"]}
    return {**head, "prediction": prediction, "gold": gold, **values}


def _mean(rows: Sequence[Mapping[str, Any]], metric: str) -> float:
    return math.fsum(row[metric] for row in rows) / len(rows) if rows else NAN


def _score_labels(examples: Sequence[Example], decisions: Sequence[Any], metrics: Sequence[str]) -> Scored:
    pairs = _labelled(examples, decisions, "label")
    value = accuracy([d for _, d in pairs], [e["label"] for e, _ in pairs])
    rows = [_row(e, str(d), str(e["label"]), {"accuracy": 100.0 * (d == e["label"])}) for e, d in pairs]
    return Scored(len(pairs), {"accuracy": value}, rows)


def _score_tags(examples: Sequence[Example], decisions: Sequence[Any], metrics: Sequence[str]) -> Scored:
    pairs = _labelled(examples, decisions, "tags")
    found = {"f1": span_f1([d for _, d in pairs], [e["tags"] for e, _ in pairs])}
    if "accuracy" in metrics:
        flat = [(m, t) for e, d in pairs for m, t in zip(d, e["tags"], strict=True)]
        found["accuracy"] = accuracy([m for m, _ in flat], [t for _, t in flat])
    values = dict.fromkeys(found, NAN)  # micro averages have no value an example
    rows = [_row(e, " ".join(d), " ".join(e["tags"]), values) for e, d in pairs]
    return Scored(len(pairs), found, rows)


def score_answers(examples: Sequence[Example], decisions: Sequence[Any], normalised: Normaliser) -> Scored:
    """Return exact match and F1 of answers compared after this normalisation."""
    rows = []
    for example, text in zip(examples, decisions, strict=True):
        answers = [answer["text"] for answer in example["answers"]]
        values = {
            "exact_match": squad.exact_match(text, answers, normalised),
            "f1": squad.f1(text, answers, normalised),
        }
        rows.append(_row(example, text, json.dumps(answers, ensure_ascii=False), values))
    return Scored(len(rows), {name: _mean(rows, name) for name in ("exact_match", "f1")}, rows)


def _score_by_squad(examples: Sequence[Example], decisions: Sequence[Any], metrics: Sequence[str]) -> Scored:
    return score_answers(examples, decisions, squad.normalise)


def _score_rankings(examples: Sequence[Example], decisions: Sequence[Any], metrics: Sequence[str]) -> Scored:
    rows = []
    for example, ranking in zip(examples, decisions, strict=True):
        names, gold = [name for name, _ in ranking], example["gold"]
        if not gold:
            continue
        values = {
            "accuracy": retrieval.accuracy_at_1(names, gold),
            "map@20": retrieval.average_precision(names, gold),
        }
        found = json.dumps(names, ensure_ascii=False) if "map@20" in metrics else names[0]
        rows.append(_row(example, found, json.dumps(list(gold), ensure_ascii=False), values))
    return Scored(len(rows), {name: _mean(rows, name) for name in ("accuracy", "map@20")}, rows)


def mined(examples: Sequence[Example], decisions: Sequence[Any]) -> list[tuple[str, str, float]]:
    """Return (query, best candidate, score) of each query that has a candidate."""
    pairs = zip(examples, decisions, strict=True)
    return [(example["id"], *ranking[0]) for example, ranking in pairs if ranking]


def gold_pairs(examples: Sequence[Example]) -> list[tuple[str, str]]:
    """Return every right (query, candidate) pair."""
    return [(example["id"], name) for example in examples for name in example["gold"]]


def fit_threshold(examples: Sequence[Example], decisions: Sequence[Any]) -> float:
    """Return the bitext threshold that is best on these (dev) examples."""
    return retrieval.best_threshold(mined(examples, decisions), gold_pairs(examples))


def score_bitext(examples: Sequence[Example], decisions: Sequence[Any], threshold: float) -> Scored:
    """Return F1 of the pairs at or above the threshold; rows tell whether a query was answered rightly."""
    kept = {query: name for query, name, score in mined(examples, decisions) if score >= threshold}
    value = retrieval.bitext_f1(list(kept.items()), gold_pairs(examples))
    rows = []
    for example in examples:
        name, gold = kept.get(example["id"], ""), list(example["gold"])
        rows.append(_row(example, name, json.dumps(gold, ensure_ascii=False), {"f1": NAN}))
    return Scored(len(rows), {"f1": value}, rows)


_SCORERS: Mapping[Family, Callable[[Sequence[Example], Sequence[Any], Sequence[str]], Scored]] = {
    Family.CLASSIFICATION: _score_labels,
    Family.TAGGING: _score_tags,
    Family.SPAN_QA: _score_by_squad,
    Family.MULTIPLE_CHOICE: _score_labels,
    Family.SENTENCE_RETRIEVAL: _score_rankings,
    Family.BITEXT_MINING: _score_rankings,
    Family.ENTITY_RETRIEVAL: _score_rankings,
    Family.ANSWER_RETRIEVAL: _score_rankings,
}


def score(family: Family, examples: Sequence[Example], decisions: Sequence[Any], metrics: Sequence[str]) -> Scored:
    """Score decisions by the named metrics of the family.

    Raises DataError for a metric that the family does not have, or when no example has its gold.
    """
    found = _SCORERS[family](examples, decisions, metrics)
    return _restrict(found, metrics, family)


def _restrict(found: Scored, metrics: Sequence[str], family: Family) -> Scored:
    """Keep the named metrics. Raises DataError for one that was not computed."""
    for name in metrics:
        if name not in found.metrics:
            known = ", ".join(found.metrics)
            raise DataError(f"metrics: family {family} has no metric {name!r}; it has {known}")
    unwanted = set(found.metrics) - set(metrics)
    rows = [{key: value for key, value in row.items() if key not in unwanted} for row in found.rows]
    return Scored(found.n_examples, {name: found.metrics[name] for name in metrics}, rows)


def within_pool(examples: Sequence[Example], pool: Collection[str]) -> list[Example]:
    """Keep of each query's right candidates those in the pool: a study may leave some languages out."""
    return [{**example, "gold": [name for name in example["gold"] if name in pool]} for example in examples]


Side = tuple[Sequence[Example], Sequence[Any]]  # examples and their decisions


@dataclass(frozen=True)
class Rules:
    """How a target task is scored: its metrics, and which rules normalise answers (metrics.normalisation)."""

    metrics: Sequence[str]
    normalisation: str = SQUAD


def score_language(family: Family, test: Side, rules: Rules, dev: Side | None, language: str) -> Scored:
    """Score one language; bitext mining keeps the pairs above the threshold that is best on dev.

    Raises DataError when that dev side is missing.
    """
    if family is Family.SPAN_QA:
        normalised = normaliser(rules.normalisation, language)
        return _restrict(score_answers(*test, normalised), rules.metrics, family)
    if family != Family.BITEXT_MINING:
        return score(family, *test, rules.metrics)
    if dev is None:
        raise DataError(f"bitext mining in {language!r} needs a dev split to fit its threshold")
    return _restrict(score_bitext(*test, fit_threshold(*dev)), rules.metrics, family)


def write_scores(out: Path, scored: Mapping[str, Scored]) -> dict[str, Any]:
    """Write scores.json and predictions.parquet; return the scores.

    Raises DataError when a language has no example to score.
    """
    frames, languages = [], {}
    for language, found in scored.items():
        if not found.n_examples:
            raise DataError(f"language {language!r} has no example with a known answer")
        languages[language] = {"n_examples": found.n_examples, "metrics": found.metrics}
        frames.append(pd.DataFrame(found.rows).assign(language=language))
    scores = {"languages": languages}
    (out / "scores.json").write_text(json.dumps(scores, indent=1), encoding="utf-8")
    frame = pd.concat(frames, ignore_index=True)
    frame.insert(0, "language", frame.pop("language"))
    frame.to_parquet(out / "predictions.parquet", index=False)
    return scores
