"""An existing model in the place of an intermediate training: its encoder's weights, held against the backbone's."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from torch import Tensor
from transformers import AutoModel

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.training.backbone import Encoder, load_trained

_UNUSED = "pooler."  # no head reads it, and checkpoints of some kinds lack it


def take_over(encoder: Encoder, args: Mapping[str, Any], pretrained: Path) -> dict[str, Any]:
    """Put the checkpoint's weights into the encoder, in place; return facts.

    args: checkpoint (name), revision (hub), places.checkpoint (local folder), freeze.
    Raises DataError naming the first tensor that differs from the backbone's in name or shape, or, among
    frozen layers, in value.
    """
    place = args.get("places", {}).get("checkpoint") or args["checkpoint"]
    found = _read(args["checkpoint"], place, args.get("revision"))
    trained = encoder.trained()
    with safe_open(pretrained / "model" / "model.safetensors", "pt") as file:
        names = [name for name in file.keys() if not name.startswith(_UNUSED)]  # noqa: SIM118
        for name in names:
            _compare(args["checkpoint"], name, found.get(name), file.get_tensor(name), frozen=name not in trained)
    extra = sorted(name for name in found if name not in names and not name.startswith(_UNUSED))
    if extra:
        raise DataError(f"checkpoint {args['checkpoint']!r}: the backbone has no tensor {extra[0]!r}")
    load_trained(encoder, {name: found.get(name, value) for name, value in trained.items()})
    return {"checkpoint": args["checkpoint"], "tensors": len(trained)}


def _read(name: str, place: str, revision: str | None) -> dict[str, Tensor]:
    try:
        model, told = AutoModel.from_pretrained(
            place, revision=revision, use_safetensors=True, trust_remote_code=False, output_loading_info=True
        )
    except (OSError, ValueError, ImportError) as error:
        reason = (str(error).strip().splitlines() or [type(error).__name__])[0]
        raise DataError(
            f"checkpoint {name!r}, revision {revision!r}: cannot be loaded: {reason} "
            "Remedy: give a folder with config.json and safetensors, or a hub id that can be reached"
        ) from error
    lacking = sorted(key for key in told["missing_keys"] if not key.startswith(_UNUSED))
    if lacking:
        raise DataError(f"checkpoint {name!r}: its file lacks the tensor {lacking[0]!r} of its own configuration")
    return model.state_dict()


def _compare(checkpoint: str, name: str, mine: Tensor | None, theirs: Tensor, *, frozen: bool) -> None:
    if mine is None:
        raise DataError(f"checkpoint {checkpoint!r}: it has no tensor {name!r}, which the backbone has")
    if mine.shape != theirs.shape:
        shapes = f"{list(mine.shape)}, the backbone's {list(theirs.shape)}"
        raise DataError(f"checkpoint {checkpoint!r}: tensor {name!r} has shape {shapes}: another architecture")
    # The lower layers' output is kept for the backbone; a checkpoint that trained them cannot use it.
    if frozen and not torch.equal(mine.to(theirs.dtype), theirs):
        raise DataError(
            f"checkpoint {checkpoint!r}: the frozen tensor {name!r} differs from the backbone's: "
            'set freeze = "none", or give a checkpoint trained with the same frozen layers'
        )
