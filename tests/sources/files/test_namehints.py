"""What names claim."""

from pathlib import Path

import pytest

from xtransfer_stats.sources.files.namecorpora import ANY_LAYOUT, SQUAD_LAYOUT, corpus_of
from xtransfer_stats.sources.files.namehints import NameHint, name_hint, split_of
from xtransfer_stats.sources.files.namelanguage import language_of


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
        # A word that happens to be a code is no language.
        ("xnli/3-th/samples.tsv", "xnli", "", ""),
        ("xnli/3-th/train-de.tsv", "xnli", "de", "train"),
        ("panx/it-works/train.tsv", "panx", "", "train"),
        ("panx/my-data/train.tsv", "panx", "", "train"),
        ("panx/my/train.tsv", "panx", "", "train"),
        ("panx/no-dups/dev.tsv", "panx", "", "dev"),
        ("panx/de-noised/dev.tsv", "panx", "", "dev"),
        ("panx/5th-run/sample_4_th.tsv", "panx", "", ""),
        ("panx/pan-x/my-train.tsv", "panx", "", "train"),
        ("panx/few-shot-te/how-to-do-it.tsv", "panx", "", ""),
        ("xnli-3-th/x/data-tr-2.tsv", "xnli", "", ""),
        # What declares one.
        ("panx/de/dev.tsv", "panx", "de", "dev"),
        ("xnli/German/dev.tsv", "xnli", "de", "dev"),
        ("xnli/lang=sw/dev.tsv", "xnli", "sw", "dev"),
        ("PAN-X.it/test-00000-of-00001.parquet", "panx", "it", "test"),
        ("PAWS-X.fr/test-00000-of-00001.parquet", "pawsx", "fr", "test"),
        ("tatoeba.deu/validation-00000-of-00001.parquet", "tatoeba", "de", "dev"),
        ("bucc18.zh/test-00000-of-00001.parquet", "bucc2018", "zh", "test"),
        ("udpos.German/test-00000-of-00001.parquet", "udpos", "de", "test"),
        ("xnli_zh-CN/test.tsv", "xnli", "zh", "test"),
        ("x/y/xnli-my.dev.tsv", "xnli", "my", "dev"),
        ("x/y/train_te.tsv", "", "te", "train"),
        ("x/y/dev-tam.tsv", "", "ta", "dev"),
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
    assert name_hint(Path("mlqa-translate-train.de/train-00000-of-00001.parquet")).translated


def test_the_hub_s_configurations_of_mlqa_tell_both_languages():
    asked = name_hint(Path("MLQA.ar.de/test-00000-of-00001.parquet"))
    assert asked == NameHint("mlqa", "test", "ar", "de", False)


def test_a_word_is_a_code_beside_other_folders_that_are_codes(tmp_path):
    for name in ("my", "de"):
        (tmp_path / "panx" / name).mkdir(parents=True)
    assert language_of(tmp_path / "panx" / "my" / "dev.tsv") == "my"


@pytest.mark.parametrize("name", ["mrpc/train-en.tsv", "masakhaner/sw/test.txt", "xnli/americasnli/test.tsv"])
def test_a_corpus_that_is_not_the_catalogues_is_not_taken_for_it(name):
    assert corpus_of(Path(name)) == ""
