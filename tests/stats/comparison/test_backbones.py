"""Several backbones in one frame: each pair is compared as two studies are; the answer says whether effects differ."""

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from tests.stats.comparison.studies import alike, gains

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.comparison.backbones.backbones import backbone_effects
from xtransfer_stats.stats.comparison.compare import compare
from xtransfer_stats.stats.comparison.estimates import DIFFERENCE, A
from xtransfer_stats.stats.core.inference import adjusted
from xtransfer_stats.stats.core.termtable import EFFECT, INTERACTION

NUMBERS = ["estimate", "std_error", "df", "p_value", "conf_low", "conf_high"]


def together(*studies, names=("mini", "group/large", "xl")):
    """One frame of several backbones."""
    frames = [one.frame.assign(study="both", backbone=name) for one, name in zip(studies, names, strict=False)]
    return replace(studies[0], frame=pd.concat(frames, ignore_index=True))


def shifted(scores, points, seed=4):
    """Another backbone of the same study: treated runs gain more, with luck of its own."""
    frame = scores.frame
    rng = np.random.default_rng(seed)
    runs = {run: rng.normal(0, 0.2) for run in sorted(frame["run"].unique())}
    added = frame["run"].map(runs) + points * (frame["n_tasks"] > 0)
    return replace(scores, frame=frame.assign(score=(frame["score"] + added).clip(0, 100)))


def test_two_backbones_are_compared_as_two_studies_of_the_same_seeds_are():
    a, b = alike()
    found, theirs = backbone_effects(together(a, b)), compare(a, b).results
    assert len(found.differences) == (theirs["side"] == DIFFERENCE).sum()
    for mine, side in ((found.differences, DIFFERENCE), (found.own[found.own["backbone"] == "mini"], A)):
        other = theirs[theirs["side"] == side].set_index(["term", "contrast"])
        pd.testing.assert_frame_equal(mine.set_index(["term", "contrast"])[NUMBERS], other[NUMBERS])
    both = theirs[theirs["side"] == DIFFERENCE]["p_adjusted"].to_numpy()
    np.testing.assert_allclose(found.differences["p_adjusted"].to_numpy(), both)


def test_the_error_of_a_difference_is_that_of_the_seeds_differences():
    a, b = alike(counts=(9,))
    found = backbone_effects(together(a, b)).differences
    by_seed = gains(b.frame, b.benchmarks, 9) - gains(a.frame, a.benchmarks, 9)
    for name in a.benchmarks:
        row = found[(found["term"] == EFFECT) & (found["benchmark"] == name)].iloc[0]
        assert row["estimate"] == pytest.approx(by_seed[name].mean())
        assert row["std_error"] == pytest.approx(by_seed[name].std(ddof=1) / 5**0.5)
        assert (row["backbone"], row["minus"], row["df"]) == ("group/large", "mini", 4)


def test_all_pairs_of_three_backbones_are_one_family():
    a, b = alike(counts=(9,))
    found = backbone_effects(together(a, b, shifted(a, 3.0)))
    primary = found.results[found.results["family"] == "primary"]
    assert set(zip(primary["backbone"], primary["minus"], strict=True)) == {
        ("group/large", "mini"), ("xl", "mini"), ("xl", "group/large"),
    }  # fmt: skip
    assert len(primary) == 3 * (2 + 1)  # effects on two benchmarks and the interaction
    np.testing.assert_allclose(primary["p_adjusted"], adjusted(primary["p_value"], "holm"))
    assert found.own.groupby("backbone")["contrast"].apply(lambda names: names.duplicated().any()).eq(False).all()
    assert (found.own["p_adjusted"].isna()).all()


def test_the_answer_says_whether_the_effect_differs_and_by_how_much():
    a, _ = alike(counts=(9,))
    differs = backbone_effects(together(a, shifted(a, 5.0)))
    assert differs.answer.startswith("The effect of intermediate training differs between backbones: large gains more")
    assert "Differences, paired by seed: large less mini +" in differs.answer
    same = backbone_effects(together(a, shifted(a, 0.0)))
    assert same.answer.startswith("The effect of intermediate training is not shown to differ between mini and large")
    gap = same.differences[same.differences["term"] == INTERACTION].iloc[0]
    assert f"{abs(gap['estimate']):.2f}" in same.answer
    assert set(differs.differs[differs.differs["differs"]]["fact"]) == {"backbone", "data"}


def test_one_seed_says_that_nothing_has_an_error():
    a, b = alike(counts=(9,))
    one = together(*(replace(x, frame=x.frame[x.frame["seed"] == 0]) for x in (a, b)))
    assert "cannot be said: no difference has an error" in backbone_effects(one).answer


def test_backbones_with_the_same_scores_do_not_differ():
    a, _ = alike(counts=(9,))
    found = backbone_effects(together(a, a, a))
    assert (found.differences["estimate"] == 0).all()
    assert "differs between backbones" not in found.answer


def test_one_backbone_or_a_backbone_without_its_baseline_is_refused_by_name():
    a, b = alike(counts=(9,))
    with pytest.raises(DataError, match="mini alone; a comparison needs two or more"):
        backbone_effects(together(a))
    without = replace(b, frame=b.frame[b.frame["n_tasks"] > 0])
    with pytest.raises(DataError, match="backbone group/large: column n_tasks: no baseline rows"):
        backbone_effects(together(a, without))


def test_cells_and_seeds_that_one_backbone_lacks_are_named():
    a, b = alike(counts=(9,))
    short = replace(b, frame=b.frame[(b.frame["language"] != "de") & (b.frame["seed"] != 4)])
    found = backbone_effects(together(a, short))
    assert any("are not in all studies" in note or "not in all" in note for note in found.notes)
    assert any("Runs of A without a pair" in note and "seed 4" in note for note in found.notes)
    assert found.differences["df"].min() == 3
