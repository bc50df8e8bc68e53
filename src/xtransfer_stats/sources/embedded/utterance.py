"""What a walk through a template returns: a text, the spans of its slots, the rules of its pieces; and its tokens.

Tagging twins cut texts into tokens, of which a slot's or a piece's edge always cuts one.
"""

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from xtransfer_stats.sources.source import Tagging

# Scripts without spaces between words: a tag a character, as in the real tasks. Thai and Burmese write
# combining signs, so there only the edges of spans cut.
BY_CHARACTER = frozenset({"zh", "ja"})


@dataclass(frozen=True, slots=True)
class Token:
    """Code points [start, end) of a text; `joined` tells that no space stands before it."""

    text: str
    start: int
    joined: bool


def is_mark(character: str) -> bool:
    """Whether a character is punctuation or a symbol (combining signs of a script are not)."""
    return unicodedata.category(character)[0] in "PS"


def tokens(text: str, edges: Iterable[int], by_character: bool = False) -> list[Token]:
    """Cut at white space, around punctuation that ends or begins a word, and at `edges`.

    With `by_character` every letter that is no ASCII letter or digit stands alone.
    """
    cuts = {*edges, *_marks(text)}
    if by_character:
        cuts |= {edge for i, character in enumerate(text) if not character.isascii() for edge in (i, i + 1)}
    cut: list[Token] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or end in cuts or text[end].isspace() or text[end - 1].isspace():
            if text[start:end].strip():
                cut.append(Token(text[start:end], start, start > 0 and not text[start - 1].isspace()))
            start = end
    return cut


def as_tagging(cut: Sequence[Token], tag: Callable[[Token], str], written: Callable[[str], str] = str) -> Tagging:
    """An example of the tokens, each `written` in its way (such as in lower case), with their tags."""
    return Tagging(
        "", tuple(written(token.text) for token in cut), tuple(map(tag, cut)), tuple(token.joined for token in cut)
    )


def _marks(text: str) -> Iterator[int]:
    """Both edges of each mark that is not inside a word (don't, twenty-one, d'accord stay whole)."""
    for i, character in enumerate(text):
        inside = 0 < i < len(text) - 1 and not _bare(text[i - 1]) and not _bare(text[i + 1])
        if is_mark(character) and not inside:
            yield from (i, i + 1)


def _bare(character: str) -> bool:
    return character.isspace() or is_mark(character)


@dataclass(frozen=True, slots=True)
class Bit:
    """A raw piece of a walk, white space not yet settled; `slot` is set when it fills one."""

    text: str
    rules: tuple[str, ...]
    slot: str = ""
    value: str = ""


@dataclass(frozen=True, slots=True)
class Slot:
    """A filled slot: code points [start, end) of the text; `value` is the language-independent value.

    `glued` tells that a letter touches the span, as case endings do in Turkish and prefixes in Arabic.
    """

    name: str
    start: int
    end: int
    value: str
    glued: bool


@dataclass(frozen=True, slots=True)
class Piece:
    """A non-empty stretch [start, end) of the text, its slot ("" for none) and the path of rules to it."""

    start: int
    end: int
    slot: str
    rules: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Utterance:
    """One sentence of an (intent, frame); `response` is the key of the assistant's answer to it."""

    text: str
    intent: str
    frame: str
    response: str
    slots: tuple[Slot, ...]
    pieces: tuple[Piece, ...]

    def slot(self, name: str) -> Slot | None:
        """The first slot of this name, or None."""
        return next((slot for slot in self.slots if slot.name == name), None)


def assemble(bits: Iterable[Bit]) -> tuple[str, tuple[Slot, ...], tuple[Piece, ...]]:
    """Join bits with single spaces, none at the ends; return text, slots and pieces."""
    text = ""
    placed: list[tuple[Bit, int, int]] = []
    for bit in bits:
        if not bit.text:
            continue
        words = _squeeze(bit.text)
        if words[:1] == " " and (not text or text.endswith(" ")):
            words = words[1:]
        body = words.strip()
        start = len(text) + (len(words) - len(words.lstrip()))
        text += words
        if body:
            placed.append((bit, start, start + len(body)))
    text = text.rstrip()
    pieces = tuple(Piece(start, end, bit.slot, bit.rules) for bit, start, end in placed)
    filled = [(bit, start, end) for bit, start, end in placed if bit.slot]
    slots = tuple(Slot(b.slot, start, end, b.value, _glued(text, start, end)) for b, start, end in filled)
    return text, slots, pieces


def _squeeze(text: str) -> str:
    """White space runs as single spaces, kept at the ends."""
    inner = " ".join(text.split())
    if not inner:
        return " " if text else ""
    return f"{' ' if text[0].isspace() else ''}{inner}{' ' if text[-1].isspace() else ''}"


def _glued(text: str, start: int, end: int) -> bool:
    # Combining vowel signs are not alphanumeric, hence the test for anything but space and punctuation.
    before, after = text[start - 1 : start], text[end : end + 1]
    return any(c and not c.isspace() and c not in ".,;:!?'\"()-،؟。、" for c in (before, after))
