"""Twins of XNLI, MNLI and the ANLI mixture: a premise, a hypothesis, three labels.

Two genres: error sentences (nli_errors), and a command with the assistant's answer, where the right answer
is entailed, the opposite act's contradicts, another topic's is neutral. Overlap is matched over labels.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from xtransfer_stats.sources.embedded import nli_errors
from xtransfer_stats.sources.embedded.acts import Stage
from xtransfer_stats.sources.embedded.grammar import LANGUAGES
from xtransfer_stats.sources.embedded.registry import twin
from xtransfer_stats.sources.embedded.seeds import RngFor
from xtransfer_stats.sources.embedded.speaker import Speaker
from xtransfer_stats.sources.embedded.streams import alternating, matched
from xtransfer_stats.sources.source import Classification
from xtransfer_stats.tasks.task import Family

LABELS = ("entailment", "neutral", "contradiction")
Draw = Callable[[str, random.Random], tuple[str, Classification] | None]


# Swahili's sentences have no overlap at which all three labels occur.
SPOKEN = tuple(language for language in LANGUAGES if language != "sw")


@twin("xnli", family=Family.CLASSIFICATION, labels=LABELS, languages=SPOKEN)
def xnli(language: str, split: str, rng_for: RngFor) -> Iterator[Classification]:
    """Both genres in turn, or the one that the language has."""
    speaker = Speaker(language, split)
    return _mixture(_genres(speaker), rng_for)


@twin("mnli", family=Family.CLASSIFICATION, labels=LABELS, languages=("en",))
def mnli(language: str, split: str, rng_for: RngFor) -> Iterator[Classification]:
    """The English genres of XNLI's twin, other examples."""
    return _mixture(_genres(Speaker(language, split)), rng_for)


def _genres(speaker: Speaker) -> dict[str, Draw]:
    """The genres that the language has: neutral answers need a second topic."""
    stage = Stage(speaker)
    errors: dict[str, Draw] = {"errors": partial(nli_errors.draw, speaker)}
    replies: dict[str, Draw] = {"replies": partial(_reply, stage)}
    return (errors if nli_errors.speaks(speaker) else {}) | (replies if len(stage.topics) > 1 else {})


def _mixture(genres: Mapping[str, Draw], rng_for: RngFor) -> Iterator[Classification]:
    streams = [_matched(draw, rng_for(genre)) for genre, draw in genres.items()]
    return alternating(streams, size=len(LABELS))


def _matched(draw: Draw, rng: random.Random) -> Iterator[Classification]:
    return matched({label: partial(draw, label, rng) for label in LABELS}, rng)


def _reply(stage: Stage, label: str, rng: random.Random) -> tuple[str, Classification] | None:
    """The answer is drawn first, then a command to which it has this label; matched answer by answer."""
    topic, side = rng.choice(stage.acts)
    answer = stage.reply_to(topic, side)
    if label == "contradiction":
        side = 1 - side
    if label == "neutral":
        topic, side = rng.choice(stage.others(topic)), rng.randrange(2)
    said = stage.command(topic, side, rng)
    return (answer, Classification("", said.text, label, answer)) if said else None
