"""`pin` and `verify`: a recipe's commits written into its file, a store's bytes read again."""

import os
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.base.places import named
from xtransfer_stats.base.resources import STORE
from xtransfer_stats.store import register
from xtransfer_stats.store.pins import on_hub, recorded, resolved, with_pins
from xtransfer_stats.store.store import Store
from xtransfer_stats.store.verify import verify as checked
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.study.recipe import load_recipe
from xtransfer_stats.study.versions import tolerant


@dataclass(frozen=True)
class Pins:
    """commits: repository -> commit, written into `file`; None and {} where nothing is on the hub."""

    file: Path | None = None
    commits: dict[str, str] = field(default_factory=dict)


def pin(recipe: str | Path, *, store: str | Path = STORE, output: str | Path | None = None) -> Pins:
    """Write the commits that the store recorded, and for the rest those that the hub names now.

    output: write here instead of into the recipe's file. Raises RecipeError where the file cannot be written, or is
    part of the installed package.
    """
    path = resources.find("runners", recipe)
    stated = load_recipe(path)
    if not on_hub(stated):
        return Pins()
    known = resolved(make_plan(recorded(stated, Store(named(store, "store"))), tolerant))
    if output is None and resources.shipped(path):
        message = f"{path.name} is part of the installed package: name a copy with output FILE"
        raise RecipeError(message, ["output FILE"])
    file = Path(output or path)
    _write(file, with_pins(path.read_bytes().decode("utf-8"), known.source.revisions, known.backbone.revision))
    own = {} if known.backbone.others else {known.backbone.model: known.backbone.revision}
    commits = {**known.source.revisions, **own}
    return Pins(file, {name: commit for name, commit in commits.items() if commit})


def _write(path: Path, text: str) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_text(text, encoding="utf-8", newline="")
        os.replace(aside, path)
    except OSError as error:
        message = f"{path}: cannot be written ({error.strerror}): name another file with output"
        raise RecipeError(message, ["output"]) from None


def verify(store: str | Path = STORE, *, progress: Callable[[int, int], None] = lambda done, total: None) -> list[str]:
    """Read every byte of a store; a sentence for each file that is damaged, deleted, or not of a store.

    progress: told steps checked, and how many.
    """
    return list(checked(Store(named(store, "store")).opened(), progress))


def is_listed(store: str | Path = STORE) -> bool:
    """Whether the store has a register of its studies, so that a deleted one is missed; `run` begins it."""
    return (Store(named(store, "store")).root / register.NAME).is_file()
