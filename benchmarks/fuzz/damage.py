"""What is wrong with an input: values that no option, key or cell should hold, and damage to texts and bytes.

All draw from a `random.Random`, so that a seed (or hypothesis, which shrinks one) gives the same input again.
"""

import json
import random
from typing import Any

LONG, DEEP = 5000, 20_000
TEXTS = (
    *("", " ", "0", "-1", "nan", "inf", "1e400", "None", "true", "{}", "{b}", "{0.__class__}", "%s", "[/]", "[red]x"),
    *(
        "../../evil",
        "/etc/passwd",
        "/dev/zero",
        "~nobody",
        "a b",
        "a,b",
        "a+b",
        "a:b",
        "a@b",
        "=cmd|x",
        "\u2028",
        "\x00",
    ),
    *("\u202ea", "ü" * 3, "\ud7ff", "😀", "٣", "²", "x" * 300, "9" * LONG, "1_000", "1979-05-27", "<script>", "'", '"'),
    *("(" * 3000, "- " * 2000, "a." * 2000, "\n" * 1000),
)
NUMBERS: tuple[float, ...] = (0, -1, 1, 2**31, 2**63, 10**30, 1e300, -1e300, 1e-300, 0.5, float("inf"), float("nan"))


def text(rng: random.Random) -> str:
    """A text that nobody means."""
    return rng.choice(TEXTS)


def number(rng: random.Random) -> float:
    """A number that few mean."""
    return rng.choice(NUMBERS)


def toml(rng: random.Random, depth: int = 0) -> str:
    """A value of TOML of any type."""
    kind = rng.randrange(10 if depth < 2 else 7)
    if kind == 7:
        return f"[{', '.join(toml(rng, depth + 1) for _ in range(rng.randrange(3)))}]"
    if kind == 8:
        return f"{{ {', '.join(f'k{i} = {toml(rng, depth + 1)}' for i in range(rng.randrange(3)))} }}"
    if kind == 9:
        return rng.choice(["[" * DEEP + "]" * DEEP, "0x" + "f" * LONG, "9" * LONG, "{ a = " * 3000 + "1" + " }" * 3000])
    plain = (
        "true",
        "1979-05-27",
        "07:32:00",
        "inf",
        "nan",
        json.dumps(text(rng)),
        str(rng.choice((0, -1, 3, 1.5, 10**12))),
    )
    return plain[kind]


def value(rng: random.Random) -> Any:
    """A cell of a table."""
    return rng.choice([text(rng), number(rng), None, str(rng.randrange(100)), rng.randrange(-2, 101)])


def damaged(content: bytes, rng: random.Random) -> bytes:
    """The bytes of a file, damaged in one way of many; the same bytes once in a while."""
    at = rng.randrange(len(content) + 1)
    ways = (
        lambda: content,
        lambda: content[:at],
        lambda: content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :],
        lambda: content[:at] + rng.choice(TEXTS).encode("utf-8", "replace") + content[at:],
        lambda: b"\xef\xbb\xbf" + content,
        lambda: content.decode("utf-8", "replace").encode("utf-16"),
        lambda: content.replace(b"\n", b"\r\n"),
        lambda: content.replace(b"\t", b","),
        lambda: content.replace(b",", b";"),
        lambda: content + content,
        lambda: _shuffled(content, rng),
        lambda: b"\n" * rng.choice((10, 1000, 1_000_000)) + content,
        lambda: rng.choice((b"[", b'{"a":')) * DEEP,
        lambda: b"\x00" * 1000,
        lambda: b"",
        lambda: b"\x1f\x8b" + content,
        lambda: b"PAR1" + content + b"PAR1",
    )
    return rng.choice(ways)()


def _shuffled(content: bytes, rng: random.Random) -> bytes:
    lines = content.split(b"\n")
    rng.shuffle(lines)
    return b"\n".join(lines[: rng.randrange(len(lines) + 1)])
