"""A tiny pretrained model and a small source of hand-made examples."""

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import torch
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import BertConfig, BertModel, PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaModel

from xtransfer_stats.sources import registry
from xtransfer_stats.sources.source import Split
from xtransfer_stats.training.phases import run_step

LETTERS = "abcdefghijklmnopqrstuvwxyz0123456789.?'"
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>"]


def build_tokenizer() -> PreTrainedTokenizerFast:
    pieces = [(token, 0.0) for token in SPECIAL]
    pieces += [(start + letter, -5.0) for letter in LETTERS for start in ("", "▁")] + [("▁", -6.0)]
    pieces += [(word, -4.0) for word in ("▁the", "▁on", "▁off", "ing", "▁light", "an", "er")]
    pieces += [("<mask>", 0.0)]
    tokenizer = Tokenizer(models.Unigram(pieces, unk_id=3, byte_fallback=False))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")]
    )
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    names = {
        "bos_token": "<s>",
        "eos_token": "</s>",
        "pad_token": "<pad>",
        "unk_token": "<unk>",
        "mask_token": "<mask>",
    }
    return PreTrainedTokenizerFast(tokenizer_object=tokenizer, cls_token="<s>", sep_token="</s>", **names)


def save_model(folder: Path, kind: str = "bert") -> Path:
    config_type, model_type = {
        "bert": (BertConfig, BertModel),
        "xlmr": (XLMRobertaConfig, XLMRobertaModel),
    }[kind]
    config = config_type(
        vocab_size=96, hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64,
        max_position_embeddings=130, type_vocab_size=1, pad_token_id=1, initializer_range=0.2,
    )  # fmt: skip
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(3)
        model_type(config).save_pretrained(folder)
    build_tokenizer().save_pretrained(folder)
    return folder


@dataclass
class FakeSource:
    name: str = "fake"
    splits: dict[tuple[str, str, str], Split] = field(default_factory=dict)

    def add(self, *splits: Split) -> None:
        for split in splits:
            self.splits[split.dataset, split.split, split.language] = split

    def load(self, dataset: str, split: str, language: str, limit: int | None = None) -> Split:
        return self.splits[dataset, split, language]

    def fingerprint(self, dataset: str) -> str:
        return "v1"


class Bench:
    """Runs steps in a folder, one after another, as an engine would."""

    def __init__(self, folder: Path, source: FakeSource) -> None:
        self.folder, self.source, self.count = folder, source, 0
        self.facts: dict[str, Any] = {}
        self.heard: Callable[[int, int], None] = lambda done, total: None

    def run(self, kind: str, args: dict[str, Any], **inputs: Path) -> Path:
        self.count += 1
        out = self.folder / f"{self.count:03d}-{kind}"
        out.mkdir()
        roles = {role.replace("__", "/"): path for role, path in inputs.items()}
        self.facts = run_step(kind, args, roles, out, self.heard)
        return out

    def pretrained(self, kind: str = "bert", control: str = "none", seed: int = 0) -> Path:
        model = self.folder / f"model-{kind}"
        if not model.exists():
            save_model(model, kind)
        return self.run("pretrained", {"model": str(model), "revision": None, "control": control, "seed": seed})

    def features(self, pretrained: Path, split: Split, freeze: int | None = 1, max_length: int = 64) -> Path:
        self.source.add(split)
        args = {
            "source": "fake", "places": {"source": {"kind": "fake"}},
            "dataset": split.dataset, "split": split.split, "language": split.language,
            "limit": None, "fingerprint": "v1", "family": str(split.family), "max_length": max_length,
            "freeze": freeze,
        }  # fmt: skip
        return self.run("features", args, pretrained=pretrained)


@pytest.fixture
def bench(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bench:
    source = FakeSource()
    monkeypatch.setattr(registry, "source_at", lambda place: source)
    return Bench(tmp_path, source)
