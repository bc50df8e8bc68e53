"""The masked-language head that a checkpoint brings along: kept beside the pretrained model, trained on from there.

Its forward pass is the architecture's own, with the encoder's states put in the place of its base model's.
"""

from pathlib import Path
from typing import Any

import torch
from safetensors import safe_open
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn.functional import cross_entropy
from transformers import AutoConfig, AutoModelForMaskedLM
from transformers.modeling_outputs import BaseModelOutput
from transformers.models.auto.modeling_auto import MODEL_FOR_MASKED_LM_MAPPING

from xtransfer_stats.training.architecture import outline
from xtransfer_stats.training.batches import Batch
from xtransfer_stats.training.features import Features
from xtransfer_stats.training.heads import MaskedHead, at

TABLE = "word table"
FILE = "maskedhead.safetensors"  # beside the pretrained model's folder


def has_masked_head(config: Any) -> bool:
    """Whether the architecture has a masked-language head."""
    return type(config) in MODEL_FOR_MASKED_LM_MAPPING


def write_masked_head(place: str, revision: str | None, out: Path) -> bool:
    """Write the head of the checkpoint at a place into a pretrained step's folder; return whether it has one.

    Weights that are the word table itself, or another of its own, are named instead of repeated. A checkpoint that
    lacks a part of the head has none.
    """
    if not has_masked_head(AutoConfig.from_pretrained(place, revision=revision, trust_remote_code=False)):
        return False
    with torch.random.fork_rng(devices=[]):
        model, loading = AutoModelForMaskedLM.from_pretrained(
            place, revision=revision, use_safetensors=True, trust_remote_code=False, output_loading_info=True
        )
    own = _own(model)
    if own.keys() & set(loading["missing_keys"]):
        return False
    first = {model.get_input_embeddings().weight.data_ptr(): TABLE}
    ties = {name: first.setdefault(value.data_ptr(), name) for name, value in own.items()}
    kept = {name: value.clone() for name, value in own.items() if ties[name] == name}
    save_file(kept, out / FILE, metadata=ties)
    return True


def _own(model: Any) -> dict[str, Tensor]:
    """The tensors that are not the base model's."""
    base = f"{model.base_model_prefix}."
    return {name: value for name, value in model.state_dict().items() if not name.startswith(base)}


def table_name(config: Any) -> str:
    """The word table's name among the pretrained model's tensors."""
    model: Any = outline(config)
    table = model.get_input_embeddings()
    return next(f"{name}.weight" for name, module in model.named_modules() if module is table)


class _Given(nn.Module):
    """In the place of the base model: gives the hidden states that were put in."""

    def __init__(self, table: nn.Module) -> None:
        super().__init__()
        self.hidden: Tensor | None = None
        self.embeddings = nn.Module()  # where DeBERTa's head looks for the word table
        self.embeddings.word_embeddings = table

    def forward(self, *args: Any, **given: Any) -> BaseModelOutput:
        """Return them as a model returns its last ones."""
        return BaseModelOutput(last_hidden_state=self.hidden)


class OwnMaskedHead(MaskedHead):
    """The architecture's own head with the checkpoint's weights; all pieces are candidates.

    `table` is the encoder's word table: weights that the checkpoint ties to it stay tied, so where it is trained, they
    are.
    """

    def __init__(self, pretrained: Path, table: nn.Module) -> None:
        config = AutoConfig.from_pretrained(pretrained / "model")
        super().__init__(int(config.hidden_size))
        with torch.device("meta"):
            model: Any = AutoModelForMaskedLM.from_config(config)
        self.base = _Given(table)
        setattr(model, model.base_model_prefix, self.base)
        with safe_open(pretrained / FILE, "pt") as file:
            weights = {name: nn.Parameter(file.get_tensor(name).float()) for name in file.keys()}  # noqa: SIM118
            ties = file.metadata()
        for name in _own(model):
            parent, _, leaf = name.rpartition(".")
            setattr(model.get_submodule(parent), leaf, {**weights, TABLE: table.weight}[ties[name]])
        self.model = model

    def reset(self, generator: torch.Generator) -> None:
        """Nothing is drawn: the weights are the checkpoint's."""

    def gold(self, batch: Batch, features: Features) -> Tensor:
        """Return the places of the chosen tokens, and which pieces stood there, [2, chosen]."""
        return self.chosen(batch)

    def loss(self, hidden: Tensor, batch: Batch, gold: Tensor) -> Tensor:
        """Return the mean cross entropy over the chosen tokens."""
        self.base.hidden = at(hidden, gold[0])[None]
        logits = self.model(inputs_embeds=self.base.hidden).logits[0]
        self.base.hidden = None
        return cross_entropy(logits, gold[1])
