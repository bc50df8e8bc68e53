"""Twin of XCOPA, and of Social IQa, which its training starts with; two choices.

A command and what it brings about, or an answer and what brought it about. The wrong choice belongs to the opposite
act or to another topic; as often as not it shares more with the prompt than the right one.
"""

import random
from collections.abc import Iterator
from functools import partial

from xtransfer_stats.sources.embedded.acts import Stage
from xtransfer_stats.sources.embedded.choice import Draft, ranked
from xtransfer_stats.sources.embedded.grammar import LANGUAGES
from xtransfer_stats.sources.embedded.registry import twin
from xtransfer_stats.sources.embedded.seeds import RngFor
from xtransfer_stats.sources.embedded.speaker import Speaker
from xtransfer_stats.sources.source import Example
from xtransfer_stats.tasks.task import Family

# Swahili has templates for 31 items only.
SPOKEN = tuple(language for language in LANGUAGES if language != "sw")


@twin("siqa", family=Family.MULTIPLE_CHOICE, languages=("en",))
@twin("xcopa", family=Family.MULTIPLE_CHOICE, languages=SPOKEN)
def xcopa(language: str, split: str, rng_for: RngFor) -> Iterator[Example]:
    """Effects and causes, mixed."""
    stage, rng = Stage(Speaker(language, split)), rng_for()
    return ranked(partial(_draft, stage, rng), 2, rng)


def _draft(stage: Stage, rng: random.Random) -> Draft | None:
    return rng.choice((_effect, _cause))(stage, rng)


def _effect(stage: Stage, rng: random.Random) -> Draft | None:
    topic, side = rng.choice(stage.acts)
    said = stage.command(topic, side, rng)
    wrong = tuple(stage.reply_to(*act) for act in stage.acts if act != (topic, side))
    return Draft(said.text, stage.reply_to(topic, side), wrong) if said else None


def _cause(stage: Stage, rng: random.Random) -> Draft | None:
    topic, side = rng.choice(stage.acts)
    said = stage.command(topic, side, rng)
    act = rng.choice([other for other in stage.acts if other != (topic, side)])
    other = stage.command(*act, rng)
    return Draft(stage.reply_to(topic, side), said.text, (other.text,)) if said and other else None
