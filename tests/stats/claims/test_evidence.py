"""Evidence from a study's runs, against paired differences computed here."""

import numpy as np
import pytest
from scipy import stats
from tests.stats.simulated import INTERMEDIATE, analyzed, simulated_frame

from xtransfer_stats.stats.claims.claim import Claim
from xtransfer_stats.stats.claims.evidence import evidence
from xtransfer_stats.stats.comparison import result as frompair
from xtransfer_stats.stats.comparison.compare import compare
from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.verbs.recipes import load_claims


@pytest.fixture(scope="module")
def study():
    frame, benchmarks = simulated_frame(seeds=4, counts=(3, 9), cross=2)
    return frame, benchmarks, complete_scores(frame, benchmarks)


def about(what: str, **fields) -> Claim:
    return Claim("c", "text", "source", "read", what, "positive", at="xtreme", **fields)


def averages(study, run_filter) -> np.ndarray:
    """Official average of the first benchmark of each seed's run that the filter chooses."""
    frame, benchmarks, _ = study
    rows = frame[run_filter(frame)].groupby(["seed", "target_task", "language"])["score"].mean()
    first = benchmarks["xtreme-mini"]
    return np.array(
        [
            np.mean([rows[seed, task][list(names)].mean() for task, names in first.items()])
            for seed in sorted(frame["seed"].unique())
        ]
    )


def test_a_named_set_is_paired_with_its_seeds_baselines(study):
    chosen = sorted(set(study[0].loc[study[0]["n_tasks"] == 3, "task_set"]))[0]
    found = evidence(about("set", set=tuple(reversed(chosen.split("+")))), study[2])
    gains = averages(study, lambda f: f["task_set"] == chosen) - averages(study, lambda f: f["n_tasks"] == 0)
    (part,) = found.parts
    assert part.estimate == pytest.approx(gains.mean())
    assert part.std_error == pytest.approx(stats.sem(gains))
    assert part.df == 3
    assert "stand-in" in found.remark


def test_a_set_that_nobody_trained_is_not_testable(study):
    assert "mnli alone" in evidence(about("set", set=("mnli",)), study[2]).lacking
    assert "exactly its 4 tasks" in evidence(about("set", set=INTERMEDIATE[:4]), study[2]).lacking


def test_the_largest_set_is_set_against_every_other_count(study):
    found = evidence(about("best count", set=INTERMEDIATE), study[2])
    nine, three = (averages(study, lambda f, k=k: f["n_tasks"] == k) for k in (9, 3))
    assert [part.estimate for part in found.parts] == pytest.approx([(nine - three).mean()])


def test_tasks_that_gain_most_are_set_against_every_other(study):
    found = evidence(about("tasks against others", tasks=("tatoeba",)), study[2])
    assert len(found.parts) == 2 * 4
    assert all(part.estimate > 2 for part in found.parts)
    assert "bucc2018 not scored" in evidence(about("tasks against others", tasks=("bucc2018",)), study[2]).lacking


def test_every_count_of_a_task_is_a_part(study):
    found = evidence(about("tasks at each count", tasks=("xnli",)), study[2])
    assert [part.hypothesis for part in found.parts] == ["effect(3) @ task xnli", "effect(9) @ task xnli"]


def test_what_one_study_cannot_tell_is_said(study):
    assert "two: none and mlm" in evidence(about("variants", variant="mlm"), study[2]).lacking
    assert "inflates" in evidence(about("best per task"), study[2]).lacking


def test_the_analysis_judges_the_shipped_claims(study):
    frame, benchmarks, _ = study
    analysis = analyzed(frame, benchmarks, claims=load_claims())
    found = analysis.claims.set_index("claim")
    interaction = analysis.results[analysis.results["term"] == "interaction"].set_index("contrast")
    row = found.loc["benchmarks-differ"]
    assert row["estimate"] == pytest.approx(interaction.loc[row["hypothesis"], "estimate"])
    assert not [name for name in found.index if name.startswith("draft-")]
    shown = analysis.results[analysis.results["term"] == "claim"]
    assert len(shown) == (found["hypothesis"] != "").sum()


def test_two_studies_of_two_variants_judge_a_claim_on_them():
    frame, benchmarks = simulated_frame(seeds=5, counts=(3,), rng_seed=1)
    plain = frame.assign(study="plain", variant="none")
    worse = frame.assign(study="mixed", variant="mlm")
    treated = worse["n_tasks"] == 3
    noise = np.random.default_rng(0).normal(0, 0.3, int(treated.sum()))
    worse.loc[treated, "score"] -= 3.0 + noise
    claim = about("variants", variant="mlm")
    for first, second in ((plain, worse), (worse, plain)):
        sides = [StudyScores(one, benchmarks, name=name) for name, one in (("first", first), ("second", second))]
        found = frompair.evidence(claim, [compare(*sides)])
        (part,) = found.parts
        assert part.estimate == pytest.approx(3.0, abs=0.2)
        assert part.std_error > 0
    analysis = analyzed(plain, benchmarks, claims=load_claims(), beside=(compare(*sides),))
    verdicts = analysis.claims.set_index("claim")["verdict"]
    assert verdicts["english-beats-mlm"] == "supported"
    assert verdicts["english-beats-translated"] == "not testable"
