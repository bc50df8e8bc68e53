"""Readers of layouts by lines, on hand-written files."""

import pytest

from xtransfer_stats.sources.files.survey import recognise, survey


def written(root, name, text):
    path = root / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def only(path):
    (row,) = recognise(path)
    return row


def brief(row):
    return row.task, row.language, row.split, row.examples, row.labelled


def test_crlf_stays_out_of_the_label(tmp_path):
    row = only(written(tmp_path, "xnli/dev-de.tsv", "Der Hund bellt.\tEin Tier lärmt.\tentailment\r\n" * 3))
    assert brief(row) == ("xnli", "de", "dev", 3, True)
    assert row.read().examples[0].label == "entailment"


def test_a_bad_row_is_dropped_and_counted(tmp_path):
    row = only(written(tmp_path, "xnli/dev-de.tsv", "Ein Satz.\tNoch einer.\tneutral\n" * 19 + "Ein Satz.\tneutral\n"))
    assert row.examples == 19
    assert "1 of 20 rows dropped: not 3 columns" in row.problems


def test_quotes_of_csv_are_no_part_of_a_sentence_and_ns_is_dropped(tmp_path):
    text = '"Er sagte ""ja"" dazu."\tEr stimmte zu.\t1\r\nNS\tEr stimmte zu.\t0\r\n'
    row = only(written(tmp_path, "pawsx/dev-de.tsv", text))
    assert brief(row) == ("pawsx", "de", "dev", 1, True)
    assert row.read().examples[0].text == 'Er sagte "ja" dazu.'
    assert any("not translated" in problem for problem in row.problems)


def test_bare_quotes_are_characters(tmp_path):
    text = '"Ja", sagte er.\tEr "stimmte" zu.\tneutral\n'
    assert only(written(tmp_path, "xnli/dev-de.tsv", text)).read().examples[0].text == '"Ja", sagte er.'


def test_stripped_pairs_are_unlabelled_and_xnli_is_told_by_its_premises(tmp_path):
    text = "".join(f"Die Prämisse Nummer {n // 3}.\tDie Hypothese Nummer {n}.\n" for n in range(9))
    row = only(written(tmp_path, "pawsx/test-de.tsv", text))
    assert brief(row) == ("xnli", "de", "test", 9, False)
    assert "the name says pawsx, the content is XNLI" in row.problems


def test_a_name_with_another_task_is_told(tmp_path):
    row = only(written(tmp_path, "udpos/dev-de.tsv", "Ulm\tB-LOC\n,\tO\n\nAda\tB-PER\n"))
    assert brief(row) == ("panx", "de", "dev", 2, True)
    assert "the name says udpos, the content is PAN-X" in row.problems


def test_stripped_tags_are_unlabelled(tmp_path):
    row = only(written(tmp_path, "panx/test-zh.tsv", "香\n港\n\n北\n京\n"))
    assert brief(row) == ("panx", "zh", "test", 2, False)
    assert row.read().examples[1].tags is None


def test_wikiann_loses_its_prefix_and_keeps_orphans(tmp_path):
    row = only(written(tmp_path, "th.tar.gz/dev", "th:ก\tI-LOC\nth::\tO\n\n\nth:ข\ten:b\tO\n"))
    assert brief(row) == ("panx", "th", "dev", 2, True)
    assert row.read().examples[0].tokens == ("ก", ":")
    assert row.problems == ("1 tags I- follow no B- or I- of their kind: kept",)


CONLLU = """# text = Im Mai 5 000 Euro
1-2\tIm\t_\t_\t_\t_\t_\t_\t_\t_
1\tIn\tin\tADP\t_\t_\t3\tcase\t_\t_
2\tdem\tder\tDET\t_\t_\t3\tdet\t_\t_
3\tMai\tMai\tPROPN\t_\t_\t0\troot\t_\t_
3.1\tgab\tgeben\tVERB\t_\t_\t_\t_\t_\t_
4\t5 000\t5000\tNUM\t_\t_\t5\tnummod\t_\t_
5\tEuro\tEuro\tNOUN\t_\t_\t3\tnmod\t_\t_

1-2\tgib's\t_\t_\t_\t_\t_\t_\t_\t_
1\tgib\tgeben\tVERB\t_\t_\t0\troot\t_\t_
2\tes\tes\tPRON\t_\t_\t1\tobj\t_\t_

1\t_\t_\tNOUN\t_\t_\t0\troot\t_\t_
2\t_\t_\tPUNCT\t_\t_\t1\tpunct\t_\t_
"""


def test_conllu_is_read_in_the_form_of_the_benchmark(tmp_path):
    row = only(written(tmp_path, "de_gsd-ud-test.conllu", CONLLU))
    assert brief(row) == ("udpos", "de", "test", 2, True)
    first, second = row.read().examples
    # The nearer to the root gives the tag (gib); among equals ADP stands before DET (Im).
    assert list(zip(first.tokens, first.tags, strict=True)) == [
        ("Im", "ADP"), ("Mai", "PROPN"), ("5000", "NUM"), ("Euro", "NOUN"),
    ]  # fmt: skip
    assert (second.tokens, second.tags) == (("gib's",), ("VERB",))
    assert row.problems == ("1 sentences dropped: their words are withheld (_)",)


def test_supertags_stand_in_the_column_that_the_comment_names(tmp_path):
    text = "# tok:gold\tsym:gold\tcat:gold\trol:gold\nShe\tshe\tnp\t[]\nran\trun\ts:dcl\\np\t[]\nø\tø\tnp/n\t[]\n\n"
    row = only(written(tmp_path, "en/gold/train.conll", text))
    assert brief(row) == ("ccg", "en", "train", 1, True)
    assert row.read().examples[0].tags == ("np", "s:dcl\\np")
    assert "1 tokens ø left out: meaning without a word" in row.problems


def test_supertags_of_ccgbank_stand_last(tmp_path):
    row = only(written(tmp_path, "ccg/dev.tsv", "He\tPRP\tNP\nran\tVBD\tS[dcl]\\NP\n.\t.\t.\n"))
    assert brief(row) == ("ccg", "en", "dev", 1, True)


@pytest.mark.parametrize(("folder", "labelled"), [("labels", True), ("predictions", False)])
def test_the_leaderboards_files_are_told_by_their_folder(tmp_path, folder, labelled):
    row = only(written(tmp_path, f"{folder}/udpos/test-de.tsv", "DET\nNOUN\n\nPRON\n"))
    assert brief(row) == ("udpos", "de", "test", 2, labelled)
    assert (row.format, row.read) == (folder, None)
    assert row.problems


def test_labels_that_were_taken_out_are_told(tmp_path):
    row = only(written(tmp_path, "labels/pawsx/test-de.tsv", "0\n" * 9))
    assert not row.labelled
    assert "every row holds '0': the labels were taken out" in row.problems


def test_the_survey_names_what_it_cannot_read(tmp_path):
    root = tmp_path / "root"
    written(root, "xnli/dev-de.tsv", b"Ein l\xe4ngerer Satz.\tNoch ein Satz.\tneutral\n" * 3)
    written(root, "README.md", "about")
    written(root, ".hidden", "x")
    written(root, "empty.tsv", "")
    written(root, "data.zip", b"PK\x03\x04")
    (root / "out.tsv").symlink_to(written(tmp_path, "other.tsv", "a\tO\n"))
    (root / "round").symlink_to(root)
    (root / "lost").symlink_to(root / "nothing")
    told = {row.path.relative_to(root).as_posix(): row.problems[-1] for row in survey(root)}
    assert told["xnli/dev-de.tsv"] == "byte 5 is not UTF-8 (0xE4, 'ä' in Windows-1252): save the file as UTF-8"
    assert told[".hidden"] == "hidden: not read"
    assert told["empty.tsv"] == "empty"
    assert told["data.zip"] == "a zip archive: unpack it"
    assert told["out.tsv"].startswith("a link that leads out")
    assert told["lost"] == "a link that leads nowhere"
    assert "not entered" in told["round"]
    assert "README.md" not in told
