"""Inference between error sentences: "no X" entails "no X in area Y", "no area Y" entails "no X in area Y",
"several X in area Y" entails "several X".

Renaming and another kind of sentence leave as many words alike under each label, and pairs are matched within
a form of hypothesis, so that neither the hypothesis alone nor the overlap tells the label.
"""

import random

from xtransfer_stats.sources.embedded.speaker import Speaker
from xtransfer_stats.sources.source import Classification

# Keys of the sentence without a place and, by scope, with one. "nowhere" names the place alone.
_KEYS = {
    "none": {"": "no_entity", "area": "no_entity_in_area", "floor": "no_entity_in_floor"},
    "hidden": {
        "": "no_entity_exposed",
        "area": "no_entity_in_area_exposed",
        "floor": "no_entity_in_floor_exposed",
    },
    "several": {
        "": "duplicate_entities",
        "area": "duplicate_entities_in_area",
        "floor": "duplicate_entities_in_floor",
    },
    "nowhere": {"area": "no_area", "floor": "no_floor"},
}
# A sentence is its kind, its device, its place; x and y are the hypothesis' own names, X and Y others.
# A device may bear the place's name, so that a premise made of the hypothesis' words need not entail it.
# Label -> hypothesis -> premises.
_CASES: dict[str, dict[str, tuple[str, ...]]] = {
    "entailment": {
        "none x y": ("none x", "nowhere y"),
        "hidden x y": ("hidden x",),
        "several x": ("several x y",),
    },
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


def speaks(speaker: Speaker) -> bool:
    """Whether the language has all these sentences, each naming its device and place."""
    words = {"x": "a", "y": "b"}
    forms = ("none x", "none x y", "hidden x", "hidden x y", "several x", "several x y", "nowhere y")
    return all(_say(speaker, form, "area", words) for form in forms)


def draw(speaker: Speaker, label: str, rng: random.Random) -> tuple[str, Classification] | None:
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
    return speaker.grammar.error(_KEYS[kind][scope if scope in fill else ""], **fill)
