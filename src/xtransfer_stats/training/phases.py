"""Runs one step of a study in this process: the training package's one door.

Outputs depend on the arguments and inputs alone, whatever ran before in the process.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import lru_cache
from pathlib import Path
from typing import Any

import torch
from transformers import AutoConfig, AutoTokenizer
from transformers.utils import logging as transformers_logging

from xtransfer_stats.base.errors import DataError, XstatsError
from xtransfer_stats.metrics.scoring import write_scores
from xtransfer_stats.sources.source import Split
from xtransfer_stats.tasks.task import Family
from xtransfer_stats.training import distributed, overlap, tuning
from xtransfer_stats.training.backbone import Encoder, LowerLayers, load_encoder
from xtransfer_stats.training.batches import collate, inference_batches
from xtransfer_stats.training.devices import device_facts, device_of
from xtransfer_stats.training.encode import ENCODERS
from xtransfer_stats.training.evaluate import Evaluation, rebuild_head, rules_of
from xtransfer_stats.training.features import Features, read_features, run_over, write_units
from xtransfer_stats.training.group import inside
from xtransfer_stats.training.loop import Progress
from xtransfer_stats.training.precision import Precision, choose_precision
from xtransfer_stats.training.pretrained import write_pretrained
from xtransfer_stats.training.texts import write_texts

Inputs = Mapping[str, Path]
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
    steps: Mapping[str, Callable[..., dict[str, Any]]] = {
        "pretrained": _pretrained,
        "features": _features,
        "intermediate": tuning.intermediate,
        "target": overlap.target if args.get("control") == "overlap" else tuning.target,
        "evaluation": overlap.evaluation if args.get("control") == "overlap" else _evaluation,
    }
    if kind not in steps:
        raise XstatsError(f"step kind {kind!r} is unknown; the kinds are {', '.join(steps)}")
    if kind in _TRAINED and distributed.count(args) > 1 and not inside():
        return distributed.launch(kind, args, inputs, out, progress)
    transformers_logging.set_verbosity_error()
    transformers_logging.disable_progress_bar()
    with _one_thread():
        facts = steps[kind](args, inputs, out, progress)
    return {**facts, **tuning.precision_of(args).facts(), **device_facts(device_of(args))}


def _pretrained(args: Mapping[str, Any], inputs: Inputs, out: Path, progress: Progress) -> dict[str, Any]:
    facts = write_pretrained(args, out)
    progress(1, 1)
    return facts


def _load_split(args: Mapping[str, Any]) -> Split:
    from xtransfer_stats.sources.registry import source_at

    source = source_at(args["places"]["source"])
    found = source.fingerprint(args["dataset"])
    if found != args["fingerprint"]:
        raise DataError(
            f"data set {args['dataset']!r}: the data changed since the plan was made "
            f"({args['fingerprint']} -> {found}); issue the command again"
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

    english = _load_split({**args, "language": "en"})
    told = args["translate"]
    place = args["places"].get("checkpoint", told["checkpoint"])
    return translated(english, place, told.get("revision"), args["language"])


@lru_cache(maxsize=1)
def _lower(folder: Path, freeze: int, precision: Precision) -> LowerLayers:
    return LowerLayers(folder, freeze, precision)


@lru_cache(maxsize=1)
def _tokenizer(folder: Path) -> Any:
    return AutoTokenizer.from_pretrained(folder)


def _features(args: Mapping[str, Any], inputs: Inputs, out: Path, progress: Progress) -> dict[str, Any]:
    """Tokenise one split; with frozen layers, run them once and keep their output."""
    folder = inputs["pretrained"] / "model"
    split = _translated(args) if "translate" in args else _load_split(args)
    units = ENCODERS[Family(args["family"])](_tokenizer(folder), split, args["max_length"])
    segmented = getattr(AutoConfig.from_pretrained(folder), "type_vocab_size", 1) > 1
    tensors = units.tensors(segmented and any(map(any, units.segments)))
    write_texts(out, split)
    write_units(out, tensors)
    if args["freeze"] is not None:
        features = read_features(out)
        precision = choose_precision("auto", device_of(args))
        hidden = _hidden(_lower(folder, args["freeze"], precision), features, progress)
        del features  # its file is mapped and is now written anew
        write_units(out, {**tensors, "hidden": hidden})
    return {
        "n_examples": len(split.examples),
        "n_units": len(units.ids),
        "n_tokens": sum(map(len, units.ids)),
    }


def _hidden(lower: LowerLayers, features: Features, progress: Progress) -> torch.Tensor:
    """Return the lower layers' output for all tokens, fp16 [T, H]."""
    hidden = torch.empty(len(features.ids), lower.table.shape[1], dtype=torch.float16)

    def run(chosen: Any) -> None:
        batch = collate(features, chosen).to(lower.precision.device)
        states = lower(batch.ids, batch.mask, batch.segments).half().cpu()
        for row, unit in enumerate(chosen):
            begin, length = features.offsets[unit], features.lengths[unit]
            hidden[begin : begin + length] = states[row, :length]

    units = features.units_of(len(features.examples))
    run_over(len(units), inference_batches(features.lengths, units), run, progress)
    return hidden


@lru_cache(maxsize=2)
def _tuned(pretrained: Path, tuned: Path | None, freeze: int | None, precision: Precision) -> Encoder:
    """Keep the last encoders: the languages of a target task are scored by one, step after step."""
    return load_encoder(pretrained, tuned, freeze, precision).eval()


def _evaluation(args: Mapping[str, Any], inputs: Inputs, out: Path, progress: Progress) -> dict[str, Any]:
    """Score one encoder on the languages of one target task."""
    family = Family(args["family"])
    encoder = _tuned(inputs["pretrained"], inputs.get("encoder"), args["freeze"], tuning.precision_of(args))
    head, facts = rebuild_head(family, encoder.width, inputs.get("encoder"))
    evaluation = Evaluation(encoder, head.to(encoder.precision.device), facts, rules_of(args))
    languages = list(args["languages"])
    if family.pooled:
        splits = {language: read_features(inputs[f"test/{language}"]) for language in languages}
        return write_scores(out, evaluation.pooled(splits, progress))
    scored = {}
    for number, language in enumerate(languages):
        features, dev = (_optional(inputs, f"{role}/{language}") for role in ("test", "dev"))
        if features is None:
            raise DataError(f"languages: no test features for {language!r}")

        def within(done: int, total: int, number: int = number) -> None:
            progress(round(1000 * (number + done / total)), 1000 * len(languages))

        scored[language] = evaluation.split(features, dev, within)
    return write_scores(out, scored)


def _optional(inputs: Inputs, role: str) -> Features | None:
    return read_features(inputs[role]) if role in inputs else None
