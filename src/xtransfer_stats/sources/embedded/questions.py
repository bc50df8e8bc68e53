"""Twin of QQP: two questions to the assistant (states, timers, weather, time), asking the same or not.

A question that asks something else has the same frame and fillers and another intent, thing or quantifier, or
the same wording and other fillers. Overlap is matched over labels.
"""

import random
from collections.abc import Iterator
from functools import partial

from xtransfer_stats.sources.embedded.paraphrase import Blocks, by_kind, reworded
from xtransfer_stats.sources.embedded.registry import twin
from xtransfer_stats.sources.embedded.seeds import RngFor
from xtransfer_stats.sources.embedded.speaker import Speaker
from xtransfer_stats.sources.embedded.streams import matched
from xtransfer_stats.sources.source import Classification
from xtransfer_stats.tasks.task import Family

LABELS = ("0", "1")  # 1: duplicates, as in the files of QQP
QUESTIONS = (
    "HassGetState",
    "HassTimerStatus",
    "HassGetWeather",
    "HassClimateGetTemperature",
    "HassGetCurrentTime",
    "HassGetCurrentDate",
)


@twin("qqp", family=Family.CLASSIFICATION, labels=LABELS, languages=("en",))
def qqp(language: str, split: str, rng_for: RngFor) -> Iterator[Classification]:
    """Pairs of English questions."""
    speaker, rng = Speaker(language, split), rng_for()
    frames = _frames(speaker)
    makers = {"0": partial(_different, speaker, frames, rng), "1": partial(_same, speaker, frames, rng)}
    return matched(makers, rng)


def _frames(speaker: Speaker) -> dict[str, tuple[Blocks, ...]]:
    """Frame -> the kinds of question asked in it."""
    found: dict[str, tuple[Blocks, ...]] = {}
    for (intent, frame), blocks in speaker.grammar.frames.items():
        if intent in QUESTIONS:
            found[frame] = found.get(frame, ()) + tuple(by_kind(blocks).values())
    return found


def _same(
    speaker: Speaker, frames: dict[str, tuple[Blocks, ...]], rng: random.Random
) -> tuple[str, Classification] | None:
    frame = rng.choice(sorted(frames))
    one = rng.choice(frames[frame])
    return reworded(speaker, one, one, "1", frame, rng)


def _different(
    speaker: Speaker, frames: dict[str, tuple[Blocks, ...]], rng: random.Random
) -> tuple[str, Classification] | None:
    frame = rng.choice(sorted(frames))
    if len(frames[frame]) > 1 and rng.random() < 0.5:
        one, other = rng.sample(frames[frame], 2)
        return reworded(speaker, one, other, "0", frame, rng)
    return _refilled(speaker, rng.choice(frames[frame]), frame, rng)


def _refilled(
    speaker: Speaker, blocks: Blocks, frame: str, rng: random.Random
) -> tuple[str, Classification] | None:
    """The same kind of question about something else: one slot has another value."""
    first = speaker.draw(blocks, rng)
    if first is None or not first.slots:
        return None
    changed = rng.choice(first.slots)
    fill = {slot.name: first.text[slot.start : slot.end] for slot in first.slots if slot.name != changed.name}
    second = speaker.draw(blocks, rng, fill)
    slot = second.slot(changed.name) if second else None
    if second is None or slot is None or slot.value == changed.value:
        return None
    return frame, Classification("", first.text, "0", second.text)
