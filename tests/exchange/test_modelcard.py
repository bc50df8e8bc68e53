"""The model card's results, as the hub's own library reads them."""

import pytest
from tests.stats.simulated import catalogue_frame

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.exchange.modelcard import model_card

repocard = pytest.importorskip("huggingface_hub.repocard_data", reason="huggingface_hub comes with the extra train")
yaml = pytest.importorskip("yaml", reason="yaml comes with the extra train")


def read(frame):
    (card,) = [part for part in yaml.safe_load_all(model_card(frame)) if part]
    return {one["name"]: repocard.model_index_to_eval_results([one])[1] for one in card["model-index"]}


def test_every_score_is_the_mean_over_seeds():
    frame = catalogue_frame(3, (3,))
    found = read(frame)
    assert set(found) == {"e5-small-q4, no intermediate task", "e5-small-q4, 3 tasks"}
    treated = frame[frame["n_tasks"] == 3]
    means = treated.groupby(["target_task", "language", "metric"])["score"].mean()
    results = found["e5-small-q4, 3 tasks"]
    assert len(results) == len(means)
    for one in results:
        assert one.metric_value == pytest.approx(
            means[one.dataset_type, one.dataset_config, one.metric_type], rel=1e-12
        )
        assert one.metric_name == f"{one.metric_type}, mean over 3 seeds"
        assert "synthetic stand-in" in one.dataset_name
    assert {one.task_type for one in results if one.dataset_type == "panx"} == {"token-classification"}


@pytest.mark.parametrize("name", ["a: b", "- x", "'\"\n", "é\u2028", "yes", "{}"])
def test_any_name_stays_text(name):
    frame = catalogue_frame(2, (3,)).assign(backbone=name)
    assert set(read(frame)) == {f"{name}, no intermediate task", f"{name}, 3 tasks"}


def test_a_study_without_scores_is_refused():
    frame = catalogue_frame(2, (3,))
    with pytest.raises(DataError, match="no score yet"):
        model_card(frame.assign(score=float("nan")))
