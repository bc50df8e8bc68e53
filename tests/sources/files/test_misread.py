"""Kinds of files that were misread in silence: each is read as what it is, or refused by name."""

import gzip
import json
import os
import subprocess
import sys

import pandas as pd
import pyarrow as pa
import pytest
from pyarrow import parquet as pq
from tests.places import beside
from tests.sources.files.test_layouts import brief, only, written

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.files.source import FilesSource
from xtransfer_stats.sources.files.survey import survey

NLI = "premise\thypothesis\tlabel\nEin Mann liest .\tEr liest .\tentailment\nEin Mann ruht .\tEr ruht .\tneutral\n"


def parquet(root, name, rows, **features):
    path = written(root, name, b"")
    table = pa.Table.from_pylist(rows)
    if features:
        table = table.replace_schema_metadata({"huggingface": json.dumps({"info": {"features": features}})})
    pq.write_table(table, path)
    return path


def told(root):
    """Path -> task, language and split of what a folder holds, and all its problems."""
    rows = survey(root)
    known = {row.path.relative_to(root).as_posix(): (row.task, row.language, row.split) for row in rows}
    return known, "; ".join(problem for row in rows for problem in row.problems)


# The language: rows, then the file's name, then a folder that declares one.


def test_a_folder_named_3_th_is_not_thai(tmp_path):
    written(tmp_path, "xnli/3-th/samples-dev.tsv", NLI)
    known, problems = told(tmp_path)
    assert known == {"xnli/3-th/samples-dev.tsv": ("xnli", "", "dev")}
    assert "neither the rows nor the names tell the language" in problems


@pytest.mark.parametrize("code", ["de", "it", "fr", "my", "ur"])
def test_the_hubs_folders_of_pan_x_are_of_their_language(tmp_path, code):
    tags = {"feature": {"names": ["O", "B-PER"], "_type": "ClassLabel"}, "_type": "Sequence"}
    row = {"tokens": ["Mia", "Roth"], "ner_tags": [1, 0]}
    for name, more in (("rows", {"langs": [code, code]}), ("names", {})):
        path = parquet(tmp_path / name, f"PAN-X.{code}/test-00000-of-00001.parquet", [row | more], ner_tags=tags)
        assert brief(only(path)) == ("panx", code, "test", 1, True)


def test_the_rows_language_comes_before_the_names(tmp_path):
    rows = "language\tpremise\thypothesis\tlabel\nqu\ta b c\td e f\tneutral\nfr\tg h i\tj k l\tneutral\n"
    found = survey(written(tmp_path, "xnli/de/test.tsv", rows).parent)
    assert [(row.task, row.language, row.examples) for row in found] == [("xnli", "fr", 1), ("xnli", "qu", 1)]
    assert "the name says de, the rows say fr" in found[0].problems


@pytest.mark.parametrize("name", ["mnli/de/train.tsv", "mnli/train_de.tsv", "mnli.de/train.tsv"])
def test_a_translation_of_an_english_set_keeps_its_language(tmp_path, name):
    row = only(written(tmp_path, name, NLI))
    assert brief(row) == ("mnli", "de", "train", 2, True)
    assert row.problems == ("mnli is English, the name says de: taken as a translation into de",)


def test_the_hubs_configurations_of_mlqa_tell_context_and_question(tmp_path):
    answers = {"text": ["Oslo"], "answer_start": [0]}
    row = {"id": "a" * 40, "title": "t", "context": "Oslo liegt dort.", "question": "Where?", "answers": answers}
    found = only(parquet(tmp_path, "MLQA.de.en/test-00000-of-00001.parquet", [row]))
    assert (*brief(found), found.question_language) == ("mlqa", "de", "test", 1, True, "en")


def test_the_hubs_paws_x_without_ids_is_told_by_its_name(tmp_path):
    rows = [{"sentence1": "Eins zwei .", "sentence2": "Zwei eins .", "label": "1"}]
    assert brief(only(parquet(tmp_path, "PAWS-X.de/test-00000-of-00001.parquet", rows))) == (
        "pawsx", "de", "test", 1, True,
    )  # fmt: skip
    nameless = only(parquet(tmp_path / "a" / "b" / "c", "test.parquet", rows))
    assert nameless.task == ""
    assert "those of pawsx or qqp, and no name says which" in nameless.problems[0]


def test_the_hubs_tatoeba_is_read_and_its_pairs_of_bucc_are_not_mined(tmp_path):
    rows = [{"source_sentence": "Hallo .", "target_sentence": "Hello .", "source_lang": "deu", "target_lang": "eng"}]
    assert brief(only(parquet(tmp_path, "tatoeba.deu/validation-00000-of-00001.parquet", rows))) == (
        "tatoeba", "de", "test", 1, True,
    )  # fmt: skip
    pairs = only(parquet(tmp_path, "bucc18.de/test-00000-of-00001.parquet", rows))
    assert (brief(pairs), pairs.read) == (("bucc2018", "de", "test", 1, True), None)
    assert "mining them is another, easier task" in pairs.problems[0]


@pytest.mark.parametrize("form", ["{}_{}", "{}.{}", "{}-{}"])
@pytest.mark.parametrize("texts", [("sentence1", "sentence2"), ("premise", "hypothesis")])
def test_columns_of_two_languages_give_each_its_own(tmp_path, form, texts):
    header = ["label", *(form.format(text, code) for code in ("en", "sw") for text in texts)]
    text = "\t".join(header) + "\nneutral\tThe child eats .\tIt is noon .\tMtoto anakula .\tNi saa sita .\n"
    found = {row.language: row for row in survey(written(tmp_path, "xnli/sw.trans.test.tsv", text).parent)}
    assert {code: row.read().examples[0].text for code, row in found.items()} == {
        "en": "The child eats .", "sw": "Mtoto anakula .",
    }  # fmt: skip
    assert found["en"].beside
    assert "columns beside those of sw" in found["en"].problems[0]


def test_the_english_beside_translations_is_counted_once(tmp_path):
    header = "label\tsentence1_en\tsentence2_en\tsentence1_{0}\tsentence2_{0}\n"
    for code in ("sw", "ur"):
        written(tmp_path, f"xnli/{code}.test.tsv", header.format(code) + "neutral\tOne .\tTwo .\tA .\tB .\n")
    source = FilesSource(tmp_path)
    assert [one.text for one in source.load("xnli", "test", "en").examples] == ["One ."]
    assert [one.text for one in source.load("xnli", "test", "ur").examples] == ["A ."]
    written(tmp_path, "xnli/test-en.tsv", "Own .\tText .\tneutral\n")
    assert [one.text for one in FilesSource(tmp_path).load("xnli", "test", "en").examples] == ["Own ."]


OWN = """
[[target]]
name = "my-nli"
family = "classification"
group = "classification"
training = "xnli"
labels = ["entailment", "neutral", "contradiction"]
benchmarks = { "americas" = ["ay", "gn"] }
files = ["my-nli"]
"""


def test_languages_of_own_entries_are_known(tmp_path):
    for name in ("my-nli/test.ay.tsv", "my-nli/gn/test.tsv"):
        written(tmp_path / "data", name, NLI)
    environment = {**os.environ, "XSTATS_TASKS": str(written(tmp_path, "xstats-tasks.toml", OWN))}
    command = [sys.executable, "-m", "xtransfer_stats", "data", str(tmp_path / "data"), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, env=environment, check=True)
    assert {row["path"]: (row["task"], row["language"], row["split"]) for row in json.loads(done.stdout)} == {
        "my-nli/gn/test.tsv": ("my-nli", "gn", "test"),
        "my-nli/test.ay.tsv": ("my-nli", "ay", "test"),
    }


# Which corpus it is.


@pytest.mark.parametrize(("folder", "task"), [("pawsx", "pawsx"), ("qqp", "qqp"), ("mrpc", ""), ("stuff", "")])
def test_pairs_without_a_header_are_of_the_corpus_that_the_name_says(tmp_path, folder, task):
    row = only(written(tmp_path / "a" / "b", f"{folder}/train-en.tsv", "The cat sat .\tIt sat .\t1\nNo .\tYes .\t0\n"))
    assert row.task == task
    assert bool(row.problems) == (task == "")
    assert FilesSource(tmp_path).blocked("pawsx", "train", "en") == "" if task == "pawsx" else True


@pytest.mark.parametrize("tag", ["B-MISC", "B-DATE"])
def test_tags_of_another_set_are_another_corpus(tmp_path, tag):
    text = "Mia\tB-PER\nlebt\tO\nhier\tO\nnun\tO\n\n" * 300 + f"Heute\t{tag}\n\nMorgen\t{tag}\n"
    row = only(written(tmp_path, "panx/train-de.tsv", text))
    assert row.task == ""
    assert f"the tags {tag} are none of PAN-X's: another corpus" in row.problems


def test_long_words_that_are_no_categories_do_not_hang(tmp_path):
    row = only(written(tmp_path, "x/dev.tsv", f"word\t{'a' * 500}!\nword\tS[dcl]\\NP{'b' * 500}?\n"))
    assert row.task == ""


def test_a_named_corpus_that_the_catalogue_lacks_is_not_taken_for_another(tmp_path):
    row = only(written(tmp_path, "masakhaner/sw/test.txt", "Mia B-PER\nRoth I-PER\n\nin O\n"))
    assert row.task == ""
    assert "the name says masakhaner, which the catalogue does not have" in row.problems[0]
    named = only(written(tmp_path, "xnli/americasnli/test-qu.tsv", NLI))
    assert named.task == ""
    assert "the name says americasnli" in named.problems[0]


@pytest.mark.parametrize("ids", [("1e", "2n"), ("1", "2")])
def test_a_translated_copy_beside_its_original_is_not_joined(tmp_path, ids):
    header = "pairID\tpremise\thypothesis\tlabel\n"
    for name, texts in (("train.tsv", ("A man", "reads")), ("translated_train.tsv", ("Ein Mann", "liest"))):
        rows = "".join(f"{key}\t{texts[0]} {key}\t{texts[1]}\tneutral\n" for key in ids)
        written(tmp_path, f"mnli/{name}", header + rows)
    source = FilesSource(tmp_path)
    with pytest.raises(DataError, match=r"hold 2 examples of the same ids and labels, with other texts.*counted twice"):
        source.load("mnli", "train", "en")
    assert "leave one of the two" in source.blocked("mnli", "train", "en")
    (tmp_path / "mnli" / "translated_train.tsv").unlink()
    assert FilesSource(tmp_path).blocked("mnli", "train", "en") == ""


def test_a_backup_of_a_file_is_not_joined(tmp_path):
    text = "".join(f"Erster Satz {n} .\tZweiter {n} .\t{n * n % 3 % 2}\n" for n in range(20))
    for folder in ("pawsx", "pawsx/backup"):
        written(tmp_path, f"{folder}/test-de.tsv", text)
    assert "with the same texts" in FilesSource(tmp_path).blocked("pawsx", "test", "de")


# Layouts and headings.


def test_a_space_between_token_and_tag_is_read(tmp_path):
    row = only(written(tmp_path, "panx/test-en.txt", "Mia B-PER\nRoth I-PER\n\nin O\nRome B-LOC\n"))
    assert brief(row) == ("panx", "en", "test", 2, True)
    assert row.read().examples[0].tokens == ("Mia", "Roth")
    words = only(written(tmp_path, "udpos/dev-en.txt", "She PRON\nran VERB\n\nOh INTJ\n"))
    assert brief(words) == ("udpos", "en", "dev", 2, True)


@pytest.mark.parametrize(
    "header",
    ["sentence1,sentence2,label", "text_a,text_b,class", "Premise,Hypothesis,Label", "sentence 1,sentence 2,gold",
     "premise,hypothesis,labels", "s1,s2,category", "premise,hypo,target"],
)  # fmt: skip
def test_words_of_labels_under_common_headings_are_read(tmp_path, header):
    row = only(written(tmp_path, "xnli/xnli.zh.dev.csv", f"{header}\nA man .,He .,entailment\nNo .,Yes .,Neutral\n"))
    assert brief(row) == ("xnli", "zh", "dev", 2, True)
    assert [one.label for one in row.read().examples] == ["entailment", "neutral"]


def test_other_headings_are_announced(tmp_path):
    row = only(written(tmp_path, "xnli/dev-de.csv", "text_a,text_b,class\nA man .,He .,entailment\n"))
    assert row.problems == ("columns text_a, text_b, class read as sentence1, sentence2, label",)


@pytest.mark.parametrize("numpy", [False, True])
def test_lists_in_tables_that_pandas_wrote_are_lists(tmp_path, numpy):
    listed = (lambda values: pd.Series(values).to_numpy()) if numpy else list
    frame = pd.DataFrame({"tokens": [listed(["Mia", "isn't", ","])], "ner_tags": [listed(["B-PER", "O", "O"])]})
    path = written(tmp_path, "wikiann/de/test.csv", b"")
    frame.to_csv(path)
    row = only(path)
    assert brief(row) == ("panx", "de", "test", 1, True)
    assert row.read().examples[0].tokens == ("Mia", "isn't", ",")
    answers = {"text": listed(["Oslo"]), "answer_start": listed([0])}
    squad = pd.DataFrame({"id": ["x"], "context": ["Oslo liegt."], "question": ["Wo?"], "answers": [answers]})
    squad.to_csv(written(tmp_path, "xquad/de/test.csv", b""), index=False)
    found = only(tmp_path / "xquad/de/test.csv")
    assert (brief(found), found.read().examples[0].answers[0].text) == (("xquad", "de", "test", 1, True), "Oslo")


def test_lists_that_were_cut_short_are_refused(tmp_path):
    text = "tokens,ner_tags\n\"['Mia' ... 'x']\",\"['O' ... 'O']\"\n"
    assert "a list cut short with ..." in only(written(tmp_path, "wikiann/de/test.csv", text)).problems[0]


def test_packed_files_are_read_and_the_file_beside_stays(tmp_path):
    pair = {
        "tatoeba.deu-eng.deu": "Hallo\nZug\nAst\nBein\nUhr\n",
        "tatoeba.deu-eng.eng": "Hi\nTrain\nBranch\nLeg\nAt\n",
    }
    for name, text in {**pair, "xnli/de/test.tsv": NLI}.items():
        written(tmp_path, f"{name}.gz", gzip.compress(text.encode()))
    known, _ = told(tmp_path)
    assert known == {
        "tatoeba.deu-eng.deu.gz": ("tatoeba", "de", "test"), "xnli/de/test.tsv.gz": ("xnli", "de", "test"),
    }  # fmt: skip
    both = written(tmp_path, "xnli/de/test.tsv", NLI.replace("Mann", "Hund"))
    told(tmp_path)
    assert "Hund" in both.read_text()


def test_a_damaged_or_other_archive_is_named(tmp_path):
    written(tmp_path, "xnli/test.tsv.gz", gzip.compress(NLI.encode())[:30])
    tar = b"a" * 257 + b"ustar" + b"\0" * 300
    written(tmp_path, "yo.tar.gz", gzip.compress(tar))
    problems = told(tmp_path)[1]
    assert "the gzip file is damaged" in problems
    assert "a tar archive: unpack it" in problems


# What cannot be read is named.


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (NLI.encode("utf-16"), "the first bytes are FF FE, the mark of UTF-16"),
        (NLI.encode("utf-16-le"), "every second byte from byte 1 on is 00"),
        (NLI.replace("ruht", "müde").encode("cp1252"), "is not UTF-8 (0xFC, 'ü' in Windows-1252): save the file as"),
        (b"\n" * 100_000, "nothing but empty lines"),
        (b"a\tb\n1\t2\n", "the columns are a, b; none of them is a column of a known data set"),
        (b"premise\tlabel\nx\ty\n", "it lacks hypo"),
    ],
)
def test_a_table_that_cannot_be_read_says_why(tmp_path, content, why):
    row = only(written(tmp_path, "xnli/dev-de.tsv", content))
    assert row.task == ""
    assert why in row.problems[-1]


def test_the_byte_that_is_not_utf_8_is_counted_from_the_start_of_the_file(tmp_path):
    content = b"premise\thypothesis\tlabel\n" + b"a b\tc d\tneutral\n" * 20_000 + b"\xfc\tx\tneutral\n"
    row = only(written(tmp_path, "xnli/dev-de.tsv", content))
    assert f"byte {content.index(0xFC)} is not UTF-8" in row.problems[0]


def test_a_table_with_other_separators_is_read_and_said(tmp_path):
    row = only(written(tmp_path, "xnli/xnli-de-dev.csv", NLI.replace("\t", ";")))
    assert brief(row) == ("xnli", "de", "dev", 2, True)
    assert "apart by semicolons (;)" in row.problems[0]


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("x/deep.json", "[" * 100_000, "nested more than 100 deep at line 1"),
        ("x/deep.jsonl", '{"a": ' * 100_000, "nested more than 100 deep at line 1"),
        ("labels/xquad/test-en.json", "[" * 100_000, "nested more than 100 deep"),
        ("x/long.json", '{"data": ' + "1" * 5000 + "}", "a number of more than 400 digits at line 1"),
        ("x/cut.json", '{"data": [\n{"a": 1,}]}', "not JSON at line 2, column 9"),
        ("x/rows.jsonl", '{"premise": "a", "gold": "b"}\n', "the columns are gold, premise; for"),
    ],
)
def test_hostile_and_other_json_is_named_by_its_place(tmp_path, name, text, why):
    assert why in only(written(tmp_path, name, text)).problems[-1]


@pytest.mark.parametrize("name", ["xnli/dev-de.csv", "snli/train.jsonl"])
def test_names_of_label_ids_come_from_a_file_beside(tmp_path, name):
    row = {"premise": "A b .", "hypothesis": "C d .", "label": 2}
    text = json.dumps(row) + "\n" if name.endswith("l") else ",".join(row) + "\n" + ",".join(map(str, row.values()))
    path = written(tmp_path, name, text)
    (problem,) = [one for one in only(path).problems if "label" in one and "names" in one]
    assert "write them beside the file to label-names.txt" in problem
    written(path.parent, "label-names.txt", "contradiction\nneutral\nentailment\n")
    found = only(path)
    assert (found.labelled, found.read().examples[0].label) == (True, "entailment")
    assert [one.path.name for one in survey(tmp_path)] == [path.name]


def test_names_of_tag_ids_come_from_a_file_beside(tmp_path):
    path = parquet(tmp_path, "PAN-X.de/test.parquet", [{"tokens": ["Mia", "!"], "ner_tags": [1, 0]}])
    assert "label-names.txt" in only(path).problems[0]
    written(path.parent, "label-names.txt", "O\nB-PER\n")
    assert only(path).read().examples[0].tags == ("B-PER", "O")


def test_snli_with_all_annotators_is_read(tmp_path):
    header = "gold_label\tsentence1\tsentence2\tcaptionID\tpairID\tlabel1\n"
    rows = (
        "neutral\tA .\tB .\tc\tp1\tneutral\tneutral\tentailment\tneutral\t\n-\tC .\tD .\tc\tp2\tneutral\tentailment\n"
    )
    row = only(written(tmp_path, "snli/dev.txt", header + rows))
    assert (brief(row), row.read().examples[0].label) == (("snli", "en", "dev", 1, True), "neutral")
    said = [["neutral", "neutral", "entailment"], ["neutral", "entailment"]]
    lines = [{"sentence1": "A .", "sentence2": f"{n} .", "annotator_labels": one} for n, one in enumerate(said)]
    written(tmp_path, "snli/test.jsonl", "\n".join(map(json.dumps, lines)))
    found = only(tmp_path / "snli/test.jsonl")
    assert (found.examples, found.read().examples[0].label) == (1, "neutral")
    assert "1 row without a gold label: dropped" in found.problems


def test_what_lacks_says_what_is_there(tmp_path):
    written(tmp_path, "xnli/dev-de.tsv", NLI)
    told = FilesSource(tmp_path).blocked("xnli", "test", "de")
    assert "has no file of it (it has dev de): add one that `xstats data` lists as task xnli" in told


# A dry run repeats what is odd.


def test_a_dry_run_repeats_what_is_odd_about_its_data(tmp_path):
    from xtransfer_stats import run

    labels = ("entailment", "neutral", "contradiction")
    rows = "".join(f"Satz {n} .\tZweiter {n} .\t{labels[n * n % 7 % 3]}\n" for n in range(60))
    for name in ("train-en", "dev-en", "test-en", "test-de"):
        written(
            tmp_path,
            f"xnli/{name}.tsv",
            rows.replace("Satz", name) + ("kaputt\tneutral\n" if name == "test-de" else ""),
        )
    given = {"targets": ["xnli"], "languages": ["de", "en"], "source": str(tmp_path), "store": tmp_path / "store"}
    result = run("embedded", seeds=2, tasks=[3], dry_run=True, **given)
    assert result.warnings == (f"{tmp_path}/xnli/test-de.tsv: 1 of 61 rows dropped: not 3 columns",)


CASES = {
    "k01-hub-folders/PAN-X.de": ("panx", "de"), "k01-hub-folders/PAN-X.it": ("panx", "it"),
    "k01-hub-folders/PAN-X.fr": ("panx", "fr"), "k02-translated-set/mnli/de": ("mnli", "de"),
    "k10-another-corpus/qqp": ("qqp", "en"), "k14-reason/c": ("xnli", "de"), "k15-layouts/15-a/panx": ("panx", "en"),
    "k15-layouts/16-a": ("xnli", "zh"),
}  # fmt: skip


@pytest.mark.parametrize("case", CASES)
def test_the_shared_cases_are_read(case):
    (row,) = survey(beside("cases", "data", case))
    assert (row.task, row.language) == CASES[case]


def test_the_shared_case_of_two_languages_gives_the_named_ones_columns():
    source = FilesSource(beside("cases", "data", "k04-two-language-file"))
    assert source.load("xnli", "test", "sw").examples[0].text == "Mtoto anakula ."
    (row,) = survey(beside("cases", "data", "k14-reason", "a"))
    assert "byte 89 is not UTF-8 (0xFC, 'ü' in Windows-1252)" in row.problems[0]
