"""The catalogue: benchmarks as released, twins as the embedded source has them."""

import csv

import pytest
from tests.places import REFERENCE, needs_beside

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.tasks import listing
from xtransfer_stats.tasks.benchmarks import PAIRS, benchmark_names, benchmarks_of, cells_of
from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS, TARGET_TASKS, TARGET_TRAININGS, XTREME, XTREME_R

NAMES = {
    "PANX (WikiANN NER)": "panx", "WikiANN-NER (PANX)": "panx", "PAWS-X": "pawsx", "TyDiQA-GoldP": "tydiqa",
    "BUCC 2018": "bucc2018", "Mewsli-X": "mewslix", "LAReQA (XQuAD-R)": "lareqa",
}  # fmt: skip


def test_there_are_nine_intermediate_tasks_and_every_training_is_known():
    assert len(INTERMEDIATE_TASKS) == 9
    used = {task.training for task in TARGET_TASKS.values()} | {task.after for task in TARGET_TRAININGS.values()}
    assert used - {None} == TARGET_TRAININGS.keys()


@pytest.mark.parametrize(("benchmark", "tasks", "spoken"), [("xtreme", 9, 40), ("xtreme-r", 10, 50)])
def test_the_real_benchmarks_have_their_tasks_and_languages(benchmark, tasks, spoken):
    cells = cells_of(benchmark)
    assert len(cells) == tasks
    assert len({lang for own in cells.values() for lang in own}) == spoken


@needs_beside("reference")
@pytest.mark.parametrize(("benchmark", "file"), [("xtreme", "xtreme_tasks.csv"), ("xtreme-r", "xtreme_r_tasks.csv")])
def test_languages_are_those_of_the_reference_tables(benchmark, file):
    with open(REFERENCE / file, encoding="utf-8") as table:
        expected = {row["task"]: tuple(sorted(row["languages"].split(";"))) for row in csv.DictReader(table)}
    tatoeba = "tatoeba" if benchmark == "xtreme" else "tatoeba_squad"
    named = {tatoeba if name == "Tatoeba" else NAMES.get(name, name.lower()): own for name, own in expected.items()}
    assert cells_of(benchmark) == named


def test_the_languages_of_a_benchmark_are_those_of_its_tasks():
    for benchmark, languages in (("xtreme", XTREME), ("xtreme-r", XTREME_R)):
        assert {language for own in cells_of(benchmark).values() for language in own} == languages


def test_the_mini_benchmarks_overlap_as_the_real_ones_do():
    for mini, real in zip(PAIRS[0], PAIRS[1], strict=True):
        assert cells_of(mini).keys() == cells_of(real).keys()
    first, second = (cells_of(name) for name in PAIRS[0])
    assert {"lt", "pl", "ro", "uk"}.isdisjoint(lang for own in first.values() for lang in own)
    assert {"lt", "pl", "ro", "uk"} <= {lang for own in second.values() for lang in own}


def test_the_mini_benchmarks_are_the_real_ones_as_far_as_the_twins_go():
    pytest.importorskip("hassil", reason="the embedded extra is not installed")
    from xtransfer_stats.sources.registry import source_at

    source = source_at({"kind": "embedded"})
    for mini, real, languages in (("xtreme-mini", "xtreme", XTREME), ("xtreme-r-mini", "xtreme-r", XTREME_R)):
        twins = {
            name: tuple(sorted(languages.intersection(source.languages(TARGET_TASKS[name].dataset))))
            for name in cells_of(real)
        }
        assert cells_of(mini) == twins
    datasets = {task.dataset for task in TARGET_TASKS.values()}
    assert min(len(source.languages(name)) for name in datasets - {"bucc2018"}) >= 12
    assert sum(len(source.languages(name)) >= 20 for name in datasets) >= 3


def test_benchmarks_are_recognised_by_their_cells():
    mini = {(task, lang) for name in PAIRS[0] for task, own in cells_of(name).items() for lang in own}
    assert benchmarks_of(mini) == PAIRS[0]
    assert benchmarks_of({("xnli", "de"), ("panx", "yo")}) == PAIRS[1]
    with pytest.raises(
        DataError, match=r"no pair of benchmarks \(.*without xnli/nowhere\): name them with benchmarks A,B"
    ) as error:
        benchmarks_of({("xnli", "nowhere")})
    assert "name them with --benchmarks A,B" in error.value.in_options()


def test_cells_of_two_pairs_of_benchmarks_name_both():
    with pytest.raises(DataError, match="fit 2 pairs of benchmarks, xtreme-mini,xtreme-r-mini and xtreme,xtreme-r"):
        benchmarks_of({("xnli", "de")})


def test_a_study_of_one_tatoeba_protocol_is_recognised_when_that_is_said():
    cells = {("tatoeba", "lt"), ("xnli", "de")}
    with pytest.raises(DataError, match="tatoeba"):
        benchmarks_of(cells)
    assert benchmarks_of({("tatoeba", "af"), ("tatoeba", "wo"), ("xnli", "de")}, "raw") == PAIRS[0]
    assert benchmarks_of(cells | {("panx", "qu")}, "raw") == PAIRS[1]


def test_every_name_of_a_benchmark_is_listed():
    assert set(benchmark_names()) == {name for pair in PAIRS for name in pair}


@needs_beside("reference")
def test_wikipedia_sizes_are_those_that_were_read():
    column = "wikipedia_articles_millions_xtreme_table5"
    with open(REFERENCE / "languages.csv", encoding="utf-8") as table:
        read = {row["iso"]: row[column] for row in csv.DictReader(table)}
    found = {row["code"]: row["wikipedia_millions"] for row in listing.languages()}
    assert found == {code: read[code] for code in found}
    assert sum(bool(size) for size in found.values()) == 40


def test_every_language_has_a_distance_from_english_and_its_source():
    found = {row["code"]: float(row["syntactic_distance"]) for row in listing.languages()}
    assert found.pop("en") == 0
    assert all(0 < distance < 1 for distance in found.values())
    assert found["nl"] == min(found.values()) < found["ja"]
