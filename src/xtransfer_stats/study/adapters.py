"""Adapters: small trained matrices beside the weights of a backbone, which themselves stay as they are.

LoRA (Hu et al. 2021, arXiv 2106.09685): to a linear part W it adds (alpha / rank) B A, of which A and B are trained.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

RANK = 8  # the paper's for GLUE and its largest models
SCALE = 2  # alpha over rank, where alpha is not stated
_BERT, _DECODER, _T5 = ("query", "value"), ("q_proj", "v_proj"), ("q", "v")
# Class in transformers -> the linear parts of its attention that make queries and values, which the paper adapts.
TARGETS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        **dict.fromkeys(("BertModel", "CamembertModel", "RobertaModel", "XLMRobertaModel", "XLMRobertaXLModel"), _BERT),
        **dict.fromkeys(("ElectraModel", "RemBertModel", "AlbertModel"), _BERT),
        **dict.fromkeys(("EuroBertModel", "Qwen3Model", "GemmaModel", "Gemma3TextModel", "LlamaModel"), _DECODER),
        **dict.fromkeys(("MT5EncoderModel", "UMT5EncoderModel", "T5EncoderModel"), _T5),
        **dict.fromkeys(("DebertaModel", "DebertaV2Model"), ("query_proj", "value_proj")),
        **dict.fromkeys(("DistilBertModel", "XLMModel"), ("q_lin", "v_lin")),
        "ModernBertModel": ("Wqkv",),  # queries, keys and values are one
    }
)


@dataclass(frozen=True)
class Adapter:
    """LoRA of a rank, its product times alpha / rank; targets: names of linear parts, () for the family's own."""

    rank: int
    alpha: float
    targets: tuple[str, ...] = ()

    def args(self) -> dict[str, Any]:
        """As a step's arguments have it."""
        return {"kind": "lora", "rank": self.rank, "alpha": self.alpha, "targets": list(self.targets)}

    @classmethod
    def read(cls, args: Mapping[str, Any]) -> "Adapter | None":
        """From a step's arguments; None where it has none."""
        own = args.get("adapter")
        return cls(own["rank"], own["alpha"], tuple(own["targets"])) if own else None

    def parts(self, kind: str) -> tuple[str, ...]:
        """The linear parts that it stands beside in a model of this class; () where none are known or named."""
        return self.targets or TARGETS.get(kind, ())
