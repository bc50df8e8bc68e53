"""Mewsli-X: mentions marked in their sentences, candidates as one pool, Mewsli-9 told apart."""

import json

import pytest

from xtransfer_stats.sources.files.leaderboard_files import read_leaderboard
from xtransfer_stats.sources.files.mewslix import candidates, read_mewsli9, read_mewslix

TEXT = "First one. Then Narvik came. Third one. Last one."
SPANS = [(0, 10), (11, 28), (29, 39), (40, 49)]


def context(language="de", text=TEXT, spans=SPANS):
    return {
        "document_id": "1",
        "language": language,
        "text": text,
        "sentence_spans": [{"start": start, "end": end} for start, end in spans],
    }


def mention(key, start=16, text="Narvik", entity="Q59101"):
    return {"example_id": key, "mention_span": {"start": start, "end": start + len(text), "text": text},
            "entity_id": entity}  # fmt: skip


def entity(key, description, language="en"):
    return {"entity_id": key, "title": "t", "description": description, "description_language": language,
            "sentence_spans": []}  # fmt: skip


def write(path, *rows):
    path.write_text("\n".join(json.dumps(row) for row in rows), encoding="utf-8")  # without a final newline
    return path


def test_articles_give_a_row_a_language_and_mentions_in_their_sentences(tmp_path):
    rows = [
        {"context": context("de"), "mentions": [mention("a"), mention("b", 40, "Last", "Q2")]},
        {"context": context("ta"), "mentions": [mention("c")]},
    ]
    german, tamil = read_mewslix(write(tmp_path / "wikinews_mentions-dev.jsonl", *rows))
    assert (german.task, german.language, german.split, german.examples, german.labelled, german.problems) == (
        "mewslix", "de", "dev", 2, True, (),
    )  # fmt: skip
    assert (tamil.language, tamil.examples) == ("ta", 1)
    first, last = german.read().examples
    assert first.passage.text == "First one. Then Narvik came. Third one."
    start, end = first.passage.mention
    assert (first.passage.text[start:end], first.gold) == ("Narvik", ("Q59101",))
    start, end = last.passage.mention
    assert (last.passage.text, last.passage.text[start:end]) == ("Third one. Last one.", "Last")


def test_a_mention_that_is_not_there_is_dropped(tmp_path):
    rows = [{"context": context(), "mentions": [mention("a"), mention("b", 15)]}]
    (found,) = read_mewslix(write(tmp_path / "mentions-test.jsonl", *rows))
    assert (found.split, found.examples) == ("test", 1)
    assert found.problems[0].startswith("1 mention does not stand")


def test_articles_whose_text_was_not_restored_have_nothing_to_use(tmp_path):
    rows = [{"context": context(text=""), "mentions": [mention("a")]}]
    (found,) = read_mewslix(write(tmp_path / "wikinews_mentions_no_text-test.jsonl", *rows))
    assert (found.examples, found.labelled) == (0, False)


def test_a_mention_across_or_outside_sentences_keeps_the_whole_text(tmp_path):
    rows = [{"context": context(spans=[(0, 10)]), "mentions": [mention("a")]}]
    (found,) = read_mewslix(write(tmp_path / "mentions-test.jsonl", *rows))
    assert found.read().examples[0].passage.text == TEXT


def test_pairs_for_training_bring_their_entities(tmp_path):
    rows = [{"context": context("en"), "mention": mention("a"), "entity": entity("Q59101", "A port.")}] * 2
    (found,) = read_mewslix(write(tmp_path / "wikipedia_pairs-train.jsonl", *rows))
    assert (found.language, found.split, found.examples) == ("en", "train", 2)
    assert [(passage.id, passage.text) for passage in found.read().candidates] == [("Q59101", "A port.")]


def test_candidates_are_one_pool_and_can_be_read_one_by_one(tmp_path):
    path = write(
        tmp_path / "candidate_set_entities.jsonl",
        entity("Q1", "One.", "th"),
        entity("Q2", "", "th"),
        entity("Q3", "Drei.", "de"),
    )
    (found,) = read_mewslix(path)
    assert (found.language, found.examples, found.labelled) == ("", 2, False)
    assert "2 languages" in found.problems[0]
    assert "1 candidate without a description" in found.problems[1]
    assert next(candidates(path)).id == "Q1"
    assert [passage.id for passage in candidates(path, {"de"})] == ["Q3"]
    assert [passage.id for passage in found.read().candidates] == ["Q1", "Q3"]


def test_a_name_without_a_split_is_said(tmp_path):
    (found,) = read_mewslix(write(tmp_path / "some.jsonl", {"context": context(), "mentions": [mention("a")]}))
    assert found.split == "test"
    assert "neither dev nor test" in found.problems[0]


def test_a_broken_line_is_a_problem(tmp_path):
    path = write(tmp_path / "mentions-test.jsonl", {"context": context(), "mentions": [mention("a")]})
    path.write_text(path.read_text(encoding="utf-8") + "\n{broken", encoding="utf-8")
    (found,) = read_mewslix(path)
    assert (found.examples, "line 2" in found.problems[0]) == (0, True)
    (lacking,) = read_mewslix(write(tmp_path / "x-test.jsonl", {"context": {}, "mentions": []}))
    assert "'language'" in lacking.problems[0]


@pytest.mark.parametrize("content", ['{"premise": "a"}', "[1]", "", "\xff"])
def test_other_lines_are_not_its_format(tmp_path, content):
    (tmp_path / "x.jsonl").write_text(content, encoding="latin-1")
    assert read_mewslix(tmp_path / "x.jsonl") is None


def test_mewsli_9_is_another_data_set(tmp_path):
    path = tmp_path / "mentions.tsv"
    path.write_text(
        "docid\tposition\tlength\tmention\turl\tlang\tqid\n1\t0\t2\tab\tu\ttr\tQ1\n2\t0\t2\tab\tu\tde\tQ1\n",
        encoding="utf-8",
    )
    rows = read_mewsli9(path)
    assert [(row.task, row.language, row.examples) for row in rows] == [("", "de", 0), ("", "tr", 0)]
    assert "Mewsli-9" in rows[0].problems[0]
    path.write_text("a\tb\n", encoding="utf-8")
    assert read_mewsli9(path) is None


@pytest.mark.parametrize(
    ("name", "content", "count"),
    [
        ("mewslix/test-de.json", '{"a": ["Q1"], "b": ["Q2"]}', 2),
        ("lareqa/test-th.json", '{"a": ["de_1_0", "th_1_2"]}', 1),
        ("bucc2018/test-zh.tsv", "zh-000000001\ten-000000002\n", 1),
        ("tatoeba/test-sw.tsv", "3\n1\n2\n", 3),
    ],
)
def test_gold_of_the_leaderboard_is_known_by_folder_and_content(tmp_path, name, content, count):
    def put(folder):
        path = tmp_path / folder / name
        path.parent.mkdir(parents=True)
        path.write_text(content, encoding="utf-8")
        return path

    (found,) = read_leaderboard(put("labels"))
    assert (found.task, found.split, found.examples, found.labelled) == (name.split("/")[0], "test", count, True)
    assert "they score predictions" in found.problems[0]
    (answers,) = read_leaderboard(put("predictions"))
    assert not answers.labelled
    put("other").write_text("Ein Satz.\n", encoding="utf-8")
    assert read_leaderboard(tmp_path / "other" / name) is None
