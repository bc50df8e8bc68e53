"""Headings that people write for the same things, as the releases' columns: text_a, text_b, class; words, ner."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping

from xtransfer_stats.sources.schemas.schema import Row

_PAIRS = (
    ("premise", "hypothesis"), ("premise", "hypo"), ("sentence1", "sentence2"), ("sentence_1", "sentence_2"),
    ("sent1", "sent2"), ("sent_1", "sent_2"), ("text_a", "text_b"), ("text1", "text2"), ("text_1", "text_2"),
    ("s1", "s2"), ("sentence_a", "sentence_b"), ("sentence", "sentence2"), ("text", "text_pair"),
)  # fmt: skip
_LABELS = ("gold_label", "label", "labels", "gold", "class", "category", "target", "relation", "judgment", "judgement")
_TOKENS = ("tokens", "words", "token", "word", "forms")
_TAGS = {"ner_tags": ("ner_tags", "ner", "bio", "iob"), "pos_tags": ("pos_tags", "upos", "pos", "upos_tags")}


def read_as(columns: Collection[str]) -> Mapping[str, str]:
    """Column -> the releases' column that it stands for; empty where no headings of a kind are all there."""
    plain = {_plain(column): column for column in columns}
    pair = next((pair for pair in _PAIRS if plain.keys() >= set(pair)), None)
    label = next((name for name in _LABELS if name in plain), None)
    if pair and label:
        texts = ("premise", "hypothesis") if pair[0] == "premise" else ("sentence1", "sentence2")
        named = zip((*pair, label), (*texts, "label"), strict=True)
        return {plain[name]: meant for name, meant in named}
    tokens = next((name for name in _TOKENS if name in plain), None)
    tags = next(((meant, name) for meant, names in _TAGS.items() for name in names if name in plain), None)
    if tokens and tags:
        return {plain[tokens]: "tokens", plain[tags[1]]: tags[0]}
    return {column: name for name, column in plain.items() if name != column}


def renamed(rows: Iterable[Row], meant: Mapping[str, str]) -> Iterator[Row]:
    """The rows under the releases' names; a column that bears such a name already gives way."""
    taken = {*meant.values()} - meant.keys()
    for row in rows:
        yield {meant.get(column, column): value for column, value in row.items() if column not in taken}


def _plain(column: str) -> str:
    return re.sub(r"[\s-]+", "_", column.strip().lower())
