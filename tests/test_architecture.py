"""Arrows run one way: no circle between the parts of the package, and torch only where training is."""

import ast
from graphlib import TopologicalSorter
from pathlib import Path

PACKAGE = Path(__file__).parents[1] / "src" / "xtransfer_stats"
NAME = PACKAGE.name


def imports(path):
    """Names of all modules that a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def part(module):
    """The folder or file right under the package that a module belongs to."""
    return module.split(".")[1]


def modules():
    return {".".join(path.relative_to(PACKAGE.parent).with_suffix("").parts): path for path in PACKAGE.rglob("*.py")}


def test_no_circle_between_parts():
    arrows = {}
    for name, path in modules().items():
        if name.count(".") == 0 or part(name) == "__init__":
            continue
        inside = {part(other) for other in imports(path) if other.startswith(f"{NAME}.")}
        arrows.setdefault(part(name), set()).update(inside - {part(name)} - {"__version__"})
    assert len(list(TopologicalSorter(arrows).static_order())) > 10  # raises CycleError on a circle


def test_torch_lives_in_training_alone():
    users = {part(name) for name, path in modules().items() if "torch" in {m.split(".")[0] for m in imports(path)}}
    assert users == {"training"}


def test_statistics_and_training_know_nothing_of_each_other():
    for name, path in modules().items():
        if name.split(".")[1:2] in (["stats"], ["training"]):
            others = {part(other) for other in imports(path) if other.startswith(f"{NAME}.")}
            assert not others & ({"stats", "training"} - {part(name)}), name
            assert not others & {"report", "console", "store", "engines"}, name
