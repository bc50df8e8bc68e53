"""The commands that make a number again."""

import shlex
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.exchange.scoreframe.asked import NOTHING, Asked
from xtransfer_stats.exchange.scoreframe.scale import Scale
from xtransfer_stats.stats.core.frame import CONDITION, DRAW
from xtransfer_stats.study.recipe import Recipe, load_recipe

STORE = "xstats-store"
# Option of `xstats run` -> the key of the recipe that it overrides.
OPTIONS = {
    "--seeds": ("study", "seeds"),
    "--tasks": ("study", "tasks"),
    "--sets": ("study", "sets"),
    "--cross": ("study", "cross"),
    "--baselines": ("study", "baselines"),
    "--targets": ("study", "targets"),
    "--languages": ("study", "languages"),
    "--control": ("study", "control"),
    "--variant": ("study", "variant"),
    "--keep": ("study", "keep"),
    "--study": ("study", "name"),
    "--model": ("backbone", "model"),
    "--source": ("source", "name"),
}
OWN_OPTION = (CONDITION, DRAW, "seed")  # columns of a table that have an option each; others go with --column
EMPTY = {"--tasks": "0"}  # how an option says an empty list; the others cannot
PINS = (("backbone", "revision"), ("source", "revisions"))  # `xstats run` takes them from the store


@dataclass(frozen=True)
class TraceRequest:
    """What an analysis was asked for beside its scores; the options of `xstats analyze`."""

    place: Path
    study: str | None = None
    model: str = "mixed"
    benchmarks: tuple[str, ...] | None = None
    contrasts: tuple[str, ...] = ()
    margin: float | None = None
    scale: Scale = None
    asked: Asked = NOTHING
    pairs: bool = False
    backbone: str | None = None


def commands(name: str, request: TraceRequest) -> dict[str, str]:
    """The commands that analyse the same scores in the same way, and that give this trace."""
    options = list(_options(request))
    return {
        "analysis": shlex.join(["xstats", "analyze", *options]),
        "trace": shlex.join(["xstats", "trace", name, *options]),
    }


def _options(request: TraceRequest) -> Iterator[str]:
    if str(request.place) != STORE:
        yield str(request.place)
    if request.study is not None:
        yield from ("--study", request.study)
    if request.backbone is not None:
        yield from ("--backbone", request.backbone)
    if request.model != "mixed":
        yield from ("--model", request.model)
    if request.benchmarks is not None:
        yield from ("--benchmarks", ",".join(request.benchmarks))
    for text in request.contrasts:
        yield from ("--contrast", text)
    if request.margin is not None:
        yield from ("--margin", f"{request.margin:g}")
    if isinstance(request.scale, Mapping):
        yield from (part for task, factor in request.scale.items() for part in ("--scale", f"{task}={factor:g}"))
    elif request.scale is not None:
        yield from ("--scale", f"{request.scale:g}")
    yield from _of_table(request.asked)
    if request.pairs:
        yield "--pairs"


def _of_table(asked: Asked) -> Iterator[str]:
    """The options that say which columns of a table are what, and what its scores are."""
    for ours, theirs in asked.columns.items():
        yield from (f"--{ours}", theirs) if ours in OWN_OPTION else ("--column", f"{ours}={theirs}")
    if asked.baseline is not None:
        yield from ("--baseline", asked.baseline)
    for level, words in asked.words.items():
        yield from ("--label", f"{level}={words}")
    if asked.unpaired:
        yield "--unpaired"
    if asked.measure is not None:
        yield from ("--better", "higher" if asked.measure.higher_is_better else "lower", "--unit", asked.measure.unit)


def run_command(recipe: Recipe, store: Path) -> str | None:
    """The `xstats run` of a shipped recipe that is this study, with as few options as can be; None where none is."""
    paths = {path.stem: path for folder in resources.folders("runners") for path in folder.glob("*.toml")}
    candidates = [options for name, path in sorted(paths.items()) if (options := _from(name, path, recipe)) is not None]
    if not candidates:
        return None
    where = [] if str(store) == STORE else ["--store", str(store)]
    return shlex.join(["xstats", "run", *min(candidates, key=len), *where])


def _from(name: str, path: Path, recipe: Recipe) -> list[str] | None:
    """A recipe's name and the options that turn it into the study; None where no options do."""
    try:
        shipped = load_recipe(path)
        changed = {option: key for option, key in OPTIONS.items() if _at(shipped, *key) != _at(recipe, *key)}
        overrides: dict[str, dict[str, Any]] = {}
        for part, key in changed.values():
            overrides.setdefault(part, {})[key] = _at(recipe, part, key)
        same = _unpinned(load_recipe(path, overrides)) == _unpinned(recipe)
    except RecipeError:
        return None
    values = {option: _text(_at(recipe, *key)) or EMPTY.get(option, "") for option, key in changed.items()}
    sayable = same and all(values.values())
    return [name, *(part for pair in values.items() for part in pair)] if sayable else None


def _at(recipe: Recipe, part: str, key: str) -> Any:
    return getattr(getattr(recipe, part), key)


def _unpinned(recipe: Recipe) -> dict[str, Any]:
    table = recipe.model_dump(mode="json")
    for part, key in PINS:
        table[part][key] = None
    return table


def _text(value: Any) -> str:
    return ",".join(map(str, value)) if isinstance(value, Sequence) and not isinstance(value, str) else str(value)
