"""Padded batches of units, and the order in which training and inference draw them."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor

from xtransfer_stats.training.features import Features, Progress

WINDOW = 8  # batches: examples of like length are sought within so many, so that order stays nearly random
INFERENCE_TOKENS = 4096


@dataclass(frozen=True)
class Batch:
    """Units padded on the right to one length: ids, mask, segments [B, L]; hidden [B, L, H] fp32.

    marks [B, L] hold what the family reads of each token (-1 on padding); units are the features' indices.
    """

    units: np.ndarray
    ids: Tensor
    mask: Tensor
    segments: Tensor | None
    hidden: Tensor | None
    marks: Tensor

    def to(self, device: torch.device) -> "Batch":
        """Return the batch on a device."""
        if device.type == "cpu":
            return self
        moved: dict[str, Any] = {name: value.to(device) for name, value in vars(self).items() if torch.is_tensor(value)}
        return replace(self, **moved)


def collate(features: Features, units: Sequence[int] | np.ndarray) -> Batch:
    """Return the units as one batch."""
    chosen = np.asarray(units, dtype=np.int64)
    starts = torch.from_numpy(features.offsets[chosen])
    lengths = torch.from_numpy(features.lengths[chosen])
    columns = torch.arange(int(lengths.max()))
    mask = columns[None, :] < lengths[:, None]
    # positions of padding read the unit's first token: any value will do, since the mask hides it
    places = torch.where(mask, starts[:, None] + columns[None, :], starts[:, None])
    return Batch(
        units=chosen,
        ids=features.ids[places].long(),
        mask=mask,
        segments=None if features.segments is None else features.segments[places].long(),
        hidden=None if features.hidden is None else features.hidden[places].float(),
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


def inference_batches(lengths: np.ndarray, units: np.ndarray) -> Iterator[np.ndarray]:
    """Yield all units once, longest first, in batches of a bounded number of padded tokens."""
    order = units[np.argsort(-lengths[units], kind="stable")]
    begin = 0
    while begin < len(order):
        end = begin + max(1, INFERENCE_TOKENS // max(1, int(lengths[order[begin]])))
        yield order[begin:end]
        begin = end


def run_units(
    features: Features,
    units: np.ndarray,
    device: torch.device,
    use: Callable[[np.ndarray, Batch], None],
    progress: Progress,
) -> None:
    """Hand all units to `use`, batch by batch on the device and without gradients; progress is in units."""
    done = 0
    with torch.inference_mode():
        for chosen in inference_batches(features.lengths, units):
            use(chosen, collate(features, chosen).to(device))
            done += len(chosen)
            progress(done, len(units))
