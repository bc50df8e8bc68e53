"""Tables with a header: quoting, line ends, missing fields, languages in columns."""

from xtransfer_stats.sources.files.textrows import read_delimited

PAWSX = "id\tsentence1\tsentence2\tlabel\n"
QQP = "id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate\n"


def test_quotation_marks_are_characters_where_the_release_does_not_quote(place):
    rows = '1\t2\t3\t"Is it?\tWas it?\t0\n4\t5\t6\tNo "quote\t"He said"\t1\n'
    (found,) = read_delimited(place("qqp/train.tsv", QQP + rows))
    assert (found.task, found.language, found.split, found.examples) == ("qqp", "en", "train", 2)
    assert [example.text for example in found.read().examples] == ['"Is it?', 'No "quote']
    assert found.read().examples[1].pair == '"He said"'


def test_quoted_tables_are_read_as_such(place):
    rows = '1\t"""Angel"" is old."\t"He sang ""Angel""."\t1\r\n2\tNS\tOne.\t0\r\n3\tTwo.\tThree.\t0\r\n'
    (found,) = read_delimited(place("test-de.tsv", PAWSX.replace("\n", "\r\n") + rows))
    assert (found.task, found.language, found.examples, found.labelled) == ("pawsx", "de", 2, True)
    assert found.problems == ("1 row with an untranslated sentence (NS): dropped",)
    one, two = found.read().examples
    assert (one.id, one.text, one.pair, one.label, two.label) == ("1", '"Angel" is old.', 'He sang "Angel".', "1", "0")


def test_a_carriage_return_is_no_part_of_a_label(place):
    (found,) = read_delimited(
        place("multinli.train.fr.tsv", "premise\thypo\tlabel\r\na\tb\tcontradictory\r\nc\td\tneutral\r\n")
    )
    assert (found.task, found.language, found.split) == ("xnli", "fr", "train")
    assert [example.label for example in found.read().examples] == ["contradiction", "neutral"]
    assert found.problems == ()


def test_a_quoted_field_may_hold_lines_and_delimiters(place):
    header = "id,context,question,answer0,answer1,answer2,answer3,label\r\n"
    (found,) = read_delimited(place("valid.csv", header + 'x##q1,"One, two.\nThree.",Why ?,a,b,c,"d, e",3\r\n'))
    assert (found.task, found.split, found.examples) == ("cosmosqa", "dev", 1)
    (example,) = found.read().examples
    assert (example.prompt, example.choices[3], example.label) == ("One, two.\nThree. Why ?", "d, e", 3)


def test_fields_missing_at_the_end_are_read_and_a_missing_label_drops_the_row(place):
    rows = "1\t2\t3\ta\tb\t0\n4\t5\t6\tc\td\n7\t8\t9\te\tf\t1\tmore\n"
    (found,) = read_delimited(place("qqp_train.tsv", QQP + rows))
    assert found.examples == 1
    assert found.problems == ("1 row with more fields than the header: dropped", "1 row without a gold label: dropped")


def test_a_test_set_without_labels_keeps_its_examples(place):
    (found,) = read_delimited(place("test.tsv", "id\tquestion1\tquestion2\n0\ta\tb\n1\tc\td\n"))
    assert (found.task, found.split, found.examples, found.labelled) == ("qqp", "test", 2, False)
    assert found.problems == ("no labels: cannot be scored",)


def test_the_gold_label_of_glue_stands_last(place):
    header = "index\tpromptID\tpairID\tgenre\tsentence1\tsentence2\tlabel1\tgold_label\n"
    (found,) = read_delimited(place("dev_matched.tsv", header + "0\t1\t1e\tfiction\ta\tb\tneutral\tentailment\n"))
    assert (found.task, found.split) == ("mnli", "dev")
    assert (found.read().examples[0].id, found.read().examples[0].label) == ("1e", "entailment")


def test_languages_in_columns_give_one_entry_each(place):
    header = "genre\tlabel\tsentence1_de\tsentence2_de\tsentence1_sw\tsentence2_sw\n"
    found = read_delimited(place("genre.test.tsv", header + "letters\tneutral\teins\tzwei\tmoja\tmbili\n"))
    assert [(one.task, one.language, one.split) for one in found] == [("xnli", "de", "test"), ("xnli", "sw", "test")]
    assert found[1].read().examples[0].text == "moja"
    assert {one.format for one in found} == {"tsv, languages in columns"}


def test_a_table_of_other_columns_is_not_taken(place):
    assert read_delimited(place("results.csv", "language,score\nde,1.0\n")) is None
    assert read_delimited(place("dev.tsv", "eins zwei\tdrei\tneutral\n")) is None
    assert read_delimited(place("readme.txt", "Some text.\n")) is None
    assert read_delimited(place("latin.csv", "premise,hypothesis\n\xe9,a\n".encode("latin-1"))) is None
