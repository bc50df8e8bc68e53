"""Tables of papers: what stands in a LaTeX tabular, as rows of cells without the commands that only set it in type."""

import re
from collections.abc import Iterator

from xtransfer_stats.exchange.imports.grids import Grid, even

_TABULAR = re.compile(r"\\begin\{(tabular[xy]?\*?|longtable|tabu)\}(.*?)\\end\{\1\}", re.DOTALL)
_CAPTION = re.compile(r"\\caption(?:\[[^\]]*\])?\{((?:[^{}]|\{[^{}]*\})*)\}")
_COMMENT = re.compile(r"(?<!\\)%.*")
_ROW = re.compile(r"\\\\(?:\[[^\]]*\])?|\\tabularnewline")
_RULES = re.compile(
    r"\\(?:toprule|midrule|bottomrule|hline|Xhline\{[^}]*\}|addlinespace|specialrule\{[^}]*\}\{[^}]*\}\{[^}]*\}"
    r"|c(?:mid)?rule(?:\([^)]*\))?\{[^}]*\}|cline\{[^}]*\}|hdashline|noalign\{[^}]*\}|rowcolor(?:\[[^\]]*\])?\{[^}]*\}"
    r"|(?:endfirsthead|endhead|endfoot|endlastfoot))(?:\[[^\]]*\])?"
)
_CELL = re.compile(r"(?<!\\)&")
_ARGUMENT = r"\{((?:[^{}]|\{[^{}]*\})*)\}"
_COLUMNS = re.compile(r"\s*\\multicolumn\s*\{(\d+)\}\s*\{[^}]*\}\s*" + _ARGUMENT, re.DOTALL)
_ROWS = re.compile(
    r"\\multirow(?:\[[^\]]*\])?\s*\{[^}]*\}\s*(?:\{[^}]*\}|\*)\s*(?:\[[^\]]*\])?\s*" + _ARGUMENT, re.DOTALL
)
# With all that is in their braces: what is cited or coloured is no part of a name or a number.
_DROPPED = re.compile(
    r"\\(?:cite[a-z]*|footnote(?:mark|text)?|label|ref|cellcolor|color|tnote|hspace\*?|vspace\*?|phantom|rule)"
    r"(?:\[[^\]]*\])?(?:\{[^{}]*\})?"
)
_BOXED = re.compile(r"\\(?:textcolor|colorbox|rotatebox|resizebox|scalebox|adjustbox)(?:\[[^\]]*\])?\{[^{}]*\}")
_RAISED = re.compile(r"\^(?:\{[^{}]*\}|\\[a-z]+|.)")
_LOWERED = re.compile(r"_(?:\{([^{}]*)\}|(\\pm\s*[\d.]+|\w))")
_SPREAD = re.compile(r"(\d\}?)\s*\\[A-Za-z]+\{\s*(?:±\s*)?\(?([\d.]+)\)?\s*\}")  # an own command: 72.4\std{0.3}
_COMMAND = re.compile(r"\\[A-Za-z]+\*?\s*")
_SIGNS = {r"\pm": "±", r"\%": "%", r"\&": "&", r"\_": "_", r"\#": "#", "~": " ", r"\,": "", r"\ ": " ", r"\Delta": "Δ",
          r"\slash": "/", "--": "-"}  # fmt: skip


def tabulars(text: str) -> list[tuple[str, Grid]]:
    """The tabulars of a LaTeX text, each with its caption, "" where it has none."""
    bare = _COMMENT.sub("", text)
    found = []
    for match in _TABULAR.finditer(bare):
        rows = [row for row in _rows(_after_columns(match[2])) if any(row)]
        if len(rows) > 1:
            found.append((_caption(bare, match.start(), match.end()), even(rows)))
    return found


def _after_columns(body: str) -> str:
    """What stands behind the arguments that say how columns are set, "{l|cc}", "[t]", "{\\textwidth}{lXX}"."""
    while match := re.match(r"\s*(?:\[[^\]]*\]|\{(?:[^{}]|\{(?:[^{}]|\{[^{}]*\})*\})*\})", body):
        body = body[match.end() :]
    return body


def _caption(text: str, start: int, end: int) -> str:
    """The caption within the same float as a tabular."""
    opened, closed = text.rfind(r"\begin{table", 0, start), text.find(r"\end{table", end)
    match = _CAPTION.search(text, opened, closed) if opened >= 0 and closed >= 0 else None
    return _plain(match[1]) if match else ""


def _rows(body: str) -> Iterator[list[str]]:
    for line in _ROW.split(_RULES.sub("", body)):
        cells: list[str] = []
        for cell in _CELL.split(line):
            wide = _COLUMNS.match(cell)
            cells += [_plain(wide[2]), *[""] * (int(wide[1]) - 1)] if wide else [_plain(cell)]
        yield cells


def _plain(cell: str) -> str:
    """A cell as it is read on paper; a figure set low beside another is its spread."""
    cell = _ROWS.sub(lambda found: found[1], cell)
    cell = _BOXED.sub("", _DROPPED.sub("", cell))
    for sign, text in _SIGNS.items():
        cell = re.sub(re.escape(sign) + (r"(?![A-Za-z])" if sign[-1].isalpha() else ""), text, cell)
    cell = _RAISED.sub("", cell.replace("$", ""))
    cell = _SPREAD.sub(r"\1 ± \2", cell)
    for _ in range(3):  # commands within commands
        cell = re.sub(r"\\[A-Za-z]+\*?\s*\{([^{}]*)\}", r" \1 ", cell)
    cell = _LOWERED.sub(lambda found: _low(found[1] or found[2] or ""), cell)
    return " ".join(_COMMAND.sub(" ", cell).replace("{", "").replace("}", "").split())


def _low(text: str) -> str:
    bare = _COMMAND.sub("", text).strip()
    return f" ± {bare.strip('±() ')}" if re.search(r"\d", bare) and not re.search(r"[A-Za-z]", bare) else f"_{bare}"
