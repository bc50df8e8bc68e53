"""`xstats pin`: the commits of a recipe's hub repositories, written into its file."""

import os
from pathlib import Path

from rich.console import Console

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.store.pins import on_hub, recorded, resolved, with_pins
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.study.recipe import load_recipe
from xtransfer_stats.study.versions import tolerant

_OUT = Console(highlight=False)


def pin(recipe: str, store: Path, output: Path | None) -> None:
    """Write the commits that the store recorded, and for the rest those that the hub names now."""
    path = resources.find("runners", recipe)
    stated = load_recipe(path)
    if not on_hub(stated):
        _OUT.print("Nothing to pin: neither the backbone nor a data set of this recipe is on the hub.")
        return
    found = resolved(make_plan(recorded(stated, Store(store)), tolerant))
    place = output or path
    if output is None and resources.shipped(path):
        raise RecipeError(f"{path.name} is part of the installed package: name a copy with --output FILE")
    _write(place, with_pins(path.read_bytes().decode("utf-8"), found.source.revisions, found.backbone.revision))
    for name, commit in {**found.source.revisions, found.backbone.model: found.backbone.revision}.items():
        if commit:
            _OUT.print(f"{name} {commit}", soft_wrap=True)
    _OUT.print(f"Written: {place}", soft_wrap=True)


def _write(path: Path, text: str) -> None:
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    try:
        aside.write_text(text, encoding="utf-8", newline="")
        os.replace(aside, path)
    except OSError as error:
        raise RecipeError(f"{path}: cannot be written ({error.strerror}): name another file with --output") from None
