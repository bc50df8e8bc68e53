"""Twins of PAWS-X and QQP: two wordings of one command or question, or of one and its counterpart.

PAWS-X: a counterpart is the opposite act, the same act on another kind of thing, or an unrelated act in the same frame,
with the same fillers. QQP: questions to the assistant (states, timers, weather, time); one that asks something else has
the same frame and fillers and another intent, thing or quantifier, or the same wording and other fillers. The overlap
of the two wordings is matched over labels, so that only the meaning tells.
"""

import random
from collections.abc import Iterator, Sequence
from functools import partial

from xtransfer_stats.sources.embedded.commandpairs import Blocks, Counterpart, Counterparts, by_kind, refilled, reworded
from xtransfer_stats.sources.embedded.commands import Speaker
from xtransfer_stats.sources.embedded.draws import RngFor, Stratified, matched
from xtransfer_stats.sources.embedded.grammar import LANGUAGES
from xtransfer_stats.sources.embedded.registry import TRANSLATIONS, twin
from xtransfer_stats.sources.source import Classification
from xtransfer_stats.tasks.task import Family

LABELS = ("0", "1")  # 1: paraphrases or duplicates, as in the files of PAWS-X and QQP
QUESTIONS = (
    *("HassGetState", "HassTimerStatus", "HassGetWeather"),
    *("HassClimateGetTemperature", "HassGetCurrentTime", "HassGetCurrentDate"),
)
Frames = dict[str, tuple[Blocks, ...]]  # frame -> the kinds of question asked in it


@twin("pawsx", family=Family.CLASSIFICATION, labels=LABELS, languages=LANGUAGES)
def pawsx(language: str, split: str, rng_for: RngFor) -> Iterator[Classification]:
    """Pairs of commands in every language that has templates."""
    speaker, rng = Speaker(language, split), rng_for()
    pairs = Counterparts(speaker)
    groups = [group for group in (pairs.opposites, pairs.others, pairs.unrelated) if group]
    return matched({label: partial(_pair, speaker, groups, label, rng) for label in LABELS}, rng)


def _pair(
    speaker: Speaker, groups: Sequence[Sequence[Sequence[Counterpart]]], label: str, rng: random.Random
) -> Stratified | None:
    name, sides = rng.choice(rng.choice(rng.choice(groups)))
    one, other = rng.sample(sides, 2)
    texts = reworded(speaker, one, one if label == "1" else other, rng)
    return (name, Classification("", texts[0], label, texts[1])) if texts else None


@twin("qqp", family=Family.CLASSIFICATION, labels=LABELS, languages=("en",), translations=TRANSLATIONS)
def qqp(language: str, split: str, rng_for: RngFor) -> Iterator[Classification]:
    """Pairs of English questions."""
    speaker, rng = Speaker(language, split), rng_for()
    frames = _frames(speaker)
    return matched({label: partial(_question_pair, speaker, frames, label, rng) for label in LABELS}, rng)


def _frames(speaker: Speaker) -> Frames:
    frames: Frames = {}
    for (intent, frame), blocks in speaker.grammar.frames.items():
        if intent in QUESTIONS:
            frames[frame] = frames.get(frame, ()) + tuple(by_kind(blocks).values())
    return frames


def _question_pair(speaker: Speaker, frames: Frames, label: str, rng: random.Random) -> Stratified | None:
    frame = rng.choice(sorted(frames))
    kinds = frames[frame]
    if label == "0" and len(kinds) > 1 and rng.random() < 0.5:
        one, other = rng.sample(kinds, 2)
        texts = reworded(speaker, one, other, rng)
    else:
        one = rng.choice(kinds)
        texts = (reworded if label == "1" else refilled)(speaker, one, one, rng)
    return (frame, Classification("", texts[0], label, texts[1])) if texts else None
