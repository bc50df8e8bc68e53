"""Two systems on the same test examples: sums that give the official scores, errors paired by example."""

import json

import numpy as np
import pytest
from scipy import stats
from tests.exchange.layout import path_of, whole, written
from typer.testing import CliRunner

import xtransfer_stats as xs
from xtransfer_stats.base.errors import DataError
from xtransfer_stats.cli import app
from xtransfer_stats.metrics.answers import normalise
from xtransfer_stats.metrics.examplesums import example_sums
from xtransfer_stats.metrics.scoring import official_scores
from xtransfer_stats.tasks.benchmarks import cells_of
from xtransfer_stats.tasks.task import METRICS, Family


def systems(tmp_path, right, languages=("en", "de")):
    """Folders of two systems and of gold for XNLI; right: (2, languages, examples), whether an answer is."""
    for code, both in zip(languages, np.swapaxes(np.asarray(right), 0, 1), strict=True):
        gold = ["entailment", "neutral"] * (both.shape[1] // 2)
        other = {"entailment": "neutral", "neutral": "entailment"}
        written(tmp_path / "labels", "xnli", code, "\n".join(gold) + "\n")
        for name, row in zip(("ours", "theirs"), both, strict=True):
            answers = [one if hit else other[one] for one, hit in zip(gold, row, strict=True)]
            written(tmp_path / name, "xnli", code, "\n".join(answers) + "\n")
    return tmp_path / "ours", tmp_path / "labels", tmp_path / "theirs"


def rows_of(board):
    return {(one.task, one.language): one for one in board.differences}


def drawn(languages=2, n=40, seed=3):
    rng = np.random.default_rng(seed)
    hard = rng.normal(size=n)  # an example's difficulty, alike in all languages and both systems
    return hard + rng.normal(size=(2, languages, n)) > np.array([-0.6, 0.2])[:, None, None]


def test_one_language_is_the_paired_t_of_its_examples(tmp_path):
    right = drawn()
    ours, gold, theirs = systems(tmp_path, right)
    one = rows_of(xs.score(ours, gold, "xtreme", against=theirs))["xnli", "de"]
    apart = 100.0 * (right[0, 1].astype(float) - right[1, 1])
    t = stats.ttest_1samp(apart, 0)
    assert (one.estimate, one.p_value, one.n_examples) == (pytest.approx(apart.mean()), pytest.approx(t.pvalue), 40)
    assert (one.conf_low, one.conf_high) == pytest.approx(tuple(t.confidence_interval()))


def test_a_mean_over_languages_counts_an_example_once(tmp_path):
    spoken = cells_of("xtreme")["xnli"]
    right = drawn(len(spoken))
    ours, gold, theirs = systems(tmp_path, right, spoken)
    found = rows_of(xs.score(ours, gold, "xtreme", against=theirs))
    t = stats.ttest_1samp(100.0 * (right[0].astype(float) - right[1]).mean(axis=0), 0)
    row = found["xnli", ""]
    assert (row.p_value, row.n_examples) == (pytest.approx(t.pvalue), 40)
    assert (row.conf_low, row.conf_high) == pytest.approx(tuple(t.confidence_interval()))
    assert ("", "") not in found  # no benchmark without its other tasks
    smallest = min((found["xnli", code] for code in spoken), key=lambda one: one.p_value)
    assert smallest.p_adjusted == pytest.approx(min(1, len(spoken) * smallest.p_value))


def tagged(rng, n):
    return [list(rng.choice(["B-PER", "I-PER", "O", "B-LOC", "NOUN", "X"], size=rng.integers(1, 7))) for _ in range(n)]


def test_f1_of_spans_is_its_sums_and_its_error_the_jackknifes():
    rng = np.random.default_rng(0)
    gold = tagged(rng, 60)
    mine = [[tag if rng.random() < 0.7 else "O" for tag in sequence] for sequence in gold]
    sums = example_sums(Family.TAGGING, mine, gold, range(60), normalise)["f1"]
    assert sums.score == pytest.approx(official_scores(Family.TAGGING, mine, gold)["f1"])
    without = [
        100 * (sums.right.sum() - sums.right[i]) / (sums.size.sum() - sums.size[i]) for i in range(60)
    ]  # leave a sentence out, its counts gone
    jackknife = np.sqrt(59 / 60 * np.square(without - np.mean(without)).sum())
    assert np.sqrt(np.square(sums.parts).sum() * 60 / 59) == pytest.approx(jackknife, rel=0.05)


@pytest.mark.parametrize("benchmark", ["xtreme", "xtreme-r"])
def test_the_estimates_are_differences_of_official_scores(tmp_path, benchmark):
    predictions, gold = whole(tmp_path, benchmark)
    better, _ = whole(tmp_path / "better", benchmark)
    for language in ("en", "de"):
        path_of(better, "xnli", language).write_text("neutral\nentailment\n")  # both right, where one was
    found = xs.score(better, gold, benchmark, against=predictions)
    plain = xs.score(predictions, gold, benchmark)
    rows = rows_of(found)
    assert rows["", ""].estimate == pytest.approx(found.average - plain.average)
    for name, task in found.tasks.items():
        assert rows[name, ""].estimate == pytest.approx(task.average - plain.tasks[name].average), name
        assert set(METRICS[task.task.family]) & set(task.means)
    assert rows["xnli", "en"].estimate == 50.0 and rows["mlqa", ""].n_examples == 1
    assert np.isnan(rows["mlqa", ""].p_value)  # one question tells no error


def test_the_command_prints_them_and_json_has_them(tmp_path):
    ours, gold, theirs = map(str, systems(tmp_path, drawn()))
    words = ["score", "--predictions", ours, "--labels", gold, "--benchmark", "xtreme", "--against", theirs]
    told = CliRunner().invoke(app, words)
    assert told.exit_code == 0 and "another training of either system may differ by more" in told.stdout
    found = json.loads(CliRunner().invoke(app, [*words, "--json"]).stdout)["against"]
    assert [(row["task"], row["language"]) for row in found] == [("xnli", "de"), ("xnli", "en")]
    assert found[0]["p_adjusted"] >= found[0]["p_value"]


def test_a_system_without_a_file_in_common_is_named(tmp_path):
    ours, gold, _ = systems(tmp_path, drawn())
    with pytest.raises(DataError, match=r"against .*other.*: no file of xtreme there that .*ours has too"):
        (tmp_path / "other").mkdir()
        xs.score(ours, gold, "xtreme", against=tmp_path / "other")
