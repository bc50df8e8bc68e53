"""Choices among which neither overlap nor position tells the right one, and the twins that choose between acts.

Cosmos QA: a log of commands, four choices of what the assistant says next. It answers the last command; the wrong
choices answer the earlier ones, the last one's opposite and other topics. XCOPA, and Social IQa, which its training
starts with: two choices, a command and what it brings about, or an answer and what brought it about. The wrong choice
belongs to the opposite act or to another topic; as often as not it shares more with the prompt than the right one.
"""

import random
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import partial
from itertools import product

from xtransfer_stats.sources.embedded.commands import Speaker, Stage
from xtransfer_stats.sources.embedded.draws import RngFor, balanced, overlap
from xtransfer_stats.sources.embedded.grammar import LANGUAGES
from xtransfer_stats.sources.embedded.registry import TRANSLATIONS, twin
from xtransfer_stats.sources.source import Example, MultipleChoice
from xtransfer_stats.tasks.task import Family


@dataclass(frozen=True, slots=True)
class Draft:
    """A prompt, its right continuation, and wrong ones to choose from."""

    prompt: str
    right: str
    wrong: tuple[str, ...]


def ranked(draft: Callable[[], Draft | None], count: int, rng: random.Random) -> Iterator[Example]:
    """Choices of `count` texts; the right one has every rank of overlap with the prompt equally often.

    A draft gives a choice when enough of its wrong texts overlap more, and enough less, than the right one
    (ties are broken at random). Positions are balanced as well.
    """
    cells = list(product(range(count), range(count)))

    def make(cell: tuple[int, int]) -> MultipleChoice | None:
        drawn = draft()
        return _choice(drawn, count, *cell, rng) if drawn else None

    return balanced(make, cells, rng)


def _choice(draft: Draft, count: int, rank: int, position: int, rng: random.Random) -> MultipleChoice | None:
    wrong = sorted(set(draft.wrong) - {draft.right})
    score = {text: (overlap(draft.prompt, text), rng.random()) for text in (*wrong, draft.right)}
    more = [text for text in wrong if score[text] > score[draft.right]]
    less = [text for text in wrong if score[text] < score[draft.right]]
    if len(more) < rank or len(less) < count - 1 - rank:
        return None
    others = rng.sample(more, rank) + rng.sample(less, count - 1 - rank)
    rng.shuffle(others)
    return MultipleChoice("", draft.prompt, (*others[:position], draft.right, *others[position:]), position)


def as_text(sentences: Iterable[str], language: str) -> str:
    """Sentences as one text, each ended by a full stop of the language's script."""
    stop, space = ("。", "") if language in ("ja", "zh") else (". ", "")
    return space.join(f"{sentence.rstrip('.。! ')}{stop}" for sentence in sentences).strip()


@twin("cosmosqa", family=Family.MULTIPLE_CHOICE, languages=("en",), translations=TRANSLATIONS)
def cosmosqa(language: str, split: str, rng_for: RngFor) -> Iterator[Example]:
    """Logs of two or three commands."""
    stage, rng = Stage(Speaker(language, split)), rng_for()
    return ranked(partial(_reply_draft, stage, rng), 4, rng)


def _reply_draft(stage: Stage, rng: random.Random) -> Draft | None:
    acts = rng.sample(stage.acts, rng.choice((2, 3)))
    log = [stage.command(topic, side, rng) for topic, side in acts]
    if not all(log):
        return None
    topic, side = acts[-1]
    # The opposite and the earlier commands' answers are always among those to choose from.
    wrong = {(topic, 1 - side), *acts[:-1]}
    rest = [act for act in stage.acts if act not in wrong and act != (topic, side)]
    chosen = [*wrong, *rng.sample(rest, 3)]
    prompt = as_text((said.text for said in log if said), stage.speaker.language)
    return Draft(prompt, stage.reply_to(topic, side), tuple(stage.reply_to(*act) for act in chosen))


# Swahili has templates for 31 items only.
SPOKEN = tuple(language for language in LANGUAGES if language != "sw")


@twin("siqa", family=Family.MULTIPLE_CHOICE, languages=("en",))
@twin("xcopa", family=Family.MULTIPLE_CHOICE, languages=SPOKEN)
def xcopa(language: str, split: str, rng_for: RngFor) -> Iterator[Example]:
    """Effects and causes, mixed."""
    stage, rng = Stage(Speaker(language, split)), rng_for()
    return ranked(partial(_effect_or_cause, stage, rng), 2, rng)


def _effect_or_cause(stage: Stage, rng: random.Random) -> Draft | None:
    asks_effect = rng.choice((True, False))
    topic, side = rng.choice(stage.acts)
    said, reply = stage.command(topic, side, rng), stage.reply_to(topic, side)
    others = [act for act in stage.acts if act != (topic, side)]
    if asks_effect:
        return Draft(said.text, reply, tuple(stage.reply_to(*act) for act in others)) if said else None
    other = stage.command(*rng.choice(others), rng)
    return Draft(reply, said.text, (other.text,)) if said and other else None
