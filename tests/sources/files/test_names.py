"""What names claim."""

from pathlib import Path

import pytest

from xtransfer_stats.sources.files.names import corpus_of, language_of, split_of


@pytest.mark.parametrize(
    ("path", "corpus", "language", "split"),
    [
        ("x/XNLI-1.0/xnli.dev.tsv", "xnli", "", "dev"),
        ("x/y/multinli.train.ar.tsv", "mnli", "ar", "train"),
        ("x/y/val.et.jsonl", "", "et", "dev"),
        ("x/y/socialIQa_v1.4_dev.jsonl", "siqa", "", "dev"),
        ("x/y/dev_rand_split.jsonl", "", "", "dev"),
        ("x/anli_v0.1/R1/dev.jsonl", "anli", "", "dev"),
        ("x/MNLI/dev_matched.tsv", "mnli", "", "dev"),
        ("x/x-final/ko/translated_train.tsv", "pawsx", "ko", "train"),
        ("facebook/xnli/zh-CN/validation-00000-of-00001.parquet", "xnli", "zh", "dev"),
        ("x/saved/test/data-00000-of-00001.arrow", "", "", "test"),
        ("x/validation_matched/data-00000-of-00001.arrow", "", "", "dev"),
        ("x/y/test_no_answers.jsonl", "", "", "test"),
        ("x/my_data/it_is.jsonl", "", "", ""),
        ("x/it/test.it.jsonl", "", "it", "test"),
        ("x/test_data/rows.jsonl", "", "", ""),
        ("x/y/mnli.train.en-de.jsonl", "mnli", "de", "train"),
    ],
)
def test_a_name_claims_corpus_language_and_split(path, corpus, language, split):
    assert (corpus_of(Path(path)), language_of(Path(path)), split_of(Path(path))) == (corpus, language, split)
