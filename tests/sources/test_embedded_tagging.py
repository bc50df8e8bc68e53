"""Tagging twins: PAN-X, UD-POS and CCG."""

import re

import pytest

pytest.importorskip("hassil")
pytest.importorskip("babel")
pytest.importorskip("home_assistant_intents")

from xtransfer_stats.sources.embedded import cldr as cldr_measures
from xtransfer_stats.sources.embedded import cldr as cldr_patterns
from xtransfer_stats.sources.embedded.cldr_tagging import tag, without_number
from xtransfer_stats.sources.embedded.command_tagging import bio
from xtransfer_stats.sources.embedded.names import names
from xtransfer_stats.sources.embedded.source import EmbeddedSource
from xtransfer_stats.sources.embedded.utterance import Bit, Utterance, assemble, tokens

SOURCE = EmbeddedSource()
DATASETS = ("panx", "udpos", "ccg")


def said(*bits):
    return Utterance(*(lambda a: (a[0], "Intent", "frame", "default", a[1], a[2]))(assemble(bits)))


@pytest.mark.parametrize("dataset", DATASETS)
def test_every_split_has_examples_with_a_tag_a_token(dataset):
    for language in SOURCE.languages(dataset):
        split = SOURCE.load(dataset, "test", language, 25)
        assert len(split.examples) == 25, language
        for example in split.examples:
            assert len(example.tokens) == len(example.tags) == len(example.joined)
            assert set(example.tags) <= set(split.labels)
            assert all(token and not token.isspace() for token in example.tokens)
            assert not example.joined[0]


@pytest.mark.parametrize("dataset", DATASETS)
def test_training_is_large_distinct_and_apart_from_dev(dataset):
    train, dev = (SOURCE.load(dataset, split, "en") for split in ("train", "dev"))
    assert len(train.examples) >= 1500
    assert len(dev.examples) >= 200
    seen = {example.tokens for example in train.examples}
    assert len(seen) == len(train.examples)
    assert not seen & {example.tokens for example in dev.examples}
    assert train.labels == dev.labels


@pytest.mark.parametrize("dataset", DATASETS)
def test_same_arguments_same_examples_and_a_limit_is_a_prefix(dataset):
    assert SOURCE.load(dataset, "test", "en", 30) == SOURCE.load(dataset, "test", "en", 30)
    long, short = (SOURCE.load(dataset, "test", "en", limit).examples for limit in (60, 20))
    assert long[:20] == short


@pytest.mark.parametrize(("dataset", "fewest"), [("panx", 28), ("udpos", 38)])
def test_languages(dataset, fewest):
    assert len(SOURCE.languages(dataset)) >= fewest


@pytest.mark.parametrize("dataset", DATASETS)
def test_no_template_syntax_is_left(dataset):
    for language in SOURCE.languages(dataset)[::4]:
        text = " ".join(token for e in SOURCE.load(dataset, "test", language, 40).examples for token in e.tokens)
        assert not re.search(r"[{}<>\[\]|]", text), language


def test_panx_is_lower_case_and_has_every_class_in_every_language():
    for language in ("en", "de", "hi", "zh"):
        examples = SOURCE.load("panx", "test", language).examples
        assert all(token == token.lower() for example in examples for token in example.tokens)
        tags = {tag for example in examples for tag in example.tags}
        assert {"O", "B-PLACE", "B-NAME", "B-DEGREE", "B-LEVEL"} <= tags


def test_panx_inside_follows_the_begin_or_inside_of_its_class():
    for example in SOURCE.load("panx", "train", "en").examples:
        for before, here in zip(("O", *example.tags), example.tags, strict=False):
            assert not here.startswith("I-") or before[2:] == here[2:]


def test_panx_names_of_a_test_are_not_seen_in_training():
    def spans(split):
        found = set()
        for example in SOURCE.load("panx", split, "en").examples:
            current = []
            for token, name in zip((*example.tokens, ""), (*example.tags, "O"), strict=True):
                if not name.startswith("I-") and current:
                    found.add(" ".join(current))
                    current = []
                if name[2:] in ("PLACE", "NAME"):
                    current.append(token)
        return found

    assert len(spans("test")) > 50
    assert not spans("train") & spans("test")


def test_an_ending_glued_to_a_slot_is_a_token_of_its_own():
    example = bio(said(Bit("Turn ", ()), Bit("New York", ("area",), "area"), Bit("'da on", ())), "tr")
    assert list(zip(example.tokens, example.tags, strict=True)) == [
        ("turn", "O"),
        ("new", "B-PLACE"),
        ("york", "I-PLACE"),
        ("'da", "O"),
        ("on", "O"),
    ]
    assert example.joined == (False, False, False, True, False)


def test_a_value_is_a_number_and_a_character_is_a_token_in_chinese():
    example = bio(
        said(Bit("把", ()), Bit("东京", ("area",), "area"), Bit("调到", ()), Bit("20", (), "temperature")),
        "zh",
    )
    assert example.tokens == ("把", "东", "京", "调", "到", "20")
    assert example.tags == ("O", "B-PLACE", "I-PLACE", "O", "O", "B-DEGREE")
    words = bio(said(Bit("warm white", (), "temperature")), "en")
    assert words.tags == ("O", "O")


def test_tokens_keep_combining_signs_and_inner_marks():
    assert [t.text for t in tokens("किलोमीटर, d'accord (twenty-one)!", ())] == [
        "किलोमीटर",
        ",",
        "d'accord",
        "(",
        "twenty-one",
        ")",
        "!",
    ]
    assert [t.joined for t in tokens("ab c", (1,))] == [False, True, False]


def test_silver_tags_of_known_patterns():
    assert tag(cldr_patterns.date("es", 2026, 3, 13, 4)).tags == (
        *("NOUN", "PUNCT", "NUM", "ADP", "NOUN", "ADP", "NUM"),
    )
    ago = tag(cldr_measures.span_from_now("de", "day", True, 3))
    assert list(zip(ago.tokens, ago.tags, strict=True)) == [("vor", "ADP"), ("3", "NUM"), ("tagen", "NOUN")]
    assert tag(cldr_measures.span_from_now("zh", "day", True, 3)).tags == ("NUM", "NOUN", "ADP")
    assert tag(cldr_measures.measure("en", "area-square-kilometer", 5)).tags == ("NUM", "ADJ", "NOUN")
    assert tag(cldr_measures.measure("fr", "area-square-kilometer", 5)).tags == ("NUM", "NOUN", "ADJ")
    assert tag(cldr_measures.currencies("it")["MXN"]).tags == ("NOUN", "ADJ")
    both = tag(cldr_patterns.listed("en", [(("Peru", "PROPN"),), (("Chad", "PROPN"),), (("Fiji", "PROPN"),)], "or"))
    assert both.tags == ("PROPN", "PUNCT", "PROPN", "PUNCT", "CCONJ", "PROPN")
    assert without_number(((" ", "NUM"), ("3", "NUM"), (" ", "ADP"), ("days", "NOUN"))) == (("days", "NOUN"),)


def test_nothing_is_taken_from_the_root_locale_whoever_read_it_before():
    from babel import Locale

    merged = Locale("wo").unit_display_names
    assert "duration-century" in merged
    assert cldr_measures.units("wo") == []
    assert cldr_measures.span_from_now("yo", "day", True, 3) is None
    assert cldr_patterns.date("eu", 2026, 3, 13, 4) is None
    assert Locale("wo").unit_display_names == merged


def test_udpos_proper_nouns_of_a_test_are_not_seen_in_training():
    def proper(split):
        pairs = [
            pair
            for example in SOURCE.load("udpos", split, "en").examples
            for pair in zip(example.tokens, example.tags, strict=True)
        ]
        return {token for token, tag in pairs if tag == "PROPN"}

    def whole(part):
        kinds = ("territory", "language", "city")
        return {name.lower() for kind in kinds for name in names("en").pool(kind, part).values()}

    inside_others = {word for name in whole("train") for word in name.split() if " " in name}
    tested = proper("test") & whole("test") - inside_others
    assert len(tested) > 40
    assert not tested & proper("train")


def test_ccg_has_over_a_hundred_tags_and_uses_most():
    split = SOURCE.load("ccg", "train", "en")
    assert len(split.labels) == len(set(split.labels)) > 100
    used = {tag for example in split.examples for tag in example.tags}
    assert len(used) > 90


def test_ccg_tags_one_word_by_its_place_in_the_tree():
    tags = set()
    for example in SOURCE.load("ccg", "train", "en").examples:
        tags |= {tag for token, tag in zip(example.tokens, example.tags, strict=True) if token == "set"}
    assert len(tags) >= 3
