"""Arguments and options that several commands share, and how their texts are read."""

from pathlib import Path
from typing import Annotated

import typer

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.base.resources import STORE as STORE
from xtransfer_stats.base.usertext import shown

StoreOption = Annotated[Path, typer.Option("--store", help="Folder of finished steps.", show_default=True)]
# PLACE and --store name the same thing: each command takes either (`place_of`).
StoreArgument = Annotated[
    Path | None, typer.Argument(metavar="STORE", help="Folder of finished steps, as --store.", show_default=False)
]
PlaceOption = Annotated[
    Path | None, typer.Option("--store", help=f"The same as PLACE (default: {STORE}).", show_default=False)
]
AsJsonOption = Annotated[bool, typer.Option("--json", help="Print it for machines.")]
StudyOption = Annotated[str | None, typer.Option("--study", help="A study of the store (default: the last one run).")]
BackboneOption = Annotated[
    str | None, typer.Option("--backbone", help="One backbone of a study of several, by its name.")
]
PlaceArgument = Annotated[
    Path | None,
    typer.Argument(
        metavar="PLACE",
        help="A store, or a score frame (.csv, .tsv, .json, .jsonl, .parquet, .xlsx).",
        show_default=str(STORE),
    ),
]
BenchmarksOption = Annotated[
    str | None,
    typer.Option(
        "--benchmarks", help="Two benchmarks A,B; the interaction is B minus A. Of a table of conditions also one."
    ),
]
SEED = 2005
OF_MEANS = ("tests", "means", "slopes", "contrasts", "adjust", "at", "average", "back")
OF_FORMULAS = (
    *"ml df residual against profile strict weights offset predict random interval level rows".split(),
    *OF_MEANS,
)
OF_BOOTSTRAPS = ("seed", "workers")  # beside a formula
OF_STUDIES = tuple(
    "model study backbone benchmarks contrast margin prior draws items scale condition baseline draw column label "
    "unpaired pairs check better unit".split()
)

CONDITIONS = "A table of conditions"
ConditionOption = Annotated[
    str | None,
    typer.Option(
        "--condition",
        help="Column of a table that holds what is compared: methods, sizes, ...",
        rich_help_panel=CONDITIONS,
    ),
]
BaselineOption = Annotated[
    str | None,
    typer.Option("--baseline", help="The condition that others are compared with.", rich_help_panel=CONDITIONS),
]
DrawOption = Annotated[
    str | None,
    typer.Option(
        "--draw",
        help="Column of draws below a condition: few-shot samples, prompts, subsets.",
        rich_help_panel=CONDITIONS,
    ),
]
ColumnOption = Annotated[
    list[str] | None,
    typer.Option(
        "--column", help="A further column, as in language=lang or score=dev_acc.", rich_help_panel=CONDITIONS
    ),
]
LabelOption = Annotated[
    list[str] | None,
    typer.Option("--label", help="A condition's words, as in 'lora=LoRA, r=8'.", rich_help_panel=CONDITIONS),
]
BetterOption = Annotated[
    str | None, typer.Option("--better", help="higher or lower: which scores are better.", rich_help_panel=CONDITIONS)
]
UnitOption = Annotated[
    str | None, typer.Option("--unit", help="What a score is counted in, as in perplexity.", rich_help_panel=CONDITIONS)
]
PairsOption = Annotated[
    bool,
    typer.Option("--pairs", help="Test all pairs of conditions, as one family (Holm).", rich_help_panel=CONDITIONS),
]
CheckOption = Annotated[
    list[str] | None,
    typer.Option(
        "--check",
        help="Exit with 1 where it is not shown, one-sided at 5 %: 'effect(lora) > -0.5'.",
        rich_help_panel=CONDITIONS,
    ),
]
UnpairedOption = Annotated[
    bool, typer.Option("--unpaired", help="Equal seeds of two conditions are no pair.", rich_help_panel=CONDITIONS)
]

ScaleOption = Annotated[
    list[str] | None,
    typer.Option(help="100 where a file's scores are fractions, or TASK=100; 1 where they are points that look so."),
]


def place_of(place: Path | None, store: Path | None) -> Path:
    """What PLACE or --store names, the usual store where neither does; RecipeError where they name different places."""
    if place is not None and store is not None and place.absolute() != store.absolute():
        both = f"PLACE {shown(str(place))} and --store {shown(str(store))}"
        raise RecipeError(f"{both} are two places: give one of them")
    return place or store or STORE


def refuse_formula_mix(context: typer.Context, formula: bool) -> None:
    """Refuse options of studies beside a formula, and of formulas without one: they would be ignored."""
    sources = {name: context.get_parameter_source(name) for name in context.params}
    # By its name: typer may bring another copy of the class than click's own.
    given = [name for name, source in sources.items() if source is not None and source.name == "COMMANDLINE"]
    wrong = [name for name in given if name in (OF_STUDIES if formula else OF_FORMULAS)]
    if wrong:
        option = f"--{wrong[0]}"
        kind = "goes with studies, not with --formula" if formula else "goes with --formula"
        raise RecipeError(f"{option} {kind}: leave it out{'' if formula else ', or give a formula'}")
    lone = [name for name in given if name in OF_BOOTSTRAPS]
    if formula and lone and not context.params["bootstrap"]:
        raise RecipeError(f"--{lone[0]} goes with --bootstrap N: leave it out, or ask for replicates")
    if formula and context.params["against"] is not None and "workers" in given:
        raise RecipeError("--workers does not go with --against, whose replicates one process draws: leave it out")


def counts(text: str | None) -> tuple[int, ...] | None:
    """Task counts of --tasks."""
    if text is None:
        return None
    try:
        return tuple(int(part) for part in text.split(","))
    except ValueError:
        raise RecipeError(f"--tasks {shown(text)}: give task counts such as 3 or 3,5,9") from None


def names(text: str | None) -> tuple[str, ...] | None:
    """Names with commas between."""
    return None if text is None else tuple(part.strip() for part in text.split(","))


def models(text: str | None) -> str | tuple[str, ...] | None:
    """The backbone of --model, or several with commas between; a folder may have a comma in its name."""
    return text if text is None or "," not in text or Path(text).is_dir() else names(text)


def pairs(option: str, texts: list[str] | None) -> dict[str, str]:
    """Names and texts of an option that is given as name=text."""
    found = {}
    for text in texts or ():
        name, equals, value = text.partition("=")
        if not (name.strip() and equals and value.strip()):
            raise RecipeError(f"--{option} {shown(text)}: give a name and a text such as name=text", [option])
        found[name.strip()] = value.strip()
    return found


def seed_or_column(text: str) -> tuple[str | None, int]:
    """What --seed says: a table's column, or none, and the bootstrap's seed, which is the default's beside a column."""
    try:
        return None, int(text)
    except ValueError:
        return text, SEED


def pair(text: str | None) -> tuple[str, str] | None:
    """The two names of --benchmarks."""
    if text is None:
        return None
    parts = text.split(",")
    if len(parts) != 2:
        raise RecipeError(f"--benchmarks {shown(text)}: give two names such as xtreme,xtreme-r")
    return parts[0].strip(), parts[1].strip()


def whole(option: str, text: str | None) -> tuple[int, ...] | None:
    """Whole numbers with commas between."""
    if text is None:
        return None
    try:
        return tuple(dict.fromkeys(int(part) for part in text.split(",")))
    except ValueError:
        raise RecipeError(f"{option} {shown(text)}: give whole numbers such as 3 or 3,5,10") from None


def scales(texts: list[str] | None) -> dict[str, float]:
    """Names and scales of --prior."""
    found = {}
    for text in texts or ():
        name, _, value = text.partition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            raise RecipeError(f"--prior {shown(text)}: give a name and a scale in points such as tasks=2") from None
    return found


def factors(texts: list[str] | None) -> float | dict[str, float] | None:
    """What --scale says: one factor for all scores, or one a target task."""
    if not texts:
        return None
    found: dict[str, float] = {}
    for text in texts:
        name, _, value = text.rpartition("=")
        try:
            found[name.strip()] = float(value)
        except ValueError:
            raise RecipeError(f"--scale {text!r}: give 100, or a target task and 100 such as xnli=100") from None
    return found[""] if list(found) == [""] else found
