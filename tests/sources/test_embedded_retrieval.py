"""Retrieval twins: Tatoeba, BUCC, Mewsli-X and LAReQA."""

import re
from collections import Counter

import pytest

pytest.importorskip("hassil")
pytest.importorskip("babel")
pytest.importorskip("home_assistant_intents")

from xtransfer_stats.sources.embedded import entities, retrieval
from xtransfer_stats.sources.embedded import log_qa as answers
from xtransfer_stats.sources.embedded.draws import rng_under
from xtransfer_stats.sources.embedded.names import root, words
from xtransfer_stats.sources.embedded.registry import find
from xtransfer_stats.sources.embedded.source import EmbeddedSource

SOURCE = EmbeddedSource()
RESIDUE = re.compile(r"[{}<>\[\]|]")


def load_all(dataset):
    return {language: SOURCE.load(dataset, "test", language) for language in SOURCE.languages(dataset)}


def bucc(language, split):
    queries, candidates = find("bucc2018").generate(language, split, rng_under("bucc2018", split, language))
    return list(queries), list(candidates)


@pytest.mark.parametrize(("dataset", "fewest"), [("tatoeba", 38), ("bucc2018", 4), ("mewslix", 30), ("lareqa", 22)])
def test_languages(dataset, fewest):
    assert len(SOURCE.languages(dataset)) >= fewest


@pytest.mark.parametrize("dataset", ["mewslix", "lareqa"])
def test_pooled_gold_stands_in_the_pool_of_all_languages(dataset):
    splits = load_all(dataset)
    pool = [passage.id for split in splits.values() for passage in split.candidates]
    assert len(pool) == len(set(pool))
    for language, split in splits.items():
        assert len(split.examples) >= 100, language
        assert all(passage.language == language for passage in split.candidates)
        assert all(passage.id.startswith(f"{language}:") for passage in split.candidates)
        for query in split.examples:
            assert query.gold
            assert set(query.gold) <= set(pool)
            assert not RESIDUE.search(query.passage.text)
    identifiers = [query.id for split in splits.values() for query in split.examples]
    assert len(identifiers) == len(set(identifiers))


def test_tatoeba_gold_is_one_english_candidate():
    for language, split in load_all("tatoeba").items():
        pool = {passage.id: passage for passage in split.candidates}
        assert len(split.examples) >= 100, language
        assert len(pool) == len(split.candidates)
        assert all(passage.language == "en" for passage in split.candidates)
        for query in split.examples:
            assert len(query.gold) == 1
            assert query.gold[0] in pool
            assert query.passage.text
            assert not RESIDUE.search(query.passage.text)


def test_tatoeba_candidates_are_different_sentences():
    texts = [passage.text for passage in SOURCE.load("tatoeba", "test", "de").candidates]
    assert max(Counter(texts).values()) == 1


def test_tatoeba_candidates_hold_both_kinds_of_decoys():
    items = retrieval.items("tatoeba", "test")
    frames = Counter((item.key, item.month) for item in items)
    with_name = {
        name: {(item.key, item.month) for item in items if name in (item.spoken, item.place)}
        for item in items
        for name in (item.spoken, item.place)
    }
    assert all(frames[item.key, item.month] > 1 for item in items)
    assert all(any(len(with_name[name]) > 1 for name in (item.spoken, item.place) if name) for item in items)


def test_month_names_are_the_languages_own():
    item = retrieval.Item("", "fr", "JP", 2)
    assert retrieval.say(item, "zh").startswith("二月")
    assert retrieval.say(item, "de").startswith("Februar")


@pytest.mark.parametrize("split", ["dev", "test"])
@pytest.mark.parametrize("language", ["de", "fr", "ru", "zh"])
def test_bucc_has_sixty_percent_without_a_partner_on_both_sides(language, split):
    queries, candidates = bucc(language, split)
    partnered = [query for query in queries if query.gold]
    pool = {passage.id for passage in candidates}
    assert len(queries) >= 100
    assert 0.5 < 1 - len(partnered) / len(queries) < 0.7
    assert all(set(query.gold) <= pool for query in partnered)
    wanted = {name for query in partnered for name in query.gold}
    assert 0.5 < 1 - len(wanted) / len(pool) < 0.7


def test_bucc_sentences_without_gold_really_have_no_partner():
    queries, candidates = bucc("de", "test")
    pool = {passage.id for passage in candidates}
    assert all("en:" + query.id.split(":", 1)[1] not in pool for query in queries if not query.gold)


def test_bucc_dev_and_test_are_apart():
    dev, test = ({passage.text for passage in bucc("de", split)[1]} for split in ("dev", "test"))
    assert not dev & test


def test_mewslix_gold_is_in_other_languages_and_mentions_are_the_name():
    for language in ("en", "de", "ar", "zh"):
        for query in SOURCE.load("mewslix", "test", language).examples:
            assert all(not name.startswith(f"{language}:") for name in query.gold)
            start, end = query.passage.mention
            code = query.id.rsplit("-", 1)[1]
            assert query.passage.text[start:end] == entities.name_of(language, "territory", "test", code)
            assert {name.split(":")[1] for name in query.gold} == {code}


def test_mewslix_descriptions_withhold_the_name():
    for language in ("en", "de", "ru", "fi"):
        for passage in SOURCE.load("mewslix", "test", language).candidates:
            territory = entities.name_of(language, "territory", "test", passage.id.split(":")[1])
            told = {root(word) for word in words(passage.text.replace(",", " "))}
            assert not told & {root(word) for word in words(territory)}, passage
    assert entities.withhold("Japanese Yen", "Japan", "en") == "Yen"
    assert entities.withhold("日本円", "日本", "ja") == ""
    assert entities.withhold("الدينار الأردني", "الأردن", "ar") == "الدينار"


def test_mewslix_training_is_english_and_shares_no_territory_with_the_test():
    train, dev, test = (SOURCE.load("mewslix", split, "en") for split in ("train", "dev", "test"))
    assert len(train.examples) >= 1500
    assert len(dev.examples) >= 200
    pool = {passage.id for passage in train.candidates}
    assert all(set(query.gold) <= pool for query in train.examples)
    territories = [{query.id.rsplit("-", 1)[1] for query in split.examples} for split in (train, dev, test)]
    assert len(territories[0]) > 50
    assert not territories[0] & territories[1]
    assert not territories[0] & territories[2]


def test_mewslix_descriptions_differ_within_a_language():
    for language in ("en", "hi", "ja"):
        texts = [passage.text for passage in SOURCE.load("mewslix", "test", language).candidates]
        assert len(set(texts)) == len(texts)


def test_lareqa_gold_is_the_same_command_in_every_language():
    languages = SOURCE.languages("lareqa")
    for query in SOURCE.load("lareqa", "test", "de").examples:
        assert tuple(name.split(":")[0] for name in query.gold) == languages
        assert len({name.split(":", 1)[1] for name in query.gold}) == 1


def test_lareqa_has_distractors_of_the_same_place_in_the_same_language():
    split = SOURCE.load("lareqa", "test", "de")
    assert len(split.candidates) == 2 * answers.PLACES
    own = {name for query in split.examples for name in query.gold if name.startswith("de:")}
    assert len(own) == answers.PLACES
    others = {passage.id for passage in split.candidates} - own
    assert {name.split("-", 1)[1] for name in own} == {name.split("-", 1)[1] for name in others}


@pytest.mark.parametrize("dataset", ["tatoeba", "bucc2018", "mewslix", "lareqa"])
def test_same_arguments_same_split_and_a_limit_keeps_what_its_queries_look_for(dataset):
    whole, part = (SOURCE.load(dataset, "test", "de", limit) for limit in (None, 7))
    assert whole == SOURCE.load(dataset, "test", "de")
    assert part.examples == whole.examples[:7]
    looked_for = {name for query in part.examples for name in query.gold}
    kept = {passage.id for passage in part.candidates}
    assert looked_for & {passage.id for passage in whole.candidates} <= kept
    assert (part.candidates == whole.candidates) == whole.family.pooled
