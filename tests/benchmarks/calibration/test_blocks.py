"""Blocks of the calibration study: reproducible in any order, and a wrong method is seen as wrong."""

import numpy as np
import pytest
from benchmarks.calibration.blocks import PARTS, run_block
from benchmarks.calibration.grid import GridCell, cells
from benchmarks.calibration.runmethods import DEFAULT, RUN_METHODS
from benchmarks.calibration.tally import Tally, added, tally
from benchmarks.calibration.verdicts import by_p
from tests.benchmarks.calibration.settings import SETTING

from benchmarks.calibration import setting

CROSSED = GridCell("runs", "crossed, 3 sets", 5, "set/run 1", 4000, 2000)


def by_name(tallies):
    return {(one.method, one.contrast): one for one in tallies}


def test_blocks_do_not_depend_on_their_order():
    forth = [run_block(CROSSED, block, SETTING, 7) for block in (0, 1)]
    back = [run_block(CROSSED, block, SETTING, 7) for block in (1, 0)]
    assert forth == back[::-1]
    assert forth[0] != forth[1]
    assert run_block(CROSSED, 0, SETTING, 8) != forth[0]


def test_the_default_is_near_five_percent_and_sets_as_fixed_are_not():
    found = by_name(run_block(CROSSED, 0, SETTING, 7))
    assert found[DEFAULT, "G(3)"].percent == pytest.approx(4.0, abs=2.0)
    assert found["sets as fixed", "G(3)"].percent > 9


def test_a_planted_wrong_method_is_seen_as_wrong(monkeypatch):
    def normal_tail(studies, contrast):
        d = studies.differences(contrast)
        z = d.mean(axis=0) / (d.std(axis=0, ddof=1) / np.sqrt(len(d)))
        p = np.where(np.abs(z) > 1.96, 0.01, 0.5)
        return by_p(p, np.full(len(p), np.nan))

    monkeypatch.setitem(RUN_METHODS, "bootstrap, percentile", normal_tail)
    cell = GridCell("bootstrap", "nested, 1 set", 3, "set/run 1", 4000, 4000)
    monkeypatch.setitem(RUN_METHODS, "bootstrap, BCa", normal_tail)
    found = by_name(run_block(cell, 0, SETTING, 1))
    # The normal distribution in the place of a t on 2 df: 18.9 %.
    assert found["bootstrap, percentile", "G(9)"].percent == pytest.approx(18.9, abs=2.5)


@pytest.mark.parametrize("part", list(PARTS))
def test_every_part_has_cells_and_answers(part, monkeypatch):
    monkeypatch.setattr(setting, "FEWER_LANGUAGES", ("de", "fr", "sw", "zh"))
    cell = next(cell for cell in cells([part]) if cell.seeds in (3, 10))
    small = GridCell(part, cell.layout, cell.seeds, cell.generator, 2, 2, (3,))
    found = run_block(small, 0, SETTING, 1)
    assert found and all(one.asked >= (1 if part == "collapse" else 2) for one in found)


def test_untested_studies_are_counted_and_not_rejected():
    verdict = by_p(np.array([0.01, np.nan, 0.2]), np.array([1.0, np.nan, 3.0]))
    one = tally("m", "c", verdict.wrong, verdict.untested, verdict.width)
    assert (one.asked, one.wrong, one.untested, one.mean_width) == (3, 1, 1, 2.0)
    assert added([one, one])[0] == Tally("m", "c", 6, 2, 2, 4, 8.0)


def test_no_two_cells_share_a_name():
    keys = [cell.key for cell in cells()]
    assert len(set(keys)) == len(keys)
