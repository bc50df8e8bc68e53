"""What the columns of some tables are: the outcome of recognising their headings."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from xtransfer_stats.base.usertext import few
from xtransfer_stats.exchange.imports.meaning import Meaning
from xtransfer_stats.exchange.imports.raw import Heading, LeftAside, spelled

SHOWN = 6


@dataclass
class Roles:
    """What the columns are.

    index: heading -> the column of the frame that it is, "" where only its values can tell. scores: heading -> what its
    scores are of. errors: heading of standard errors -> metric. aside: what holds no score.
    """

    index: dict[Heading, str] = field(default_factory=dict)
    scores: dict[Heading, Meaning] = field(default_factory=dict)
    errors: dict[Heading, Meaning] = field(default_factory=dict)
    aside: list[LeftAside] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    unknown: list[Heading] = field(default_factory=list)  # numbers under a heading that says nothing
    wished: dict[str, list[str]] = field(default_factory=dict)  # column of the frame -> what the user named for it

    def put_aside(self, headings: Iterable[Heading], why: str) -> None:
        """Leave columns aside, for one reason."""
        names = [spelled(heading) for heading in headings]
        for heading in headings:
            self.scores.pop(heading, None)
        if names:
            self.aside.append(LeftAside(f"column{'s' * (len(names) > 1)} {few(names, SHOWN)}", why))
