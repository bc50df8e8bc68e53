"""The device that a step runs on, from what the engine says of it."""

from collections.abc import Mapping
from typing import Any

import torch

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.training.group import rank


def device_of(args: Mapping[str, Any]) -> torch.device:
    """Return the device named in args["places"]["device"]: "cpu" (default), "cuda:0", or "auto:N".

    Of several, joined by "+", each process of a group takes its own, and a process alone the first.

    "auto:N" is worker N's share of the GPUs that torch sees, the CPU where it sees none.
    Raises DataError for a device that is not there.
    """
    names = args.get("places", {}).get("device", "cpu").split("+")
    name = names[rank() % len(names)]
    if name.startswith("auto:"):
        count = torch.cuda.device_count()
        name = f"cuda:{int(name.removeprefix('auto:')) % count}" if count else "cpu"
    try:
        device = torch.device(name)
    except RuntimeError:
        raise DataError(f"device {name!r}: no such device; choose cpu, auto or cuda:0, cuda:1, ...") from None
    _check(device)
    return device


def _check(device: torch.device) -> None:
    if device.type == "cpu":
        return
    if device.type != "cuda":
        raise DataError(f"device {str(device)!r}: only cpu and cuda devices are run on; choose one of them")
    count = torch.cuda.device_count()
    if (device.index or 0) >= count:
        raise DataError(
            f"device {str(device)!r}: torch sees {count} GPU{'s' * (count != 1)} here; "
            "choose --devices cpu or auto, or install a torch built for your GPU"
        )


def device_facts(device: torch.device) -> dict[str, str]:
    """Return the device's name for a step's facts."""
    name = torch.cuda.get_device_name(device) if device.type == "cuda" else "cpu"
    return {"device": name}
