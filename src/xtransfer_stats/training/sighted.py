"""Which devices torch sees here, in words."""

import torch


def devices() -> tuple[str, ...]:
    """A description of each GPU: its name and memory; none where torch sees no GPU."""
    seen = (torch.cuda.get_device_properties(number) for number in range(torch.cuda.device_count()))
    return tuple(f"{one.name}, {one.total_memory / 2**30:.0f} GiB" for one in seen)
