"""What the heads gave for each unit -> one decision an example, in plain Python. No torch.

Decisions: a label (classification), tags (tagging), an answer's text (span QA), a choice's index (multiple
choice), the best candidates with their scores, best first (retrieval). Candidates are ranked in blocks, for a pool
of a million has no whole table of scores.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

import numpy as np

from xtransfer_stats.metrics.retrieval import CUT
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.features import Features

# Unit -> what the head gave for it; vectors of retrieval stand in one array [U, H], for a pool may be large.
Outputs = Mapping[int, np.ndarray] | np.ndarray
Ranking = list[tuple[str, float]]  # candidates and scores, best first
POOL_BLOCK = 1 << 16  # candidates
TABLE = 1 << 24  # scores at a time: 64 MB in fp32
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
        tagged = {int(word): labels[tag] for unit in units for word, tag in outputs[unit]}
        tags: list[str] = []
        for word in range(len(features.examples[number]["tokens"])):
            tags.append(tagged.get(word, tags[-1] if tags else labels[0]))
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
        spans = [(*_best_span(outputs[unit], longest), unit) for unit in units]
        score, first, last, unit = max(spans, key=lambda row: row[0])
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


def rank(
    queries: np.ndarray, pool: np.ndarray, names: Sequence[str], cut: int = CUT, block: int = POOL_BLOCK
) -> list[Ranking]:
    """Return the `cut` best candidates of each query by dot product; equal scores in the pool's order.

    queries [Q, H], pool [N, H]. Memory: one table of scores of at most `block` candidates.
    """
    rows = max(1, TABLE // max(1, min(block, len(pool))))
    rankings: list[Ranking] = []
    for begin in range(0, len(queries), rows):
        places, scores = _best(queries[begin : begin + rows], pool, cut, block)
        for mine, values in zip(places, scores, strict=True):
            rankings.append([(names[i], float(v)) for i, v in zip(mine.tolist(), values, strict=True)])
    return rankings


def _best(queries: np.ndarray, pool: np.ndarray, cut: int, block: int) -> tuple[np.ndarray, np.ndarray]:
    """Return places in the pool and scores of the best candidates, [Q, min(cut, N)]."""
    places = np.empty((len(queries), 0), dtype=np.int64)
    scores = np.empty((len(queries), 0), dtype=np.result_type(queries, pool))
    for begin in range(0, len(pool), block):
        table = queries @ pool[begin : begin + block].T
        rows = zip(table, places, scores, strict=True)
        kept = [_merged(row, begin, place, score, cut) for row, place, score in rows]
        places, scores = np.stack([one for one, _ in kept]), np.stack([one for _, one in kept])
    return places, scores


def _merged(
    row: np.ndarray, begin: int, places: np.ndarray, scores: np.ndarray, cut: int
) -> tuple[np.ndarray, np.ndarray]:
    """The best of those so far and of a block's scores. Those so far stand first in the pool, so they win ties."""
    new = _candidates(row, scores[-1] if len(scores) == cut else None, cut)
    values = np.concatenate([scores, row[new]])
    best = np.argsort(-values, kind="stable")[:cut]
    return np.concatenate([places, begin + new])[best], values[best]


def _candidates(row: np.ndarray, floor: float | None, cut: int) -> np.ndarray:
    """Places in a block, in order, that hold all that can be among the best `cut`."""
    if floor is not None:
        above = np.flatnonzero(row > floor)
        if len(above) <= 4 * cut:
            return above
    if len(row) <= cut:
        return np.arange(len(row))
    return np.flatnonzero(row >= np.partition(row, len(row) - cut)[len(row) - cut])


def unique_names(parts: Sequence[Sequence[str]]) -> Iterator[tuple[list[str], np.ndarray]]:
    """Yield for each part the names that no earlier place holds, and their places."""
    seen: set[str] = set()
    for part in parts:
        names, places = [], []
        for place, name in enumerate(part):
            if name not in seen:
                seen.add(name)
                names.append(name)
                places.append(place)
        yield names, np.array(places, dtype=np.int64)


def candidate_pool(parts: Sequence[tuple[Features, Outputs]]) -> tuple[list[str], np.ndarray]:
    """Return names and vectors [N, H] of all candidates of several splits, each name once."""
    candidates: list[str] = []
    vectors = []
    fresh = unique_names([features.candidates for features, _ in parts])
    for (features, outputs), (names, places) in zip(parts, fresh, strict=True):
        count = len(features.examples)
        candidates += names
        whole = len(places) == len(features.candidates)
        vectors.append(vectors_of(outputs)[count:] if whole else vectors_of(outputs)[count + places])
    return candidates, vectors[0] if len(vectors) == 1 else np.concatenate(vectors)


def decide_ranking(features: Features, outputs: Outputs, count: int, head: Mapping[str, Any]) -> list[Ranking]:
    """Return each query's ranking of the split's own candidates."""
    whole = vectors_of(outputs)
    names, vectors = candidate_pool([(features, whole)])
    return rank(whole[:count], vectors, names)


def vectors_of(outputs: Outputs) -> np.ndarray:
    """Return retrieval's outputs, the vectors [U, H]; raises TypeError for another family's."""
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
