"""English examples in another language by a named translation model, for the variant "translated".

Labels stay with the texts. Spans and tags do not survive translation, so their families are refused.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Any

import torch

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.source import Example, Split
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.checkpoints import reason_of

BATCH = 16
LONGEST = 256  # sub-words of one text, before and after

Translate = Callable[[Sequence[str]], list[str]]


def translated(split: Split, model: str, revision: str | None, language: str) -> Split:
    """The split in `language`; `model` is a directory or hub id.

    Greedy decoding, so the same model gives the same texts. Raises DataError for a family that cannot be
    translated, or a model that cannot be loaded.
    """
    if split.family not in _TEXTS:
        raise DataError(
            f"data set {split.dataset!r}: {split.family} examples cannot be translated by a model, as their "
            "answers are places in the text: give intermediate.translated.source a directory that has them in "
            f"{language!r}, or leave the task out of intermediate.tasks"
        )
    examples = _TEXTS[split.family](split.examples, _translator(model, revision, language))
    return replace(split, language=language, examples=tuple(examples))


def _classification(examples: Sequence[Any], translate: Translate) -> Iterator[Example]:
    texts, pairs = translate([e.text for e in examples]), iter(translate([e.pair for e in examples if e.pair]))
    for example, text in zip(examples, texts, strict=True):
        yield replace(example, text=text, pair=next(pairs) if example.pair else example.pair)


def _choice(examples: Sequence[Any], translate: Translate) -> Iterator[Example]:
    prompts = translate([e.prompt for e in examples])
    choices = iter(translate([choice for e in examples for choice in e.choices]))
    for example, prompt in zip(examples, prompts, strict=True):
        yield replace(example, prompt=prompt, choices=tuple(next(choices) for _ in example.choices))


_TEXTS: Mapping[Family, Callable[[Sequence[Any], Translate], Iterator[Example]]] = {
    Family.CLASSIFICATION: _classification,
    Family.MULTIPLE_CHOICE: _choice,
}


def _translator(name: str, revision: str | None, language: str) -> Translate:
    from transformers import AutoModelForSeq2SeqLM, AutoTokenizer

    try:
        tokenizer = AutoTokenizer.from_pretrained(name, revision=revision, trust_remote_code=False)
        model = AutoModelForSeq2SeqLM.from_pretrained(
            name, revision=revision, use_safetensors=True, trust_remote_code=False
        ).eval()
    except (OSError, ValueError, ImportError) as error:
        raise DataError(
            f"intermediate.translated.model = {name!r}: cannot be loaded: {reason_of(error)} "
            "Give a directory or hub id of an encoder-decoder with safetensors, or intermediate.translated.source a "
            "directory of translated data"
        ) from error
    options = _target_language(tokenizer, language)

    def translate(texts: Sequence[str]) -> list[str]:
        return [line for start in range(0, len(texts), BATCH) for line in decode(texts[start : start + BATCH])]

    def decode(texts: Sequence[str]) -> list[str]:
        batch = tokenizer(list(texts), return_tensors="pt", padding=True, truncation=True, max_length=LONGEST)
        batch.pop("token_type_ids", None)
        with torch.inference_mode():
            ids = model.generate(**batch, num_beams=1, do_sample=False, max_new_tokens=LONGEST, **options)
        return tokenizer.batch_decode(ids, skip_special_tokens=True)

    return translate


def _target_language(tokenizer: Any, language: str) -> dict[str, int]:
    """Many-to-many models are told the language by their first token; models of one direction need nothing."""
    if not hasattr(tokenizer, "get_lang_id"):
        return {}
    tokenizer.src_lang = "en"
    return {"forced_bos_token_id": tokenizer.get_lang_id(language)}
