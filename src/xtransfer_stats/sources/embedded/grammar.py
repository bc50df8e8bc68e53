"""Command templates of home-assistant-intents as sentences: a random walk through hassil's trees.

hassil's own sampler enumerates a template's sentences; a walk draws one, with the spans of its slots
and the rules that each piece came from.
"""

import json
import random
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.embedded.names import codes
from xtransfer_stats.sources.embedded.registry import need
from xtransfer_stats.sources.embedded.utterance import Bit, Utterance, assemble

# The package's names of locales where they differ from the catalogue's codes.
LOCALES = {"zh": "zh-CN"}
# The catalogue's languages that the package has templates for.
LANGUAGES = codes(
    "af ar bg bn de el en es et eu fa fi fr gu he hi hu id it ja ka ko lt ml ms nl pa pl pt ro ru sw ta te th tr uk ur "
    "vi zh"
)
_RESIDUE = re.compile(r"[{}<>\[\]|]")
_VARIABLE = re.compile(r"\{\{-?\s*(?:slots\.)?(\w+)[^{}]*\}\}")
_CHOICE = re.compile(r"\(([^()|]*)\|[^()]*\)")

Filler = Callable[[str, random.Random], str]


@dataclass(frozen=True, slots=True)
class SentenceBlock:
    """Templates of one intent and frame that share fixed slot values and a response."""

    intent: str
    frame: str
    response: str
    slots: Mapping[str, Any]
    sentences: tuple[Any, ...]
    rules: Mapping[str, Any]


class Grammar:
    """One language's templates, responses and error sentences.

    `frames` maps (intent, frame) to its blocks; a frame is the package's slot combination, so the same key
    means the same command in every language.
    """

    def __init__(self, language: str) -> None:
        data = _read(language)
        parsed = need("hassil.intents").Intents.from_dict(data)
        self.language = language
        self.frames: dict[tuple[str, str], tuple[SentenceBlock, ...]] = {}
        self._lists = parsed.slot_lists
        self._errors: dict[str, str] = data["responses"]["errors"]
        self._responses: dict[str, dict[str, str]] = data["responses"]["intents"]
        for intent, entry in parsed.intents.items():
            for block in entry.data:
                self._add(intent, block, parsed.expansion_rules)

    def _add(self, intent: str, data: Any, rules: Mapping[str, Any]) -> None:
        key = (intent, (data.metadata or {}).get("slot_combination", ""))
        local = {**rules, **data.expansion_rules} if data.expansion_rules else rules
        trees = tuple(sentence.expression for sentence in data.sentences)
        block = SentenceBlock(*key, data.response or "default", data.slots, trees, local)
        self.frames[key] = (*self.frames.get(key, ()), block)

    def blocks(self, intent: str, frame: str, **fixed: str) -> tuple[SentenceBlock, ...]:
        """Blocks of a frame whose fixed slots (such as domain="light") are as asked, if any."""
        blocks = self.frames.get((intent, frame), ())
        return tuple(b for b in blocks if all(b.slots.get(name) == value for name, value in fixed.items()))

    def say(
        self, block: SentenceBlock, rng: random.Random, filler: Filler, fill: Mapping[str, str] | None = None
    ) -> Utterance | None:
        """Draw one sentence of a block.

        `fill` gives slots' words; `filler(list name, rng)` the words of open slots (names, areas, items).
        None when the drawn sentence holds template syntax that the walk cannot resolve.
        """
        walk = _Walk(block.rules, self._lists, rng, filler, fill or {})
        walk.visit(rng.choice(block.sentences), ())
        text, slots, pieces = assemble(walk.bits)
        if not text or _RESIDUE.search(text):
            return None
        return Utterance(text, block.intent, block.frame, block.response, slots, pieces)

    def error(self, key: str, **fill: str) -> str | None:
        """The error sentence `key` (such as "no_entity_in_area") with its variables filled.

        None when the language lacks it, when it does not use exactly the variables in `fill`, or when it
        holds control syntax (Hungarian chooses its articles so).
        """
        return _fill(self._errors.get(key, ""), fill)

    def response(self, intent: str, key: str, **slots: str) -> str | None:
        """What the assistant answers; None as for `error`."""
        return _fill(self._responses.get(intent, {}).get(key, ""), slots)


@cache
def grammar(language: str) -> Grammar:
    """The language's grammar, parsed once. Raises DataError for a language without templates."""
    if language not in LANGUAGES:
        raise DataError(f"language {language!r} has no command templates; choose from {', '.join(LANGUAGES)}")
    return Grammar(language)


def _read(language: str) -> dict[str, Any]:
    folder = Path(str(need("home_assistant_intents").__file__)).parent / "data"
    return json.loads((folder / f"{LOCALES.get(language, language)}.json").read_text(encoding="utf-8"))


def _fill(template: str, values: Mapping[str, str]) -> str | None:
    # Sentences marked TODO are not translated yet.
    if "TODO" in template:
        return None
    # Afrikaans offers alternatives in a sentence to be said: the first one is taken.
    plain = _CHOICE.sub(r"\1", template)
    if set(_VARIABLE.findall(plain)) != set(values):
        return None
    text = " ".join(_VARIABLE.sub(lambda match: values[match[1]], plain).split())
    return None if not text or _RESIDUE.search(text) else text


class _Walk:
    """One draw: visits a tree, choosing at each alternative."""

    def __init__(
        self,
        rules: Mapping[str, Any],
        lists: Mapping[str, Any],
        rng: random.Random,
        filler: Filler,
        fill: Mapping[str, str],
    ) -> None:
        self.bits: list[Bit] = []
        self._rules, self._lists, self._rng = rules, lists, rng
        self._filler, self._fill = filler, fill

    def visit(self, node: Any, path: tuple[str, ...]) -> None:
        match type(node).__name__:  # by name, so that hassil need not be imported
            case "TextChunk":
                self.bits.append(Bit(node.original_text, path))
            case "Sequence":
                for item in node.items:
                    self.visit(item, path)
            case "Alternative":
                self.visit(self._rng.choice(node.items), path)
            case "Permutation":
                for item in self._rng.sample(node.items, len(node.items)):
                    self.visit(item, path)
            case "RuleReference":
                self.visit(self._rules[node.rule_name].expression, (*path, node.rule_name))
            case "ListReference":
                words, value = self._words(node)
                self.bits.append(Bit(words, (*path, node.list_name), node.slot_name, value))
            case kind:
                raise KeyError(kind)

    def _words(self, node: Any) -> tuple[str, str]:
        """The words of a slot and their value; any slot list that is neither of texts nor a range is open."""
        listed: Any = self._lists.get(node.list_name)
        kind = type(listed).__name__
        if node.slot_name in self._fill:
            words = self._fill[node.slot_name]
        elif node.is_inline_range:
            start, stop, step = node.get_inline_range()
            words = str(self._rng.randrange(start, stop + 1, step))
        elif kind == "RangeSlotList":
            words = str(self._rng.randrange(listed.start, listed.stop + 1, listed.step))
        elif kind == "TextSlotList":
            chosen = self._rng.choice(listed.values)
            inner = _Walk(self._rules, self._lists, self._rng, self._filler, self._fill)
            inner.visit(chosen.text_in, ())
            return "".join(bit.text for bit in inner.bits), str(chosen.value_out)
        else:
            words = self._filler(node.list_name, self._rng)
        return words, words
