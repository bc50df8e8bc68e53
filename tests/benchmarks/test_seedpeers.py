"""The comparison with other packages: its studies are as docs/peers.md says, and the page is what the results say."""

import json
import re
from collections.abc import Sequence

import numpy as np
import pytest
from benchmarks.seedpeers import ours, page, run
from benchmarks.seedpeers.method import Answer, Method, Way
from benchmarks.seedpeers.studies import drawn
from scipy import stats
from tests.places import ROOT

TOLD = page.results()


DONE = [method for method in run.METHODS if (run.RESULTS / f"{method.name}.json").is_file()]


def test_every_method_has_its_results_or_is_named_as_lacking_them():
    shown = page.page(TOLD)
    assert all(f"| {method.package} | " in shown for method in DONE) and len(DONE) >= 10
    lacking = shown.partition("Not run yet")[2]
    assert {m.name for m in run.METHODS if f"- {m.package}, {m.ways[0].name}: " in lacking} == {
        m.name for m in run.METHODS if m not in DONE
    }


@pytest.mark.parametrize("method", DONE, ids=lambda method: method.name)
def test_results_are_of_the_calls_that_stand_in_the_code(method):
    told = json.loads((run.RESULTS / f"{method.name}.json").read_text(encoding="utf-8"))
    assert [way["call"] for way in told["ways"]] == [way.call for way in method.ways]
    pins = (ROOT / "benchmarks" / "seedpeers" / "requirements.txt").read_text(encoding="utf-8")
    assert method.package == "xtransfer-stats" or f"{told['package']}=={told['version']}\n" in pins


def test_the_page_and_the_readme_are_what_the_results_say():
    assert f"{page.MARKS[0]}\n\n{page.page(TOLD)}\n\n{page.MARKS[1]}" in page.PAGE.read_text(encoding="utf-8")
    assert page.LINE.findall(page.README.read_text(encoding="utf-8")) == [page.line(TOLD)]


def told_of(method, package, sample, studies, found):
    cell = {"seeds": 5, "effect": 0.0, "studies": studies, "ways": {"default": {"found": found}}}
    return {"method": method, "package": package, "ways": [{"name": "default", "sample": sample}], "cells": [cell]}


def test_the_readme_has_figures_of_enough_studies_alone():
    one = told_of("a", "a", "languages", 1000, 680)
    assert "sample find one in 68 % (" in page.line([one])
    others = [told_of("b", "b", "scores", 500, 310), told_of("c", "c", "languages", 400, 284)]
    few = told_of("d", "d", "languages", 50, 50)
    ours_few, ours_many = (told_of("ours", "xtransfer-stats", "seeds", n, n // 20) for n in (100, 1000))
    assert "find one in 62 to 71 % (" in page.line([one, *others, few, ours_few])
    assert "find one in 62 to 71 %, this one in 5.0 % (" in page.line([ours_many, one, *others, few])


def test_a_study_is_the_same_for_all_and_another_by_number():
    one = drawn(5, 1.5, 3)
    assert np.array_equal(one.new, drawn(5, 1.5, 3).new) and not np.array_equal(one.new, drawn(5, 1.5, 4).new)
    assert one.base.shape == (5, 20) and len(one.table) == 200
    by_run = one.table.groupby(["method", "seed"])["acc"].mean()
    for name, runs in (("base", one.base_runs), ("new", one.new_runs)):
        assert 100 * by_run[name].to_numpy() == pytest.approx(runs)
    assert not drawn(5, 0.0, 3).effects.any()


def test_the_luck_is_as_the_page_says():
    studies = [drawn(10, 1.5, number) for number in range(400)]
    gains = np.concatenate([one.new_runs - one.base_runs - one.effects.mean() for one in studies])
    assert gains.std() == pytest.approx(np.sqrt(2 * (1 + 1 / 20)), rel=0.05)  # the seed's luck is gone
    both = np.concatenate([(one.new_runs + one.base_runs) / 2 - (one.new + one.base).mean() / 2 for one in studies])
    assert both.std() == pytest.approx(np.sqrt(0.9 * (0.49 + (1 + 1 / 20) / 2)), rel=0.05)
    assert np.mean([one.effects.mean() for one in studies]) == pytest.approx(1.5, abs=0.05)


def test_ours_is_the_seed_paired_t():
    study = drawn(5, 1.5, 0)
    found = stats.ttest_rel(study.new_runs, study.base_runs)
    these, such = ours.compared(study)
    interval = found.confidence_interval(0.95)
    assert (these.low, these.high) == pytest.approx((interval.low, interval.high))
    assert these.found == (found.pvalue <= 0.05) and such.high - such.low > these.high - these.low


def counting(ask) -> Method:
    return Method("numpy", "counted", (Way("default", "`ask(study)`", "seeds"),), ask, studies=4)


def test_a_stopped_cell_is_gone_on_with_and_never_beyond_the_most(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "RESULTS", tmp_path)
    asked: list[float] = []

    def ask(study) -> Sequence[Answer]:
        asked.append(float(study.base[0, 0]))
        return (Answer(True, study.effects.mean() - 1, 1.5),)

    run.computed(counting(ask), 2)
    run.computed(counting(ask), 9)
    cells = run.load(counting(ask))
    assert [cell.studies for cell in cells] == [4] * 6
    assert asked.count(float(drawn(3, 0.0, 0).base[0, 0])) == 1  # no study is asked twice in its cell
    counts = cells[1].ways["default"]
    assert (counts.found, counts.intervals, counts.such) == (4, 4, 4)
    assert counts.these == sum(drawn(3, 1.5, number).effects.mean() <= 1.5 for number in range(4))


def test_results_of_other_calls_or_versions_are_computed_anew(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "RESULTS", tmp_path)
    run.computed(counting(lambda study: (Answer(False),)), 1)
    path = tmp_path / "counted.json"
    path.write_text(re.sub(r'"version": "[^"]*"', '"version": "0.0"', path.read_text()))
    assert {cell.studies for cell in run.load(counting(lambda study: (Answer(False),)))} == {0}


def test_a_package_that_refuses_is_shown_with_its_words(tmp_path, monkeypatch):
    monkeypatch.setattr(run, "RESULTS", tmp_path)

    def ask(study) -> Sequence[Answer]:
        if len(study.base) < 5:
            raise ValueError("five at the least")
        return (Answer(True),)

    run.computed(counting(ask), 2)
    shown = page.page([json.loads((tmp_path / "counted.json").read_text())])
    assert "| refuses / 100.0 / 100.0 | refuses / – / – |" in shown
    assert "- numpy, default, at 3 seeds: ValueError: five at the least" in shown
