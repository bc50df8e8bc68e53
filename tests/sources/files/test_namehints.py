"""What names claim."""

from pathlib import Path

import pytest

from xtransfer_stats.sources.files.namehints import (
    ANY_LAYOUT,
    SQUAD_LAYOUT,
    NameHint,
    corpus_of,
    language_of,
    name_hint,
    split_of,
)


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


@pytest.mark.parametrize(
    ("path", "any_layout", "squad_layout"),
    [
        ("x/y/tydiqa-goldp-v1.1-dev.json", "tydiqa", "tydiqa"),
        ("x/y/train-v2.0.json", "", "squad2"),
        ("x/y/squad.translate.train.en-de.json", "squad1", "squad1"),
        ("x/xquad-r/de.json", "xquad", "lareqa"),
        ("squad/x/y/z.json", "squad1", ""),
    ],
)
def test_a_kind_of_file_has_names_of_its_own(path, any_layout, squad_layout):
    assert (corpus_of(Path(path), ANY_LAYOUT), corpus_of(Path(path), SQUAD_LAYOUT)) == (any_layout, squad_layout)


def test_a_hint_has_both_languages_and_tells_a_translation():
    asked = name_hint(Path("MLQA_V1/dev/dev-context-de-question-en.json"), SQUAD_LAYOUT)
    assert asked == NameHint("mlqa", "dev", "de", "en", False)
    assert name_hint(Path("squad/squad.translate.train.en-de.json"), SQUAD_LAYOUT).translated
