"""Simulated studies of several designs, analysed, with what a trace of them needs."""

from functools import cache

from tests.stats.simulated import TRAININGS, analyzed, simulated_frame

from xtransfer_stats.stats.core.complete import complete_scores
from xtransfer_stats.stats.core.scores import Covariate

LANGUAGES = ("de", "sw")
SIZES = {"de": 2.4, "sw": 0.05, "et": 0.2, "ht": 0.07}
LABELS = {"group": {"xnli": "pairs", "pawsx": "pairs", "panx": "tagging"}}
DESIGNS = {
    "nested": {"seeds": 4, "counts": (3, 9), "sets": 2, "baselines": 2},
    "crossed": {"seeds": 3, "counts": (3, 9), "cross": 3, "baselines": 2},
    "incomplete": {"seeds": 3, "counts": (3, 9), "cross": 3},
}


@cache
def study(name):
    """(frame, benchmarks, prepared scores, analysis) of a design; "incomplete" lacks one treated run."""
    design = DESIGNS[name]
    frame, benchmarks = simulated_frame(languages=LANGUAGES, **design)
    if name == "incomplete":
        frame = frame[frame["run"] != frame.loc[frame["n_tasks"] == 3, "run"].iloc[0]]
    later = design["counts"][1]
    contrasts = (
        f"effect({later}) - effect(3) @ xtreme-mini",
        f"effect({later}) @ xtreme-mini - effect(3) @ xtreme-r-mini",
        "trend @ task xnli",
    )
    analysis = analyzed(
        frame,
        benchmarks,
        trainings=TRAININGS,
        own_data={"xnli": frozenset(["mnli"])},
        margin=1.0,
        contrasts=contrasts,
        labels=LABELS,
        covariates={"articles": Covariate(SIZES, "tenfold articles", logarithmic=True)},
    )
    return frame, benchmarks, complete_scores(frame, benchmarks), analysis
