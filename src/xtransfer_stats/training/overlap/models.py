"""The surface models, one a family: fitted on English texts to plain JSON, they decide as an encoder's head would."""

from collections import Counter, defaultdict
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from xtransfer_stats.training.decisions import Ranking, rank
from xtransfer_stats.training.features import Example, Texts
from xtransfer_stats.training.overlap import surface

Model = dict[str, Any]
FITTED_EXAMPLES = 1500  # more do not move so few weights
LONGEST_ANSWER = 5  # words
AROUND = 6  # words on each side of a candidate answer that are compared with the question


def _scales(rows: np.ndarray) -> Model:
    """Mean and spread [F] of rows [N, F]; spread 1 for a constant feature."""
    spread = rows.std(0)
    return {"mean": rows.mean(0).tolist(), "spread": np.where(spread > 0, spread, 1.0).tolist()}


def _scaled(rows: np.ndarray, model: Model) -> np.ndarray:
    return (rows - np.array(model["mean"])) / np.array(model["spread"])


def _label_rows(examples: Sequence[Example], profiles: Sequence[Mapping[str, float]]) -> np.ndarray:
    """A pair's overlap, or a single text's likeness to each label's training texts."""
    rows = []
    for example in examples:
        pair = example["pair"]
        counts = surface.trigrams(example["text"])
        single = [surface.cosine(counts, p) for p in profiles] if pair is None else [0.0] * len(profiles)
        shared = [0.0] * surface.PAIR_FEATURES if pair is None else surface.pair_features(example["text"], pair)
        rows.append(shared + single)
    return np.array(rows)


def fit_labels(texts: Texts) -> Model:
    """Logistic regression on the pair's overlap features, or on a single text's likeness to each label."""
    examples = [e for e in texts.examples if e["label"] is not None][:FITTED_EXAMPLES]
    single = [e for e in examples if e["pair"] is None]
    profiles = [surface.profile([e["text"] for e in single if e["label"] == label]) for label in texts.labels]
    rows = _label_rows(examples, profiles)
    scales = _scales(rows)
    gold = np.array([texts.labels.index(e["label"]) for e in examples])
    weights = surface.fit_classes(_scaled(rows, scales), gold, len(texts.labels))
    return {"labels": list(texts.labels), "profiles": profiles, "weights": weights.tolist(), **scales}


def decide_labels(texts: Texts, model: Model) -> list[str]:
    """Return the most probable label of each example."""
    rows = _scaled(_label_rows(texts.examples, model["profiles"]), model)
    weights = np.array(model["weights"])
    return [model["labels"][int(place)] for place in (rows @ weights[:-1] + weights[-1]).argmax(1)]


def _choice_rows(example: Example) -> np.ndarray:
    return np.array([surface.pair_features(example["prompt"], choice) for choice in example["choices"]])


def fit_choices(texts: Texts) -> Model:
    """Conditional logistic regression of the right choice on each choice's overlap with the prompt."""
    examples = [e for e in texts.examples if e["label"] is not None][:FITTED_EXAMPLES]
    groups = [_choice_rows(example) for example in examples]
    scales = _scales(np.concatenate(groups))
    weights = surface.fit_choice([_scaled(group, scales) for group in groups], [e["label"] for e in examples])
    return {"weights": weights.tolist(), **scales}


def decide_choices(texts: Texts, model: Model) -> list[int]:
    """Return the index of each example's best choice."""
    weights = np.array(model["weights"])
    return [int((_scaled(_choice_rows(example), model) @ weights).argmax()) for example in texts.examples]


def fit_tags(texts: Texts) -> Model:
    """Majority tag of each lower-cased token, of each shape, and over all."""
    seen: dict[str, Counter[str]] = defaultdict(Counter)
    shapes: dict[str, Counter[str]] = defaultdict(Counter)
    for example in texts.examples:
        for token, tag in zip(example["tokens"], example["tags"], strict=True):
            seen[token.lower()][tag] += 1
            shapes[surface.shape(token)][tag] += 1
    total: Counter[str] = sum(shapes.values(), Counter())
    return {
        "tokens": {token: _most(counts) for token, counts in seen.items()},
        "shapes": {name: _most(counts) for name, counts in shapes.items()},
        "tag": _most(total),
    }


def _most(counts: Counter[str]) -> str:
    return min(counts, key=lambda tag: (-counts[tag], tag))


def decide_tags(texts: Texts, model: Model) -> list[list[str]]:
    """Return each token's majority tag: as a token, else by its shape, else over all."""

    def tag(token: str) -> str:
        return model["tokens"].get(token.lower()) or model["shapes"].get(surface.shape(token), model["tag"])

    return [[tag(token) for token in example["tokens"]] for example in texts.examples]


def _answer_candidates(example: Example, shapes: Mapping[str, float]) -> tuple[list[tuple[int, int]], np.ndarray]:
    """Return spans of up to LONGEST_ANSWER words and their features; the last row stands for no answer."""
    context = example["context"]
    places = surface.words(context)
    question = surface.trigrams(example["question"])
    alike = np.array([_share(context[start:end], question) for start, end in places])
    sums = np.concatenate([[0.0], np.cumsum(alike)])
    spans, rows = [], []
    for i in range(len(places)):
        for j in range(i, min(i + LONGEST_ANSWER, len(places))):
            start, end = places[i][0], places[j][1]
            left = sums[i] - sums[max(0, i - AROUND)]
            right = sums[min(len(places), j + 1 + AROUND)] - sums[j + 1]
            inside = (sums[j + 1] - sums[i]) / (j + 1 - i)
            spans.append((start, end))
            rows.append([left, right, inside, shapes.get(_form(context[start:end]), shapes["other"]), 0.0])
    rows.append([0.0, 0.0, 0.0, 0.0, 1.0])
    return spans, np.array(rows)


def _share(word: str, question: Counter[str]) -> float:
    counts = surface.trigrams(word)
    return (counts & question).total() / max(1, counts.total())


def _form(text: str) -> str:
    """Return the shapes of a span's words, in order."""
    return " ".join(surface.shape(text[start:end]) for start, end in surface.words(text))


def _form_odds(examples: Sequence[Example]) -> dict[str, float]:
    """Return the log odds of each form among answers against among all short spans, smoothed by one."""
    answers: Counter[str] = Counter()
    spans: Counter[str] = Counter()
    for example in examples:
        answers.update(_form(answer["text"]) for answer in example["answers"][:1])
        candidates, _ = _answer_candidates(example, {"other": 0.0})
        spans.update(_form(example["context"][start:end]) for start, end in candidates)
    scale = (answers.total() + 1) / (spans.total() + 1)
    odds = {form: float(np.log((answers[form] + 1) / (spans[form] * scale + 1))) for form in answers | spans}
    return {**odds, "other": min(odds.values(), default=0.0)}


def fit_answers(texts: Texts) -> Model:
    """Conditional logistic regression of the answer among all short spans and "no answer"."""
    examples = texts.examples[: FITTED_EXAMPLES // 5]
    shapes = _form_odds(examples)
    groups, gold = [], []
    for example in examples:
        spans, rows = _answer_candidates(example, shapes)
        place = _gold_place(example, spans)
        if place is not None:
            groups.append(rows)
            gold.append(place)
    weights = surface.fit_choice(groups, gold).tolist() if groups else [0.0] * 5
    unanswerable = any(not example["answers"] for example in texts.examples)
    return {"shapes": shapes, "weights": weights, "unanswerable": unanswerable}


def _gold_place(example: Example, spans: Sequence[tuple[int, int]]) -> int | None:
    """Return the answer's place among the candidates; None when it is not made of whole words."""
    if not example["answers"]:
        return len(spans)
    answer = example["answers"][0]
    span = (answer["start"], answer["start"] + len(answer["text"]))
    return spans.index(span) if span in spans else None


def decide_answers(texts: Texts, model: Model) -> list[str]:
    """Return the best span of each context, empty where "no answer" wins and training knew it."""
    weights, decisions = np.array(model["weights"]), []
    for example in texts.examples:
        spans, rows = _answer_candidates(example, model["shapes"])
        scores = rows @ weights
        if not model["unanswerable"]:
            scores[-1] = -np.inf
        place = int(scores.argmax())
        start, end = spans[place] if place < len(spans) else (0, 0)
        decisions.append(example["context"][start:end])
    return decisions


def _passage_text(passage: Example) -> str:
    return f"{passage['text']} {passage['context']}".strip()


def rank_by_overlap(queries: Sequence[Example], candidates: Sequence[Example]) -> list[Ranking]:
    """Return each query's candidates by the cosine of trigram counts, best first."""
    texts = [_passage_text(query["passage"]) for query in queries]
    mine, theirs = surface.vectors(texts, [_passage_text(candidate) for candidate in candidates])
    return rank(mine, theirs, [candidate["id"] for candidate in candidates])
