"""Steps of a GPU, recorded once for a shape of batch (a CUDA graph) and replayed for the batches like it.

A step of few texts waits for the processor, which launches some thousand kernels for it; a recording is launched at
once. What is replayed computes the same from other numbers in the same memory: those of the new batch.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Iterator

import torch

from xtransfer_stats.study.settings import Settings
from xtransfer_stats.training.backbone import Encoder
from xtransfer_stats.training.distributed import process_group
from xtransfer_stats.training.losses import Parts
from xtransfer_stats.training.parts import Part

AFTER = 2  # steps of a shape are made as usual: its kernels are loaded by then, and it is likely to come again

Step = Callable[[Iterator[Part]], Parts]


def recordable(encoder: Encoder, settings: Settings) -> bool:
    """Whether a training's steps can be recorded: nothing in them may be read by the processor or drawn anew there.

    fp16 looks for gradients that overflowed, layers whose activations are computed again keep the state of the dropout.
    """
    alone, bf16 = process_group().size == 1, encoder.precision.name == "bf16"
    return encoder.packs and bf16 and alone and not settings.gradient_checkpointing and settings.accumulation == 1


class Memory:
    """Where recordings keep what they compute: all in one place, for one runs at a time, and on one stream."""

    def __init__(self, device: torch.device) -> None:
        self.device, gpu = device, device.type == "cuda"
        self.pool = torch.cuda.graph_pool_handle() if gpu else None
        self.stream = torch.cuda.Stream(device) if gpu else None

    def has_room(self) -> bool:
        """Whether as much is free as a training takes that records nothing."""
        if self.device.type == "cpu":
            return True
        return torch.cuda.mem_get_info(self.device)[0] >= torch.cuda.max_memory_allocated(self.device)


def captured(work: Callable[[], Parts], memory: Memory) -> tuple[Callable[[], None], Parts]:
    """Record what `work` launches, without running it; return how to run it, and where it leaves its losses."""
    graph = torch.cuda.CUDAGraph()
    torch.cuda.synchronize()
    # not torch.cuda.graph, which gives all unused memory back each time, for the next step to ask for it again
    with torch.cuda.stream(memory.stream):
        graph.capture_begin(pool=memory.pool)
        try:
            losses = work()
        finally:
            graph.capture_end()
    return graph.replay, losses


class _Recording:
    """A step's launches, and the memory that they read a part from and leave its loss in."""

    def __init__(self, part: Part, step: Step, memory: Memory) -> None:
        self.part = part
        self.run, self.losses = captured(lambda: step(iter([part])), memory)

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
        self.step, self.memory = step, Memory(device)
        self.seen: Counter[Hashable] = Counter()
        self.kept: dict[Hashable, _Recording] = {}

    def __call__(self, parts: Iterator[Part]) -> Parts:
        """Make the next step; return its losses, still on the device."""
        (part,) = parts
        like = part.likeness()
        if like not in self.kept:
            self.seen[like] += 1
            if self.seen[like] <= AFTER or not self.memory.has_room():
                return self._plainly(part)
            self.kept[like] = _Recording(part, self.step, self.memory)
        return self.kept[like].replay(part)

    def _plainly(self, part: Part) -> Parts:
        """Make a step as usual; where memory lacks for it, give up the recordings, which can be made again."""
        try:
            return self.step(iter([part]))
        except torch.OutOfMemoryError:
            if not self.kept:
                raise
        self.kept.clear()
        if self.memory.device.type == "cuda":
            torch.cuda.empty_cache()
        return self.step(iter([part]))
