"""`init`: a recipe of one's own, written with comments; and for results the command that analyses them."""

import re
import shlex
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import DataError, RecipeError, XstatsError
from xtransfer_stats.base.places import is_there, named
from xtransfer_stats.base.usertext import parsed_toml, shown
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.study.recipe import Recipe, parse_recipe
from xtransfer_stats.study.versions import tolerant

if TYPE_CHECKING:
    from tomlkit import TOMLDocument

FILE = Path("my-study.toml")
LIKE = "embedded"
SCORES = "scores.csv"  # what results of other forms are imported into
# What stands behind a key that has no comment yet.
COMMENTS: Mapping[tuple[str, str], str] = {
    ("study", "name"): "of the study in its store, and of its report",
    ("study", "benchmarks"): "the interaction is the second less the first",
    ("study", "targets"): "target tasks; without this line all of the benchmarks' (`xstats tasks`)",
    ("study", "languages"): "without this line all of the benchmarks' (`xstats languages`)",
    ("study", "seeds"): "repetitions; 2 give an interval, 5 a useful one (`xstats power`)",
    ("study", "tasks"): "numbers of intermediate tasks; the baseline 0 is always in",
    ("study", "sets"): "task sets that each seed draws at each number",
    ("study", "singles"): "each intermediate task also alone, for every seed",
    ("backbone", "model"): "e5-small-q4 comes with a package; or a folder, or an id of the hub",
    ("backbone", "freeze"): 'lower layers that are not trained; "none": all are',
    ("backbone", "max_length"): "tokens",
    ("source", "name"): "where examples come from: embedded, hub, or a folder",
    ("source", "train"): "examples of a data set at most",
}
_NO_NAME = re.compile(r"[^A-Za-z0-9._-]+")


@dataclass(frozen=True)
class NewRecipe:
    """file: the recipe that was written. recipe: what it says. commands: what to do next, in order."""

    file: Path
    recipe: Recipe
    commands: tuple[str, ...]

    def to_dict(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {"file": str(self.file), "recipe": self.recipe.model_dump(mode="json"), "commands": list(self.commands)}


@dataclass(frozen=True)
class FirstCommands:
    """commands: what analyses some results, in order; each was tried. notes: what was understood and supposed."""

    commands: tuple[str, ...]
    notes: tuple[str, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        """As `--json` prints it."""
        return {"commands": list(self.commands), "notes": list(self.notes)}


def init(
    file: str | Path = FILE,
    *,
    like: str | Path = LIKE,
    study: str | None = None,
    seeds: int | None = None,
    tasks: Sequence[int] | None = None,
    targets: Sequence[str] | None = None,
    languages: Sequence[str] | None = None,
    benchmarks: tuple[str, str] | None = None,
    model: str | None = None,
    source: str | None = None,
) -> NewRecipe:
    """Write a commented recipe that `run` accepts; no file is overwritten.

    like: the recipe that it starts from, by path or name. study: its name, default that of the file. The others
    change keys of it, as those of `run` do. Raises RecipeError where the file is there already or cannot be written,
    and for a value that no study can have.
    """
    path = named(file, "file")
    if is_there(path):
        raise RecipeError(f"{shown(str(path))} is there already, and nothing is overwritten: name another file")
    given = {"name": study or _name_of(path), "seeds": seeds, "tasks": tasks, "targets": targets}
    given |= {"languages": languages, "benchmarks": benchmarks}
    start = resources.find("runners", like)
    resources.read_toml(start)  # says what is wrong with it, by its line
    text = _written(start, {"study": given, "backbone": {"model": model}, "source": {"name": source}})
    recipe = parse_recipe(parsed_toml(text), path.name)
    make_plan(recipe, tolerant)
    _create(path, text)
    quoted = shlex.quote(str(path))
    return NewRecipe(path, recipe, (f"xstats run {quoted} --dry-run", f"xstats run {quoted}"))


def _name_of(path: Path) -> str:
    """A study's name from a file's."""
    return _NO_NAME.sub("-", path.stem).strip("-._") or FILE.stem


def _written(start: Path, given: Mapping[str, Mapping[str, Any]]) -> str:
    """The recipe's text with other values, a head of its own, and a comment behind every key that needs one."""
    import tomlkit

    document = tomlkit.parse(start.read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    for part, values in given.items():
        for key, value in values.items():
            if value is not None:
                document.setdefault(part, tomlkit.table())[key] = list(value) if isinstance(value, tuple) else value
    _comment(document)
    body = re.sub(r"\A(#[^\n]*\n)+", "", tomlkit.dumps(document)).lstrip("\n")
    return f"# A study of your own, begun from the recipe {start.stem}.\n# docs/design.md has every key.\n\n{body}"


def _comment(document: "TOMLDocument") -> None:
    for (part, key), words in COMMENTS.items():
        if part in document and key in document[part]:
            item = document[part].item(key)  # by [key] a boolean would come bare
            if not item.trivia.comment:
                item.comment(words)
                item.trivia.comment_ws = "  "


def _create(path: Path, text: str) -> None:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except OSError as error:
        raise RecipeError(f"{shown(str(path))} cannot be written ({error.strerror}): name another file") from None


def first_commands(results: str | Path, *, condition: str | None = None, baseline: str | None = None) -> FirstCommands:
    """The commands that analyse these results; the scores are read, so that what is given works.

    condition, baseline: as in `analyze`, where the table does not tell. Raises DataError naming what is lacking.
    """
    from xtransfer_stats.verbs.scores import read_scores

    more = [
        part
        for name, value in (("condition", condition), ("baseline", baseline))
        if value
        for part in (f"--{name}", value)
    ]
    try:
        scores = read_scores(results, condition=condition, baseline=baseline)
    except DataError as error:
        return _imported(results, error, condition, baseline, more)
    return FirstCommands((shlex.join(["xstats", "analyze", str(results), *more]),), tuple(scores.notes))


def _imported(
    results: str | Path, why: DataError, condition: str | None, baseline: str | None, more: Sequence[str]
) -> FirstCommands:
    """For results of another form: first their import. Raises what said why, where they cannot be imported either."""
    from xtransfer_stats.verbs.imports import import_results
    from xtransfer_stats.verbs.scores import read_scores

    try:
        found = import_results(results)
        scores = read_scores(found.frame, condition=condition, baseline=baseline)
    except XstatsError:
        raise why from None
    commands = (["xstats", "import", str(results), "--output", SCORES], ["xstats", "analyze", SCORES, *more])
    return FirstCommands(tuple(map(shlex.join, commands)), (*found.account, *scores.notes))
