"""The runner of the calibration study: goes on after a stop, whatever the workers."""

import json

from benchmarks.calibration.grid import GridCell

from benchmarks.calibration import run as runner

CELLS = [GridCell("runs", layout, 3, "set/run 1", 30, 20) for layout in ("nested, 1 set", "crossed, 3 sets")]


def tallies(folder):
    return {path.name: json.loads(path.read_text())["tallies"] for path in folder.glob("*.json")}


def test_the_number_of_workers_changes_nothing(tmp_path):
    runner.compute(CELLS, 5, tmp_path / "one", 1)
    runner.compute(CELLS[::-1], 5, tmp_path / "two", 2)
    assert tallies(tmp_path / "one") == tallies(tmp_path / "two")
    assert len(tallies(tmp_path / "one")) == 2


def test_finished_cells_are_not_computed_again(tmp_path, capsys):
    runner.compute(CELLS[:1], 5, tmp_path, 1)
    path = runner.path_of(CELLS[0], 5, tmp_path)
    kept = path.read_text().replace('"root": 5', '"root": 5.0')
    path.write_text(kept)
    runner.compute(CELLS, 5, tmp_path, 1)
    assert path.read_text() == kept
    assert "1 of 2 cells done" in capsys.readouterr().out
    assert [cell for cell, *_ in runner.finished(CELLS, 5, tmp_path)] == CELLS
    assert list(runner.finished(CELLS, 6, tmp_path)) == []


def test_the_table_names_seed_and_entries_outside_their_band(tmp_path):
    runner.compute(CELLS, 5, tmp_path, 1)
    record = json.loads(runner.path_of(CELLS[0], 5, tmp_path).read_text())
    record["tallies"][0] |= {"asked": 2000, "wrong": 2000}
    runner.save(record, runner.path_of(CELLS[0], 5, tmp_path))
    text = runner.document(list(runner.finished(CELLS, 5, tmp_path)), 2, 5)
    assert "seed 5" in text and "2 of 2 cells" in text
    assert "nested, 1 set | 3 seeds | counts 3-5-9 | set/run 1: default, G(3) 100.0 ± 0.0 %" in text
