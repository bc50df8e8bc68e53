"""Sentences for one language and split: names of the split's part, and surfaces that no other split has."""

import random
from collections.abc import Mapping, Sequence

from xtransfer_stats.sources.embedded.grammar import Block, Grammar, grammar
from xtransfer_stats.sources.embedded.names import Names, names
from xtransfer_stats.sources.embedded.seeds import number_of
from xtransfer_stats.sources.embedded.utterance import Utterance

# The kind of name that an open slot list takes; anything not listed takes a language's name.
KIND_OF_LIST = {
    "area": "city",
    "floor": "territory",
    "zone": "territory",
    "shopping_list_item": "currency",
    "todo_list_item": "currency",
}
_TRIES = 40


def surface_part(text: str) -> str:
    """The split in which a sentence may stand: half of all sentences train, a quarter dev and test each."""
    return ("train", "train", "dev", "test")[number_of("surface", text) % 4]


class Speaker:
    """Draws commands of a language for one split.

    Only English has three splits, so only its surfaces are divided. A sentence without a name
    (such as "pause the timer") would otherwise stand in training and test alike.
    """

    def __init__(self, language: str, split: str) -> None:
        self.language, self.split = language, split
        self.grammar: Grammar = grammar(language)
        self.names: Names = names(language)

    def name(self, kind: str, rng: random.Random) -> str:
        """One name of the split's part."""
        return self.names.draw(kind, self.split, rng)[0]

    def words(self, slot_list: str, rng: random.Random) -> str:
        """Words for an open slot list."""
        return self.name(KIND_OF_LIST.get(slot_list, "language"), rng)

    def command(
        self,
        intent: str,
        frame: str,
        rng: random.Random,
        fill: Mapping[str, str] | None = None,
        longest: int = 90,
        **fixed: str,
    ) -> Utterance | None:
        """A sentence of the frame that uses every slot in `fill`, or None if none was found in some tries.

        `fixed` restricts the blocks by their fixed slots, such as domain="light".
        """
        return self.draw(self.grammar.blocks(intent, frame, **fixed), rng, fill, longest)

    def draw(
        self,
        blocks: Sequence[Block],
        rng: random.Random,
        fill: Mapping[str, str] | None = None,
        longest: int = 90,
    ) -> Utterance | None:
        """As `command`, from the given blocks, each weighted by its number of templates."""
        if not blocks:
            return None
        weights = [len(block.sentences) for block in blocks]
        for _ in range(_TRIES):
            said = self.grammar.say(rng.choices(blocks, weights)[0], rng, self.words, fill)
            if said and self._fits(said, fill or {}, longest):
                return said
        return None

    def _fits(self, said: Utterance, fill: Mapping[str, str], longest: int) -> bool:
        used = {slot.name for slot in said.slots}
        own = self.language != "en" or surface_part(said.text) == self.split
        return own and len(said.text) <= longest and fill.keys() <= used
