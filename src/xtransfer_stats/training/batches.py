"""Padded batches of units, and the order in which training and inference draw them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from xtransfer_stats.training.features import Features, Progress
from xtransfer_stats.training.hardware import inference_tokens, sent, uncompiled
from xtransfer_stats.training.packing import Packing

_COLUMNS = 64  # batches that are to be alike are a multiple of it wide
WINDOW = 8  # batches: examples of like length are sought within so many, so that order stays nearly random


@dataclass(frozen=True)
class Batch:
    """Units padded on the right to one length: ids, mask, segments [B, L]; hidden [B, L, H] fp16.

    marks [B, L] hold what the family reads of each token (-1 on padding); units and their owners are the features'.
    """

    units: np.ndarray
    owners: np.ndarray
    ids: Tensor
    mask: Tensor
    segments: Tensor | None
    hidden: Tensor | None
    marks: Tensor
    packing: Packing | None = None  # on a GPU

    def to(self, device: torch.device) -> "Batch":
        """Return the batch on a device, under way to it where that is a GPU."""
        if device.type == "cpu":
            return self
        moved: dict[str, Any] = {k: sent(value, device) for k, value in vars(self).items() if torch.is_tensor(value)}
        return replace(self, **moved, packing=Packing.of(self.mask, device))

    def tensors(self) -> list[Tensor]:
        """Return all tensors, those of the packing too."""
        places = [] if self.packing is None else list(vars(self.packing).values())
        return [value for value in [*vars(self).values(), *places] if torch.is_tensor(value)]


def collate(features: Features, units: Sequence[int] | np.ndarray, alike: bool = False) -> Batch:
    """Return the units as one batch; `alike`: padded so that its shape is one of few (no text is longer than all)."""
    chosen = np.asarray(units, dtype=np.int64)
    starts = torch.from_numpy(features.offsets[chosen])
    lengths = torch.from_numpy(features.lengths[chosen])
    longest = int(lengths.max())
    columns = torch.arange(min(-(-longest // _COLUMNS) * _COLUMNS, int(features.lengths.max())) if alike else longest)
    mask = columns[None, :] < lengths[:, None]
    # positions of padding read the unit's first token: any value will do, since the mask hides it
    places = torch.where(mask, starts[:, None] + columns[None, :], starts[:, None])
    return Batch(
        units=chosen,
        owners=features.owner[chosen],
        ids=features.ids[places].long(),
        mask=mask,
        segments=None if features.segments is None else features.segments[places].long(),
        hidden=None if features.hidden is None else features.hidden[places],
        marks=features.marks[places].long().masked_fill(~mask, -1),
    )


def training_batches(lengths: np.ndarray, size: int, random: np.random.Generator) -> Iterator[np.ndarray]:
    """Yield index arrays of `size` items for ever; a pass's last batch may be smaller.

    Each pass is a new shuffle, bucketed by length within a window.
    """
    count = len(lengths)
    while True:
        order = random.permutation(count)
        for begin in range(0, count, size * WINDOW):
            window = order[begin : begin + size * WINDOW]
            window = window[np.argsort(lengths[window], kind="stable")]
            batches = [window[i : i + size] for i in range(0, len(window), size)]
            for place in random.permutation(len(batches)):
                yield batches[place]


def inference_batches(lengths: np.ndarray, units: np.ndarray, tokens: int) -> Iterator[np.ndarray]:
    """Yield all units once, longest first, in batches of at most so many padded tokens."""
    order = units[np.argsort(-lengths[units], kind="stable")]
    begin = 0
    while begin < len(order):
        end = begin + max(1, tokens // max(1, int(lengths[order[begin]])))
        yield order[begin:end]
        begin = end


def run_units(
    features: Features,
    units: np.ndarray,
    device: torch.device,
    width: int,
    use: Callable[[np.ndarray, Batch], None],
    progress: Progress,
) -> None:
    """Hand all units to `use`, batch by batch on the device and without gradients; progress is in units.

    `width` is that of the hidden states, which bound a batch on a GPU.
    """
    done, tokens = 0, inference_tokens(device, width)
    with torch.inference_mode(), uncompiled(device):
        for chosen in inference_batches(features.lengths, units, tokens):
            use(chosen, collate(features, chosen).to(device))
            done += len(chosen)
            progress(done, len(units))
