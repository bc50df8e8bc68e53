"""What a transformers configuration says of a backbone: which class reads text, and whether from the left alone."""

from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import AutoConfig, AutoModel, AutoModelForTextEncoding
from transformers.models.auto.modeling_auto import MODEL_FOR_TEXT_ENCODING_MAPPING

PLAIN = ("bert", "camembert", "roberta", "xlm-roberta")  # embeddings and layers, one after another, and nothing else


def door(config: Any) -> Any:
    """The auto class that reads text with this configuration: of an encoder-decoder, its encoder alone."""
    known = type(config) in MODEL_FOR_TEXT_ENCODING_MAPPING
    reader: Any = MODEL_FOR_TEXT_ENCODING_MAPPING[type(config)] if known else None
    alone = known and reader.__name__.endswith("EncoderModel")
    return AutoModelForTextEncoding if alone else AutoModel


def load(place: str | Path, **options: Any) -> Any:
    """Return the model at a place (a folder or a hub id), never with code of its own.

    `options` are from_pretrained's. Raises what transformers raises.
    """
    own = {"revision": options["revision"]} if "revision" in options else {}
    config = AutoConfig.from_pretrained(place, trust_remote_code=False, **own)
    loaded = door(config).from_pretrained(place, use_safetensors=True, trust_remote_code=False, **options)
    _keep_no_cache(loaded[0] if isinstance(loaded, tuple) else loaded)
    return loaded


def build(config: Any, **options: Any) -> Any:
    """Return a model of new weights."""
    return door(config).from_config(config, trust_remote_code=False, **options)


def outline(config: Any) -> nn.Module:
    """Return a model without weights: its modules and the shapes of its tensors."""
    with torch.device("meta"):
        return build(config)


def _keep_no_cache(model: Any) -> None:
    # Keys and values are kept for texts that grow; here none does.
    if getattr(model.config, "use_cache", False):
        model.config.use_cache = False


def plain(config: Any) -> bool:
    """Whether the layers can be run one after another on hidden states and a mask, and nothing else."""
    return config.model_type in PLAIN


def reads_left_alone(model: nn.Module) -> bool:
    """Whether a token's states know nothing of the text to its right, as the attention modules themselves say."""
    config = getattr(model, "config", None)
    return bool(getattr(config, "causal", False)) or any(getattr(one, "is_causal", False) for one in model.modules())
