"""Looks at a backbone before a study begins: its files, configuration and tokenizer; its weights are not loaded."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import torch
from torch import nn
from transformers import AutoConfig, AutoModel, AutoTokenizer
from transformers.models.auto.modeling_auto import MODEL_MAPPING
from transformers.utils import logging

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.models import local_folder
from xtransfer_stats.sources.hub.pins import explained
from xtransfer_stats.study.backbones import BackboneShape
from xtransfer_stats.training.architecture import door, outline, reads_left_alone
from xtransfer_stats.training.checkpoints import reason_of
from xtransfer_stats.training.ownmaskedhead import has_masked_head
from xtransfer_stats.training.stack import Stack

_CONFIG = "config.json"


class HubSilent(DataError):
    """The hub could not be asked, so nothing is known of the model."""


def look(name: str, revision: str | None) -> BackboneShape:
    """Return what the files of a folder or of a hub id say of a model.

    Raises DataError naming what no study could use, with the remedy; HubSilent where the hub does not answer.
    """
    local = local_folder(name, "model")
    files = _listed(local) if local else _on_hub(name, revision)
    place = str(local) if local else name
    where = f"model {name!r}"
    with _quiet():
        config = _configuration(place, revision, where, files)
        if files is not None and not any(file.endswith(".safetensors") for file in files):
            raise DataError(
                f"{where}: its weights are no safetensors, and pickles are not read: load it once with transformers "
                "(AutoModel.from_pretrained), save it with save_pretrained, the tokenizer beside it, and give that "
                "folder"
            )
        shape = _outlined(config, where)
        tokenizer = _tokenizer(place, revision, where)
    _check_pieces(tokenizer, config, where)
    return with_tokenizer(shape, tokenizer)


def _listed(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir()]


def _on_hub(name: str, revision: str | None) -> list[str] | None:
    """The files of a repository; None in offline mode, where the cache holds what it holds."""
    from huggingface_hub import HfApi
    from huggingface_hub.constants import HF_HUB_OFFLINE
    from huggingface_hub.errors import HfHubHTTPError, RepositoryNotFoundError, RevisionNotFoundError

    if HF_HUB_OFFLINE:
        return None
    troubles: tuple[type[Exception], ...] = (OSError, HfHubHTTPError.__bases__[0])
    try:
        info = HfApi().model_info(name, revision=revision, timeout=20)
    except (RepositoryNotFoundError, RevisionNotFoundError, ValueError) as error:
        raise DataError(f"model {explained(name, error)}, or give a local directory") from error
    except troubles as error:
        raise HubSilent(explained(name, error)) from error
    return [file.rfilename for file in info.siblings or ()]


@contextmanager
def _quiet() -> Iterator[None]:
    """No word of transformers' own, and no bar: what is wrong is told by the error."""
    from huggingface_hub.utils import are_progress_bars_disabled, disable_progress_bars, enable_progress_bars

    level, bars = logging.get_verbosity(), are_progress_bars_disabled()
    logging.set_verbosity(logging.CRITICAL)
    disable_progress_bars()
    try:
        yield
    finally:
        logging.set_verbosity(level)
        if not bars:
            enable_progress_bars()


def _configuration(place: str, revision: str | None, where: str, files: list[str] | None) -> Any:
    if files is not None and _CONFIG not in files:
        raise DataError(f"{where}: no {_CONFIG} in it; give a folder that save_pretrained wrote, or a hub id")
    try:
        config = AutoConfig.from_pretrained(place, revision=revision, trust_remote_code=False)
    except (OSError, ValueError, KeyError, ImportError) as error:
        raise DataError(f"{where}: {_unread(place, revision, error)}") from error
    kind = getattr(config, "model_type", None)
    if config.get_text_config() is not config or type(config) not in MODEL_MAPPING:
        raise DataError(f"{where}: {kind} is no model of text alone; give an encoder or a decoder of text")
    if config.is_encoder_decoder and door(config) is AutoModel:
        raise DataError(
            f"{where}: {kind} is an encoder-decoder whose encoder transformers has no class for; "
            "give one of the T5 family (mT5, umT5), or an encoder"
        )
    return config


def _unread(place: str, revision: str | None, error: Exception) -> str:
    """Why a configuration is not read: code of its own, a kind that is not known, or what transformers says."""
    from transformers.utils import cached_file

    try:
        path = cached_file(place, _CONFIG, revision=revision)
        told = json.loads(Path(str(path)).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return f"{_CONFIG} cannot be read: {reason_of(error)} Remedy: give a folder that save_pretrained wrote"
    if "auto_map" in told:
        return (
            "it comes with code of its own (auto_map), which is never run; give a model whose architecture "
            "transformers has"
        )
    return (
        f"{_CONFIG} cannot be used: {reason_of(error)} Remedy: give a model whose architecture the installed "
        "transformers has, or install a newer transformers"
    )


def _outlined(config: Any, where: str) -> BackboneShape:
    try:
        return shape_of(config)
    except Exception as error:  # a configuration's numbers may break its class anywhere
        raise DataError(
            f"{where}: its configuration ({config.model_type}) makes no model that reads tokens: {reason_of(error)} "
            "Remedy: give an encoder or a decoder of text that transformers can build"
        ) from error


def shape_of(config: Any) -> BackboneShape:
    """Return what a configuration says; nothing but the shapes of tensors is made."""
    model: Any = outline(config)
    stack, table = Stack(model), model.get_input_embeddings()
    parameters = sum(value.numel() for value in model.parameters())
    kind = getattr(config, "dtype", None)
    return BackboneShape(
        kind=type(model).__name__,
        layers=int(config.num_hidden_layers),
        width=int(config.hidden_size),
        parameters=parameters,
        multiplied=parameters - table.weight.numel(),
        positions=_positions(model, config),
        weight_bytes=kind.itemsize if isinstance(kind, torch.dtype) else 4,
        listed=bool(stack.layers),
        left=reads_left_alone(model),
        masked=has_masked_head(config),
        checkpointing=bool(getattr(model, "supports_gradient_checkpointing", False)),
        linear=tuple(sorted(_linear(model))),
    )


def _linear(model: nn.Module) -> set[str]:
    """Names of linear parts, the last word of each."""
    return {name.rsplit(".", 1)[-1] for name, one in model.named_modules() if isinstance(one, nn.Linear)}


def _positions(model: nn.Module, config: Any) -> int | None:
    """The longest text: rows of the table of positions that are free, or what rotary positions were made for."""
    for name, module in model.named_modules():
        if isinstance(module, nn.Embedding) and name.split(".")[-1] in (
            "position_embeddings",
            "wpe",
            "embed_positions",
        ):
            reserved = 0 if module.padding_idx is None else module.padding_idx + 1
            return module.num_embeddings - reserved
    rotary = any("Rotary" in type(module).__name__ for module in model.modules())
    return int(config.max_position_embeddings) if rotary else None


def _tokenizer(place: str, revision: str | None, where: str) -> Any:
    try:
        tokenizer = AutoTokenizer.from_pretrained(place, revision=revision, trust_remote_code=False)
    except Exception as error:  # a broken tokenizer file raises whatever its reader does
        raise DataError(
            f"{where}: its tokenizer cannot be loaded: {reason_of(error)} "
            "Remedy: save the tokenizer beside the model with save_pretrained"
        ) from error
    if not getattr(tokenizer, "is_fast", False):
        raise DataError(
            f"{where}: its tokenizer ({type(tokenizer).__name__}) has no fast form, which gives the places of tokens "
            "in a text (offsets); give a model with a tokenizer.json"
        )
    return tokenizer


def _check_pieces(tokenizer: Any, config: Any, where: str) -> None:
    highest = max(tokenizer.get_vocab().values(), default=-1)
    if highest >= config.vocab_size:
        raise DataError(
            f"{where}: its tokenizer has pieces up to {highest}, its word table {config.vocab_size} rows; save the "
            "tokenizer that belongs to it beside it, or enlarge the table (resize_token_embeddings)"
        )


def with_tokenizer(shape: BackboneShape, tokenizer: Any) -> BackboneShape:
    """Return the shape with what the tokenizer says."""
    between = tokenizer("a", "a").sequence_ids()
    inner = between[: max(i for i, part in enumerate(between) if part == 1)] if 1 in between else []
    separates = None in inner[inner.index(0) :] if 0 in inner else False
    told = {"mask_token": tokenizer.mask_token_id is not None, "separates": separates}
    return BackboneShape(**{**shape.facts(), **told})
