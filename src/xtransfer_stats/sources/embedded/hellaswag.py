"""Twin of HellaSwag: the beginning of a command and four endings, of which one fits its frame.

Wrong endings are the last words, equally many, of commands of other intents. An intent whose commands may
begin as the prompt does gives none.
"""

import random
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial

from xtransfer_stats.sources.embedded.choice import Draft, ranked
from xtransfer_stats.sources.embedded.commands import Speaker
from xtransfer_stats.sources.embedded.draws import RngFor
from xtransfer_stats.sources.embedded.grammar import SentenceBlock
from xtransfer_stats.sources.embedded.registry import TRANSLATIONS, twin
from xtransfer_stats.sources.embedded.utterance import Utterance
from xtransfer_stats.sources.source import Example
from xtransfer_stats.tasks.task import Family

_WRONG = 24  # endings drawn for the wrong ones of a prompt
_SAMPLED = 12  # commands of each frame in the bank
_LENGTHS = (2, 3, 4)  # words of an ending


@dataclass(frozen=True, slots=True)
class _Cut:
    beginning: str
    ending: str
    start: str
    intent: str


@twin("hellaswag", family=Family.MULTIPLE_CHOICE, languages=("en",), translations=TRANSLATIONS)
def hellaswag(language: str, split: str, rng_for: RngFor) -> Iterator[Example]:
    """English commands cut in two."""
    cutter = _Cutter(Speaker(language, split), rng_for("bank"))
    return ranked(partial(cutter.draft, rng_for()), 4, rng_for("choices"))


class _Cutter:
    """Cuts commands. A bank of commands gives wrong endings, and the words with which an intent begins."""

    def __init__(self, speaker: Speaker, rng: random.Random) -> None:
        self._speaker = speaker
        self._frames: dict[str, list[tuple[SentenceBlock, ...]]] = defaultdict(list)
        self._begun_by: dict[str, set[str]] = defaultdict(set)
        self._bank: dict[int, list[_Cut]] = defaultdict(list)
        for (intent, _), blocks in sorted(speaker.grammar.frames.items()):
            self._frames[intent].append(blocks)
            for _ in range(_SAMPLED):
                said = speaker.draw(blocks, rng)
                if said:
                    self._begun_by[_start(said)].add(intent)
                    for words in _LENGTHS:
                        self._bank[words] += filter(None, [_cut(said, words)])

    def draft(self, rng: random.Random) -> Draft | None:
        """A command cut before its last words, with as many last words of other commands."""
        words = rng.choice(_LENGTHS)
        said = self._speaker.draw(rng.choice(self._frames[rng.choice(tuple(self._frames))]), rng)
        own = _cut(said, words) if said else None
        if own is None:
            return None
        fitting = self._begun_by[own.start] | {own.intent}
        drawn = rng.sample(self._bank[words], _WRONG)
        return Draft(own.beginning, own.ending, tuple(cut.ending for cut in drawn if cut.intent not in fitting))


def _cut(said: Utterance, words: int) -> _Cut | None:
    parts = said.text.rsplit(maxsplit=words)
    if len(parts) <= words or " " not in parts[0]:
        return None
    return _Cut(parts[0], " ".join(parts[1:]), _start(said), said.intent)


def _start(said: Utterance) -> str:
    """The first two words of a command, fillers left out."""
    text = said.text
    for slot in reversed(said.slots):
        text = f"{text[: slot.start]}_{text[slot.end :]}"
    return " ".join(text.split()[:2])
