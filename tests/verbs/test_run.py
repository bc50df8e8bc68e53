"""A run is remembered whatever it had to do, and its last word counts what went wrong; the steps' work is made up."""

import pytest
from tests.store.small_study import exported, recipe, run_small

from xtransfer_stats.base import sealed
from xtransfer_stats.base.errors import DataError, StudyIncomplete
from xtransfer_stats.cli.run_view import Terminal
from xtransfer_stats.store import studies
from xtransfer_stats.store.store import Store
from xtransfer_stats.verbs.study import Study

pytest.importorskip("hassil", reason="the embedded extra is not installed")


def test_a_run_that_has_nothing_to_do_is_remembered(tmp_path, monkeypatch):
    run_small(monkeypatch, tmp_path / "s")
    result = run_small(monkeypatch, tmp_path / "s", study="other", seeds=1)
    assert result.outcome.done == []
    assert studies.names(Store(tmp_path / "s")) == ("other", "quick")
    content = exported(tmp_path / "s").decode().splitlines()
    assert {line.split(",")[0] for line in content[1:]} == {"other"}
    run_small(monkeypatch, tmp_path / "s")
    assert exported(tmp_path / "s").startswith(b"study,run,backbone")
    assert Study(tmp_path / "s").name == "quick"


def test_another_policy_on_collapsed_runs_is_remembered(tmp_path, monkeypatch):
    run_small(monkeypatch, tmp_path / "s")
    kept = exported(tmp_path / "s")
    assert b",collapsed\n" in kept
    result = run_small(monkeypatch, tmp_path / "s", {"collapsed": "exclude"})
    assert result.outcome.done == []
    left_out = exported(tmp_path / "s").decode().splitlines()
    place = left_out[0].split(",").index("score")
    assert {line.split(",")[place] for line in left_out if line.endswith("collapsed")} == {"NaN"}
    assert exported(tmp_path / "s") != kept


def test_readers_say_which_study_they_took(tmp_path, monkeypatch):
    run_small(monkeypatch, tmp_path / "s")
    assert Study(tmp_path / "s").remarks == ()
    run_small(monkeypatch, tmp_path / "s", study="other")
    assert Study(tmp_path / "s").remarks == ("Study 'other', the one run last; the store also holds quick.",)
    assert Study(tmp_path / "s", "quick").remarks == ()


def test_the_commands_say_it_on_standard_error(tmp_path, monkeypatch, capsys):
    from xtransfer_stats.cli import app

    run_small(monkeypatch, tmp_path / "s")
    run_small(monkeypatch, tmp_path / "s", study="other", targets=["xnli"])
    said = "Study 'other', the one run last; the store also holds quick."
    app(["export", "--store", str(tmp_path / "s")], standalone_mode=False)
    shown = capsys.readouterr()
    assert said in shown.err
    assert said not in shown.out
    monkeypatch.setattr("xtransfer_stats.verbs.analyze.analyze", _stopped)
    with pytest.raises(DataError, match="as far as this test goes"):
        app(["analyze", str(tmp_path / "s")], standalone_mode=False)
    assert said in capsys.readouterr().err


def _stopped(*args, **options):
    raise DataError("as far as this test goes")


def test_the_last_word_counts_trainings_at_chance_level(tmp_path, monkeypatch, capsys):
    result = run_small(monkeypatch, tmp_path / "s", watch=Terminal(None))
    trainings = result.study.plan.of_kind("target")
    facts = [result.study.store.manifest(step)["facts"]["collapsed"] for step in trainings]
    assert 0 < sum(facts) < len(facts)
    said = f"{sum(facts)} of {len(facts)} trainings ended at chance level (collapsed): "
    assert said in capsys.readouterr().err
    assert said in "\n".join(result.study.status().sentences())
    for step, collapsed in zip(trainings, facts, strict=True):
        assert (step.name in result.study.collapsed[0]) == collapsed


def test_the_last_word_counts_failed_trainings_and_the_others_go_on(tmp_path, monkeypatch):
    with pytest.raises(StudyIncomplete) as caught:
        run_small(monkeypatch, tmp_path / "s", {"learning_rate": 1e30}, seeds=4)
    study = Study(tmp_path / "s")
    trainings = study.plan.of_kind("target")
    failed = [step for step in trainings if study.store.failure(step)]
    assert 0 < len(failed) < len(trainings)
    assert f"{len(failed)} steps failed, among them {len(failed)} trainings; " in str(caught.value)
    for step in failed:
        assert f"target {step.name}: the loss is nan at step 2 of 12" in str(caught.value)
    assert study.frame["status"].isin(["done", "collapsed"]).any()
    assert (study.frame["status"] == "failed").any()


def test_a_study_is_remembered_with_its_register(tmp_path, monkeypatch):
    run_small(monkeypatch, tmp_path / "s")
    assert sealed.read(tmp_path / "s" / "register.json") == {"files": ["studies/quick.json"]}
    assert studies.recall(Store(tmp_path / "s")).recipe == recipe()
