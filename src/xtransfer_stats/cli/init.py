"""`xstats init`: a recipe of one's own, by questions or options; for results the command that analyses them."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer
from rich.prompt import Prompt

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.cli import options
from xtransfer_stats.cli.app import app
from xtransfer_stats.cli.out import ERR, for_machines, notes, say

if TYPE_CHECKING:
    from xtransfer_stats.verbs.init import FirstCommands, NewRecipe

DEFAULT = Path("my-study.toml")


@app.command(
    epilog="**Examples**\n\n`xstats init` asks a few questions and writes my-study.toml\n\n"
    "`xstats init study.toml --like quick --seeds 3` without questions\n\n"
    "`xstats init results.csv` for results that are there: the command that analyses them"
)
def init(
    what: Annotated[
        Path, typer.Argument(metavar="FILE", help="The recipe to write, or results (a table, a folder of runs).")
    ] = DEFAULT,
    like: Annotated[str | None, typer.Option(help="The recipe to begin from (`xstats recipes`).")] = None,
    study: Annotated[str | None, typer.Option("--study", help="Name of the study (default: the file's).")] = None,
    seeds: Annotated[int | None, typer.Option(help="Number of seeds.")] = None,
    tasks: Annotated[str | None, typer.Option(help="Task counts, as in 3 or 3,5,9.")] = None,
    targets: Annotated[str | None, typer.Option(help="Target tasks, as in xnli,panx.")] = None,
    languages: Annotated[str | None, typer.Option(help="Languages, as in de,en,sw.")] = None,
    benchmarks: Annotated[str | None, typer.Option(help="Two benchmarks A,B.")] = None,
    model: Annotated[str | None, typer.Option(help="Backbone: e5-small-q4, a folder or a hub id.")] = None,
    source: Annotated[str | None, typer.Option(help="Where examples come from: embedded, hub, a folder.")] = None,
    condition: options.ConditionOption = None,
    baseline: options.BaselineOption = None,
    as_json: options.AsJsonOption = False,
) -> None:
    """Write a commented recipe of your own, or name the command that analyses the results you have."""
    from xtransfer_stats.verbs.init import first_commands, init

    changes = (like, study, seeds, tasks, targets, languages, benchmarks, model, source)
    if what.suffix.lower() != ".toml" and (what.exists() or what != DEFAULT):
        _require_results(what, changes)
        _show_results(first_commands(what, condition=condition, baseline=baseline), as_json)
        return
    if condition is not None or baseline is not None:
        raise RecipeError("--condition and --baseline go with results: name their file, or leave them out")
    if not any(one is not None for one in changes) and sys.stdin.isatty() and not what.exists():
        like, study, seeds, tasks = _asked(what)
    made = init(
        what,
        like=like or "embedded",
        study=study,
        seeds=seeds,
        tasks=options.counts(tasks),
        targets=options.names(targets),
        languages=options.names(languages),
        benchmarks=options.pair(benchmarks),
        model=model,
        source=source,
    )
    _show_recipe(made, as_json)


def _require_results(what: Path, changes: tuple[object, ...]) -> None:
    if not what.exists() and "{" not in str(what):
        raise RecipeError(f"{str(what)!r}: no results there; a recipe's name ends in .toml")
    if any(one is not None for one in changes):
        raise RecipeError(
            f"{str(what)!r} holds results, and options of a recipe go with a file in .toml: leave them out"
        )


def _asked(what: Path) -> tuple[str, str, int, str]:
    """Recipe to begin from, name, seeds and counts, as whoever sits at the terminal answers."""
    from xtransfer_stats.verbs.recipelist import recipes

    ERR.quiet = False
    known = {row["name"]: row for row in recipes() if not row["trouble"]}
    say(f"A recipe goes to {what}. Enter takes what stands in brackets.", console=ERR)
    notes((f"{name}: {row['says']}" for name, row in known.items()), console=ERR)
    like = Prompt.ask("Begin from", console=ERR, choices=list(known), default="embedded", show_choices=False)
    study = Prompt.ask("Name of the study", console=ERR, default=what.stem)
    start = known[like]
    seeds = Prompt.ask("Seeds (repetitions)", console=ERR, default=str(start["seeds"]))
    tasks = Prompt.ask("Intermediate tasks, as in 3 or 3,5,9", console=ERR, default=",".join(map(str, start["tasks"])))
    return like, study, _whole(seeds), tasks


def _whole(text: str) -> int:
    numbers = options.whole("seeds", text) or ()
    if len(numbers) != 1:
        raise RecipeError(f"seeds {text!r}: give one whole number such as 5")
    return numbers[0]


def _show_recipe(made: "NewRecipe", as_json: bool) -> None:
    if as_json:
        for_machines(made.to_dict(), ascii_only=False)
        return
    say(f"Written: {made.file}", "Next:", *(f"    {command}" for command in made.commands))


def _show_results(found: "FirstCommands", as_json: bool) -> None:
    if as_json:
        for_machines(found.to_dict(), ascii_only=False)
        return
    notes(found.notes)
    say("These results are analysed by", *(f"    {command}" for command in found.commands))
