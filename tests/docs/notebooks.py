"""Runs a notebook's cells in one namespace and keeps what they show; no kernel is needed.

`python -m tests.docs.notebooks` runs those of docs/notebooks anew and writes their outputs into them.
"""

import ast
import base64
import contextlib
import io
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import altair
import vl_convert

from xtransfer_stats.base.threads import one_blas_thread

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "notebooks"
PAGES = tuple(sorted(FOLDER.glob("*.ipynb")))
Cell = dict[str, Any]


def read(page: Path) -> dict[str, Any]:
    """The notebook's JSON."""
    return json.loads(page.read_text(encoding="utf-8"))


@one_blas_thread()
def outputs(notebook: dict[str, Any]) -> Iterator[tuple[Cell, list[Cell]]]:
    """Each cell of code with its outputs, when all before it have run. The working directory is the caller's."""
    names: dict[str, Any] = {"__name__": "__main__"}
    for count, cell in enumerate((c for c in notebook["cells"] if c["cell_type"] == "code"), 1):
        yield cell, _ran("".join(cell["source"]), names, count)


def _ran(source: str, names: dict[str, Any], count: int) -> list[Cell]:
    """What is printed, and the value of a last line that is an expression, as Jupyter shows both."""
    tree = ast.parse(source)
    last = tree.body.pop() if isinstance(tree.body[-1], ast.Expr) else None
    printed, value = io.StringIO(), None
    with contextlib.redirect_stdout(printed):
        exec(compile(tree, f"cell {count}", "exec"), names)
        if last is not None:
            value = eval(compile(ast.Expression(last.value), f"cell {count}", "eval"), names)
    found: list[Cell] = []
    if printed.getvalue():
        found.append({"output_type": "stream", "name": "stdout", "text": _lines(printed.getvalue())})
    if value is not None:
        found.append({"output_type": "execute_result", "execution_count": count, "metadata": {}, "data": _shown(value)})
    return found


def _shown(value: object) -> dict[str, Any]:
    if isinstance(value, altair.TopLevelMixin):
        image = vl_convert.vegalite_to_png(value.to_dict(), scale=1)
        return {"text/plain": ["an Altair chart"], "image/png": base64.b64encode(image).decode()}
    shown = {"text/plain": _lines(repr(value))}
    if hasattr(value, "_repr_html_"):
        shown["text/html"] = _lines(value._repr_html_())
    return shown


def _lines(text: str) -> list[str]:
    return text.splitlines(keepends=True)


def texts(found: list[Cell]) -> list[str]:
    """The outputs' plain text."""
    return ["".join(one["text"] if "text" in one else one["data"]["text/plain"]) for one in found]


def main() -> None:
    """Write the outputs into the notebooks; what their cells write goes beside."""
    for page in PAGES:
        notebook = read(page)
        with contextlib.chdir(FOLDER):
            for count, (cell, found) in enumerate(outputs(notebook), 1):
                cell |= {"outputs": found, "execution_count": count}
        page.write_text(json.dumps(notebook, indent=1, sort_keys=True, ensure_ascii=False) + "\n", encoding="utf-8")
        print(page.name)


if __name__ == "__main__":
    main()
