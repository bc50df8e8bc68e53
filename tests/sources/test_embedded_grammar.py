"""Sentences drawn from the templates of every language."""

import random

import pytest

pytest.importorskip("hassil")
pytest.importorskip("home_assistant_intents")
pytest.importorskip("babel")

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.embedded.commands import Speaker, surface_part
from xtransfer_stats.sources.embedded.grammar import LANGUAGES, grammar
from xtransfer_stats.sources.embedded.utterance import Bit, assemble

RESIDUE = set("{}<>[]|")


def word(name: str, rng: random.Random) -> str:
    return f"w{rng.randrange(9)}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_block_of_every_language_gives_clean_text_and_exact_spans(language: str) -> None:
    known, rng = grammar(language), random.Random(1)
    assert known.frames
    for blocks in known.frames.values():
        for block in blocks:
            said = known.say(block, rng, word)
            assert said is not None
            assert said.text == " ".join(said.text.split())
            assert not RESIDUE & set(said.text)
            for slot in said.slots:
                filled = said.text[slot.start : slot.end]
                assert filled and filled == filled.strip()
            for piece in said.pieces:
                assert 0 <= piece.start < piece.end <= len(said.text)


def test_fill_is_used_and_its_span_found() -> None:
    said = Speaker("de", "test").command("HassTurnOn", "area_domain", random.Random(2), {"area": "Xanten"})
    assert said is not None
    slot = said.slot("area")
    assert slot is not None
    assert said.text[slot.start : slot.end] == "Xanten"


def test_fixed_slots_choose_the_blocks() -> None:
    blocks = grammar("en").blocks("HassTurnOn", "area_domain", domain="fan")
    assert blocks
    assert {block.slots["domain"] for block in blocks} == {"fan"}
    assert len(blocks) < len(grammar("en").blocks("HassTurnOn", "area_domain"))


def test_a_frame_that_is_missing_gives_no_command() -> None:
    assert Speaker("sw", "test").command("HassPauseTimer", "default", random.Random(1)) is None


def test_spans_and_glue_after_white_space_is_settled() -> None:
    bits = [Bit(" turn ", ()), Bit(" ", ()), Bit("Rom", ("r",), "area", "IT"), Bit("da  on ", ())]
    text, slots, pieces = assemble(bits)
    assert text == "turn Romda on"
    assert (slots[0].start, slots[0].end, slots[0].glued, slots[0].value) == (5, 8, True, "IT")
    assert [text[piece.start : piece.end] for piece in pieces] == ["turn", "Rom", "da on"]


def test_errors_and_responses() -> None:
    english = grammar("en")
    sentence = english.error("no_entity_in_area", entity="Xyz", area="Rome")
    assert sentence is not None
    assert "Xyz" in sentence and "Rome" in sentence
    assert english.error("no_entity_in_area", entity="Xyz") is None
    assert grammar("hu").error("no_entity", entity="Xyz") is None, "control syntax"
    assert english.response("HassTurnOn", "lights_area") == "Turned on the lights"
    assert grammar("ta").response("HassPauseTimer", "default") is None, "marked as untranslated"
    african = grammar("af").error("no_entity", entity="Xyz")
    assert african is not None
    assert "(" not in african and "Xyz" in african


def test_an_unknown_language_is_named() -> None:
    with pytest.raises(DataError, match="'qu'"):
        grammar("qu")


def test_english_surfaces_are_divided_between_the_splits() -> None:
    rng = random.Random(3)
    for split in ("train", "dev", "test"):
        speaker = Speaker("en", split)
        said = [speaker.command("HassTurnOn", "domain_only", rng, domain="light") for _ in range(20)]
        assert {surface_part(one.text) for one in said if one} == {split}
