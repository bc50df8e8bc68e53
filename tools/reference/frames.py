"""The page of frames: columns of scores, of results and of an import, in the order in which files have them."""

from collections.abc import Mapping

from tools.reference import markdown
from xtransfer_stats.exchange.scoreframe.kinds import NEEDED
from xtransfer_stats.stats.core.frame import COLUMNS, OPTIONAL, STATUSES
from xtransfer_stats.stats.core.results import RESULT_COLUMNS

SCORES: Mapping[str, str] = {
    "study": "name of the study",
    "run": "name of the run: of a seed, a replicate and a task set",
    "backbone": "the pretrained model",
    "variant": "`none`, `mlm` or `translated`",
    "control": "`none`, `random-init` or `overlap`",
    "seed": "whole number; runs of one seed are paired",
    "replicate": "further trainings of the same seed and task set, from 0",
    "n_tasks": "how many intermediate tasks; 0 is the baseline",
    "task_set": "which: `mnli+qqp+squad1`; empty for the baseline",
    "catalogue": "how many intermediate tasks the study draws its sets from",
    "benchmarks": "the pair that the study scored, `xtreme+xtreme-r`: the interaction is the second less the first",
    "target_task": "what was scored",
    "language": "code of the language",
    "metric": "name of the metric",
    "score": "points on 0-100; `NaN` is the only sign of no score",
    "n_examples": "test examples behind the score",
    "status": f"one of {', '.join(f'`{name}`' for name in STATUSES)}",
    "condition": "what is compared, where that is no number of tasks: method, size, prompt",
    "draw": "below a condition: few-shot sample, prompt, subset",
    "benchmark": "the benchmark of the row, where a file names several",
}
TYPES: Mapping[str, str] = {"str": "text", "int64": "whole number", "float64": "number"}
RESULTS: Mapping[str, str] = {
    "term": "kind of the row: [terms](terms.md)",
    "contrast": "the hypothesis in words: `effect(3) @ xtreme-mini`",
    "scope": "what the error generalises over: [scopes](terms.md#scopes)",
    "estimate": "points on 0-100",
    "std_error": "standard error, points",
    "df": "degrees of freedom of the t",
    "statistic": "t, or F of `heterogeneity`",
    "p_value": "two-sided, uncorrected",
    "p_adjusted": "corrected within the family",
    "conf_low": "lower limit of the 95 % interval, uncorrected",
    "conf_high": "upper limit of it",
    "method": "how error and df were found",
    "n_runs": "runs that entered",
    "note": "what limits the row",
    "n_tasks": "number of intermediate tasks of the estimand (`condition` in a table of conditions)",
    "benchmark": "benchmark of the estimand",
    "target_task": "its target task",
    "language": "its language",
    "family": "family of tests that `p_adjusted` is corrected in",
    "id": "the row's name, which `xstats trace` takes",
}


def page() -> str:
    """Two tables of columns."""
    rows = ((f"`{name}`", TYPES[kind], SCORES[name], _must(name)) for name, kind in {**COLUMNS, **OPTIONAL}.items())
    results = ((f"`{name}`", RESULTS[name]) for name in RESULT_COLUMNS)
    return markdown.page(
        markdown.head(
            "Columns of the frames",
            "src/xtransfer_stats/stats/core",
            "Five columns are enough for a frame of scores, in any order; what is repaired and what refused: "
            "[what is read](../inputs.md).",
        ),
        "## Scores",
        "What `xstats export` writes and every command that takes scores reads: a row a run, target task, language and "
        "metric.",
        markdown.table(("column", "type", "is", "a file must have it"), rows),
        "## Results",
        "What `xstats analyze` writes as `results.csv` and prints by `--json`, and what `result.frame()` gives: a row "
        "an estimate.",
        markdown.table(("column", "is"), results),
    )


def _must(name: str) -> str:
    return "yes" if name in NEEDED else ""
