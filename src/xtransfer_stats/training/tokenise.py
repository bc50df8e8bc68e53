"""Examples -> units of token ids, by family. A unit is one sequence that the encoder reads.

marks, a number a token, tell what the family needs: the word whose first sub-word it is (tagging), 1 on
context tokens (span QA), 1 on the mention (retrieval), the masked piece (masked LM), -1 elsewhere.
"""

from array import array
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain, repeat
from typing import Any

import numpy as np
import torch
from torch import Tensor

from xtransfer_stats.base import seeds
from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.source import MultipleChoice, Passage, Split, Tagging
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.maskedlm import masked

_BLOCK = 1000  # texts that the tokenizer is given at a time: what it returns are Python objects, kilobytes a text
STRIDE = 128  # tokens by which neighbouring windows overlap unless a recipe says, as in the XTREME scripts


class Units:
    """Sequences under way, all in a row: a number a token takes four bytes here, a list of them ten times that.

    `lengths` and `owner` are of sequences, the others of tokens; `spans` only for span QA, `segments` only for models
    with segment embeddings.
    """

    def __init__(self) -> None:
        self.ids, self.marks, self.spans = array("i"), array("i"), array("i")
        self.segments = array("B")
        self.lengths, self.owner = array("i"), array("i")

    def tensors(self, with_segments: bool) -> dict[str, Tensor]:
        """Return flat tensors, names and shapes as in Features; segments where wanted and where there is a second."""
        names = ["ids", "marks", "lengths", "owner"]
        tensors = {name: torch.from_numpy(np.array(getattr(self, name), dtype=np.int32)) for name in names}
        segments = np.array(self.segments, dtype=np.uint8)
        if with_segments and segments.any():
            tensors["segments"] = torch.from_numpy(segments)
        if self.spans:
            tensors["spans"] = torch.from_numpy(np.array(self.spans, dtype=np.int32)).view(-1, 2)
        return tensors

    def add(self, sequence: "Encoded", owner: int, marks: Iterable[int]) -> None:
        """Append a sequence."""
        self.ids.extend(sequence.ids)
        self.segments.extend(sequence.segments)
        self.marks.extend(marks)
        self.lengths.append(len(sequence.ids))
        self.owner.append(owner)


@dataclass(frozen=True)
class Encoded:
    """One sequence as the tokenizer gives it; `part` is 0 or 1 for the two texts, None for special tokens."""

    row: int
    ids: list[int]
    segments: list[int]
    spans: list[tuple[int, int]]
    part: list[int | None]


def _call(
    tokenizer: Any, texts: list[str], pairs: list[str] | None, placed: bool = True, **options: Any
) -> Iterator[Encoded]:
    """Encode texts, or pairs, a block at a time. placed: tell also where in its text each token stands."""
    for begin in range(0, len(texts), _BLOCK):
        some = [None if column is None else column[begin : begin + _BLOCK] for column in (texts, pairs)]
        output = tokenizer(
            *some, return_offsets_mapping=placed, return_token_type_ids=True, add_special_tokens=True, **options
        )
        rows = output.get("overflow_to_sample_mapping", range(len(output["input_ids"])))
        for i, row in enumerate(rows):
            spans = [tuple(span) for span in output["offset_mapping"][i]] if placed else []
            parts = output.sequence_ids(i) if placed else []
            yield Encoded(begin + row, output["input_ids"][i], output["token_type_ids"][i], spans, parts)


def _texts(
    tokenizer: Any, rows: Sequence[tuple[str, str | None]], max_length: int, placed: bool = True
) -> Iterator[Encoded]:
    """Encode texts and pairs, each cut to max_length, in the order given."""
    options = {"truncation": True, "max_length": max_length}
    for begin in range(0, len(rows), _BLOCK):
        block = rows[begin : begin + _BLOCK]
        sequences: dict[int, Encoded] = {}
        for paired in (False, True):
            places = [i for i, (_, pair) in enumerate(block) if (pair is not None) == paired]
            if places:
                pairs = [str(block[i][1]) for i in places] if paired else None
                encoded = _call(tokenizer, [block[i][0] for i in places], pairs, placed, **options)
                sequences |= dict(zip(places, encoded, strict=True))
        yield from (sequences[i] for i in range(len(block)))


def _plain(tokenizer: Any, rows: Sequence[tuple[str, str | None]], owner: Sequence[int], max_length: int) -> Units:
    units = Units()
    for number, sequence in zip(owner, _texts(tokenizer, rows, max_length, placed=False), strict=True):
        units.add(sequence, number, repeat(-1, len(sequence.ids)))
    return units


def encode_masked(tokenizer: Any, split: Split, max_length: int) -> Units:
    """One unit a text, some of its tokens masked; marks hold the pieces that stood there, -1 elsewhere.

    Raises DataError for a tokenizer without a mask.
    """
    if tokenizer.mask_token_id is None:
        raise DataError("variant 'mlm': the backbone's tokenizer has no mask token; choose a backbone that has one")
    rows = [(example.text, None) for example in split.examples]  # type: ignore[union-attr]
    units = _plain(tokenizer, rows, range(len(rows)), max_length)
    random = seeds.generator(0, "mask", split.dataset, split.split, split.language)
    special = set(tokenizer.all_special_ids)
    used = np.array(sorted(set(units.ids) - special))
    begin = 0
    for length in units.lengths:
        row = slice(begin, begin + length)
        shown, gold = masked(units.ids[row].tolist(), special, used, tokenizer.mask_token_id, random)
        units.ids[row], units.marks[row] = array("i", shown), array("i", gold)
        begin += length
    return units


def encode_classification(tokenizer: Any, split: Split, max_length: int) -> Units:
    """One unit an example: the text, or the pair."""
    rows = [(example.text, example.pair) for example in split.examples]  # type: ignore[union-attr]
    return _plain(tokenizer, rows, range(len(rows)), max_length)


def encode_choice(tokenizer: Any, split: Split, max_length: int) -> Units:
    """One unit a choice, the prompt and the choice as a pair; an example's units stand together."""
    examples: Sequence[MultipleChoice] = split.examples  # type: ignore[assignment]
    rows = [(example.prompt, choice) for example in examples for choice in example.choices]
    owner = [i for i, example in enumerate(examples) for _ in example.choices]
    return _plain(tokenizer, rows, owner, max_length)


def word_spans(example: Tagging) -> tuple[str, list[tuple[int, int]]]:
    """Return the sentence as written and each token's span in it."""
    text, spans = "", []
    joined = example.joined or (False,) * len(example.tokens)
    for token, glued in zip(example.tokens, joined, strict=True):
        text += "" if glued or not text else " "
        spans.append((len(text), len(text) + len(token)))
        text += token
    return text, spans


def _first_subwords(sequence: Encoded, words: list[tuple[int, int]], done: int) -> tuple[list[int], int]:
    """Mark the sub-word that holds each word's first character; words before `done` have theirs already."""
    marks = [-1] * len(sequence.ids)
    for place, ((_, end), part) in enumerate(zip(sequence.spans, sequence.part, strict=True)):
        if part is None or done == len(words) or end <= words[done][0] or _bare(sequence, place):
            continue
        marks[place] = done
        # a sub-word over several joined words can carry one tag: the others take it at decoding
        while done < len(words) and words[done][0] < end:
            done += 1
    return marks, done


def _bare(sequence: Encoded, place: int) -> bool:
    """Whether a sub-word is a lone word boundary: the next one begins at the same character and says more."""
    following = place + 1 < len(sequence.ids) and sequence.part[place + 1] is not None
    return following and sequence.spans[place + 1][0] == sequence.spans[place][0]


def encode_tagging(tokenizer: Any, split: Split, max_length: int) -> Units:
    """One unit a sentence; longer ones are cut into several, so that every token is tagged."""
    examples: Sequence[Tagging] = split.examples  # type: ignore[assignment]
    sentences = [word_spans(example) for example in examples]
    units, done = Units(), [0] * len(examples)
    options: dict[str, Any] = {"truncation": True, "max_length": max_length, "stride": 0}
    options["return_overflowing_tokens"] = True
    for sequence in _call(tokenizer, [text for text, _ in sentences], None, **options):
        row = sequence.row
        marks, done[row] = _first_subwords(sequence, sentences[row][1], done[row])
        units.add(sequence, row, marks)
    return units


def _shortened(tokenizer: Any, texts: list[str], limit: int) -> list[str]:
    """Cut texts to their first `limit` sub-words, so that a long question leaves room for its context."""
    output = tokenizer(texts, truncation=True, max_length=limit, add_special_tokens=False, return_offsets_mapping=True)
    ends = [spans[-1][1] if spans else 0 for spans in output["offset_mapping"]]
    return [text[:end] if end else text for text, end in zip(texts, ends, strict=True)]


def encode_span_qa(tokenizer: Any, split: Split, max_length: int, stride: int | None = None) -> Units:
    """Question and context as a pair; a long context gives windows that overlap by `stride` tokens, one unit each."""
    # half is left for the context, less what the tokenizer adds; windows have to get on by a token at least
    room = max_length - max_length // 2 - tokenizer.num_special_tokens_to_add(pair=True)
    if room < 1:
        raise DataError(f"max_length {max_length}: no room for a context beside its question: take 16 or more")
    overlap = min(STRIDE, max_length // 4, room - 1) if stride is None else stride
    questions = _shortened(tokenizer, [e.question for e in split.examples], max_length // 2)  # type: ignore[union-attr]
    contexts = [example.context for example in split.examples]  # type: ignore[union-attr]
    options: dict[str, Any] = {"truncation": "only_second", "max_length": max_length}
    options |= {"return_overflowing_tokens": True, "stride": overlap}
    units = Units()
    for sequence in _call(tokenizer, questions, contexts, **options):
        units.add(sequence, sequence.row, [1 if part == 1 else -1 for part in sequence.part])
        pairs = zip(sequence.spans, sequence.part, strict=True)
        units.spans.extend(chain.from_iterable(span if part == 1 else (-1, -1) for span, part in pairs))
    return units


def _mention_marks(sequence: Encoded, mention: tuple[int, int] | None) -> list[int]:
    start, end = mention or (0, 0)
    pairs = zip(sequence.spans, sequence.part, strict=True)
    return [1 if part == 0 and left < end and right > start else -1 for (left, right), part in pairs]


def encode_retrieval(tokenizer: Any, split: Split, max_length: int) -> Units:
    """One unit a query, then one a candidate; a passage's context is its pair."""
    queries: list[Passage] = [example.passage for example in split.examples]  # type: ignore[union-attr]
    passages = queries + list(split.candidates)
    rows = [(passage.text, passage.context or None) for passage in passages]
    units = Units()
    for owner, sequence in enumerate(_texts(tokenizer, rows, max_length)):
        units.add(sequence, owner, _mention_marks(sequence, passages[owner].mention))
    return units


ENCODERS: Mapping[Family, Callable[..., Units]] = {
    Family.CLASSIFICATION: encode_classification,
    Family.MASKED_LM: encode_masked,
    Family.TAGGING: encode_tagging,
    Family.SPAN_QA: encode_span_qa,
    Family.MULTIPLE_CHOICE: encode_choice,
    Family.SENTENCE_RETRIEVAL: encode_retrieval,
    Family.BITEXT_MINING: encode_retrieval,
    Family.ENTITY_RETRIEVAL: encode_retrieval,
    Family.ANSWER_RETRIEVAL: encode_retrieval,
}
