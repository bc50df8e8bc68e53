"""Writes a normalisation map in the form that the `tokenizers` library reads as Precompiled.

The form is SentencePiece's: the byte size of a double-array trie (u32), the trie's units (u32 each,
Darts-clone layout: label in bits 0-7, has-leaf in bit 8, offset to the children in bits 10-30; a
leaf's unit holds bit 31 and the value), then the replacements as NUL-ended UTF-8 strings.
"""

from collections.abc import Mapping

import numpy as np

_EMPTY = 1 << 31  # its label equals no byte, so a search stops here
_BLOCK = 256


class _Units:
    """The growing array; a node's children stand at base XOR label, its leaf at the base itself."""

    def __init__(self) -> None:
        self.values = [_EMPTY] * _BLOCK
        self.taken = bytearray(_BLOCK)
        self.taken[0] = 1
        self.bases = {0}  # two nodes of one base would read each other's children

    def base_for(self, labels: list[int]) -> int:
        """Return the first base at which all labels are free, and take their places."""
        slot = max(1, len(self.taken) - 2 * _BLOCK)  # searching older blocks costs more than it saves
        while not self._fits(slot ^ labels[0], labels):
            slot += 1
            self._reach(slot)
        base = slot ^ labels[0]
        self.bases.add(base)
        for label in labels:
            self.taken[base ^ label] = 1
        return base

    def _fits(self, base: int, labels: list[int]) -> bool:
        return base not in self.bases and not any(self.taken[base ^ label] for label in labels)

    def _reach(self, slot: int) -> None:
        while len(self.taken) <= slot:
            self.taken.extend(bytes(_BLOCK))
            self.values.extend([_EMPTY] * _BLOCK)


def _tree(entries: Mapping[bytes, int]) -> dict[int, object]:
    root: dict[int, object] = {}
    for key, value in entries.items():
        node = root
        for byte in key:
            node = node.setdefault(byte, {})  # type: ignore[assignment]
        node[0] = value
    return root


def _fill(units: _Units, position: int, node: dict[int, object]) -> None:
    labels = sorted(node)
    base = units.base_for(labels)
    leaf = 1 << 8 if 0 in node else 0
    own_label = units.values[position] & 0xFF if position else 0
    units.values[position] = own_label | leaf | (position ^ base) << 10
    for label in labels:
        if label == 0:
            units.values[base] = _EMPTY | int(node[0])  # type: ignore[call-overload]
            continue
        units.values[base ^ label] = label
        _fill(units, base ^ label, node[label])  # type: ignore[arg-type]


def precompiled_charsmap(replacements: Mapping[str, str]) -> bytes:
    """Return the map (one character to its replacement, maybe empty) as a precompiled character map."""
    strings, entries = bytearray(), {}
    for source, target in sorted(replacements.items()):
        if source != "\0":  # NUL ends a search and cannot be a key
            entries[source.encode()] = len(strings)
            strings += target.encode() + b"\0"
    units = _Units()
    _fill(units, 0, _tree(entries))
    array = np.asarray(units.values, dtype="<u4").tobytes()
    return np.uint32(len(array)).astype("<u4").tobytes() + array + bytes(strings)
