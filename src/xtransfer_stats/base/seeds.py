"""One tree of seeds: every random choice of a study is a named leaf of its root.

A leaf depends on the root and its names alone, never on the order of drawing or the number of workers.
"""

import hashlib

import numpy as np


def sequence(root: int, *names: object) -> np.random.SeedSequence:
    """The SeedSequence of the leaf `names`."""
    digest = hashlib.sha256("\x1f".join(map(str, names)).encode()).digest()
    return np.random.SeedSequence(root, spawn_key=tuple(np.frombuffer(digest[:16], "<u4").tolist()))


def generator(root: int, *names: object) -> np.random.Generator:
    """A generator for the leaf `names`."""
    return np.random.default_rng(sequence(root, *names))


def integer(root: int, *names: object) -> int:
    """A 63-bit integer for the leaf `names`, for code that takes a plain seed."""
    return int(sequence(root, *names).generate_state(1, np.uint64)[0] >> 1)
