"""A small study on the GPU against the same study on the processor: `python -m benchmarks.gpu.study FILE`.

The quick recipe's tasks, languages and phases, in fp32, on a small model with random weights that is trained whole (the
recipe's own model is a package of 70 MB). Writes how far the two studies' scores, 0-100, lie apart.
"""

import argparse
import json
import tempfile
import time
from pathlib import Path

import pandas as pd
import tomlkit
import torch
import transformers
from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast, XLMRobertaConfig, XLMRobertaModel

import xtransfer_stats as xs

RECIPE = Path(__file__).resolve().parents[2] / "runners" / "quick.toml"
SPECIAL = ["<s>", "<pad>", "</s>", "<unk>", "<mask>"]
KEYS = ["run", "target_task", "language", "metric"]


def write_model(folder: Path) -> None:
    """Write a small model with random weights that reads bytes."""
    letters = sorted(pre_tokenizers.ByteLevel.alphabet())
    tokenizer = Tokenizer(models.BPE({piece: i for i, piece in enumerate(SPECIAL + letters)}, [], unk_token="<unk>"))
    tokenizer.pre_tokenizer, tokenizer.decoder = pre_tokenizers.ByteLevel(), decoders.ByteLevel()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    names = dict(zip(("bos_token", "pad_token", "eos_token", "unk_token", "mask_token"), SPECIAL, strict=True))
    fast = PreTrainedTokenizerFast(tokenizer_object=tokenizer, cls_token="<s>", sep_token="</s>", **names)
    fast.save_pretrained(folder)
    torch.manual_seed(7)
    config = XLMRobertaConfig(
        vocab_size=len(SPECIAL) + len(letters), hidden_size=128, num_hidden_layers=4, num_attention_heads=4,
        intermediate_size=512, max_position_embeddings=130, type_vocab_size=1, pad_token_id=1, initializer_range=0.05,
    )  # fmt: skip
    XLMRobertaModel(config).save_pretrained(folder)


def recipe(folder: Path) -> Path:
    """Write the model, and the quick recipe with it."""
    write_model(folder / "model")
    told = tomlkit.parse(RECIPE.read_text(encoding="utf-8"))
    told["backbone"] = {"model": str(folder / "model"), "freeze": "none", "max_length": 128}
    for phase in ("intermediate", "target"):
        told[phase]["settings"]["precision"] = "fp32"
    path = folder / "gpu-quick.toml"
    path.write_text(tomlkit.dumps(told), encoding="utf-8")
    return path


def scores(path: Path, store: Path, devices: str, workers: int) -> pd.Series:
    """Run the study on these devices; return its scores by run, target task, language and metric."""
    result = xs.run(path, store=store, devices=devices, workers=workers)
    return result.study.frame.set_index(KEYS)["score"].sort_index()


def main() -> None:
    """Run both and write what differs."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("file", type=Path)
    parser.add_argument("--device", default="auto", help="auto: all GPUs; cpu: the processor against itself")
    parser.add_argument("--workers", type=int, default=2)
    asked = parser.parse_args()
    transformers.logging.disable_progress_bar()
    if asked.device == "cpu" or not torch.cuda.is_available():
        print("no GPU: the study runs on the processor twice", flush=True)
    with tempfile.TemporaryDirectory() as place:
        path, found, seconds = recipe(Path(place)), [], []
        for name in ("cpu", asked.device):
            begun = time.perf_counter()
            found.append(scores(path, Path(place) / f"store-{len(found)}", name, asked.workers))
            seconds.append(time.perf_counter() - begun)
    apart = (found[0] - found[1]).abs().where(found[0].notna() | found[1].notna(), 0.0)  # no score on both sides
    told = {"cells": len(apart), "equal": int((apart == 0).sum()), "furthest": float(apart.max()),
            "mean": float(apart.mean()), "seconds_cpu": seconds[0], "seconds_device": seconds[1]}  # fmt: skip
    print(json.dumps(told), flush=True)
    asked.file.write_text(json.dumps(told, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
