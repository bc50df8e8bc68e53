"""A frame of several backbones through verbs and command line; a study of two tiny ones from run to report."""

import json
import re
import subprocess
import sys
from pathlib import Path

import pandas as pd
import pytest
from tests.stats.simulated import catalogue_frame

import xtransfer_stats as xs
from xtransfer_stats.base.errors import DataError, XstatsError

XSTATS = [sys.executable, "-m", "xtransfer_stats"]


def xstats(folder, *words):
    command = [*XSTATS, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, cwd=folder, stdin=subprocess.DEVNULL)


@pytest.fixture(scope="module")
def frame():
    """Two backbones of one study: the second gains 6 points more."""
    first = catalogue_frame(4).assign(backbone="org/small")
    luck = first["run"].map({run: sum(map(ord, run)) % 7 / 10 for run in first["run"].unique()})
    gained = first["score"] + luck + 6.0 * (first["n_tasks"] > 0)
    return pd.concat([first, first.assign(backbone="large", score=gained.clip(0, 100))], ignore_index=True)


@pytest.fixture
def file(frame, tmp_path):
    frame.to_csv(tmp_path / "both.csv", index=False)
    return tmp_path / "both.csv"


def test_analyze_compares_the_backbones_of_a_frame(frame, file, tmp_path):
    result = xs.analyze(frame)
    assert result.answer.startswith("The effect of intermediate training differs between backbones: large gains more")
    rows = result.key_rows
    assert set(rows["backbone"]) == {"large"}
    assert set(rows["minus"]) == {"org/small"}
    assert rows[rows["term"] == "effect"]["estimate"].between(5, 7).all()
    assert xs.analyze(file).answer == result.answer
    told = json.loads(xstats(tmp_path, "analyze", file, "--json").stdout)
    assert told["answer"] == result.answer
    assert told["pairs"] == [{"backbone": "large", "minus": "org/small", "paired": True}]
    assert len(told["results"]) == len(result.frame())
    assert result.tables == ("effects", "levels", "tasks", "languages", "differs")


def test_the_report_answers_whether_the_effect_differs(file, tmp_path):
    done = xstats(tmp_path, "analyze", file, "--out", "rep")
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "rep" / "report.html").read_text(encoding="utf-8")
    assert "The effect of intermediate training differs between backbones: large gains more than small on" in page
    for part in ("Effects by backbone, and their differences", "large − small", "Target tasks", "Languages"):
        assert part in page
    written = {path.name for path in (tmp_path / "rep").iterdir()}
    assert written == {"backbones.json", "charts", "report.html", "results.csv", "results.parquet", "tables"}
    read = pd.read_csv(tmp_path / "rep" / "results.csv", keep_default_na=False)
    assert list(read.columns[:2]) == ["backbone", "minus"]


def test_a_study_of_one_language_has_a_report_without_a_table_of_languages(frame, tmp_path):
    one = frame[frame["language"] == "de"]
    pair = ("xtreme", "xtreme-r")
    both = xs.analyze(one, benchmarks=pair)
    both.write(tmp_path / "rep")
    assert "languages" not in both.tables
    first, second = (one[one["backbone"] == name] for name in ("org/small", "large"))
    compared = xs.compare(first.assign(study="a"), second.assign(study="b"), benchmarks=pair)
    compared.write(tmp_path / "compared")
    assert "languages" not in compared.tables


def test_one_backbone_is_analysed_as_a_frame_of_it_alone_is(frame, file):
    alone = frame[frame["backbone"] == "large"]
    pd.testing.assert_frame_equal(xs.analyze(frame, backbone="large").frame(), xs.analyze(alone).frame())
    assert xs.read_scores(file, backbone="org/small").frame["backbone"].unique().tolist() == ["org/small"]


def test_the_other_verbs_ask_for_one_and_take_it(frame, file, tmp_path):
    with pytest.raises(DataError, match=r"has the backbones org/small, large: name one with backbone"):
        xs.read_scores(frame)
    for words in (["claims"], ["trace", "interaction(3)"], ["chart", "effects"], ["power", "--effect", "1"]):
        name, *more = words
        place = [file, *more] if name == "power" else [*more, file]
        refused = xstats(tmp_path, name, *place)
        assert refused.returncode == 2, (words, refused.stdout, refused.stderr)
        assert "--backbone" in refused.stderr
        assert "Traceback" not in refused.stderr
    traced = xstats(tmp_path, "trace", "interaction(3)", file, "--backbone", "large")
    assert traced.returncode == 0, traced.stderr
    assert re.search(r"xstats analyze .*both\.csv --backbone large", traced.stdout.replace("\n", " "))


def test_a_name_that_is_none_of_them_is_told_with_the_nearest(file, tmp_path):
    refused = xstats(tmp_path, "analyze", file, "--backbone", "lagre")
    assert refused.returncode == 2
    assert "there are org/small, large" in refused.stderr
    assert "'large'" in refused.stderr or "large" in refused.stderr


@pytest.mark.parametrize(
    ("options", "named"),
    [
        ({"model": "paired"}, "model"),
        ({"margin": 1.0}, "margin"),
        ({"contrast": ["effect(3) @ xtreme"]}, "contrast"),
        ({"check": ["effect(3) @ xtreme > 0"]}, "check"),
        ({"engine": "statsmodels"}, "engine"),
    ],
)
def test_options_of_one_backbone_are_refused(frame, options, named):
    with pytest.raises(XstatsError, match=f"{named}: the study has the backbones org/small, large"):
        xs.analyze(frame, **options)


def test_they_go_with_one_that_is_named(frame):
    assert xs.analyze(frame, backbone="large", check=["effect(3) @ xtreme > 0"]).checks[0].shown


def test_compare_says_how_one_stands_beside_another_study(frame):
    alone = frame[frame["backbone"] == "large"].assign(study="other")
    with pytest.raises(DataError, match="run the study with model org/small under another name"):
        xs.compare(frame, alone)


def test_scores_that_were_read_whole_are_one_backbones(frame):
    scores = xs.read_scores(frame[frame["backbone"] == "large"])
    with pytest.raises(DataError, match="these scores are read already"):
        xs.analyze(scores, backbone="large")


@pytest.mark.end_to_end
def test_a_quick_run_of_two_backbones_ends_in_their_report(tmp_path):
    pytest.importorskip("torch", reason="the train extra is not installed")
    pytest.importorskip("hassil", reason="the embedded extra is not installed")
    from tests.training.architectures import save_architecture

    for name in ("BERT", "Qwen3"):
        save_architecture(tmp_path / name, name, head=True)
    options = ["--quick", "--targets", "xnli,tatoeba,xcopa", "--languages", "de,ru", "--store", "st", "--workers", "1"]
    done = xstats(tmp_path, "run", "--model", "BERT,Qwen3", *options)
    assert done.returncode == 0, done.stderr
    assert "BERT has 3 layers: freeze = 2 there" in done.stderr.replace("\n", " ")
    assert "effect of intermediate training" in done.stdout
    assert "between BERT and Qwen3" in done.stdout.replace("\n", " ")
    assert (tmp_path / "reports" / "quick" / "report.html").is_file()
    whole = xs.Study(tmp_path / "st")
    assert list(whole.frame["backbone"].unique()) == ["BERT", "Qwen3"]
    assert any("reads from left to right" in note for note in whole.analyze().effects.notes)
    assert set(whole.predictions()["backbone"]) == {"BERT", "Qwen3"}
    assert xs.analyze(whole.of_backbone("BERT")).frame()["n_runs"].max() == 4
    alone = xstats(tmp_path, "run", "--model", "Qwen3", *options, "--study", "alone", "--json")
    assert alone.returncode == 0, alone.stderr
    assert "Nothing was missing" in alone.stderr  # the steps of one backbone are those of its own study
    mine = xs.Study(tmp_path / "st", "alone").frame["score"].to_numpy()
    theirs = whole.of_backbone("Qwen3").frame["score"].to_numpy()
    assert ((mine == theirs) | (pd.isna(mine) & pd.isna(theirs))).all()
    again = xstats(tmp_path, "run", "--model", "BERT,Qwen3", *options)
    assert "Nothing was missing" in again.stderr
    assert Path(tmp_path / "st").is_dir()
