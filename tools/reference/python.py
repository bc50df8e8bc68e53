"""The page of the Python API: each name of the package, with its signature and what its docstring says."""

import ast
import inspect
import re
import textwrap
from collections.abc import Iterator
from typing import Any

import xtransfer_stats as xs
from tools.reference import markdown

ABOUT = "`import xtransfer_stats as xs`, with examples that run: [from Python](../python.md)."
_OF_EXCEPTIONS = set(dir(Exception))


def page() -> str:
    """Functions, then types, then errors, each in the order of `xs.__all__`."""
    named = {name: getattr(xs, name) for name in xs.__all__}
    errors = {name: one for name, one in named.items() if inspect.isclass(one) and issubclass(one, Exception)}
    types = {name: one for name, one in named.items() if inspect.isclass(one) and name not in errors}
    verbs = {name: one for name, one in named.items() if name not in errors and name not in types}
    blocks = [markdown.head("Python API", "src/xtransfer_stats/__init__.py", ABOUT), "## Functions"]
    for name, one in verbs.items():
        blocks += [f"### xs.{name}", _block(_signature(one, f"xs.{name}")), said(one)]
    blocks.append("## Types")
    for name, one in types.items():
        blocks += [f"### xs.{name}", said(one), markdown.table(("member", "is"), _members(one))]
    blocks += ["## Errors", markdown.table(("error", "means"), ((f"`xs.{n}`", said(one)) for n, one in errors.items()))]
    return markdown.page(*blocks)


def said(of: Any) -> str:
    """A docstring as Markdown: a paragraph each, lists and indented code as they stand."""
    paragraphs = re.split(r"\n\s*\n", inspect.getdoc(of) or "")
    return "\n\n".join(part if part.startswith("    ") else markdown.words(part) for part in paragraphs)


def _block(text: str) -> str:
    return f"```text\n{text}\n```"


def _signature(function: Any, name: str) -> str:
    """The signature as it is written, a line where that fits, else a line an argument."""
    node = ast.parse(textwrap.dedent(inspect.getsource(function))).body[0]
    assert isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
    parts = [part for part in _arguments(node.args) if part not in ("self", "cls")]
    returns = f" -> {_plain(node.returns)}" if node.returns else ""
    line = f"{name}({', '.join(parts)}){returns}"
    if len(line) <= 100:
        return line
    return "\n".join([f"{name}(", *(f"    {part}," for part in parts), f"){returns}"])


def _arguments(given: ast.arguments) -> Iterator[str]:
    """Each argument with its type and default; bare stars in their places."""
    plain = [*given.posonlyargs, *given.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(given.defaults)) + list(given.defaults)
    yield from (_argument(one, default) for one, default in zip(plain, defaults, strict=True))
    if given.vararg or given.kwonlyargs:
        yield f"*{given.vararg.arg}" if given.vararg else "*"
    yield from (_argument(one, default) for one, default in zip(given.kwonlyargs, given.kw_defaults, strict=True))
    if given.kwarg:
        yield f"**{given.kwarg.arg}"


def _argument(one: ast.arg, default: ast.expr | None) -> str:
    typed = f"{one.arg}: {_plain(one.annotation)}" if one.annotation else one.arg
    if default is None:
        return typed
    return f"{typed} = {ast.unparse(default)}" if one.annotation else f"{typed}={ast.unparse(default)}"


def _plain(annotation: ast.expr) -> str:
    return ast.unparse(annotation).strip("'\"").replace("Any | ", "")


def _members(of: Any) -> list[tuple[str, str]]:
    """Public methods and properties, and fields that hold data, with the first sentence said of them."""
    rows = []
    for name, value in inspect.getmembers_static(of):
        if name.startswith("_") or name in _OF_EXCEPTIONS:
            continue
        first = re.split(r"(?<=[.;:]) |\n\s*\n", inspect.getdoc(value) or "")[0] if _is_documented(value) else ""
        rows.append((markdown.code(name + ("(...)" if _is_called(value) else "")), markdown.words(first)))
    fields = [name for name in getattr(of, "__dataclass_fields__", {}) if not name.startswith("_")]
    there = {row[0] for row in rows}
    return [(markdown.code(name), "") for name in fields if markdown.code(name) not in there] + rows


def _is_called(value: Any) -> bool:
    return inspect.isfunction(value) or isinstance(value, classmethod | staticmethod)


def _is_documented(value: Any) -> bool:
    return _is_called(value) or isinstance(value, property) or type(value).__name__ == "cached_property"
