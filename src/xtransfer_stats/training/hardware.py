"""The device that a step runs on, and the precision in which its encoder multiplies there.

Weights, sums, caches and heads stay in fp32.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.training.distributed import process_number

CPU = torch.device("cpu")
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
    # On GPU since Ampere (8.0); is_bf16_supported also says yes where it is emulated.
    native = torch.cuda.get_device_capability(device) >= (8, 0) if on_gpu else native_bfloat16()
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
