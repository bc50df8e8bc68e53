"""How each family is scored, in one place: official metrics, 0-100, for a split's examples or for other systems' files.

Early stopping, evaluations, the overlap control and `xstats score` all ask here. Decisions are one an example: a
label, tags, an answer, a choice's index, or candidates with their scores, best first.
"""

import json
import math
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any, NamedTuple

import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.metrics.answers import SQUAD, Normaliser, exact_match, f1, normalise, normaliser
from xtransfer_stats.metrics.retrieval import accuracy_at_1, average_precision, best_threshold
from xtransfer_stats.metrics.span_f1 import agreement, span_scores
from xtransfer_stats.tasks.task import METRICS, Family

NAN = float("nan")
Example = Mapping[str, Any]
Side = tuple[Sequence[Example], Sequence[Any]]  # examples and their decisions


@dataclass(frozen=True)
class Scored:
    """Metrics of a split, 0-100, and a row an example: prediction, gold, each metric's own value or NaN."""

    n_examples: int
    metrics: dict[str, float]
    rows: list[dict[str, Any]]


class _Case(NamedTuple):
    """An example that can be scored: what was decided, what is right, and both as predictions.parquet has them."""

    example: Example
    decision: Any
    gold: Any
    texts: tuple[str, str]

    def row(self, values: Mapping[str, float]) -> dict[str, Any]:
        names = {"example_id": self.example["id"], "paragraph": self.example.get("paragraph") or self.example["id"]}
        return {**names, "prediction": self.texts[0], "gold": self.texts[1], **values}


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False)


def _known(examples: Sequence[Example], decisions: Sequence[Any], key: str) -> list[tuple[Example, Any, Any]]:
    known = [(e, d, e[key]) for e, d in zip(examples, decisions, strict=True) if e[key] is not None]
    if not known:
        raise DataError(f"no example has a {key}: choose a split whose {key} is public")
    return known


def _labels(examples: Sequence[Example], decisions: Sequence[Any]) -> list[_Case]:
    return [_Case(e, d, gold, (str(d), str(gold))) for e, d, gold in _known(examples, decisions, "label")]


def _tags(examples: Sequence[Example], decisions: Sequence[Any]) -> list[_Case]:
    return [_Case(e, d, gold, (" ".join(d), " ".join(gold))) for e, d, gold in _known(examples, decisions, "tags")]


def _answers(examples: Sequence[Example], decisions: Sequence[Any]) -> list[_Case]:
    golds = [[answer["text"] for answer in example["answers"]] for example in examples]
    return [_Case(e, d, gold, (d, _json(gold))) for e, d, gold in zip(examples, decisions, golds, strict=True)]


def _rankings(examples: Sequence[Example], decisions: Sequence[Any]) -> list[_Case]:
    pairs = zip(examples, decisions, strict=True)
    ranked = [(e, [name for name, _ in d], e["gold"]) for e, d in pairs if e["gold"]]
    return [_Case(e, names, gold, (_json(names), _json(list(gold)))) for e, names, gold in ranked]


def _nearest(examples: Sequence[Example], decisions: Sequence[Any]) -> list[_Case]:
    return [case._replace(texts=(case.decision[0], case.texts[1])) for case in _rankings(examples, decisions)]


class _Scoring(NamedTuple):
    """How a family is scored: which examples, and what metrics each of these has, whose means are the family's."""

    cases: Callable[[Sequence[Example], Sequence[Any]], list[_Case]]
    metrics: Mapping[str, Callable[[Any, Any, Normaliser], float]]  # of (decision, gold, normalisation), 0-100


_LABELS = _Scoring(_labels, {"accuracy": lambda mine, gold, _: 100.0 * (mine == gold)})
_NEAREST = _Scoring(_nearest, {"accuracy": lambda mine, gold, _: accuracy_at_1(mine, gold)})
_RANKINGS = _Scoring(_rankings, {"map@20": lambda mine, gold, _: average_precision(mine, gold)})
_FAMILIES: Mapping[Family, _Scoring] = {
    Family.CLASSIFICATION: _LABELS,
    Family.TAGGING: _Scoring(_tags, {}),  # spans are counted over all sentences
    Family.SPAN_QA: _Scoring(_answers, {"exact_match": exact_match, "f1": f1}),
    Family.MULTIPLE_CHOICE: _LABELS,
    Family.SENTENCE_RETRIEVAL: _NEAREST,
    Family.BITEXT_MINING: _NEAREST,  # while training; languages are scored by the pairs above a threshold
    Family.ENTITY_RETRIEVAL: _RANKINGS,
    Family.ANSWER_RETRIEVAL: _RANKINGS,
}


def example_values(
    family: Family, decisions: Sequence[Any], gold: Sequence[Any], normalised: Normaliser
) -> list[dict[str, float]]:
    """The metrics of each example; a decision None is no prediction, which counts 0 as in the official scorers."""
    metrics = _FAMILIES[family].metrics
    return [
        {name: 0.0 if mine is None else metric(mine, right, normalised) for name, metric in metrics.items()}
        for mine, right in zip(decisions, gold, strict=True)
    ]


def _means(family: Family, rows: Sequence[Mapping[str, float]]) -> dict[str, float]:
    names = _FAMILIES[family].metrics
    return {name: math.fsum(row[name] for row in rows) / len(rows) if rows else NAN for name in names}


def official_scores(
    family: Family, predictions: Sequence[Any], gold: Sequence[Any], normalised: Normaliser = normalise
) -> dict[str, float]:
    """Return all of a family's official metrics by name, 0-100; NaN where there is nothing to score.

    predictions and gold, one an example: labels; lists of tags; an answer's text and the texts of the right ones;
    ranked candidates' ids and the right ones'. A prediction None counts 0. Bitext mining: all pairs of ids.
    Raises ValueError when the two are not of one length.
    """
    if family is Family.TAGGING:
        return span_scores(predictions, gold)
    if family is Family.BITEXT_MINING:
        return agreement(set(predictions), set(gold))
    return _means(family, example_values(family, predictions, gold, normalised))


def score(
    family: Family,
    examples: Sequence[Example],
    decisions: Sequence[Any],
    metrics: Sequence[str],
    normalised: Normaliser = normalise,
) -> Scored:
    """Score decisions by the named metrics of the family.

    Raises DataError for a metric that the family does not have, or when no example has its gold.
    """
    cases = _FAMILIES[family].cases(examples, decisions)
    mine, gold = [case.decision for case in cases], [case.gold for case in cases]
    if family is Family.TAGGING:
        totals = official_scores(family, mine, gold)
        if "accuracy" in metrics:
            totals |= official_scores(Family.CLASSIFICATION, list(chain(*mine)), list(chain(*gold)))
        values = [dict.fromkeys(totals, NAN)] * len(cases)  # micro averages have no value an example
    else:
        values = example_values(family, mine, gold, normalised)
        totals = _means(family, values)
    chosen = _chosen(family, totals, metrics)
    rows = [case.row({k: v for k, v in row.items() if k in chosen}) for case, row in zip(cases, values, strict=True)]
    return Scored(len(cases), chosen, rows)


def _chosen(family: Family, totals: Mapping[str, float], metrics: Sequence[str]) -> dict[str, float]:
    for name in metrics:
        if name not in totals:
            raise DataError(f"metrics: family {family} has no metric {name!r}; it has {', '.join(totals)}")
    return {name: totals[name] for name in metrics}


def stopping_score(family: Family, examples: Sequence[Example], decisions: Sequence[Any]) -> float:
    """Return the metric that decides when a training stops, 0-100; raises as `score` does."""
    metric = "accuracy" if family is Family.BITEXT_MINING else METRICS[family][-1]
    return score(family, examples, decisions, [metric]).metrics[metric]


def within_pool(examples: Sequence[Example], pool: Collection[str]) -> list[Example]:
    """Keep of each query's right candidates those in the pool: a study may leave some languages out."""
    return [{**example, "gold": [name for name in example["gold"] if name in pool]} for example in examples]


@dataclass(frozen=True)
class ScoringRules:
    """How a target task is scored: its metrics, and which rules normalise answers (metrics.answers)."""

    metrics: Sequence[str]
    normalisation: str = SQUAD


def score_language(family: Family, test: Side, rules: ScoringRules, dev: Side | None, language: str) -> Scored:
    """Score one language; bitext mining keeps the pairs above the threshold that is best on dev.

    Raises DataError when that dev side is missing, and as `score` does.
    """
    if family is not Family.BITEXT_MINING:
        return score(family, *test, rules.metrics, normaliser(rules.normalisation, language))
    if dev is None:
        raise DataError(f"bitext mining in {language!r} needs a dev split to fit its threshold")
    return _score_bitext(test, best_threshold(_mined(dev), _right_pairs(dev)), rules.metrics)


def _mined(side: Side) -> list[tuple[str, str, float]]:
    """(query, best candidate, score) of each query that has a candidate."""
    return [(example["id"], *ranking[0]) for example, ranking in zip(*side, strict=True) if ranking]


def _right_pairs(side: Side) -> list[tuple[str, str]]:
    return [(example["id"], name) for example in side[0] for name in example["gold"]]


def _score_bitext(side: Side, threshold: float, metrics: Sequence[str]) -> Scored:
    """The metrics of the pairs at or above the threshold; rows tell whether a query was answered rightly."""
    family = Family.BITEXT_MINING
    kept = {query: name for query, name, score in _mined(side) if score >= threshold}
    chosen = _chosen(family, official_scores(family, list(kept.items()), _right_pairs(side)), metrics)
    cases = [_Case(e, None, None, (kept.get(e["id"], ""), _json(list(e["gold"])))) for e in side[0]]
    return Scored(len(cases), chosen, [case.row(dict.fromkeys(chosen, NAN)) for case in cases])


def write_scores(out: Path, scores: Mapping[str, Scored]) -> dict[str, Any]:
    """Write scores.json and predictions.parquet; return what scores.json holds.

    Raises DataError when a language has no example to score.
    """
    frames, languages = [], {}
    for language, scored in scores.items():
        if not scored.n_examples:
            raise DataError(f"language {language!r} has no example with a known answer")
        languages[language] = {"n_examples": scored.n_examples, "metrics": scored.metrics}
        frames.append(pd.DataFrame(scored.rows).assign(language=language))
    content = {"languages": languages}
    (out / "scores.json").write_text(json.dumps(content, indent=1), encoding="utf-8")
    frame = pd.concat(frames, ignore_index=True)
    frame.insert(0, "language", frame.pop("language"))
    frame.to_parquet(out / "predictions.parquet", index=False)
    return content
