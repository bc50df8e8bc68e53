"""What the heads gave for each unit -> one decision an example, in plain Python. No torch.

Decisions: a label (classification), tags (tagging), an answer's text (span QA), a choice's index (multiple
choice), the best candidates with their scores, best first (retrieval).
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.features import Features
from xtransfer_stats.training.ranking import Ranking, rank, unique_names

# Unit -> what the head gave for it; vectors of retrieval stand in one array [U, H], for a pool may be large.
Outputs = Mapping[int, np.ndarray] | np.ndarray
MAX_ANSWER_TOKENS = 30  # the longest answer that span search considers, as in SQuAD's baselines


def _by_owner(features: Features, outputs: Outputs, count: int) -> list[list[int]]:
    units: list[list[int]] = [[] for _ in range(count)]
    for unit in sorted(outputs):  # a mapping in these families
        if features.owner[unit] < count:
            units[features.owner[unit]].append(unit)
    return units


def decide_labels(features: Features, outputs: Outputs, count: int, head: Mapping[str, Any]) -> list[str]:
    """Return the most probable label of each of the first `count` examples."""
    labels = head["labels"]
    return [labels[int(outputs[units[0]].argmax())] for units in _by_owner(features, outputs, count)]


def decide_tags(features: Features, outputs: Outputs, count: int, head: Mapping[str, Any]) -> list[list[str]]:
    """Return each token's tag; one whose sub-word belongs to the token before it takes that token's tag."""
    labels = head["labels"]
    decisions = []
    for number, units in enumerate(_by_owner(features, outputs, count)):
        found = {int(word): labels[tag] for unit in units for word, tag in outputs[unit]}
        tags: list[str] = []
        for word in range(len(features.examples[number]["tokens"])):
            tags.append(found.get(word, tags[-1] if tags else labels[0]))
        decisions.append(tags)
    return decisions


def _best_span(logits: np.ndarray, longest: int) -> tuple[float, int, int]:
    """Return score, first and last token of the best span; the first token (no answer) is not a candidate."""
    size = len(logits)
    scores = logits[:, None, 0] + logits[None, :, 1]
    rows, columns = np.arange(size)[:, None], np.arange(size)[None, :]
    allowed = (rows > 0) & (columns >= rows) & (columns < rows + longest)
    scores = np.where(allowed, scores, -np.inf)
    place = int(scores.argmax())
    return float(scores.flat[place]), place // size, place % size


def decide_answers(features: Features, outputs: Outputs, count: int, head: Mapping[str, Any]) -> list[str]:
    """Return the best span over an example's windows; empty when the head learnt "no answer" and it wins."""
    longest = int(head.get("max_answer_length", MAX_ANSWER_TOKENS))
    decisions = []
    for number, units in enumerate(_by_owner(features, outputs, count)):
        found = [(*_best_span(outputs[unit], longest), unit) for unit in units]
        score, first, last, unit = max(found, key=lambda row: row[0])
        null = min(float(outputs[unit][0].sum()) for unit in units)
        empty = not np.isfinite(score) or (head.get("unanswerable", False) and null > score)
        decisions.append("" if empty else _text(features, number, unit, first, last))
    return decisions


def _text(features: Features, number: int, unit: int, first: int, last: int) -> str:
    spans = features.spans
    if spans is None:
        raise ValueError("span QA features without spans")
    begin = features.offsets[unit]
    return features.examples[number]["context"][spans[begin + first, 0] : spans[begin + last, 1]]


def decide_choices(features: Features, outputs: Outputs, count: int, head: Mapping[str, Any]) -> list[int]:
    """Return the index of each example's best choice."""
    groups = _by_owner(features, outputs, count)
    return [int(np.argmax([float(outputs[unit]) for unit in units])) for units in groups]


def candidate_pool(parts: Sequence[tuple[Features, Outputs]]) -> tuple[list[str], np.ndarray]:
    """Return names and vectors [N, H] of all candidates of several splits, each name once."""
    found: list[str] = []
    vectors = []
    fresh = unique_names([features.candidates for features, _ in parts])
    for (features, outputs), (names, places) in zip(parts, fresh, strict=True):
        count = len(features.examples)
        found += names
        whole = len(places) == len(features.candidates)
        vectors.append(_dense(outputs)[count:] if whole else _dense(outputs)[count + places])
    return found, vectors[0] if len(vectors) == 1 else np.concatenate(vectors)


def decide_ranking(features: Features, outputs: Outputs, count: int, head: Mapping[str, Any]) -> list[Ranking]:
    """Return each query's ranking of the split's own candidates."""
    whole = _dense(outputs)
    names, vectors = candidate_pool([(features, whole)])
    return rank(query_vectors(whole, count), vectors, names)


def query_vectors(outputs: Outputs, count: int) -> np.ndarray:
    """Return the vectors of the first `count` queries, [count, H]."""
    return _dense(outputs)[:count]


def _dense(outputs: Outputs) -> np.ndarray:
    if not isinstance(outputs, np.ndarray):
        raise TypeError("retrieval needs one vector a unit")
    return outputs


DECIDE: Mapping[Family, Callable[[Features, Outputs, int, Mapping[str, Any]], list[Any]]] = {
    Family.CLASSIFICATION: decide_labels,
    Family.TAGGING: decide_tags,
    Family.SPAN_QA: decide_answers,
    Family.MULTIPLE_CHOICE: decide_choices,
    Family.SENTENCE_RETRIEVAL: decide_ranking,
    Family.BITEXT_MINING: decide_ranking,
    Family.ENTITY_RETRIEVAL: decide_ranking,
    Family.ANSWER_RETRIEVAL: decide_ranking,
}
