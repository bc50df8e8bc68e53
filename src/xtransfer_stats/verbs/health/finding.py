"""One thing that the doctor looked at, and all of them together."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any


class Grade(StrEnum):
    """What is to be done about a finding."""

    GOOD = "good"
    OPTIONAL = "optional"  # works without; the command adds it
    MEND = "mend"


@dataclass(frozen=True)
class Finding:
    """subject: what was looked at. said: what was found. command: what mends or adds it, "" where nothing is to do."""

    subject: str
    said: str
    grade: Grade = Grade.GOOD
    command: str = ""

    def __str__(self) -> str:
        return f"{self.grade}: {self.subject}: {self.said}" + (f" -> {self.command}" if self.command else "")


@dataclass(frozen=True)
class Health:
    """Everything that the doctor looked at."""

    findings: tuple[Finding, ...]

    @property
    def sound(self) -> bool:
        """Whether nothing is to mend."""
        return all(one.grade is not Grade.MEND for one in self.findings)

    def of(self, grade: Grade) -> tuple[Finding, ...]:
        """The findings of one grade."""
        return tuple(one for one in self.findings if one.grade is grade)

    def to_dict(self) -> Mapping[str, Any]:
        """As `--json` prints it."""
        return {"sound": self.sound, "findings": [asdict(one) for one in self.findings]}

    def __str__(self) -> str:
        return "\n".join(map(str, self.findings))
