"""Twin of PAWS-X: two wordings of one command, or of a command and its counterpart with the same fillers.

A counterpart is the opposite act, the same act on another kind of thing, or an unrelated act in the same
frame. The overlap of the two wordings is matched over labels, so that only the meaning tells.
"""

import random
from collections.abc import Iterator, Sequence
from functools import partial

from xtransfer_stats.sources.embedded.counterparts import Counterpart, Counterparts, reworded
from xtransfer_stats.sources.embedded.grammar import LANGUAGES
from xtransfer_stats.sources.embedded.registry import twin
from xtransfer_stats.sources.embedded.seeds import RngFor
from xtransfer_stats.sources.embedded.speaker import Speaker
from xtransfer_stats.sources.embedded.streams import matched
from xtransfer_stats.sources.source import Classification
from xtransfer_stats.tasks.task import Family

LABELS = ("0", "1")  # 1: paraphrases, as in the files of PAWS-X


@twin("pawsx", family=Family.CLASSIFICATION, labels=LABELS, languages=LANGUAGES)
def pawsx(language: str, split: str, rng_for: RngFor) -> Iterator[Classification]:
    """Pairs of commands in every language that has templates."""
    speaker, rng = Speaker(language, split), rng_for()
    known = Counterparts(speaker)
    groups = [found for found in (known.opposites, known.others, known.unrelated) if found]
    return matched({label: partial(_pair, speaker, groups, label, rng) for label in LABELS}, rng)


def _pair(
    speaker: Speaker, groups: Sequence[Sequence[Sequence[Counterpart]]], label: str, rng: random.Random
) -> tuple[str, Classification] | None:
    name, sides = rng.choice(rng.choice(rng.choice(groups)))
    one, other = rng.sample(sides, 2)
    texts = reworded(speaker, one, one if label == "1" else other, rng)
    return (name, Classification("", texts[0], label, texts[1])) if texts else None
