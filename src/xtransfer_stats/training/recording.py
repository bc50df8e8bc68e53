"""Steps of a GPU, recorded once for a shape of batch (a CUDA graph) and replayed for the batches like it.

A step of few texts waits for the processor, which launches some thousand kernels for it; a recording is launched at
once. What is replayed computes the same from other numbers in the same memory: those of the new batch.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator
from typing import Any

import torch

from xtransfer_stats.study.settings import Settings
from xtransfer_stats.training.backbone import Encoder
from xtransfer_stats.training.distributed import process_group
from xtransfer_stats.training.losses import Parts
from xtransfer_stats.training.parts import Part

AFTER = 2  # steps of a shape are made as usual: its kernels are loaded by then, and it is likely to come again
LARGEST = 12288  # tokens of a row: a longer one keeps a GPU busy while the next step's kernels are launched

Step = Callable[[Iterator[Part]], Parts]


def recordable(encoder: Encoder, settings: Settings) -> bool:
    """Whether a training's steps can be recorded: nothing in them may be read by the processor or drawn anew there.

    fp16 looks for gradients that overflowed, layers whose activations are computed again keep the state of the dropout.
    """
    alone, bf16 = process_group().size == 1, encoder.precision.name == "bf16"
    return encoder.packs and bf16 and alone and not settings.gradient_checkpointing and settings.accumulation == 1


def captured(work: Callable[[], Parts], pool: Any) -> tuple[Callable[[], None], Parts]:
    """Record what `work` launches, without running it; return how to run it, and where it leaves its losses."""
    graph, stream = torch.cuda.CUDAGraph(), torch.cuda.Stream()
    torch.cuda.synchronize()
    # not torch.cuda.graph, which gives all unused memory back each time, for the next step to ask for it again
    with torch.cuda.stream(stream):
        graph.capture_begin(pool=pool)
        try:
            losses = work()
        finally:
            graph.capture_end()
    torch.cuda.current_stream().wait_stream(stream)
    return graph.replay, losses


class _Recording:
    """A step's launches, and the memory that they read a part from and leave its loss in."""

    def __init__(self, part: Part, step: Step, pool: Any) -> None:
        self.part = part
        self.run, self.losses = captured(lambda: step(iter([part])), pool)

    def replay(self, part: Part) -> Parts:
        """Make the step with another part's numbers."""
        for mine, theirs in zip(self.part.tensors(), part.tensors(), strict=True):
            if mine is not theirs:
                mine.copy_(theirs)
        self.run()
        return [(loss.clone(), share) for loss, share in self.losses]


class Recorder:
    """Makes steps from batches of one part: as `step` does, or by replaying its recording for their shape."""

    def __init__(self, step: Step, device: torch.device) -> None:
        self.step, self.device = step, device
        self.seen: Counter[Hashable] = Counter()
        self.kept: dict[Hashable, _Recording] = {}
        self.pool = torch.cuda.graph_pool_handle() if device.type == "cuda" else None

    def __call__(self, parts: Iterator[Part]) -> Parts:
        """Make the next step; return its losses, still on the device."""
        (part,) = parts
        like = part.likeness()
        if like not in self.kept:
            self.seen[like] += 1
            if self.seen[like] <= AFTER or not self._worth(part):
                return self.step(iter([part]))
            self.kept[like] = _Recording(part, self.step, self.pool)
        return self.kept[like].replay(part)

    def _worth(self, part: Part) -> bool:
        """Whether a step of a part is launched more slowly than computed, and there is room for what it holds."""
        packing = part.batch.packing
        if packing is None or len(packing.sources) > LARGEST:
            return False
        held = torch.cuda.max_memory_allocated(self.device) if self.device.type == "cuda" else 0
        return self.device.type == "cpu" or torch.cuda.mem_get_info(self.device)[0] >= held
