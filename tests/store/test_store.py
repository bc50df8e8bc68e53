"""Steps are published whole, verified, and never used when damaged."""

import json
import os
import pickle
import subprocess
import sys

import pytest

from xtransfer_stats.base import sealed
from xtransfer_stats.base.errors import StoreError
from xtransfer_stats.store.manifest import Look
from xtransfer_stats.store.store import DamagedStep, State, Store, held
from xtransfer_stats.store.verify import verify
from xtransfer_stats.study.step import Step


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store").create()


def step(**args):
    return Step("target", "made up", args, {})


def fill(out):
    (out / "scores.json").write_text('{"a": 1}')
    (out / "part").mkdir()
    (out / "part" / "weights.bin").write_bytes(bytes(range(200)))
    return {"fact": 3}


def test_a_published_step_is_done_and_its_manifest_tells_all(store):
    one = Step("target", "made up", {"seed": 1}, {"encoder": "abc"})
    assert store.state(one) == (State.MISSING, "")
    store.publish(one, fill)
    assert store.state(one, Look.BYTES) == (State.DONE, "")
    manifest = store.manifest(one)
    assert manifest["args"] == {"seed": 1}
    assert manifest["parents"] == {"encoder": "abc"}
    assert manifest["facts"] == {"fact": 3}
    assert {file["path"] for file in manifest["files"]} == {"scores.json", "part/weights.bin"}
    assert "python" in manifest["versions"]


def test_a_step_that_raises_leaves_nothing(store):
    with pytest.raises(ValueError, match="broken"):
        store.publish(step(), lambda out: (_ for _ in ()).throw(ValueError("broken")))
    assert store.state(step())[0] is State.MISSING
    assert list((store.root / "aside").iterdir()) == []


@pytest.mark.parametrize("keep_time", [False, True])
def test_every_flipped_byte_of_every_file_is_found_and_named(store, keep_time):
    one = step()
    store.publish(one, fill)
    for path in [path for path in store.folder(one).rglob("*") if path.is_file()]:
        original, stat = path.read_bytes(), path.stat()
        for place in {0, len(original) // 3, len(original) - 1}:
            changed = bytearray(original)
            changed[place] ^= 1
            path.write_bytes(changed)
            if keep_time:
                os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
            told = list(verify(store))
            assert len(told) == 1, (path, place)
            assert path.name in told[0]
            assert one.key in told[0]
            with pytest.raises(DamagedStep, match=path.name):
                Store(store.root).read(one)
            path.write_bytes(original)
            os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert list(verify(store)) == []


def test_size_and_time_are_looked_at_without_reading(store):
    one = step()
    store.publish(one, fill)
    path = store.folder(one) / "scores.json"
    path.write_text('{"a": 2}')
    assert store.state(one)[0] is State.DAMAGED


def test_a_copied_store_with_new_times_is_sound(store):
    one = step()
    store.publish(one, fill)
    os.utime(store.folder(one) / "scores.json", ns=(1, 1))
    assert store.state(one) == (State.DONE, "")


def test_a_missing_and_an_added_file_are_damage(store):
    one = step()
    store.publish(one, fill)
    (store.folder(one) / "extra.txt").write_text("x")
    assert "extra.txt" in store.state(one)[1]
    (store.folder(one) / "extra.txt").unlink()
    (store.folder(one) / "scores.json").unlink()
    assert "scores.json: missing" in store.state(one)[1]


def test_a_swapped_step_is_found(store):
    one, two = step(seed=1), step(seed=2)
    store.publish(one, fill)
    store.folder(one).rename(store.folder(two))
    assert any(one.key in told for told in verify(store))


def test_a_lock_is_exclusive_between_processes_and_dies_with_its_owner(tmp_path):
    path = tmp_path / "lock"
    code = (
        "import sys, time; from pathlib import Path; from xtransfer_stats.store.store import held\n"
        "with held(Path(sys.argv[1])) as mine: print(mine, flush=True); time.sleep(60)"
    )
    owner = subprocess.Popen([sys.executable, "-c", code, str(path)], stdout=subprocess.PIPE, text=True)
    try:
        assert owner.stdout.readline().strip() == "True"
        with held(path) as mine:
            assert not mine
    finally:
        owner.kill()
        owner.wait()
    with held(path) as mine:
        assert mine
    assert not path.exists()


def test_leftovers_of_a_killed_owner_are_swept(store):
    one = step()
    (store.root / "aside" / f"{one.key}-999").mkdir()
    with store.claimed(one) as mine:
        assert mine
    assert list((store.root / "aside").iterdir()) == []


def test_a_file_in_the_place_of_the_store_is_a_clear_error(tmp_path):
    (tmp_path / "store").write_text("not a folder")
    with pytest.raises(StoreError, match=r"^store 'store'.*a file stands") as caught:
        Store(tmp_path / "store").create()
    text = caught.value.in_options()
    assert text.startswith("--store 'store': a file stands")
    assert text.endswith("choose another place with --store.")


def test_a_damaged_steps_error_says_the_same_to_every_reader():
    error = DamagedStep("abc", "target x: scores.json: has 1 bytes, a second were written")
    copy = pickle.loads(pickle.dumps(error))
    assert str(copy) == str(error) == error.in_options()
    assert (copy.key, copy.trouble) == (error.key, error.trouble)


def test_a_manifest_is_read_once_and_again_when_it_changes(store, monkeypatch):
    one = step()
    store.publish(one, fill)
    reads = []
    monkeypatch.setattr(sealed, "read", lambda path, read=sealed.read: reads.append(path) or read(path))
    assert [store.state(one)[0] for _ in range(3)] == [State.DONE] * 3
    assert store.manifest(one)["facts"] == {"fact": 3}
    assert len(reads) == 1
    path = store.folder(one) / "manifest.json"
    stat, text = path.stat(), path.read_bytes()
    path.write_bytes(text.replace(b'"fact": 3', b'"fact": 4'))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert store.state(one) == (State.DAMAGED, "manifest.json: manifest.json does not match its checksum")


def test_a_failure_is_told_and_gone_once_the_step_is_done(store):
    one = step()
    store.fail(one, "no luck")
    assert store.failure(one) == "no luck"
    store.publish(one, fill)
    assert store.failure(one) is None


def test_sealed_text_survives_a_round_trip_and_no_change(tmp_path):
    path = tmp_path / "x.json"
    sealed.write(path, {"b": [1, 2.5, None], "a": "ä"})
    assert sealed.read(path) == {"b": [1, 2.5, None], "a": "ä"}
    path.write_text(json.dumps(json.loads(path.read_text())))
    with pytest.raises(sealed.BrokenSeal):
        sealed.read(path)
