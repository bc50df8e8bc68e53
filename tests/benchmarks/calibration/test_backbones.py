"""The calibration of differences between backbones: its studies are what it says, and its section what was computed."""

import json

import numpy as np
from benchmarks.calibration.backbones import BackboneCell, cells, computed, found, path_of, section, studies
from tests.places import ROOT


def test_studies_are_the_same_each_time_and_of_several_backbones():
    cell = BackboneCell(3, 3, "half shared")
    first, again = (list(studies(cell, 2)) for _ in range(2))
    assert first[0].frame["backbone"].nunique() == 3
    for one, other in zip(first, again, strict=True):
        np.testing.assert_array_equal(one.frame["score"], other.frame["score"])
    assert not np.array_equal(first[0].frame["score"], first[1].frame["score"])


def test_a_true_difference_is_found_and_the_count_of_tests_is_that_of_pairs():
    (study,) = studies(BackboneCell(2, 5, "own"), 1)
    frame = study.frame
    gained = 20.0 * ((frame["backbone"] == "backbone-1") & (frame["n_tasks"] > 0))
    study.frame["score"] = frame["score"] + gained
    told = found(study)
    assert told["effects"] == [True, True]
    assert len(told["interactions"]) == 1
    assert told["any, Holm"] == [True]


def test_the_section_is_of_the_cells_that_are_there(tmp_path):
    assert section(tmp_path, 2) == ""
    cell = cells()[0]
    path_of(cell, 2, tmp_path).write_text(json.dumps(computed(cell, 2)), encoding="utf-8")
    told = section(tmp_path, 2)
    assert f"1 of {len(cells())} worlds are finished." in told
    assert "| 2 | 3 | own | 2 | " in told


def test_the_documented_section_is_that_of_the_committed_cells():
    assert section() in (ROOT / "docs" / "calibration.md").read_text(encoding="utf-8")
