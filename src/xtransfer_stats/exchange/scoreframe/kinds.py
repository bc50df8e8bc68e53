"""What a file is that is no score frame, and what a score frame needs: the words of a refusal."""

from collections.abc import Iterable, Mapping
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.tasks.codes import canonical


class ResultsOfOthers(DataError):
    """A file of another tool, or of another form: an import may read it."""


class TooLarge(DataError):
    """A table beyond the limits of a score frame, whoever reads it."""


NEEDED = ("seed", "n_tasks", "target_task", "language", "score")
NEEDS = (
    f"A score frame has a row a run, target task, language and metric, with the columns {', '.join(NEEDED)} at least "
    "(docs/inputs.md)"
)
IMPORT = "`xstats import FILE` turns it into a score frame"
# Keys that tell the files of other tools, the rarest first; all of a row's must be there.
KNOWN: tuple[tuple[tuple[str, ...], str], ...] = (
    (("results", "n-samples"), "results of lm-evaluation-harness"),
    (("results", "versions"), "results of lm-evaluation-harness"),
    (("results", "config"), "results of lm-evaluation-harness"),
    (("results", "configs"), "results of lm-evaluation-harness"),
    (("config_general", "results"), "results of lighteval"),
    (("log_history", "global_step"), "the state of a trainer of transformers"),
    (("mteb_version", "scores"), "results of MTEB"),
    (("mteb_dataset_name",), "results of MTEB"),
    (("task_name", "scores"), "results of MTEB"),
    (("effects", "signature"), "the results of `xstats analyze --json`, from which scores cannot be had"),
)
REPORTS = ("term", "contrast", "estimate", "std_error")  # columns of results.csv
MANY = 2  # columns named like languages or tasks that make a table wide


def what_it_is(found: Any) -> str:
    """What the value of a JSON file is that is no list of rows, and what is needed."""
    if not isinstance(found, Mapping):
        return f"one value of type {type(found).__name__}, no rows. {NEEDS}."
    kind = next((words for keys, words in KNOWN if all(key in found for key in keys)), None)
    if kind is None and any(str(key).startswith("eval_") for key in found):
        kind = "the metrics of a trainer of transformers"
    if kind is None:
        keys = ", ".join(map(repr, list(map(str, found))[:5]))
        return f"one object with the keys {keys}, no list of rows. {NEEDS}."
    held = found.get("results")
    names = f" ({', '.join(list(map(str, held))[:3])}, ...)" if isinstance(held, Mapping) and held else ""
    return f"these are {kind}{names}; {IMPORT}. {NEEDS}."


def wide(columns: Iterable[str]) -> str:
    """What a table is whose columns are languages or target tasks, or results; "" where it is none of these."""
    names = [str(name).strip() for name in columns]
    if set(REPORTS) <= set(names):
        return f"this is a report's result frame, from which scores cannot be had. {NEEDS}."
    languages = [name for name in names if canonical(name) and name not in ("seed", "run", "language", "score")]
    tasks = [name for name in names if name.lower().replace("-", "").split("_")[0] in TARGET_TASKS]
    found, what = max((languages, "language"), (tasks, "target task"), key=lambda one: len(one[0]))
    if len(found) < MANY:
        return ""
    shown = ", ".join(found[:4]) + (", ..." if len(found) > 4 else "")
    return f"this is a wide table, a column a {what} ({shown}); {IMPORT}. {NEEDS}."
