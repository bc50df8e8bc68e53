"""The house's rules: one way down at every depth, no circle, no loose module, torch only where training is."""

import ast
from collections import defaultdict
from collections.abc import Iterator
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

from tests.places import ROOT

PACKAGE = ROOT / "src" / "xtransfer_stats"
NAME = PACKAGE.name
# From the ground up: a room imports rooms of lower floors alone.
FLOORS = (
    {"base"},
    {"tasks", "mixedmodels"},
    {"sources", "metrics", "stats"},
    {"study", "report", "exchange"},
    {"store", "training"},
    {"engines"},
    {"verbs"},
    {"cli"},
)
FACES = {"__init__", "__main__"}


def imports(path: Path) -> Iterator[str]:
    """Names of all modules that a file imports, also inside functions."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name if name.removeprefix(f"{NAME}.") in MODULES else node.module for name in inner)


def modules() -> dict[str, Path]:
    found = {}
    for path in PACKAGE.rglob("*.py"):
        parts = path.relative_to(PACKAGE).with_suffix("").parts
        found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
    return found


MODULES = modules()
ARROWS = {
    name: {inner for other in imports(path) if (inner := other.removeprefix(f"{NAME}.")) in MODULES and inner != name}
    for name, path in MODULES.items()
}


def rooms(folder: str) -> dict[str, set[str]]:
    """Arrows between the parts right under a folder, files or folders; "" is the package."""
    inside = f"{folder}." if folder else ""
    parts = defaultdict(set)
    for name, others in ARROWS.items():
        if name.startswith(inside) and name != folder:
            room = name.removeprefix(inside).split(".")[0]
            targets = {one.removeprefix(inside).split(".")[0] for one in others if one.startswith(inside) and one}
            parts[room] |= targets - {room}
    return parts


FOLDERS = sorted({name.rpartition(".")[0] for name in MODULES if name})


def test_floors_hold_every_room_and_nothing_lies_loose():
    top = {path.stem for path in PACKAGE.iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert top - FACES == set().union(*FLOORS)
    assert {path.stem for path in PACKAGE.glob("*.py")} <= FACES


def test_arrows_run_down():
    floor = {room: number for number, rooms_ in enumerate(FLOORS) for room in rooms_}
    up = [
        (room, other)
        for room, others in rooms("").items()
        for other in others
        if room in floor and other in floor and floor[other] >= floor[room]
    ]
    assert not up


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda folder: folder or NAME)
def test_no_circle_between_the_parts_of_a_folder(folder):
    list(TopologicalSorter(rooms(folder)).static_order())  # raises CycleError on a circle


def test_no_circle_between_files():
    list(TopologicalSorter(ARROWS).static_order())


def test_every_import_of_the_package_leads_somewhere():
    targets = {other for path in MODULES.values() for other in imports(path) if f"{other}.".startswith(f"{NAME}.")}
    assert {other.removeprefix(NAME).removeprefix(".") for other in targets} <= MODULES.keys()


def test_torch_lives_in_training_alone():
    users = {
        name.split(".")[0] for name, path in MODULES.items() if "torch" in {m.split(".")[0] for m in imports(path)}
    }
    assert users == {"training"}


def test_mixed_models_are_a_library_of_their_own():
    used = {other for name in MODULES if name.startswith("mixedmodels") for other in ARROWS[name]}
    assert all(other.split(".")[0] in ("mixedmodels", "base") for other in used)


def test_no_two_public_classes_have_one_name():
    homes = defaultdict(list)
    for name, path in MODULES.items():
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                homes[node.name].append(name)
    assert not {name: places for name, places in homes.items() if len(places) > 1}
