"""Question answering and retrieval among the real slices: the expected table, counted with grep and wc."""

import json

from tests.metrics.squad2 import squad2_scores
from tests.places import REAL_DATA, needs_beside

from xtransfer_stats.sources.files.bitext import read_bucc, read_tatoeba
from xtransfer_stats.sources.files.lareqa import read_lareqa
from xtransfer_stats.sources.files.leaderboard_files import read_leaderboard
from xtransfer_stats.sources.files.mewslix import read_mewsli9, read_mewslix
from xtransfer_stats.sources.files.squad_json import read_squad
from xtransfer_stats.sources.source import Query, SpanQA

READERS = (read_squad, read_lareqa, read_tatoeba, read_bucc, read_mewslix, read_mewsli9, read_leaderboard)
FOLDERS = (
    "squad", "xquad", "mlqa", "tydiqa_goldp", "lareqa", "tatoeba", "bucc2018", "mewslix", "hf_raw_samples/squad_v2",
    "hf_raw_samples/tydiqa_secondary", *(
        f"xtreme_mock/{side}/{task}"
        for side in ("labels", "predictions")
        for task in ("xquad", "mlqa", "tydiqa", "bucc2018", "tatoeba", "mewslix")
    ),
)  # fmt: skip

# path | task language split examples labelled question_language; "-" is empty. Not here: predictions, the second
# sides of parallel data.
EXPECTED = """
squad/dev-v2.0.official_ids.first5articles.json | squad2 en dev 1407 yes -
squad/squad_v1.1_train_fixture.json | squad1 en train 5 yes -
squad/squad_v2_fixture.json | squad2 en - 6 yes -
xquad/xquad.de.json | xquad de test 200 yes -
xquad/xquad.en.json | xquad en test 200 yes -
xquad/xquad.es.json | xquad es test 200 yes -
xquad/xquad.ru.json | xquad ru test 200 yes -
xquad/xquad.zh.json | xquad zh test 200 yes -
mlqa/dev/dev-context-de-question-de.json | mlqa de dev 100 yes de
mlqa/dev/dev-context-de-question-en.json | mlqa de dev 32 yes en
mlqa/dev/dev-context-en-question-de.json | mlqa en dev 36 yes de
mlqa/dev/dev-context-en-question-en.json | mlqa en dev 101 yes en
mlqa/dev/dev-context-en-question-es.json | mlqa en dev 30 yes es
mlqa/dev/dev-context-en-question-zh.json | mlqa en dev 43 yes zh
mlqa/dev/dev-context-es-question-en.json | mlqa es dev 30 yes en
mlqa/dev/dev-context-es-question-es.json | mlqa es dev 100 yes es
mlqa/dev/dev-context-zh-question-en.json | mlqa zh dev 32 yes en
mlqa/dev/dev-context-zh-question-zh.json | mlqa zh dev 100 yes zh
mlqa/test/test-context-de-question-es.json | mlqa de test 30 no es
tydiqa_goldp/tydiqa.goldp.en.dev.json | tydiqa en dev 100 no -
tydiqa_goldp/tydiqa.goldp.en.train.json | tydiqa en train 100 yes -
tydiqa_goldp/tydiqa.goldp.ko.dev.json | tydiqa ko dev 100 no -
tydiqa_goldp/tydiqa.goldp.ko.train.json | tydiqa ko train 100 yes -
tydiqa_goldp/xtreme_en_train_alt/tydiqa.goldp.en.train.json | tydiqa en train 60 yes -
lareqa/xquad-r/de.json | lareqa de test 153 yes -
lareqa/xquad-r/en.json | lareqa en test 153 yes -
lareqa/xquad-r/zh.json | lareqa zh test 153 yes -
tatoeba/laser_v1/tatoeba.deu-eng.deu | tatoeba de test 200 yes -
tatoeba/laser_v1/tatoeba.swh-eng.swh | tatoeba sw test 200 yes -
tatoeba/laser_v1/tatoeba.tam-eng.tam | tatoeba ta test 200 yes -
tatoeba/xtreme_sorted/de-en.de | tatoeba de test 1000 no -
bucc2018/de-en.dev.gold | bucc2018 de dev 1038 yes -
bucc2018/zh-en.dev.gold | bucc2018 zh dev 257 yes -
mewslix/example_mentions.jsonl | mewslix ar test 2 yes -
mewslix/example_mentions.jsonl | mewslix en test 1 yes -
mewslix/mewsli9_dataset_mentions.tsv | - tr - 0 yes -
hf_raw_samples/squad_v2/dev-v2.0.json | squad2 en dev 2 yes -
hf_raw_samples/squad_v2/train-v2.0.json | squad2 en train 2 yes -
hf_raw_samples/tydiqa_secondary/tydiqa-goldp-v1.1-dev.json | tydiqa ar dev 1 yes -
hf_raw_samples/tydiqa_secondary/tydiqa-goldp-v1.1-train.json | tydiqa fi train 2 yes -
xtreme_mock/labels/xquad/test-de.json | xquad de test 2 yes -
xtreme_mock/labels/xquad/test-en.json | xquad en test 2 yes -
xtreme_mock/labels/xquad/test-es.json | xquad es test 2 yes -
xtreme_mock/labels/xquad/test-ru.json | xquad ru test 2 yes -
xtreme_mock/labels/xquad/test-tr.json | xquad tr test 2 yes -
xtreme_mock/labels/xquad/test-zh.json | xquad zh test 2 yes -
xtreme_mock/labels/mlqa/test-de.json | mlqa de test 1 yes de
xtreme_mock/labels/mlqa/test-en.json | mlqa en test 1 yes en
xtreme_mock/labels/mlqa/test-es.json | mlqa es test 1 yes es
xtreme_mock/labels/mlqa/test-zh.json | mlqa zh test 1 yes zh
xtreme_mock/labels/tydiqa/test-en.json | tydiqa en test 1 yes -
xtreme_mock/labels/tydiqa/test-ru.json | tydiqa ru test 1 yes -
xtreme_mock/labels/tydiqa/test-sw.json | tydiqa sw test 1 yes -
xtreme_mock/labels/bucc2018/test-de.tsv | bucc2018 de test 10 yes -
xtreme_mock/labels/bucc2018/test-ru.tsv | bucc2018 ru test 10 yes -
xtreme_mock/labels/bucc2018/test-zh.tsv | bucc2018 zh test 10 yes -
xtreme_mock/labels/tatoeba/test-de.tsv | tatoeba de test 10 yes -
xtreme_mock/labels/tatoeba/test-es.tsv | tatoeba es test 10 yes -
xtreme_mock/labels/tatoeba/test-ru.tsv | tatoeba ru test 10 yes -
xtreme_mock/labels/tatoeba/test-sw.tsv | tatoeba sw test 10 yes -
xtreme_mock/labels/tatoeba/test-ta.tsv | tatoeba ta test 10 yes -
xtreme_mock/labels/tatoeba/test-tr.tsv | tatoeba tr test 10 yes -
xtreme_mock/labels/tatoeba/test-zh.tsv | tatoeba zh test 10 yes -
xtreme_mock/labels/mewslix/test-de.json | mewslix de test 1 yes -
xtreme_mock/labels/mewslix/test-en.json | mewslix en test 1 yes -
xtreme_mock/labels/mewslix/test-es.json | mewslix es test 1 yes -
xtreme_mock/labels/mewslix/test-ta.json | mewslix ta test 1 yes -
xtreme_mock/labels/mewslix/test-tr.json | mewslix tr test 1 yes -
""".strip().splitlines()

pytestmark = needs_beside("real-data")


def rows(path):
    """Rows of all readers that know the file; no two of them may."""
    answers = [answer for read in READERS if (answer := read(path)) is not None]
    assert len(answers) <= 1, path
    return answers[0] if answers else []


def line(found):
    about = (found.task, found.language, found.split, str(found.examples))
    words = (*about, "yes" if found.labelled else "no", found.question_language)
    return f"{found.path.relative_to(REAL_DATA).as_posix()} | {' '.join(word or '-' for word in words)}"


def files():
    return (
        path
        for folder in FOLDERS
        for path in sorted((REAL_DATA / folder).rglob("*"))
        if path.is_file() and "predictions" not in path.parts
    )


def test_task_language_split_and_usable_examples_of_every_file():
    assert sorted(line(found) for path in files() for found in rows(path)) == sorted(EXPECTED)


def test_what_is_read_agrees_with_its_row():
    for found in (found for path in files() for found in rows(path) if found.read):
        made = found.read()
        gold = sum(len(example.gold) for example in made.examples if isinstance(example, Query))
        answered = [example for example in made.examples if isinstance(example, SpanQA)]
        counts = {"bucc2018": gold or found.examples}
        assert counts.get(found.task, len(made.examples)) == found.examples, found.path
        assert made.unlabelled == (0 if found.labelled else found.examples), found.path
        for answer, context in ((answer, example.context) for example in answered for answer in example.answers):
            assert context[answer.start :].startswith(answer.text)


def test_the_predictions_of_a_real_system_score_as_the_official_script_says():
    (found,) = rows(REAL_DATA / "squad/dev-v2.0.official_ids.first5articles.json")
    questions = [(example.id, [answer.text for answer in example.answers]) for example in found.read().examples]
    path = REAL_DATA / "squad/predictions/v2.0__BERT_single_model_Google_AI_Language.json"
    scores = squad2_scores(questions, json.loads(path.read_text(encoding="utf-8")))
    assert {name: round(value, 4) for name, value in scores.items()} == {
        "exact_match": 75.5508, "f1": 78.8325, "HasAns_exact_match": 70.3546, "HasAns_f1": 76.904,
        "NoAns_exact_match": 80.7692, "NoAns_f1": 80.7692,
    }  # fmt: skip


def test_xquad_questions_are_in_the_same_clusters_in_every_language():
    made = {code: rows(REAL_DATA / f"xquad/xquad.{code}.json")[0].read() for code in ("de", "en", "es", "ru", "zh")}
    clusters = {code: {each.id: each.paragraph for each in own.examples} for code, own in made.items()}
    assert len(set(clusters["en"].values())) == 35
    assert all(own == clusters["en"] for own in clusters.values())


def test_every_question_of_lareqa_has_a_right_sentence_in_each_language_that_is_there():
    pool = {language: rows(REAL_DATA / f"lareqa/xquad-r/{language}.json")[0].read() for language in ("de", "en", "zh")}
    known = {passage.id for made in pool.values() for passage in made.candidates}
    for made in pool.values():
        for query in made.examples:
            assert sorted(name[:2] for name in query.gold) == ["de", "en", "zh"]
            assert known.issuperset(query.gold)
