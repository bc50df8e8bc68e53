"""The texts of a batch in one row, without their padding: how layers on a GPU read them in bf16 or fp16.

Layers treat each token on its own, but for attention, which here is flash attention within the bounds of a text.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from inspect import Parameter, signature
from typing import Any

import torch
from torch import Tensor, nn
from transformers.integrations.sdpa_attention import sdpa_attention_forward
from transformers.modeling_utils import ALL_ATTENTION_FUNCTIONS

from xtransfer_stats.training.hardware import Precision, sent

_NAME = "xstats_packed"  # among transformers' attention functions
_MULTIPLE, _WIDEST = 8, 256  # of an attention head
_ROW = 256  # tokens: rows are multiples of it, so that few shapes come, again and again; 1 to 3 % more tokens


@dataclass(frozen=True)
class Packing:
    """Where the tokens of a padded batch [B, L] stand in one row of T, a multiple of 256.

    sources [T]: the tokens' places in the batch. What fills the row up repeats the batch's first token, as a text of
    its own behind the others. targets [T]: the same places, and B * L, which is none, for those that fill up.
    bounds [B + 2]: the texts' bounds in the row. longest: no text is longer.
    """

    sources: Tensor
    targets: Tensor
    bounds: Tensor
    longest: int

    @classmethod
    def of(cls, mask: Tensor, device: torch.device) -> "Packing":
        """The packing of a batch whose mask is on the processor."""
        places = torch.nonzero(mask.flatten())[:, 0]
        more = rounded(len(places)) - len(places)
        bounds = torch.zeros(len(mask) + 2, dtype=torch.int32)
        bounds[1:-1] = mask.sum(1).cumsum(0)
        bounds[-1] = len(places) + more
        sources, targets = (torch.cat([places, places.new_full((more,), value)]) for value in (0, mask.numel()))
        longest = max(mask.shape[1], _ROW)
        return cls(sent(sources, device), sent(targets, device), sent(bounds, device), longest)

    def pack(self, padded: Tensor) -> Tensor:
        """[B, L, H] -> [1, T, H]."""
        return padded.flatten(0, 1).index_select(0, self.sources)[None]

    def unpack(self, packed: Tensor, like: Tensor) -> Tensor:
        """[1, T, H] -> [B, L, H], as `like` is shaped, zeros in the padding."""
        padded = packed.new_zeros(like.shape[0] * like.shape[1] + 1, packed.shape[-1])
        return padded.index_copy_(0, self.targets, packed[0])[:-1].view(like.shape)


def rounded(tokens: int) -> int:
    """Return the length of a row of so many tokens."""
    return -(-tokens // _ROW) * _ROW


def within_texts(
    query: Tensor, key: Tensor, value: Tensor, bounds: Tensor, longest: int, dropout: float, scale: float
) -> Tensor:
    """Attention of each text's tokens [T, heads, width] to that text's."""
    # torch's own door to it, torch.nn.attention.varlen, has no dropout yet
    return torch.ops.aten._flash_attention_forward(
        query, key, value, bounds, bounds, longest, longest, dropout, False, False, scale=scale
    )[0]


def attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    mask: Tensor | None,
    *,
    dropout: float = 0.0,
    scaling: float | None = None,
    bounds: Tensor | None = None,
    longest: int = 0,
    **more: Any,
) -> tuple[Tensor, None]:
    """Attention as transformers' layers call it: within bounds where they are given, else under a mask as usual."""
    if bounds is None:
        return sdpa_attention_forward(module, query, key, value, mask, dropout=dropout, scaling=scaling, **more)
    query, key, value = (part.transpose(1, 2)[0] for part in (query, key, value))
    scale = query.shape[-1] ** -0.5 if scaling is None else scaling
    return within_texts(query, key, value, bounds, longest, dropout, scale)[None], None


def prepare(layers: Sequence[nn.Module], precision: Precision) -> bool:
    """Make layers ready for packed batches; return whether they can have any."""
    ready = precision.packs and all(map(_takes_bounds, layers))
    if ready and layers:
        ALL_ATTENTION_FUNCTIONS.register(_NAME, attention)
        for layer in layers:
            layer.attention.self.config._attn_implementation = _NAME  # type: ignore[union-attr]
    return ready


def _takes_bounds(layer: nn.Module) -> bool:
    """Whether a layer hands what it does not know to its attention, as transformers' BERT-like layers do since 5.0."""
    inner: Any = getattr(getattr(layer, "attention", None), "self", None)
    width = getattr(inner, "attention_head_size", 0)
    if not width or width % _MULTIPLE or width > _WIDEST or not hasattr(inner, "config"):
        return False
    kinds = [p.kind for part in (layer, inner) for p in signature(part.forward).parameters.values()]
    return kinds.count(Parameter.VAR_KEYWORD) == 2 and not hasattr(inner, "distance_embedding")
