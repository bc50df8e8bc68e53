"""Words and their roots, roughly: enough to see that two words are of one family."""

from unicodedata import normalize

# Latin, Greek and Cyrillic stand before the scripts whose vowels are signs or unwritten.
_LAST_ALPHABETIC = "\u0530"


def codes(text: str) -> tuple[str, ...]:
    """The codes in a text, parted by spaces."""
    return tuple(text.split())


def words(text: str) -> list[str]:
    """The words of a name, parted at spaces and hyphens."""
    return text.replace("-", " ").split()


def root(word: str) -> str:
    """The first four letters without accents and article; three where vowels are signs or unwritten."""
    letters = [c for c in normalize("NFD", word.casefold().removeprefix("ال")) if c.isalpha()]
    alphabetic = "".join(letters[:1]) < _LAST_ALPHABETIC
    return "".join(letters[: 4 if alphabetic else 3])


def shared_start(first: str, second: str) -> int:
    """How many characters two texts begin with alike."""
    pairs = enumerate(zip(first, second, strict=False))
    return next((i for i, (a, b) in pairs if a != b), min(len(first), len(second)))
