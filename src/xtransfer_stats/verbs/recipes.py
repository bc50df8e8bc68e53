"""The files of analyses/ or of the user's own: what an analysis fits, and the claims that it judges."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import MISSING, fields
from pathlib import Path
from typing import Any, Literal

from pydantic import create_model

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.base.tables import UserTable, checked
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.stats.claims.claim import CONTRAST, Claim
from xtransfer_stats.tasks.benchmarks import Tatoeba
from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS, TARGET_TASKS

Model = Literal["mixed", "paired", "bootstrap", "bayes", "all"]
LONGEST_NAME = 100
MOST_POINTS = 100.0  # between two scores
WITH_MARGIN = ("value", "flat", "printed")
# The fields are those of `Claim`; here they are checked as they come from a user's file.
_FIELDS: Any = {one.name: (one.type, ... if one.default is MISSING else one.default) for one in fields(Claim)}
ClaimEntry = create_model("ClaimEntry", __base__=UserTable, **_FIELDS)


class ClaimsFile(UserTable):
    """A file of claims: the table [[claim]] and nothing beside it."""

    claim: tuple[Any, ...] = ()


class AnalysisRecipe(UserTable):
    """The model, the benchmarks where they are not the study's own, and the protocol of Tatoeba behind a file."""

    model: Model
    benchmarks: tuple[str, str] | None = None
    tatoeba: Tatoeba = "per-benchmark"
    contrasts: tuple[str, ...] = ()
    margin: float | None = None


def load_analysis(name: str | Path) -> AnalysisRecipe:
    """Read an analysis recipe by path or shipped name; raises RecipeError naming key, value and remedy."""
    path = resources.find("analyses", name)
    return checked(AnalysisRecipe, resources.read_toml(path), path.name)


def load_claims(name: str | Path = "claims") -> tuple[Claim, ...]:
    """Read claims by path or shipped name; raises RecipeError naming the claim, the key and the remedy."""
    path = resources.find("analyses", name)
    entries = checked(ClaimsFile, resources.read_toml(path), path.name).claim
    claims = tuple(_claim(path.name, number, entry) for number, entry in enumerate(entries, 1))
    counts = Counter(claim.name for claim in claims)
    twice = next((name for name, count in counts.items() if count > 1), None)
    if twice or not claims:
        what = (
            f"two claims are called {twice!r}: rename one" if twice else "no [[claim]] in it: add one (docs/claims.md)"
        )
        raise RecipeError(f"{path.name}: {what}")
    return claims


def _claim(file: str, number: int, entry: Any) -> Claim:
    name = entry.get("name", number) if hasattr(entry, "get") else number
    named = name if isinstance(name, str) and len(name) <= LONGEST_NAME else shown(name)
    claim = Claim(**checked(ClaimEntry, entry, f"{file}, claim {named}").model_dump())
    if not 0 < len(claim.name) <= LONGEST_NAME:
        raise RecipeError(f"{file}, claim {number}: name: give a name of 1 to {LONGEST_NAME} characters")
    for key, size in (("value", abs(claim.value)), ("margin", claim.margin or 0.0)):
        if not 0 <= size <= MOST_POINTS and claim.about != CONTRAST:  # whose scores may be in any unit
            raise RecipeError(f"{file}, claim {claim.name}: {key} = {getattr(claim, key):g}: give points on 0-100")
    if claim.test in WITH_MARGIN and not (claim.margin and claim.margin > 0):
        raise RecipeError(f"{file}, claim {claim.name}: test {claim.test!r} needs a margin above 0, in points")
    if (claim.about == CONTRAST) != bool(claim.contrast):
        raise RecipeError(
            f'{file}, claim {claim.name}: contrast: about = "contrast" needs one, such as "effect(lora) @ xnli", and '
            "no other claim has one"
        )
    _known(file, claim, "set", INTERMEDIATE_TASKS)
    _known(file, claim, "tasks", TARGET_TASKS)
    return claim


def _known(file: str, claim: Claim, key: str, catalogue: Iterable[str]) -> None:
    known = list(catalogue)
    strange = next((name for name in getattr(claim, key) if name not in known), None)
    if strange is not None:
        hint = resources.nearest(strange, known)
        raise RecipeError(f"{file}, claim {claim.name}: {key} {strange!r}: {hint}`xstats tasks` lists them")
