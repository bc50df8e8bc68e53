"""Random generators keyed by names, the same in every process and under every hash seed."""

import hashlib
import random
from collections.abc import Callable
from functools import partial

RngFor = Callable[..., random.Random]


def number_of(*names: object) -> int:
    """A 64-bit integer that depends on the names only; Python's own hash() differs between processes."""
    text = "\x1f".join(str(name) for name in names)
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:8], "big")


def rng_for(*names: object) -> random.Random:
    """A generator seeded by the names."""
    return random.Random(number_of("embedded", *names))


def rng_under(*prefix: object) -> RngFor:
    """`rng_for` with the first names fixed: what a twin is handed."""
    return partial(rng_for, *prefix)
