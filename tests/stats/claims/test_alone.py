"""Claims on single tasks, the best of them and sets beside them, against differences computed here."""

import numpy as np
import pytest
from scipy import stats
from tests.stats.simulated import INTERMEDIATE, analyzed, simulated_frame

from xtransfer_stats.stats.claims.claim import Claim
from xtransfer_stats.stats.claims.evidence import evidence
from xtransfer_stats.stats.claims.rules import RULES, Verdict
from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.singles.scores import AVERAGE, single_scores
from xtransfer_stats.verbs.recipes import load_claims

FIRST = "xtreme-mini"


@pytest.fixture(scope="module")
def study():
    frame, benchmarks = simulated_frame(seeds=5, counts=(3, 9), singles=True)
    return complete_scores(frame, benchmarks), single_scores(frame, benchmarks), frame, benchmarks


def said(study, what, test="value", **fields):
    claim = Claim("c", "text", "source", "read", what, test, at="xtreme", value=2.0, margin=1.0, **fields)
    return evidence(claim, study[0], "", study[1])


def averages(study):
    scores = study[1]
    return scores.gains(scores.columns(FIRST)[AVERAGE][:, None])[:, :, 0]


def test_a_single_task_is_paired_with_its_seeds_baselines(study):
    (part,) = said(study, "set", set=("hellaswag",)).parts
    own = averages(study)[:, INTERMEDIATE.index("hellaswag")]
    assert (part.estimate, part.std_error) == (pytest.approx(own.mean()), pytest.approx(stats.sem(own)))
    assert part.hypothesis == "gain of hellaswag @ xtreme-mini"


def test_the_set_of_all_is_still_that_of_the_counts(study):
    (part,) = said(study, "set", set=INTERMEDIATE).parts
    assert "anli+ccg" in part.hypothesis


def test_a_best_set_must_beat_every_single_task_too(study):
    parts = said(study, "best count", "positive", set=INTERMEDIATE).parts
    assert len(parts) == 1 + len(INTERMEDIATE)
    scores, weights = study[1], study[1].columns(FIRST)[AVERAGE]
    nine = np.array([one.scores @ weights for one in scores.sets if one.n_tasks == 9]) - scores.base @ weights
    assert [part.estimate for part in parts[1:]] == pytest.approx((nine[:, None] - averages(study)).mean(axis=0))


def test_the_best_per_task_is_judged_upwards_and_downwards_by_the_choice_that_errs_against_it(study):
    found = said(study, "best per task")
    (part,) = found.parts
    moments = part.moments
    assert moments.below.estimate < moments.above.estimate
    p = RULES["value"](found.claim, found.parts)
    within = max(moments.below.p_above(1.0)[0], moments.above.p_below(3.0)[0])
    outside = 2 * min(moments.below.p_above(3.0)[0], moments.above.p_below(1.0)[0])
    assert p[Verdict.SUPPORTED][0] == pytest.approx(within)
    assert p[Verdict.CONTRADICTED][0] == pytest.approx(min(1, outside))
    assert "chosen by the other seeds; chosen and judged on all seeds they gain" in found.remark


def test_without_single_tasks_the_best_one_is_not_testable_and_the_recipe_is_named(study):
    frame = study[2][study[2]["n_tasks"] != 1]
    judged = analyzed(frame, study[3], claims=load_claims("claims")).claims.set_index("claim")
    assert judged.loc["best-per-task", "verdict"] == "not testable"
    assert "xstats run singles" in judged.loc["best-per-task", "reason"]


def test_with_single_tasks_four_more_claims_are_tested(study):
    of = {True: study[2], False: study[2][study[2]["n_tasks"] != 1]}
    judged = {
        kept: set(rows.loc[rows["verdict"] != "not testable", "claim"])
        for kept, rows in (
            (kept, analyzed(frame, study[3], claims=load_claims("claims")).claims) for kept, frame in of.items()
        )
    }
    assert judged[True] - judged[False] == {"squad-gain", "mnli-gain", "hellaswag-gain", "best-per-task"}
