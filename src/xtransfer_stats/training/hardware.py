"""The device that a step runs on, and the precision in which its encoder multiplies there.

Weights, sums, caches and heads stay in fp32.
"""

from collections.abc import Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import Any

import torch

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.training.distributed import process_number

CPU = torch.device("cpu")
INFERENCE_TOKENS = 4096  # padded tokens that a model reads at a time on a processor
_MOST_TOKENS = 65536  # on a GPU: more of them run no faster
_AMPERE = (8, 0)  # the first GPUs that multiply bfloat16 numbers, and with flash attention
COMPILED_FROM = 1000  # steps: 5 to 18 s of compiling against some 15 ms a step
_BYTES = 64  # a token and unit of width, while a model reads: a layer's inner states, scores, the mask of its pairs
_KINDS = {"bf16": torch.bfloat16, "fp16": torch.float16, "fp32": torch.float32}


def device_of(args: Mapping[str, Any]) -> torch.device:
    """Return the device named in args["places"]["device"]: "cpu" (default), "cuda:0", or "auto:N".

    Of several, joined by "+", each process of a group takes its own, and a process alone the first.

    "auto:N" is worker N's share of the GPUs that torch sees, the CPU where it sees none.
    Raises DataError for a device that is not there.
    """
    names = args.get("places", {}).get("device", "cpu").split("+")
    name = names[process_number() % len(names)]
    if name.startswith("auto:"):
        count = torch.cuda.device_count()
        name = f"cuda:{int(name.removeprefix('auto:')) % count}" if count else "cpu"
    try:
        device = torch.device(name)
    except RuntimeError:
        raise DataError(f"device {name!r}: no such device; choose cpu, auto or cuda:0, cuda:1, ...") from None
    if device.type not in ("cpu", "cuda"):
        raise DataError(f"device {str(device)!r}: only cpu and cuda devices are run on; choose one of them")
    count = torch.cuda.device_count()
    if device.type == "cuda" and (device.index or 0) >= count:
        raise DataError(
            f"device {str(device)!r}: torch sees {count} GPU{'s' * (count != 1)} here; "
            "choose --devices cpu or auto, or install a torch built for your GPU"
        )
    return device


def sent(value: torch.Tensor, device: torch.device) -> torch.Tensor:
    """Return a tensor on a device. To a GPU it goes from pinned memory, and nobody waits for it."""
    if device.type == "cpu":
        return value
    return value.pin_memory().to(device, non_blocking=True)


def inference_tokens(device: torch.device, width: int) -> int:
    """Return how many padded tokens a model of a width reads at a time: what a quarter of a GPU's free memory holds.

    On a processor a constant: its scores stay the same to the last digit, whatever the machine's memory.
    """
    if device.type == "cpu":
        return INFERENCE_TOKENS
    free, _ = torch.cuda.mem_get_info(device)
    return int(min(max(free // 4 // (_BYTES * width), INFERENCE_TOKENS), _MOST_TOKENS))


def worth_compiling(device: torch.device, steps: int) -> bool:
    """Whether compiled layers gain a training of so many steps more than the compiler takes (docs/performance.md)."""
    return device.type == "cuda" and steps >= COMPILED_FROM and hasattr(torch.compiler, "set_stance")


def uncompiled(device: torch.device) -> AbstractContextManager[Any]:
    """A while in which nothing compiled runs on a GPU: evaluations are few, and alike in every step of a study."""
    if device.type == "cpu" or not hasattr(torch.compiler, "set_stance"):
        return nullcontext()
    return torch.compiler.set_stance("force_eager")


def room_for(size: int, device: torch.device) -> bool:
    """Whether a device has room for a copy of so many bytes and leaves as much free again; a processor has."""
    return device.type == "cpu" or torch.cuda.mem_get_info(device)[0] >= 2 * size


def native_bfloat16() -> bool:
    """Whether this processor multiplies bfloat16 numbers in hardware."""
    checks = ("_is_avx512_bf16_supported", "_is_amx_tile_supported")
    return any(getattr(torch.cpu, name, bool)() for name in checks)


@dataclass(frozen=True)
class Precision:
    """What a step multiplies in ("bf16", "fp16" or "fp32"), and where."""

    name: str
    device: torch.device

    def autocast(self) -> torch.autocast:
        """The context of the encoder's layers; on CPU, bfloat16 is two to three times as fast where it is native."""
        kind = _KINDS[self.name]
        mixed = kind is not torch.float32
        return torch.autocast(self.device.type, kind if mixed else torch.bfloat16, enabled=mixed)

    @property
    def packs(self) -> bool:
        """Whether the device has flash attention in this precision, which reads texts without padding."""
        return (
            self.device.type == "cuda"
            and self.name != "fp32"
            and torch.cuda.get_device_capability(self.device) >= _AMPERE
        )

    def scaler(self) -> torch.amp.GradScaler:
        """Scales the loss so that fp16 gradients do not vanish; does nothing in the other precisions."""
        scaler = torch.amp.GradScaler(self.device.type, enabled=self.name == "fp16")
        scaler.scale(torch.zeros(1, device=self.device))  # its first scale, also in a process without a part
        return scaler

    def facts(self) -> dict[str, str]:
        """What a step's manifest tells: arithmetic and device."""
        device = torch.cuda.get_device_name(self.device) if self.device.type == "cuda" else "cpu"
        return {"arithmetic": str(_KINDS[self.name]).removeprefix("torch."), "device": device}


def choose_precision(wanted: str, device: torch.device) -> Precision:
    """Return the precision of a step; "auto" is bf16 where the device has it, else fp16 on GPU and fp32 on CPU.

    Raises DataError for one that the device does not have.
    """
    on_gpu = device.type == "cuda"
    # is_bf16_supported also says yes where it is emulated.
    native = torch.cuda.get_device_capability(device) >= _AMPERE if on_gpu else native_bfloat16()
    if wanted == "auto":
        return Precision("bf16" if native else "fp16" if on_gpu else "fp32", device)
    if wanted == "fp16" and not on_gpu:
        raise DataError("precision = 'fp16' needs a GPU: set precision to auto, bf16 or fp32, or give --devices auto")
    if wanted == "bf16" and on_gpu and not native:
        name = torch.cuda.get_device_name(device)
        raise DataError(f"precision = 'bf16': {name} has none: set precision to auto, fp16 or fp32")
    return Precision(wanted, device)


def precision_of(args: Mapping[str, Any]) -> Precision:
    """The precision and device that a step's arguments ask for; raises DataError as `device_of` and the choice do."""
    return choose_precision(args.get("settings", {}).get("precision", "auto"), device_of(args))
