"""`xstats clean`: what may go, never what a study needs, never while a run is at work."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from tests.store.small_study import run_small

from xtransfer_stats.base.errors import StoreError
from xtransfer_stats.store import register
from xtransfer_stats.store.store import Store, held
from xtransfer_stats.verbs.clean import KILLED, REPORTS, UNNEEDED, clean
from xtransfer_stats.verbs.study import Study

XSTATS = [sys.executable, "-m", "xtransfer_stats"]


@pytest.fixture(scope="module")
def two(tmp_path_factory):
    """A store of two studies that share steps: quick, and a smaller one called other."""
    root = tmp_path_factory.mktemp("two") / "store"
    with pytest.MonkeyPatch.context() as patch:
        run_small(patch, root)
        run_small(patch, root, {"seeds": 3, "name": "other"})
    return root


@pytest.fixture
def store(two, tmp_path):
    shutil.copytree(two, tmp_path / "store")
    return tmp_path / "store"


def xstats(*words, **options):
    return subprocess.run([*XSTATS, *map(str, words)], capture_output=True, text=True, timeout=120, **options)


def test_nothing_goes_from_a_store_whose_steps_are_all_needed(store):
    assert clean(store, reports="none").found == {}
    assert Study(store, "quick").status().complete


def test_leftovers_of_killed_runs_go(store):
    (store / "aside" / "abc-123").mkdir()
    (store / "aside" / "abc-123" / "weights").write_bytes(b"x" * 1000)
    (store / "studies" / ".quick.json.123").write_text("half")
    os.utime(store / "studies" / ".quick.json.123", (1, 1))
    planned = clean(store, reports="none", dry_run=True)
    assert len(planned.found[KILLED]) == 2
    assert planned.size == 1004
    assert (store / "aside" / "abc-123").exists()
    assert clean(store, reports="none").removed
    assert list((store / "aside").iterdir()) == []
    assert clean(store, reports="none").found == {}


def test_what_is_being_written_now_stays(store):
    (store / "studies" / ".quick.json.123").write_text("half")
    assert clean(store, reports="none").found == {}


def test_steps_of_a_deleted_study_go_and_those_of_the_others_stay(store):
    quick = set(Study(store, "quick").plan.steps)
    own = set(Study(store, "other").plan.steps) - quick
    (store / "studies" / "other.json").unlink()
    planned = clean(store, reports="none", dry_run=True)
    assert {one.path.name for one in planned.found[UNNEEDED]} == own
    assert planned.deleted == ("other",)
    clean(store, reports="none")
    left = {path.name for path in (store / "steps").glob("*/*")}
    assert left == quick
    assert Study(store, "quick").status().complete
    assert register.troubles(Store(store)) == []  # the deleted study is not missed any more


def test_where_no_study_is_left_all_steps_stay(store):
    shutil.rmtree(store / "studies")
    before = sorted((store / "steps").glob("*/*"))
    told = clean(store, reports="none")
    assert told.found == {}
    assert "holds no study" in told.notes[0]
    assert sorted((store / "steps").glob("*/*")) == before


def test_a_damaged_study_stops_it(store):
    (store / "studies" / "other.json").write_text("{")
    with pytest.raises(StoreError, match=r"other\.json"):
        clean(store, reports="none")
    assert Study(store, "quick").status().complete


def test_counted_looks_stay(store):
    Study(store, "quick").looks  # noqa: B018 - counted when asked for
    (store / "studies" / "other.json").unlink()
    clean(store, reports="none")
    assert (store / "looks" / "quick.json").exists()


def test_it_refuses_while_a_run_is_at_work(store):
    for lock in ("run-1", next(iter(Study(store, "quick").plan.steps))):
        with held(store / "locks" / lock), pytest.raises(StoreError, match="a run is at work"):
            clean(store, reports="none")
    with Store(store).in_use():
        done = xstats("clean", store, "--yes")
    assert done.returncode == 1
    assert "a run is at work in it. Wait for its end" in done.stderr


def test_a_run_says_that_it_is_at_work(two, monkeypatch, tmp_path):
    from tests.store import small_study

    seen = []
    before = small_study.run_step

    def work(*given):
        seen.append([path.name for path in (tmp_path / "store" / "locks").glob("run-*")])
        return before(*given)

    monkeypatch.setattr(small_study, "run_step", work)
    run_small(monkeypatch, tmp_path / "store", {"seeds": 1})
    assert seen
    assert all(names == [f"run-{os.getpid()}"] for names in seen)
    assert list((tmp_path / "store" / "locks").glob("run-*")) == []


def report(folder, when):
    folder.mkdir(parents=True)
    for name in ("report.html", "results.parquet", "results.csv"):
        (folder / name).write_text("x")
        os.utime(folder / name, (when, when))


def test_reports_older_than_their_studys_scores_go(store, tmp_path):
    reports = tmp_path / "reports"
    report(reports / "quick", 1)
    report(reports / "other", 4e9)
    report(reports / "of-a-file", 1)
    (reports / "notes").mkdir()
    planned = clean(store, reports=reports)
    assert [one.path.name for one in planned.found[REPORTS]] == ["quick"]
    assert sorted(path.name for path in reports.iterdir()) == ["notes", "of-a-file", "other"]


def test_it_asks_before_and_takes_no_for_an_answer(store):
    (store / "aside" / "abc-123").mkdir()
    done = xstats("clean", store, stdin=subprocess.DEVNULL)
    assert done.returncode == 2
    assert "give --yes, or --dry-run" in done.stderr
    assert (store / "aside" / "abc-123").exists()
    assert xstats("clean", store, "--dry-run").returncode == 0
    assert (store / "aside" / "abc-123").exists()
    done = xstats("clean", "--store", store, "--yes", "--json")
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout)["removed"]
    assert not (store / "aside" / "abc-123").exists()
    assert "Nothing is to be removed." in xstats("clean", store).stdout
