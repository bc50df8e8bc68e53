"""Texts cut into tokens for tagging twins."""

import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

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
    cuts = set(edges) | set(_marks(text)) | (set(_letters(text)) if by_character else set())
    found: list[Token] = []
    start = 0
    for end in range(1, len(text) + 1):
        if end == len(text) or end in cuts or text[end].isspace() or text[end - 1].isspace():
            if text[start:end].strip():
                found.append(Token(text[start:end], start, start > 0 and not text[start - 1].isspace()))
            start = end
    return found


def _marks(text: str) -> Iterator[int]:
    """Both edges of each mark that is not inside a word (don't, twenty-one, d'accord stay whole)."""
    for i, character in enumerate(text):
        inside = 0 < i < len(text) - 1 and not _bare(text[i - 1]) and not _bare(text[i + 1])
        if is_mark(character) and not inside:
            yield from (i, i + 1)


def _letters(text: str) -> Iterator[int]:
    for i, character in enumerate(text):
        if not character.isascii():
            yield from (i, i + 1)


def _bare(character: str) -> bool:
    return character.isspace() or is_mark(character)
