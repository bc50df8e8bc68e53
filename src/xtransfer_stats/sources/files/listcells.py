"""Lists and mappings as tables of text hold them: as pandas and numpy print them ("['a' 'b']"), or as JSON.

No expression is evaluated: texts, numbers, None, lists and mappings are all there is.
"""

import ast
import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from xtransfer_stats.base.usertext import DEEPEST, Unreadable

# Columns that hold lists or mappings in the releases.
COLUMNS = frozenset(
    "endings choices tokens words ner_tags ner pos_tags upos langs tags answers annotator_labels premise hypothesis "
    "question".split()
)
_TOKEN = re.compile(
    r"""\s*(?:(?P<text>'(?:\\.|[^'\\])*'|"(?:\\.|[^"\\])*")|(?P<number>-?\d+(?:\.\d*)?(?:[eE][-+]?\d+)?)"""
    r"""|(?P<word>[A-Za-z_]\w*)|(?P<sign>[\[\]{}():,=]|\.\.\.))""",
    re.DOTALL,
)
_WORDS: Mapping[str, Any] = {"None": None, "null": None, "nan": None, "True": True, "true": True, "False": False,
                             "false": False}  # fmt: skip
_CUT = ("sign", "...")
_CLOSING = {"[": "]", "(": ")", "{": "}"}
Reader = Callable[[str], Any]


def parsed(cell: str) -> Any:
    """The list or mapping that a cell stands for; the cell itself where it stands for none.

    Raises Unreadable for one that pandas or numpy cut short ("...").
    """
    if cell[:1] not in ("[", "{") or cell[-1:] not in ("]", "}"):
        return cell
    try:
        tokens = _tokens(cell)
        value, rest = _value(tokens, 0, 0)
    except (IndexError, ValueError, SyntaxError, TypeError):
        return cell
    if rest < len(tokens):
        return cell
    if _CUT in tokens:
        raise Unreadable(f"a list cut short with ... in the cell {cell[:40]!r}: write whole lists, or JSON lines")
    return value


def _tokens(cell: str) -> Sequence[tuple[str, str]]:
    tokens, place, end = [], 0, len(cell.rstrip())
    while place < end:
        found = _TOKEN.match(cell, place)
        if found is None:
            raise ValueError(cell)
        kind = str(found.lastgroup)
        tokens.append((kind, found[kind]))
        place = found.end()
    return tokens


def _value(tokens: Sequence[tuple[str, str]], place: int, depth: int) -> tuple[Any, int]:
    """The value that begins at a token, and the place behind it. Raises ValueError where there is none."""
    kind, text = tokens[place]
    if depth > DEEPEST:
        raise ValueError(text)
    if kind == "text":
        return ast.literal_eval(text.replace("\n", "\\n").replace("\r", "\\r")), place + 1
    if kind == "number":
        return (int(text) if re.fullmatch(r"-?\d{1,18}", text) else float(text)), place + 1
    if kind == "word" and text == "array":  # numpy's array([...], dtype=object)
        value, place = _value(tokens, place + 2, depth + 1)
        while tokens[place][1] != ")":
            place += 1
        return value, place + 1
    if tokens[place] == _CUT:
        return text, place + 1
    if kind == "word" and text in _WORDS:
        return _WORDS[text], place + 1
    if text not in _CLOSING:
        raise ValueError(text)
    return _inside(tokens, place, depth)


def _inside(tokens: Sequence[tuple[str, str]], place: int, depth: int) -> tuple[Any, int]:
    """The list or mapping whose bracket stands at a token; between elements stand commas or, in numpy, nothing."""
    opening, closing = tokens[place][1], _CLOSING[tokens[place][1]]
    place, values, mapping = place + 1, [], {}
    while tokens[place][1] != closing or tokens[place][0] == "text":
        value, place = _value(tokens, place, depth + 1)
        if opening == "{":
            if tokens[place][1] != ":":
                raise ValueError(closing)
            mapping[value], place = _value(tokens, place + 1, depth + 1)
        values.append(value)
        place += tokens[place] == ("sign", ",")
    return (mapping if opening == "{" else values), place + 1
