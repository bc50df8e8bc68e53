"""The expected table of the real slices with named columns, counted from the formats with grep and awk.

JSON lines: lines that are not blank, less SNLI's "-". Tables: lines less the header, less PAWS-X rows with "NS".
"""

import pytest
from tests.places import REAL_DATA, beside

from xtransfer_stats.sources.files.parquet import read_columns
from xtransfer_stats.sources.files.textrows import read_delimited, read_json_rows

READERS = (read_json_rows, read_delimited, read_columns)
XNLI = "ar bg de el en es fr hi ru sw th tr ur vi zh".split()
RAW = "hf_raw_samples"
MULTI = f"{RAW}/multi_nli/multinli_1.0.zip/multinli_1.0/multinli_1.0"
MT = f"{RAW}/xnli/XNLI-MT-1.0.zip/XNLI-MT-1.0"

# path: task, language, split, examples, labelled
EXPECTED = {
    "anli/ANLI_analysis_r1_dev.csv": ("anli", "en", "dev", 100, True),
    "commonsenseqa/test_no_answers.jsonl": ("commonsenseqa", "en", "test", 250, False),
    "commonsenseqa/train.jsonl": ("commonsenseqa", "en", "train", 250, True),
    "cosmosqa/valid.csv": ("cosmosqa", "en", "dev", 119, True),
    "hellaswag/hellaswag_val_1000sample.head300.jsonl": ("hellaswag", "en", "dev", 120, True),
    "mnli/jiant_fixture/mnli_test.jsonl": ("mnli", "en", "test", 5, False),
    "mnli/jiant_fixture/mnli_train.jsonl": ("mnli", "en", "train", 5, True),
    "mnli/jiant_fixture/mnli_val.jsonl": ("mnli", "en", "dev", 5, True),
    "mnli/mnli_dev_matched_text_gold_ncorrect100.txt": ("mnli", "en", "dev", 399, True),
    "pawsx/hf_tsv/test-de.tsv": ("pawsx", "de", "test", 199, True),
    "qqp/glue/dev.tsv": ("qqp", "en", "dev", 9, True),
    "qqp/glue/test.tsv": ("qqp", "en", "test", 9, False),
    "qqp/glue/train.tsv": ("qqp", "en", "train", 9, True),
    "siqa/socialIQa_v1.4_dev.jsonl": ("siqa", "en", "dev", 250, True),
    "snli/snli_1.0_dev.jsonl": ("snli", "en", "dev", 247, True),
    "xcopa/copa_en_superglue/test-en.jsonl": ("copa", "en", "test", 500, False),
    "xcopa/copa_en_superglue/train-en.jsonl": ("copa", "en", "train", 400, True),
    "xcopa/copa_en_superglue/val-en.jsonl": ("copa", "en", "dev", 100, True),
    **{f"xcopa/data/{code}/test.{code}.jsonl": ("xcopa", code, "test", 500, True) for code in ("et", "sw", "zh")},
    **{f"xcopa/data/{code}/val.{code}.jsonl": ("xcopa", code, "dev", 100, True) for code in ("et", "sw", "zh")},
    "xnli/labelled_test/sw.genre.test.tsv": ("xnli", "sw", "test", 200, True),
    **{
        f"{RAW}/anli/anli_v0.1/{part}/{split}.jsonl": ("anli", "en", split, 3, True)
        for part in ("R1", "R2", "R3")
        for split in ("train", "dev", "test")
    },
    f"{RAW}/commonsense_qa/dev_rand_split.jsonl": ("commonsenseqa", "en", "dev", 2, True),
    f"{RAW}/commonsense_qa/test_rand_split_no_answers.jsonl": ("commonsenseqa", "en", "test", 2, False),
    f"{RAW}/commonsense_qa/train_rand_split.jsonl": ("commonsenseqa", "en", "train", 5, True),
    f"{RAW}/cosmos_qa/test.jsonl": ("cosmosqa", "en", "test", 2, False),
    f"{RAW}/cosmos_qa/train.csv": ("cosmosqa", "en", "train", 2, True),
    f"{RAW}/cosmos_qa/valid.csv": ("cosmosqa", "en", "dev", 2, True),
    f"{RAW}/hellaswag/hellaswag_test.jsonl": ("hellaswag", "en", "test", 2, False),
    f"{RAW}/hellaswag/hellaswag_train.jsonl": ("hellaswag", "en", "train", 2, True),
    f"{RAW}/hellaswag/hellaswag_val.jsonl": ("hellaswag", "en", "dev", 2, True),
    f"{RAW}/mnli/MNLI/dev_matched.tsv": ("mnli", "en", "dev", 2, True),
    f"{RAW}/mnli/MNLI/dev_mismatched.tsv": ("mnli", "en", "dev", 2, True),
    f"{RAW}/mnli/MNLI/test_matched.tsv": ("mnli", "en", "test", 1, False),
    f"{RAW}/mnli/MNLI/test_mismatched.tsv": ("mnli", "en", "test", 1, False),
    f"{RAW}/mnli/MNLI/train.tsv": ("mnli", "en", "train", 3, True),
    f"{MULTI}_dev_matched.jsonl": ("mnli", "en", "dev", 5, True),
    f"{MULTI}_dev_matched.txt": ("mnli", "en", "dev", 4, True),
    f"{MULTI}_dev_mismatched.jsonl": ("mnli", "en", "dev", 5, True),
    f"{MULTI}_dev_mismatched.txt": ("mnli", "en", "dev", 4, True),
    f"{MULTI}_train.jsonl": ("mnli", "en", "train", 5, True),
    f"{MULTI}_train.txt": ("mnli", "en", "train", 4, True),
    **{
        f"{RAW}/paws-x_{code}/x-final.tar.gz/x-final/{code}/{name}.tsv": ("pawsx", code, split, 4, True)
        for code in "de en es fr ja ko zh".split()
        for name, split in (
            ("dev_2k", "dev"),
            ("test_2k", "test"),
            ("train" if code == "en" else "translated_train", "train"),
        )
    },
    f"{RAW}/qqp/QQP/dev.tsv": ("qqp", "en", "dev", 2, True),
    f"{RAW}/qqp/QQP/test.tsv": ("qqp", "en", "test", 1, False),
    f"{RAW}/qqp/QQP/train.tsv": ("qqp", "en", "train", 3, True),
    f"{RAW}/snli/snli_1.0/snli_1.0_dev.txt": ("snli", "en", "dev", 2, True),
    f"{RAW}/snli/snli_1.0/snli_1.0_test.txt": ("snli", "en", "test", 1, True),
    f"{RAW}/snli/snli_1.0/snli_1.0_train.txt": ("snli", "en", "train", 3, True),
    f"{RAW}/social_i_qa/socialiqa-train-dev/dev.jsonl": ("siqa", "en", "dev", 2, True),
    f"{RAW}/social_i_qa/socialiqa-train-dev/train.jsonl": ("siqa", "en", "train", 2, True),
    f"{RAW}/super_glue_copa/COPA/test.jsonl": ("copa", "en", "test", 1, False),
    f"{RAW}/super_glue_copa/COPA/train.jsonl": ("copa", "en", "train", 3, True),
    f"{RAW}/super_glue_copa/COPA/val.jsonl": ("copa", "en", "dev", 2, True),
    **{f"{RAW}/xcopa_{code}/test.{code}.jsonl": ("xcopa", code, "test", 5, True) for code in ("et", "qu")},
    **{f"{RAW}/xcopa_{code}/val.{code}.jsonl": ("xcopa", code, "dev", 5, True) for code in ("et", "qu")},
    f"{RAW}/xnli/XNLI-1.0.zip/XNLI-1.0/xnli.dev.jsonl": ("xnli", "ar", "dev", 5, True),
    f"{RAW}/xnli/XNLI-1.0.zip/XNLI-1.0/xnli.test.jsonl": ("xnli", "ar", "test", 5, True),
    **{f"{MT}/multinli/multinli.train.{code}.tsv": ("xnli", code, "train", 4, True) for code in XNLI},
    # Arabic rows in English translation.
    f"{MT}/xnli/xnli.dev.en.jsonl": ("xnli", "en", "dev", 5, True),
    f"{MT}/xnli/xnli.dev.en.tsv": ("xnli", "en", "dev", 4, True),
    f"{MT}/xnli/xnli.test.en.jsonl": ("xnli", "en", "test", 5, True),
    f"{MT}/xnli/xnli.test.en.tsv": ("xnli", "en", "test", 4, True),
}


def found_in(path):
    return [found for read in READERS for found in read(path) or ()]


def row(found):
    return found.task, found.language, found.split, found.examples, found.labelled


def real(path):
    return beside("real-data", path)


@pytest.mark.parametrize("path", EXPECTED)
def test_a_real_slice_is_named_by_its_content(path):
    assert list(map(row, found_in(real(path)))) == [EXPECTED[path]]


@pytest.mark.parametrize("split", ["dev", "test"])
def test_a_file_of_fifteen_languages_gives_one_entry_each(split):
    found = found_in(real(f"{RAW}/xnli/XNLI-1.0.zip/XNLI-1.0/xnli.{split}.tsv"))
    assert sorted(map(row, found)) == [("xnli", code, split, 1, True) for code in XNLI]


def test_no_other_real_file_is_taken_for_rows_of_a_known_release():
    """Results, gold pairs, mentions, predictions and headerless tables are others' to read."""
    fifteen = {f"{RAW}/xnli/XNLI-1.0.zip/XNLI-1.0/xnli.{split}.tsv" for split in ("dev", "test")}
    files = [path for path in real(".").rglob("*") if path.is_file()]
    taken = {path.relative_to(REAL_DATA).as_posix() for path in files if found_in(path)}
    assert taken == EXPECTED.keys() | fifteen


def test_what_is_odd_in_a_real_slice_is_said():
    said = {path: found_in(real(path))[0].problems for path in EXPECTED}
    assert said["snli/snli_1.0_dev.jsonl"] == ("3 rows without a gold label: dropped",)
    assert "the label is 0 in every row: a stripped test set" in said["xcopa/copa_en_superglue/test-en.jsonl"]
    assert "taken as translations into en" in said[f"{MT}/xnli/xnli.dev.en.tsv"][0]
    unlabelled = {path for path, expected in EXPECTED.items() if not expected[-1]}
    assert {path for path, problems in said.items() if "no labels: cannot be scored" in problems} == unlabelled
