"""Translated examples keep their labels; families whose answers are places in the text are refused."""

import pytest

pytest.importorskip("torch", reason="the train extra is not installed")

import torch
from tests.training import examples
from transformers import PreTrainedTokenizerFast, T5Config, T5ForConditionalGeneration

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.training.translate import translated


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A tiny encoder-decoder with random weights: its texts mean nothing, but they are always the same."""
    from tokenizers import Tokenizer, models, pre_tokenizers

    words = ["<pad>", "</s>", "<unk>", *examples.WORDS, *examples.STATES, "turn", "the"]
    tokenizer = Tokenizer(models.WordLevel({word: i for i, word in enumerate(words)}, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    folder = tmp_path_factory.mktemp("models") / "en-de"
    PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, pad_token="<pad>", eos_token="</s>", unk_token="<unk>"
    ).save_pretrained(folder)
    config = T5Config(vocab_size=len(words), d_model=16, d_kv=8, d_ff=16, num_layers=1, num_heads=2,
                      decoder_start_token_id=0, pad_token_id=0, eos_token_id=1)  # fmt: skip
    with torch.random.fork_rng():
        torch.manual_seed(1)
        T5ForConditionalGeneration(config).save_pretrained(folder)
    return str(folder)


def test_labels_and_number_stay_texts_change(model):
    english = examples.classification(6)
    german = translated(english, model, None, "de")
    assert german.language == "de"
    assert [e.label for e in german.examples] == [e.label for e in english.examples]
    assert all(ours.text != theirs.text for ours, theirs in zip(german.examples, english.examples, strict=True))
    assert german == translated(english, model, None, "de")


def test_every_choice_is_translated(model):
    english = examples.multiple_choice(4)
    german = translated(english, model, None, "de")
    assert [len(e.choices) for e in german.examples] == [len(e.choices) for e in english.examples]
    assert [e.label for e in german.examples] == [e.label for e in english.examples]


def test_spans_and_tags_are_refused(model):
    with pytest.raises(DataError, match=r"intermediate\.translated\.source"):
        translated(examples.span_qa(2), model, None, "de")


def test_a_model_that_is_not_there_is_named(tmp_path):
    with pytest.raises(DataError, match=r"intermediate\.translated\.model"):
        translated(examples.classification(2), str(tmp_path / "none"), None, "de")
