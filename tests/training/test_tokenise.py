"""Texts are tokenised a block at a time, with what one call for all gives; lines are as `asdict` has them."""

import json
from dataclasses import asdict
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the train extra is not installed")

import torch
from tests.training import examples
from tests.training.conftest import build_tokenizer
from tests.training.test_phases import MAKERS
from tests.training.test_variants import sentences

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.source import Classification, Split
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training import tokenise
from xtransfer_stats.training.features import write_texts


def splits() -> list[Split]:
    made = [maker(11) for maker, _ in MAKERS.values()]
    mixed = [Classification(str(i), f"the light {i}", "a", None if i % 3 else "is it on?") for i in range(11)]
    retrieval = examples.retrieval(Family.ENTITY_RETRIEVAL, "train", "en")
    return [*made, sentences("de", 11), retrieval, Split("m", "train", "en", Family.CLASSIFICATION, tuple(mixed))]


@pytest.mark.parametrize("split", splits(), ids=lambda split: f"{split.family}-{split.dataset}")
@pytest.mark.parametrize("length", [32, 64])
def test_blocks_of_texts_give_what_all_at_once_give(split: Split, length: int, monkeypatch: pytest.MonkeyPatch) -> None:
    found = []
    for block in (10**6, 1, 4):
        monkeypatch.setattr(tokenise, "_BLOCK", block)
        units = tokenise.ENCODERS[split.family](build_tokenizer(), split, length)
        found.append(units.tensors(True))
    whole, *parts = found
    assert len(whole["ids"]) == int(whole["lengths"].sum()) == len(whole["marks"])
    assert int(whole["lengths"].max()) <= length
    for part in parts:
        assert part.keys() == whole.keys()
        assert all(torch.equal(part[name], whole[name]) for name in whole)
        assert all(part[name].dtype == whole[name].dtype for name in whole)


def test_pairs_among_texts_stay_in_their_places(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tokenise, "_BLOCK", 4)
    tokenizer, split = build_tokenizer(), splits()[-1]
    units = tokenise.ENCODERS[split.family](tokenizer, split, 64)
    begin = 0
    for example, length in zip(split.examples, units.lengths, strict=True):
        alone = tokenizer(example.text, example.pair)["input_ids"]
        assert units.ids[begin : begin + length].tolist() == alone
        begin += length
    assert units.owner.tolist() == list(range(11))


@pytest.mark.parametrize("split", splits(), ids=lambda split: f"{split.family}-{split.dataset}")
def test_lines_hold_examples_as_plain_values(split: Split, tmp_path: Path) -> None:
    write_texts(tmp_path, split)
    for name, rows in (("examples", split.examples), ("candidates", split.candidates)):
        lines = "".join(json.dumps(asdict(row), ensure_ascii=False) + "\n" for row in rows)
        assert (tmp_path / f"{name}.jsonl").read_text(encoding="utf-8") == lines


def questions() -> Split:
    return next(split for split in splits() if split.family is Family.SPAN_QA)


@pytest.mark.parametrize("length", [10, 16, 20])
def test_windows_of_few_tokens_still_cover_the_context(length: int) -> None:
    split = questions()
    units = tokenise.ENCODERS[Family.SPAN_QA](build_tokenizer(), split, length)
    ends = [0] * len(split.examples)
    spans, begin = torch.tensor(list(units.spans)).view(-1, 2), 0
    for owner, size in zip(units.owner, units.lengths, strict=True):
        ends[owner] = max(ends[owner], int(spans[begin : begin + size, 1].max()))
        begin += size
    assert ends == [len(example.context) for example in split.examples]  # type: ignore[union-attr]


def test_windows_without_room_for_a_context_are_refused() -> None:
    tokenizer = build_tokenizer()
    beside = tokenizer.num_special_tokens_to_add(pair=True)
    with pytest.raises(DataError, match=f"max_length {2 * beside}: no room for a context beside its question"):
        tokenise.ENCODERS[Family.SPAN_QA](tokenizer, questions(), 2 * beside)
