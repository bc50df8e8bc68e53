"""Twins of XNLI, MNLI and the ANLI mixture: premise, hypothesis, three labels, overlap matched over labels.

XNLI and MNLI: two commands, where other words for the same are entailed, the opposite act contradicts,
another filler or act is neutral. ANLI's adds error sentences and the assistant's answers, in English only:
the former can partly be told by overlap, those of the latter do not carry over to other languages.

Error sentences: "no X" entails "no X in area Y", "no area Y" entails "no X in area Y", "several X in area Y" entails
"several X". Renaming and another kind of sentence leave as many words alike under each label, and pairs are matched
within a form of hypothesis, so that neither the hypothesis alone nor the overlap tells the label.
"""

import random
from collections.abc import Callable, Iterator, Mapping
from functools import partial

from xtransfer_stats.sources.embedded.choice import as_text
from xtransfer_stats.sources.embedded.commandpairs import Counterparts, refilled, reworded
from xtransfer_stats.sources.embedded.commands import Speaker, Stage
from xtransfer_stats.sources.embedded.draws import Place, RngFor, Stratified, alternating, bin_of, cell, matched
from xtransfer_stats.sources.embedded.grammar import LANGUAGES
from xtransfer_stats.sources.embedded.registry import TRANSLATIONS, twin
from xtransfer_stats.sources.source import Classification
from xtransfer_stats.tasks.task import Family

# Keys of the error sentences; `in_place` is "" where the sentence names no place. "nowhere" names the place alone.
_KEYS = {
    "none": "no_entity{in_place}",
    "hidden": "no_entity{in_place}_exposed",
    "several": "duplicate_entities{in_place}",
    "nowhere": "no_{scope}",
}
# A sentence is its kind, its device, its place; x and y are the hypothesis' own names, X and Y others.
# A device may bear the place's name, so that a premise made of the hypothesis' words need not entail it.
# Label -> hypothesis -> premises.
_CASES: dict[str, dict[str, tuple[str, ...]]] = {
    "entailment": {"none x y": ("none x", "nowhere y"), "hidden x y": ("hidden x",), "several x": ("several x y",)},
    "neutral": {
        "none x y": (
            *("none X", "none y", "none x Y", "none y x", "nowhere Y", "nowhere x"),
            *("several X y", "hidden X y", "several x Y", "hidden x Y"),
        ),
        "hidden x y": (
            *("hidden X", "hidden y", "hidden x Y", "hidden y x"),
            *("several X y", "nowhere Y", "nowhere x", "none X", "none y x"),
        ),
        "several x": ("several X y", "several y x", "hidden x y", "hidden x", "none X", "none y x"),
    },
    "contradiction": {
        "none x y": ("several x y", "hidden x y"),
        "hidden x y": ("none x", "none x y", "nowhere y"),
        "several x": ("none x",),
    },
}
_HYPOTHESES = tuple(_CASES["entailment"])
_KIND_OF_PLACE = {"area": "city", "floor": "territory"}


def draw_error_pair(speaker: Speaker, label: str, rng: random.Random) -> Stratified | None:
    """A hypothesis' form and a pair with this label, or None when the language lacks a sentence for it."""
    scope = rng.choice(("area", "floor"))
    devices = speaker.names.draw("language", speaker.split, rng, 2)
    places = speaker.names.draw(_KIND_OF_PLACE[scope], speaker.split, rng, 2)
    words = dict(zip("xXyY", (*devices, *places), strict=True))
    form = rng.choice(_HYPOTHESES)
    premise = _say(speaker, rng.choice(_CASES[label][form]), scope, words)
    hypothesis = _say(speaker, form, scope, words)
    if premise is None or hypothesis is None:
        return None
    return f"{form} {scope}", Classification("", premise, label, hypothesis)


def _say(speaker: Speaker, form: str, scope: str, words: dict[str, str]) -> str | None:
    kind, *letters = form.split()
    slots = (scope,) if kind == "nowhere" else ("entity", scope)
    fill = {slot: words[letter] for slot, letter in zip(slots, letters, strict=False)}
    key = _KEYS[kind].format(scope=scope, in_place=f"_in_{scope}" if scope in fill else "")
    return speaker.grammar.error(key, **fill)


LABELS = ("entailment", "neutral", "contradiction")
# A premise of error sentences that entails has all its words in the hypothesis: one overlap can be matched.
_PLACES: dict[str, Place] = {"errors": bin_of}
Draw = Callable[[str, random.Random], Stratified | None]


@twin("mnli", family=Family.CLASSIFICATION, labels=LABELS, languages=("en",), translations=TRANSLATIONS)
@twin("xnli", family=Family.CLASSIFICATION, labels=LABELS, languages=LANGUAGES)
def xnli(language: str, split: str, rng_for: RngFor) -> Iterator[Classification]:
    """Pairs of commands in every language that has templates; MNLI's are of the English genre, other examples."""
    return _mixture({"wordings": _wordings(Speaker(language, split))}, rng_for)


@twin("anli_plus", family=Family.CLASSIFICATION, labels=LABELS, languages=("en",), translations=TRANSLATIONS)
def anli_plus(language: str, split: str, rng_for: RngFor) -> Iterator[Classification]:
    """MNLI's genre, error sentences, answers to commands and, harder, answers to one of two commands.

    The right answer is entailed, the opposite act's contradicts, another topic's is neutral. ANLI's
    adversarial rounds need a model in the loop; here hard means matched overlap and a command that distracts.
    """
    speaker = Speaker(language, split)
    stage = Stage(speaker)
    genres: dict[str, Draw] = {
        "wordings": _wordings(speaker),
        "errors": partial(draw_error_pair, speaker),
        "replies": partial(_reply, stage),
        "two": partial(_reply_to_two, stage),
    }
    return _mixture(genres, rng_for)


def _wordings(speaker: Speaker) -> Draw:
    return partial(_wording, speaker, Counterparts(speaker))


def _mixture(genres: Mapping[str, Draw], rng_for: RngFor) -> Iterator[Classification]:
    rngs = {genre: rng_for(genre) for genre in genres}
    makers = {genre: {label: partial(draw, label, rngs[genre]) for label in LABELS} for genre, draw in genres.items()}
    streams = [matched(makers[genre], rngs[genre], _PLACES.get(genre, cell)) for genre in genres]
    return alternating(streams, size=len(LABELS))


def _reply(stage: Stage, label: str, rng: random.Random) -> Stratified | None:
    """The answer is drawn first, then a command to which it has this label; matched answer by answer."""
    topic, side = rng.choice(stage.acts)
    said = stage.command(*_act_with_label(stage, topic, side, label, rng), rng)
    answer = stage.reply_to(topic, side)
    return (answer, Classification("", said.text, label, answer)) if said else None


def _act_with_label(stage: Stage, topic: str, side: int, label: str, rng: random.Random) -> tuple[str, int]:
    """An act whose command has this label to the answer of the given act."""
    if label == "neutral":
        return rng.choice(stage.others(topic)), rng.randrange(2)
    return topic, 1 - side if label == "contradiction" else side


def _reply_to_two(stage: Stage, label: str, rng: random.Random) -> Stratified | None:
    """As `_reply`, with a command of another topic before or after it."""
    topic, side = rng.choice(stage.acts)
    first = _act_with_label(stage, topic, side, label, rng)
    unrelated = [other for other in stage.others(topic) if other != first[0]]
    acts = rng.sample([first, (rng.choice(unrelated), rng.randrange(2))], 2)
    said = [stage.command(*act, rng) for act in acts]
    answer = stage.reply_to(topic, side)
    premise = as_text((one.text for one in said if one), stage.speaker.language)
    return (answer, Classification("", premise, label, answer)) if all(said) else None


def _wording(speaker: Speaker, known: Counterparts, label: str, rng: random.Random) -> Stratified | None:
    """A command and other words for it, its opposite, or something unrelated; matched frame by frame.

    Acts without an opposite stand under the other two labels equally, lest they give a label away.
    """
    groups = known.others + known.unrelated
    elsewhere = label != "contradiction" and bool(groups) and rng.random() < 0.5
    _, sides = rng.choice(rng.choice(groups if elsewhere else known.opposites))
    one, other = rng.sample(sides, 2)
    pairs = {
        "entailment": partial(reworded, speaker, one, one),
        "contradiction": partial(reworded, speaker, one, other),
        "neutral": partial(reworded, speaker, one, other)
        if elsewhere
        else partial(refilled, speaker, one, rng.choice(sides)),
    }
    texts = pairs[label](rng)
    return (one[0].frame, Classification("", texts[0], label, texts[1])) if texts else None
