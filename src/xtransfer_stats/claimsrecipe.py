"""The claims file: analyses/claims.toml, or one of the user's own."""

from collections.abc import Iterable
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, ValidationError

from xtransfer_stats import resources
from xtransfer_stats.errors import RecipeError
from xtransfer_stats.stats.claims.claim import Claim
from xtransfer_stats.tasks.intermediate import INTERMEDIATE_TASKS
from xtransfer_stats.tasks.target import TARGET_TASKS

About = Literal[
    "set",
    "best count",
    "tasks against others",
    "tasks at each count",
    "interaction",
    "best per task",
    "variants",
    "printed",
]


class ClaimEntry(BaseModel):
    """One [[claim]] of the file; the fields of `Claim`."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: str
    text: str
    source: str
    reading: Literal["read", "unread", "ours"]
    about: About
    test: Literal["positive", "value", "flat", "differs", "printed"]
    at: str = ""
    set: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    variant: str = ""
    value: float = 0.0
    margin: float | None = None
    study: str = ""


def load_claims(name: str | Path = "claims") -> tuple[Claim, ...]:
    """Read claims by path or shipped name; raises RecipeError naming the claim, the key and the remedy."""
    path = resources.find("analyses", name)
    entries = resources.read_toml(path).get("claim", [])
    claims = tuple(_claim(path.name, number, entry) for number, entry in enumerate(entries, 1))
    names = [claim.name for claim in claims]
    twice = next((one for one in names if names.count(one) > 1), None)
    if twice or not claims:
        what = (
            f"two claims are called {twice!r}: rename one" if twice else "no [[claim]] in it: add one (docs/claims.md)"
        )
        raise RecipeError(f"{path.name}: {what}")
    return claims


def _claim(file: str, number: int, entry: object) -> Claim:
    try:
        read = ClaimEntry.model_validate(entry)
    except ValidationError as error:
        problem = error.errors()[0]
        key = ".".join(map(str, problem["loc"]))
        known = ", ".join(ClaimEntry.model_fields)
        called = entry.get("name", number) if isinstance(entry, dict) else number
        raise RecipeError(
            f"{file}, claim {called}: {key} = {problem['input']!r}: {problem['msg']}. Known keys: {known}"
        ) from None
    if read.test in ("value", "flat", "printed") and not (read.margin and read.margin > 0):
        raise RecipeError(f"{file}, claim {read.name}: test {read.test!r} needs a margin above 0, in points")
    _known(file, read, "set", INTERMEDIATE_TASKS)
    _known(file, read, "tasks", TARGET_TASKS)
    return Claim(**read.model_dump())


def _known(file: str, read: ClaimEntry, key: str, catalogue: Iterable[str]) -> None:
    known = list(catalogue)
    strange = next((name for name in getattr(read, key) if name not in known), None)
    if strange is not None:
        hint = resources.nearest(strange, known)
        raise RecipeError(f"{file}, claim {read.name}: {key} {strange!r}: {hint}`xstats tasks` lists them")
