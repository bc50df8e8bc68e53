"""What a claim says and which test puts it to the proof."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal

from xtransfer_stats.stats.core.inference import Moments
from xtransfer_stats.stats.core.weights import Weights

About = Literal[
    "set",
    "best count",
    "tasks against others",
    "tasks at each count",
    "interaction",
    "best per task",
    "variants",
    "printed",
    "contrast",
]
Test = Literal["positive", "value", "flat", "differs", "printed"]
Reading = Literal["read", "unread", "ours"]
CONTRAST = "contrast"  # what a claim on any conditions is about
PLAIN = "none"  # the variant without an addition
NAMED = 3  # so many tasks are named in a sentence, more are counted


@dataclass(frozen=True)
class Claim:
    """One claim; numbers in points on 0-100.

    about: what its parts are measured on, a key of the builders in `claims.evidence` and `published.evidence`.
    test: how the parts are judged, a key of `rules.RULES`.
    reading: "read" in the source named, "unread" there, "ours" for the study's own question or reading.
    at: a benchmark. set: intermediate tasks trained together. tasks: target tasks.
    value: the number claimed. margin: what is too small to matter, or near enough to the value.
    study: the only study that the claim speaks of, "" for any.
    contrast: a hypothesis, as `analyze` takes them (docs/contrasts.md); of a study of any conditions.
    """

    name: str
    text: str
    source: str
    reading: Reading
    about: About
    test: Test
    at: str = ""
    set: tuple[str, ...] = ()
    tasks: tuple[str, ...] = ()
    variant: str = ""
    value: float = 0.0
    margin: float | None = None
    study: str = ""
    contrast: str = ""


@dataclass(frozen=True, eq=False)
class ClaimPart:
    """One number that a claim rests on; weights: of the runs' scores in it, None where it is no such sum."""

    hypothesis: str
    moments: Moments
    weights: Weights | None = None

    @property
    def estimate(self) -> float:
        """In points."""
        return float(self.moments.estimate[0])

    @property
    def std_error(self) -> float:
        """In points; NaN where nothing tells it."""
        return float(self.moments.std_error[0])

    @property
    def df(self) -> float:
        """Of Student's t; NaN where there is no error."""
        return float(self.moments.df[0])

    @property
    def tested(self) -> bool:
        """Whether its error is known and not zero."""
        return self.std_error > 0


@dataclass(frozen=True)
class Evidence:
    """The parts behind a claim; `lacking` says why it cannot be tested, `remark` what a reader should know."""

    claim: Claim
    parts: tuple[ClaimPart, ...] = ()
    lacking: str = ""
    remark: str = ""


def lacks_set(claim: Claim) -> str:
    """That no run was trained on the claim's intermediate tasks, and no others."""
    named = f"{', '.join(claim.set)} alone" if len(claim.set) <= NAMED else f"exactly its {len(claim.set)} tasks"
    return f"no run was trained on {named}"


def spoken_of(claims: Iterable[Claim], study: str) -> list[Claim]:
    """The claims that are about any study, or about this one."""
    return [claim for claim in claims if claim.study in ("", study)]
