"""Small hand-made splits: learnable by a tiny model, one a family."""

import numpy as np

from xtransfer_stats.sources.source import (
    Answer,
    Classification,
    MultipleChoice,
    Passage,
    Query,
    SpanQA,
    Split,
    Tagging,
)
from xtransfer_stats.tasks.task import Family

WORDS = ("lamp", "fan", "door", "radio", "oven", "blind", "heater", "garage")
STATES = ("on", "off")


def _pick(random: np.random.Generator, values: tuple[str, ...]) -> str:
    return values[int(random.integers(len(values)))]


def classification(count: int = 48, split: str = "train", language: str = "en", seed: int = 0) -> Split:
    random = np.random.default_rng(seed)
    examples = []
    for i in range(count):
        state = _pick(random, STATES)
        examples.append(Classification(f"{split}{i}", f"turn {state} the {_pick(random, WORDS)}", state))
    return Split("switch", split, language, Family.CLASSIFICATION, tuple(examples), STATES)


def tagging(count: int = 48, split: str = "train", language: str = "en", seed: int = 0) -> Split:
    random = np.random.default_rng(seed)
    examples = []
    for i in range(count):
        tokens = ("turn", _pick(random, STATES), "the", _pick(random, WORDS), "now")
        examples.append(Tagging(f"{split}{i}", tokens, ("O", "B-state", "O", "B-device", "O")))
    return Split("slots", split, language, Family.TAGGING, tuple(examples), ("O", "B-state", "B-device"))


def span_qa(
    count: int = 48, split: str = "train", language: str = "en", seed: int = 0, unanswerable: bool = False
) -> Split:
    random = np.random.default_rng(seed)
    examples = []
    for i in range(count):
        word, number = _pick(random, WORDS), str(int(random.integers(10, 99)))
        context = f"set the {word} to {number} please"
        answers = (Answer(number, context.index(number)),)
        if unanswerable and i % 2:
            context, answers = f"set the {word} to nothing", ()
        examples.append(SpanQA(f"{split}{i}", f"which number has the {word}?", context, answers, f"p{i // 2}"))
    return Split("log", split, language, Family.SPAN_QA, tuple(examples))


def multiple_choice(count: int = 48, split: str = "train", language: str = "en", seed: int = 0) -> Split:
    random = np.random.default_rng(seed)
    examples = []
    for i in range(count):
        label = int(random.integers(2))
        choices = ("it is off", "it is on") if label else ("it is on", "it is off")
        examples.append(MultipleChoice(f"{split}{i}", f"turned on the {_pick(random, WORDS)}", choices, label))
    return Split("effect", split, language, Family.MULTIPLE_CHOICE, tuple(examples))


def retrieval(family: Family, split: str = "test", language: str = "de", partners: int = 8, prefix: str = "") -> Split:
    words = WORDS[:partners]
    queries = [
        Query(f"{prefix}q{i}", Passage(f"{prefix}q{i}", f"the {word} is on", language), (f"{prefix}c{i}",))
        for i, word in enumerate(words)
    ]
    queries += [
        Query(f"{prefix}q{i}", Passage(f"{prefix}q{i}", "0000", language), ()) for i in range(partners, len(WORDS))
    ]
    candidates = [Passage(f"{prefix}c{i}", f"the {word} is on", "en") for i, word in enumerate(WORDS)]
    return Split("pairs", split, language, family, tuple(queries), (), tuple(candidates))
