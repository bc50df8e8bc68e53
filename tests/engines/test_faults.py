"""Faults of disk, memory, clock and processes: a named reason, nothing lost, and the same command ends the study."""

import subprocess
import time
from itertools import count

import pytest
from tests.engines.test_local import chain, named, run, value

from xtransfer_stats.base.errors import StoreError
from xtransfer_stats.store.store import State, Store


@pytest.fixture
def store(tmp_path):
    return Store(tmp_path / "store").create()


@pytest.fixture
def small_disk(tmp_path):
    """A store on a disk of 4 MB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    made = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=4m", "tmpfs", place], capture_output=True)
    if made.returncode:
        pytest.skip("a file system can be mounted by an administrator alone")
    try:
        yield Store(place / "store").create()
    finally:
        subprocess.run(["umount", "-l", place], check=True)


def ends(steps, store):
    """The same command without the fault: every step is done, and no other than with no fault at all."""
    outcome, _ = run(steps, store)
    assert outcome.sound
    assert value(store, named(steps)["leaf"]) == 1112


@pytest.mark.parametrize("how", ["words", "cause", "context"])
def test_a_full_disk_stops_the_run_whatever_library_tells_it(store, how):
    steps = chain(a={"wrapped": how})
    with pytest.raises(StoreError, match=r"^store 'store': the disk is full: free some space; finished steps are kept"):
        run(steps, store, workers=1)
    assert store.state(named(steps)["root"])[0] is State.DONE
    assert store.state(named(steps)["b"])[0] is State.MISSING  # nothing more is trained only to be lost
    ends(chain(), store)


def test_a_disk_that_fills_up_in_a_step_is_told_and_nothing_half_written_stays(small_disk):
    with pytest.raises(StoreError, match="the disk is full"):
        run(chain(root={"fills": 8_000_000}), small_disk, workers=1)
    assert not [path for part in ("aside", "failures", "locks") for path in (small_disk.root / part).iterdir()]
    ends(chain(), small_disk)


@pytest.mark.parametrize("dies", [{"raises": "no luck"}, {"killed": True}])
def test_on_a_disk_that_is_quite_full_no_failure_is_half_written(small_disk, dies):
    ballast = small_disk.root.parent / "ballast"
    with pytest.raises(StoreError, match="the disk is full: free some space"):
        run(chain(a=dies | {"ballast": str(ballast)}), small_disk, workers=1)
    assert list((small_disk.root / "failures").iterdir()) == []
    with pytest.raises(StoreError, match="the disk is nearly full"):
        run(chain(), small_disk, workers=1)
    ballast.unlink()
    ends(chain(), small_disk)


def test_a_file_system_that_turns_read_only_is_told(small_disk):
    subprocess.run(["mount", "-o", "remount,ro", small_disk.root.parent], check=True)
    with pytest.raises(StoreError, match="the file system is read-only"):
        run(chain(), small_disk, workers=1)
    subprocess.run(["mount", "-o", "remount,rw", small_disk.root.parent], check=True)
    ends(chain(), small_disk)


def test_a_step_for_which_the_disk_has_no_room_is_not_begun(store):
    steps = chain()
    sizes = {"pretrained": 10, "intermediate": 1e18, "target": 10, "evaluation": 10}
    with pytest.raises(StoreError, match=r"nearly full: .* MB are free, and intermediate a needs about") as caught:
        run(steps, store, workers=1, expected_bytes=lambda step: sizes[step.kind])
    assert "or give --keep scores" in caught.value.in_options()
    assert store.state(named(steps)["root"])[0] is State.DONE
    assert store.state(named(steps)["a"])[0] is State.MISSING
    ends(steps, store)


def test_steps_that_run_are_given_room_too(store):
    from xtransfer_stats.engines.room import Room
    from xtransfer_stats.store import disk

    a, b = named(chain())["a"], named(chain())["b"]
    room = Room(store.root, lambda step: disk.free(store.root) * 0.6)
    assert room.fits(a, [])
    assert not room.fits(a, [b])


def test_a_step_without_memory_fails_with_the_remedy_and_the_rest_goes_on(store):
    steps = chain(a={"memory": True})
    outcome, _ = run(steps, store)
    assert next(iter(outcome.failed.values())).startswith("out of memory: give fewer workers")
    assert store.failure(named(steps)["a"]).startswith("out of memory")
    assert store.state(named(steps)["b"])[0] is State.DONE


def test_a_worker_that_is_killed_fails_its_step_which_the_store_remembers(store):
    steps = chain(a={"killed": True})
    outcome, _ = run(steps, store)
    assert "its worker died (exit -9)" in outcome.failed[named(steps)["a"].key]
    assert "exit -9" in store.failure(named(steps)["a"])
    assert outcome.skipped == [named(steps)["leaf"].key]
    assert store.state(named(steps)["b"])[0] is State.DONE


def test_a_clock_that_jumps_does_not_matter(store, monkeypatch):
    jumps = count(2_000_000_000, -100_000_000)
    monkeypatch.setattr(time, "time", lambda: float(next(jumps)))
    ends(chain(a={"sleep": 0.1}), store)
    assert all(store.state(step)[0] is State.DONE for step in chain(a={"sleep": 0.1}).values())
