"""Families and scripts have exploratory rows of their own, as groups of target tasks do."""

from tests.stats.simulated import analyzed, simulated_frame

LABELS = {"family": {"de": "IE: Germanic", "es": "IE: Romance", "fr": "IE: Romance"}, "script": {"ru": "Cyrl"}}


def test_families_and_scripts_stand_in_families_of_tests_of_their_own():
    frame, benchmarks = simulated_frame(3, (3,), rng_seed=1)
    results = analyzed(frame, benchmarks, labels=LABELS).results
    families, scripts = (results[results["term"] == f"{kind} effect"] for kind in ("family", "script"))
    assert list(families["contrast"]) == ["effect(3) @ family ie-germanic", "effect(3) @ family ie-romance"]
    assert set(families["family"]) == {"language families"} and set(scripts["family"]) == {"scripts"}
    assert families["p_adjusted"].notna().all() and len(scripts) == 1


def test_language_scores_average_to_what_the_cells_say():
    frame, benchmarks = simulated_frame(2, (3,), rng_seed=1)
    analysis = analyzed(frame, benchmarks, labels=LABELS)
    scores = analysis.language_scores
    cells = analysis.cells[(analysis.cells["language"] == "et") & (analysis.cells["n_tasks"] == 3)]
    mine = scores[(scores["language"] == "et") & (scores["n_tasks"] == 3)]
    assert set(mine["benchmark"]) == {"xtreme-r-mini"}
    expected = cells.groupby("run")["score"].mean()
    assert dict(zip(mine["run"], mine["score"].round(9), strict=True)) == expected.round(9).to_dict()
