"""Runs one step of a study in this process: the training package's one door.

Outputs depend on the arguments and inputs alone, whatever ran before in the process.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import torch
from transformers import AutoConfig, AutoTokenizer
from transformers.utils import logging as transformers_logging

from xtransfer_stats.base.errors import DataError, XstatsError
from xtransfer_stats.sources.source import Split
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training import distributed, overlap, tuning
from xtransfer_stats.training.backbone import LowerLayers
from xtransfer_stats.training.batches import Batch, run_units
from xtransfer_stats.training.evaluate import evaluation
from xtransfer_stats.training.features import Features, Inputs, Progress, read_features, write_texts, write_units
from xtransfer_stats.training.halves import LowerStack, lower_of
from xtransfer_stats.training.hardware import precision_of
from xtransfer_stats.training.pretrained import write_pretrained
from xtransfer_stats.training.tokenise import ENCODERS

_LARGEST = torch.finfo(torch.float16).max
_TRAINED = ("intermediate", "target")  # the kinds that several processes may share


@contextmanager
def _one_thread() -> Iterator[None]:
    """One thread: torch's CPU kernels then sum in one order, and the number of workers changes no score."""
    threads = torch.get_num_threads()
    torch.set_num_threads(1)
    try:
        yield
    finally:
        torch.set_num_threads(threads)


def run_step(kind: str, args: Mapping[str, Any], inputs: Inputs, out: Path, progress: Progress) -> dict[str, Any]:
    """Run one step, write its files into the empty folder `out`, return facts for its manifest.

    kind: pretrained, features, intermediate, target or evaluation. `inputs` maps roles to folders of
    finished steps.
    Raises XstatsError for what the user can mend.
    """
    control = args.get("control") == "overlap"
    steps: Mapping[str, Callable[..., dict[str, Any]]] = {
        "pretrained": write_pretrained,
        "features": _features,
        "intermediate": tuning.intermediate,
        "target": overlap.target if control else tuning.target,
        "evaluation": overlap.evaluation if control else evaluation,
    }
    if kind not in steps:
        raise XstatsError(f"step kind {kind!r} is unknown; the kinds are {', '.join(steps)}")
    if kind in _TRAINED and distributed.process_count(args) > 1 and not distributed.inside():
        return distributed.launch(run_step, kind, args, inputs, out, progress)
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    with _one_thread():
        facts = steps[kind](args, inputs, out, progress)
    return {**facts, **precision_of(args).facts()}


def _load_split(args: Mapping[str, Any]) -> Split:
    from xtransfer_stats.sources.registry import source_at

    source = source_at(args["places"]["source"])
    fingerprint = source.fingerprint(args["dataset"])
    if fingerprint != args["fingerprint"]:
        raise DataError(
            f"data set {args['dataset']!r}: the data changed since the plan was made "
            f"({args['fingerprint']} -> {fingerprint}); issue the command again"
        )
    split = source.load(args["dataset"], args["split"], args["language"], args["limit"])
    if split.family != args["family"] or not split.examples:
        raise DataError(
            f"data set {args['dataset']!r}, {args['split']}, {args['language']!r}: "
            f"expected {args['family']} examples, found {len(split.examples)} of {split.family}"
        )
    return split


def _translated(args: Mapping[str, Any]) -> Split:
    """The English split in another language, by a model."""
    from xtransfer_stats.training.translate import translated

    english, model = _load_split({**args, "language": "en"}), args["translate"]
    place = args["places"].get("checkpoint", model["checkpoint"])
    return translated(english, place, model.get("revision"), args["language"])


_lower = lru_cache(maxsize=1)(lower_of)
_tokenizer = lru_cache(maxsize=1)(AutoTokenizer.from_pretrained)


def _features(args: Mapping[str, Any], inputs: Inputs, out: Path, progress: Progress) -> dict[str, Any]:
    """Tokenise one split; with frozen layers, run them once and keep their output."""
    folder = inputs["pretrained"] / "model"
    split = _translated(args) if "translate" in args else _load_split(args)
    windows = {"stride": args["stride"]} if "stride" in args else {}
    units = ENCODERS[Family(args["family"])](_tokenizer(folder), split, args["max_length"], **windows)
    segmented = getattr(AutoConfig.from_pretrained(folder), "type_vocab_size", 1) > 1
    tensors = units.tensors(segmented)
    write_texts(out, split)
    write_units(out, tensors)
    if args["freeze"] is not None:
        features = read_features(out)
        hidden = _hidden(_lower(folder, args["freeze"], precision_of(args)), features, progress)
        del features  # its file is mapped and is now written anew
        write_units(out, {**tensors, "hidden": hidden})
    return {"n_examples": len(split.examples), "n_units": len(units.lengths), "n_tokens": len(units.ids)}


def _hidden(lower: LowerLayers | LowerStack, features: Features, progress: Progress) -> torch.Tensor:
    """Return the lower layers' output for all tokens, [T, H] in fp16, or fp32 where fp16 has no such numbers."""
    hidden = torch.empty(len(features.ids), lower.width, dtype=torch.float16)

    def use(chosen: np.ndarray, batch: Batch) -> None:
        nonlocal hidden
        states = lower(batch).cpu()
        if float(states[batch.mask.cpu()].abs().max()) > _LARGEST:
            hidden = hidden.float()
        states = states.to(hidden.dtype)
        for row, unit in enumerate(chosen):
            begin, length = features.offsets[unit], features.lengths[unit]
            hidden[begin : begin + length] = states[row, :length]

    units = features.units_of(len(features.examples))
    run_units(features, units, lower.precision.device, hidden.shape[1], use, progress)
    return hidden
