"""Event files hold every score and every point of a curve."""

import pytest
from tests.stats.simulated import catalogue_frame

from xtransfer_stats.exchange.tensorboard import write_events

pytest.importorskip("tensorboardX", reason="the extra trackers is not installed")
CURVES = [("target xnli s0", [{"step": 5, "loss": 1.5, "dev": {"xnli": 40.0}}, {"step": 9, "loss": 1.0, "dev": {}}])]


def scalars(folder):
    """(tag, step, value) of every point in the folder's event files."""
    from tensorboardX.proto.event_pb2 import Event

    found = []
    for path in folder.glob("events.*"):
        content, at = path.read_bytes(), 0
        while at < len(content):
            length = int.from_bytes(content[at : at + 8], "little")
            event = Event.FromString(content[at + 12 : at + 12 + length])
            found += [(value.tag, event.step, value.simple_value) for value in event.summary.value]
            at += 12 + length + 4
    return found


def test_scores_and_curves_are_all_there(tmp_path):
    frame = catalogue_frame(2, (3,))
    folders = write_events(frame, CURVES, tmp_path)
    assert len(folders) == frame["run"].nunique() + 1
    points = scalars(tmp_path / "trainings" / "target-xnli-s0")
    assert points == [("loss", 5, 1.5), ("dev/xnli", 5, 40.0), ("loss", 9, 1.0)]
    run = frame["run"].iloc[0]
    (folder,) = [one for one in folders if one.name == run]
    rows = frame[frame["run"] == run]
    drawn = {tag: value for tag, _, value in scalars(folder)}
    assert len(drawn) == len(rows)
    for row in rows.itertuples():
        assert drawn[f"scores/{row.target_task}/{row.language}/{row.metric}"] == pytest.approx(row.score, rel=1e-6)


def test_a_runs_name_is_no_path_out_of_the_folder(tmp_path):
    frame = catalogue_frame(2, (3,))
    frame = frame.assign(run=frame["run"].mask(frame["run"] == frame["run"].iloc[0], "../../out"))
    folders = write_events(frame, (), tmp_path / "events")
    assert all((tmp_path / "events").resolve() in one.resolve().parents for one in folders)
