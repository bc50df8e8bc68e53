"""Weights of encoders and heads: loaded, written, or taken over from an existing model in the place of a training."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import load_file, save_file
from torch import Tensor

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.study.adapters import Adapter
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training.architecture import load
from xtransfer_stats.training.backbone import Encoder, load_trained
from xtransfer_stats.training.halves import encoder_of
from xtransfer_stats.training.hardware import Precision
from xtransfer_stats.training.heads import HEADS, Head, Retriever

_ENCODER, _HEAD, _HEAD_FACTS = "encoder.safetensors", "head.safetensors", "head.json"
_UNUSED = "pooler."  # no head reads it, and checkpoints of some kinds lack it


def load_encoder(
    pretrained: Path,
    tuned: Path | None,
    freeze: int | None,
    precision: Precision,
    adapter: Adapter | None = None,
    seed: int = 0,
) -> Encoder:
    """Return a fresh encoder: pretrained weights, overlaid by a finished phase's where one is given.

    `pretrained` and `tuned` are step folders; freeze None trains everything, or the adapter alone, which `seed` draws.
    It is on the precision's device.
    """
    encoder = encoder_of(pretrained / "model", freeze, precision, adapter, seed)
    if tuned is not None:
        load_trained(encoder, load_file(tuned / _ENCODER))
    return encoder.to(precision.device)


def write_encoder(encoder: Encoder, pretrained: Path, out: Path) -> None:
    """Write the trained layers in the precision in which the pretrained model is stored."""
    config = json.loads((pretrained / "model" / "config.json").read_text(encoding="utf-8"))
    kind = encoder.kept or getattr(torch, config.get("dtype") or "float32")
    tensors = {name: value.detach().to("cpu", kind).clone() for name, value in encoder.trained().items()}
    save_file(tensors, out / _ENCODER)


def write_head(head: Head, facts: Mapping[str, Any], out: Path) -> None:
    """Write a head's weights, and what is needed to rebuild it and to read its answers."""
    save_file({key: value.cpu().contiguous() for key, value in head.state_dict().items()}, out / _HEAD)
    (out / _HEAD_FACTS).write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")


def load_head(head: Head, folder: Path) -> None:
    """Load a target step's weights into the head."""
    head.load_state_dict(load_file(folder / _HEAD))


def rebuild_head(family: Family, width: int, folder: Path | None) -> tuple[Head, dict[str, Any]]:
    """Return the head that scores a family and what its facts tell (labels, unanswerable).

    Retrieval needs none. The other families need a target folder with a head of their family, else DataError.
    """
    if HEADS[family] is Retriever:
        return Retriever(width).eval(), {}
    if folder is None or not (folder / _HEAD_FACTS).is_file():
        raise DataError(f"family {family} is scored by a trained head; give a target step as encoder")
    facts = json.loads((folder / _HEAD_FACTS).read_text(encoding="utf-8"))
    if facts["family"] != family:
        raise DataError(f"the target step has a head for {facts['family']}, the evaluation is of {family}")
    head = HEADS[family](width, facts["labels"])
    load_head(head, folder)
    return head.eval(), facts


def take_over(encoder: Encoder, args: Mapping[str, Any], pretrained: Path) -> dict[str, Any]:
    """Put the checkpoint's weights into the encoder, in place; return facts.

    args: checkpoint (name), revision (hub), places.checkpoint (local folder), freeze.
    Raises DataError naming the first tensor that differs from the backbone's in name or shape, or, among
    frozen layers, in value.
    """
    place = args.get("places", {}).get("checkpoint") or args["checkpoint"]
    tensors = _read(args["checkpoint"], place, args.get("revision"))
    trained = encoder.trained()
    with safe_open(pretrained / "model" / "model.safetensors", "pt") as file:
        names = [name for name in file.keys() if not name.startswith(_UNUSED)]  # noqa: SIM118
        for name in names:
            _compare(args["checkpoint"], name, tensors.get(name), file.get_tensor(name), frozen=name not in trained)
    extra = sorted(name for name in tensors if name not in names and not name.startswith(_UNUSED))
    if extra:
        raise DataError(f"checkpoint {args['checkpoint']!r}: the backbone has no tensor {extra[0]!r}")
    load_trained(encoder, {name: tensors.get(name, value) for name, value in trained.items()})
    return {"checkpoint": args["checkpoint"], "tensors": len(trained)}


def _read(name: str, place: str, revision: str | None) -> dict[str, Tensor]:
    try:
        model, loading = load(place, revision=revision, output_loading_info=True)
    except (OSError, ValueError, ImportError) as error:
        raise DataError(
            f"checkpoint {name!r}, revision {revision!r}: cannot be loaded: {reason_of(error)} "
            "Remedy: give a folder with config.json and safetensors, or a hub id that can be reached"
        ) from error
    lacking = sorted(key for key in loading["missing_keys"] if not key.startswith(_UNUSED))
    if lacking:
        raise DataError(f"checkpoint {name!r}: its file lacks the tensor {lacking[0]!r} of its own configuration")
    return model.state_dict()


def reason_of(error: Exception) -> str:
    """Why transformers cannot load something: the first line of its error."""
    return (str(error).strip() or type(error).__name__).splitlines()[0]


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
