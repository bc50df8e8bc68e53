"""The whole model with adapters of peft: its own weights stay, the adapters alone are trained and kept."""

from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.study.adapters import Adapter
from xtransfer_stats.training.backbone import WholeModel
from xtransfer_stats.training.hardware import Precision


class AdaptedModel(WholeModel):
    """A model from token ids with LoRA beside its attention; `seed` draws its first matrices, the second are zero.

    So a fresh one gives what the pretrained model gives. Raises DataError for parts that the model does not have.
    """

    kept = torch.float32  # the precision of its tensors on disk: they are few

    def __init__(self, folder: Path, adapter: Adapter, seed: int, precision: Precision) -> None:
        super().__init__(folder, precision)
        self.packs = False
        parts = adapter.parts(type(self.model).__name__)
        self._require(parts)
        # Imported here: the extra `adapters` brings it, and no other way of training needs it.
        from peft import LoraConfig, inject_adapter_in_model

        alpha: Any = adapter.alpha  # declared whole by peft, which only divides it by the rank
        config = LoraConfig(r=adapter.rank, lora_alpha=alpha, target_modules=list(parts), lora_dropout=0.0)
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed % 2**63)
            inject_adapter_in_model(config, self.model)

    def _require(self, parts: tuple[str, ...]) -> None:
        linear = {name.rsplit(".", 1)[-1] for name, one in self.model.named_modules() if isinstance(one, nn.Linear)}
        lacking = [part for part in parts if part not in linear]
        if lacking or not parts:
            kind = type(self.model).__name__
            raise DataError(
                f"adapter_targets = {lacking or list(parts)}: {kind} has the linear parts {', '.join(sorted(linear))}; "
                "name some of these"
            )

    def layers(self) -> list[nn.Module]:
        """None: the model's own forward pass is what runs the adapters."""
        return []

    def table(self) -> nn.Module | None:
        """None: the word table is not trained."""
        return None

    def trained(self) -> dict[str, Tensor]:
        """Return the adapters' tensors."""
        return {name: value.detach() for name, value in self.model.named_parameters() if value.requires_grad}
