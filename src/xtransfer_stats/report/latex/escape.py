"""Text for LaTeX: every character comes out as itself, in every engine that can show it.

ASCII and accented Latin letters become commands that pdflatex knows without a package. Everything else stands inside
`\\xstatsscript{Script}{...}`, which the preamble defines for xelatex.
"""

import re
import unicodedata

from xtransfer_stats.report import escape
from xtransfer_stats.report.latex import scripts

SPECIAL = {
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
    "<": r"\textless{}",
    ">": r"\textgreater{}",
    "|": r"\textbar{}",
    '"': r"\textquotedblright{}",  # \\textquotedbl needs a font encoding that `article` alone does not load
    "`": r"\textasciigrave{}",
    "\N{NO-BREAK SPACE}": "~",
    "\N{MINUS SIGN}": "$-$",
    "\N{EN DASH}": r"\textendash{}",
    "\N{EM DASH}": r"\textemdash{}",
    "\N{LEFT SINGLE QUOTATION MARK}": r"\textquoteleft{}",
    "\N{RIGHT SINGLE QUOTATION MARK}": r"\textquoteright{}",
    "\N{LEFT DOUBLE QUOTATION MARK}": r"\textquotedblleft{}",
    "\N{RIGHT DOUBLE QUOTATION MARK}": r"\textquotedblright{}",
    "\N{HORIZONTAL ELLIPSIS}": r"\dots{}",
    "\N{MULTIPLICATION SIGN}": r"$\times$",
    "\N{MIDDLE DOT}": r"$\cdot$",
    "\N{PLUS-MINUS SIGN}": r"$\pm$",
    "\N{DEGREE SIGN}": r"$^\circ$",
    "\N{LESS-THAN OR EQUAL TO}": r"$\leq$",
    "\N{GREATER-THAN OR EQUAL TO}": r"$\geq$",
    "\N{NOT EQUAL TO}": r"$\neq$",
    "\N{ALMOST EQUAL TO}": r"$\approx$",
    "\N{RIGHTWARDS ARROW}": r"$\to$",
    **{sign: f"\\{sign}" for sign in "&%$#_{}"},
    **{letter: f"\\{name}{{}}" for letter, name in zip("ßæÆœŒøØłŁı", "ss ae AE oe OE o O l L i".split(), strict=True)},
    # In font encoding T1 only.
    **{letter: f"\\{name}{{}}" for letter, name in zip("đĐðÐþÞŋŊ", "dj DJ dh DH th TH ng NG".split(), strict=True)},
}
ACCENTS = {
    "\N{COMBINING GRAVE ACCENT}": r"\`",
    "\N{COMBINING ACUTE ACCENT}": r"\'",
    "\N{COMBINING CIRCUMFLEX ACCENT}": r"\^",
    "\N{COMBINING TILDE}": r"\~",
    "\N{COMBINING MACRON}": r"\=",
    "\N{COMBINING BREVE}": r"\u",
    "\N{COMBINING DOT ABOVE}": r"\.",
    "\N{COMBINING DIAERESIS}": r"\"",
    "\N{COMBINING RING ABOVE}": r"\r",
    "\N{COMBINING DOUBLE ACUTE ACCENT}": r"\H",
    "\N{COMBINING CARON}": r"\v",
    "\N{COMBINING CEDILLA}": r"\c",
    "\N{COMBINING DOT BELOW}": r"\d",
    "\N{COMBINING MACRON BELOW}": r"\b",
    "\N{COMBINING OGONEK}": r"\k",  # in font encoding T1 only
}
JOINERS = ("\N{ZERO WIDTH JOINER}", "\N{ZERO WIDTH NON-JOINER}")
BREAK = "\0"  # stands where nothing shows; no control character is left in text when it is put in
SPECIAL[BREAK] = "{}"
LIGATURES = re.compile(r"(?<=[-',])(?=[-',])")  # TeX would set `--` as a dash
CHARACTER = re.compile(r"[^\W\d_][\u0300-\u036f]*|.", re.DOTALL)  # a letter with its marks, or any one character
SPANS = re.compile(r"u(?:[us]*u)?|.")  # what needs fonts, with the spaces inside; or one unit that does not
T1 = re.compile(r"\\(?:[dD][jJ]|[dD][hH]|[tT][hH]|[nN][gG]|k)\{")
FOREIGN = re.compile(r"\\xstatsscript\{(\w+)\}")


def for_latex(text: object) -> str:
    """Text for a paragraph or a cell; no cell that opens with `[` or `*` becomes an option of `\\\\`."""
    shown = unicodedata.normalize("NFC", "".join(map(_visible, escape.clean(text))))
    units = CHARACTER.findall(LIGATURES.sub(BREAK, shown))
    sources = [_known(unit) for unit in units]
    flags = "".join("s" if unit == " " else "k" if source else "u" for unit, source in zip(units, sources, strict=True))
    spans = [span.span() for span in SPANS.finditer(flags)]
    escaped = "".join(sources[start] or _foreign("".join(units[start:end])) for start, end in spans)
    return "{}" + escaped if escaped[:1] in ("[", "*") else escaped


def scripts_in(source: str) -> tuple[str, ...]:
    """The scripts that a LaTeX source made here needs fonts for, in order of their names."""
    return tuple(sorted(set(FOREIGN.findall(source))))


def needs_t1(source: str) -> bool:
    """Whether pdflatex needs font encoding T1 for a LaTeX source made here."""
    return bool(T1.search(source))


def _visible(character: str) -> str:
    return "" if unicodedata.category(character) == "Cf" and character not in JOINERS else character


def _known(unit: str) -> str:
    """A letter with its accents, or a sign, as pdflatex sets it; "" where it cannot."""
    if unit in SPECIAL:
        return SPECIAL[unit]
    base, *marks = list(unicodedata.normalize("NFD", unit))
    source = SPECIAL.get(base, base if base.isascii() else "")
    for mark in marks:
        source = f"{ACCENTS[mark]}{{{source}}}" if source and mark in ACCENTS else ""
    return source


def _foreign(text: str) -> str:
    return "".join(_wrapped(name, run) for name, run in scripts.runs(text))


def _wrapped(name: str, run: str) -> str:
    word = run.rstrip(" ")
    return f"\\xstatsscript{{{name}}}{{{word}}}{run[len(word) :]}"
