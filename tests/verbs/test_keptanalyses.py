"""A kept analysis is what the analysis would be, to the last bit; another question has another answer."""

import subprocess
import sys

import pytest
from tests.places import ROOT
from tests.stats.simulated import catalogue_frame

import xtransfer_stats as xs
from xtransfer_stats.base.keptresults import VARIABLE, CacheWarning
from xtransfer_stats.stats import analysis
from xtransfer_stats.stats.keeping import EXACT
from xtransfer_stats.verbs.keptanalyses import KEPT

METHODS = ROOT / "examples" / "methods.csv"


@pytest.fixture(autouse=True)
def cache(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    monkeypatch.setenv(VARIABLE, "on")


@pytest.fixture
def scores(tmp_path):
    path = tmp_path / "scores.csv"
    catalogue_frame(4).to_csv(path, index=False)
    return path


def no_analysis(monkeypatch):
    def refused(*asked, **more):
        raise AssertionError("analysed again")

    monkeypatch.setattr(analysis, "analyze", refused)


ASKED = {
    "plain": {},
    "hypotheses": {"contrast": ("effect(3) @ xtreme",), "margin": 1.0},
    "bootstrap": {"model": "bootstrap", "bootstrap": 99},
    "statsmodels": {"engine": "statsmodels"},
}


@pytest.mark.parametrize("asked", ASKED)
def test_a_kept_analysis_is_the_same_to_the_last_bit(scores, monkeypatch, asked):
    options = ASKED[asked]
    monkeypatch.setenv(VARIABLE, "off")
    without = xs.analyze(scores, **options)
    monkeypatch.setenv(VARIABLE, "on")
    xs.analyze(scores, **options)
    no_analysis(monkeypatch)
    kept = xs.analyze(scores, **options)
    assert EXACT.text(kept.analysis) == EXACT.text(without.analysis)
    assert kept.to_dict() == without.to_dict()
    assert [table.to_latex() for table in kept.made_tables()] == [table.to_latex() for table in without.made_tables()]
    assert kept.chart("effects").to_dict() == without.chart("effects").to_dict()


def test_of_any_conditions_too(monkeypatch):
    options = {"condition": "method", "baseline": "xlmr", "pairs": True}
    first = xs.analyze(METHODS, **options)
    no_analysis(monkeypatch)
    assert EXACT.text(xs.analyze(METHODS, **options).analysis) == EXACT.text(first.analysis)


def test_after_an_analysis_the_other_commands_analyse_nothing(scores, monkeypatch, tmp_path):
    result = xs.analyze(scores)
    no_analysis(monkeypatch)
    row = result.frame().iloc[0]
    assert xs.claims(scores).frame().equals(result.analysis.claims)
    assert xs.trace(row["id"], scores).trace.number.row["estimate"] == row["estimate"]
    assert xs.trace(row["contrast"], scores).trace.number.id == row["id"]
    assert xs.chart("effects", scores, format=("json",), out=tmp_path)[0].caption


@pytest.mark.parametrize("options", [{"margin": 2.0}, {"contrast": ("effect(3) @ xtreme",)}, {"model": "paired"}])
def test_other_options_are_another_analysis(scores, options):
    xs.analyze(scores)
    xs.analyze(scores, **options)
    assert len(KEPT.files()) == 2


def test_what_results_do_not_depend_on_asks_for_none(scores):
    xs.analyze(scores)
    xs.analyze(scores, bootstrap=99, seed=1, workers=2)
    assert len(KEPT.files()) == 1


def test_other_scores_are_another_analysis(scores):
    first = xs.analyze(scores)
    frame = catalogue_frame(4)
    frame.loc[frame.index[-1], "score"] += 1e-9
    second = xs.analyze(frame)
    assert len(KEPT.files()) == 2
    assert second.frame()["estimate"].tolist() != first.frame()["estimate"].tolist()


def test_a_damaged_one_is_told_and_made_again(scores):
    first = xs.analyze(scores)
    path = KEPT.files()[0]
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.warns(CacheWarning, match="made anew"):
        again = xs.analyze(scores)
    assert EXACT.text(again.analysis) == EXACT.text(first.analysis)
    assert EXACT.text(xs.analyze(scores).analysis) == EXACT.text(first.analysis)


def test_the_command_line_tells_of_a_damaged_one_in_a_sentence(scores, tmp_path):
    command = [sys.executable, "-m", "xtransfer_stats", "claims", str(scores)]
    first = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert (first.returncode, first.stderr) == (0, "")
    KEPT.files()[0].write_bytes(b"damaged")
    second = subprocess.run(command, capture_output=True, text=True, cwd=tmp_path)
    assert second.returncode == 0
    assert second.stdout == first.stdout
    assert "made anew" in second.stderr
    assert "Traceback" not in second.stderr and "CacheWarning" not in second.stderr


def test_clean_lists_and_removes_them(scores, tmp_path):
    from xtransfer_stats.verbs.clean import KEPT as WHY
    from xtransfer_stats.verbs.clean import clean

    xs.analyze(scores)
    (tmp_path / "store" / "steps").mkdir(parents=True)
    planned = clean(tmp_path / "store", reports=tmp_path / "none", dry_run=True)
    assert [one.path for one in planned.found[WHY]] == KEPT.files()
    clean(tmp_path / "store", reports=tmp_path / "none")
    assert KEPT.files() == []


def test_a_kept_analysis_needs_none_of_the_models():
    code = "import sys, xtransfer_stats.verbs.{0}; print(*(m for m in sys.modules if m[:5] in ('scipy', 'formu')))"
    for verb in ("analyze", "claims", "chart", "tracing"):
        done = subprocess.run([sys.executable, "-c", code.format(verb)], capture_output=True, text=True, check=True)
        loaded = {name.split(".")[1] for name in done.stdout.split() if "." in name}
        assert not loaded & {"stats", "sparse", "linalg", "optimize"}, verb
        assert "formulae" not in done.stdout
