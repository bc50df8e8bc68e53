"""The two-level bootstrap: scores from examples again, units shared over runs and languages, what is held fixed."""

import numpy as np
import pandas as pd
import pytest
from tests.stats.simulated import simulated_frame

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.routes.sampling import Sampling, route_targets
from xtransfer_stats.stats.routes.twolevel import example_share, items_of, rescored, two_level_rows

EXAMPLES = 40


def study(seeds=5, spread=0.0):
    """A study whose accuracies are means of the examples drawn here; PAN-X has no examples that make its score."""
    frame, benchmarks = simulated_frame(seeds, (3,), rng_seed=1)
    rng, rows = np.random.default_rng(0), []
    frame = frame[frame["target_task"].isin(["xnli", "pawsx", "xcopa", "panx"])].reset_index(drop=True)
    for i, row in frame.iterrows():
        chance = np.clip(row["score"] / 100, 0.02, 0.98)
        outcome = 100.0 * (rng.random(EXAMPLES) < chance)
        names = [f"{row['target_task']}-test-{row['language']}-{j}" for j in range(EXAMPLES)]
        part = pd.DataFrame({"example_id": names, "accuracy": outcome, "f1": np.nan})
        rows.append(part.assign(run=row["run"], target_task=row["target_task"], language=row["language"]))
        if row["target_task"] != "panx":
            frame.loc[i, "score"] = outcome.mean()
    here = {
        name: {t: x for t, x in part.items() if t in set(frame["target_task"])} for name, part in benchmarks.items()
    }
    return complete_scores(frame, here), pd.concat(rows, ignore_index=True)


@pytest.fixture(scope="module")
def made():
    return study()


def test_what_cannot_be_scored_again_is_named(made):
    items = items_of(*made)
    assert items.fixed == ("panx",)
    assert items.sizes["xnli"] == EXAMPLES  # one unit an example, whatever the language


def test_scores_of_drawn_examples_are_means_of_their_outcomes(made):
    prepared, predictions = made
    items = items_of(prepared, predictions)
    scores = rescored(prepared, items, np.random.default_rng(1), 400)
    places = [cell.place for cell in items.cells]
    error = scores[:, :, places].std(axis=0).mean()
    p = prepared.table.scores[:, places] / 100
    assert scores[:, :, places].mean(axis=0) == pytest.approx(prepared.table.scores[:, places], abs=2.5)
    assert error == pytest.approx(np.sqrt(p * (1 - p) / EXAMPLES).mean() * 100, rel=0.05)
    fixed = [i for i in range(scores.shape[2]) if i not in places]
    assert np.all(scores[:, :, fixed] == prepared.table.scores[:, fixed])


def test_examples_are_drawn_jointly_over_runs_and_languages(made):
    """The same example in two languages comes and goes together: scores of like outcomes move together."""
    prepared, predictions = made
    alike = predictions.copy()
    number = alike["example_id"].str.rsplit("-", n=1).str[-1].astype(int)
    alike["accuracy"] = np.where(alike["target_task"] == "panx", alike["accuracy"], 100.0 * (number % 2))
    frame = prepared.frame.assign(score=prepared.frame["score"].where(prepared.frame["target_task"] == "panx", 50.0))
    again = complete_scores(frame, prepared.benchmarks)
    items = items_of(again, alike)
    scores = rescored(again, items, np.random.default_rng(2), 50)
    xnli = [cell.place for cell in items.cells if again.cells[cell.place][0] == "xnli"]
    assert np.ptp(scores[:, :, xnli], axis=(1, 2)).max() == pytest.approx(0, abs=1e-9)


def test_examples_widen_the_interval_and_their_share_is_told(made):
    prepared, predictions = made
    items = items_of(prepared, predictions)
    rows, drawn = two_level_rows(prepared, route_targets(prepared), items, Sampling(499, 3), 0.05)
    _, same = two_level_rows(prepared, route_targets(prepared), items, Sampling(499, 3, workers=2), 0.05)
    assert np.array_equal(drawn, same)
    gap = next(row for row in rows if row["contrast"] == "interaction(3)")
    seeds_alone = route_targets(prepared)[2].differences.std() / np.sqrt(5)
    assert gap["std_error"] > 1.1 * seeds_alone
    assert "held fixed over examples: panx" in gap["note"]
    share, cells = example_share(prepared, items, Sampling(199, 3))
    assert 60 < share <= 100  # these scores are little but examples
    assert cells == len(items.cells)


def test_another_table_is_refused(made):
    with pytest.raises(DataError, match="no column example_id"):
        items_of(made[0], made[1].drop(columns="example_id"))
