"""The page of terms: every kind of row of the result frame, and what its number says."""

import re

from tools.reference import markdown
from xtransfer_stats.stats.core import inference
from xtransfer_stats.stats.core.termtable import SCOPES, TERMS, Term

ABOUT = (
    "A row of `results.csv` (and of `--json`, `result.frame()`) has a `term`. This page says what the number of each "
    "is. How they are estimated: [the analysis](../analysis.md)."
)
_PLACES = {
    "added": "k tasks",
    "n": "k",
    "s": "",
    "benchmark": "a benchmark",
    "task": "T",
    "language": "L",
    "first": "the first benchmark",
    "second": "the second",
}


def page() -> str:
    """Terms, scopes and families of tests."""
    heads = ("term", "its number", "family of tests", "rests on")
    scopes = markdown.table(("scope", "what the errors generalise over"), ((f"`{k}`", v) for k, v in SCOPES.items()))
    families = inference.FAMILIES | inference.ASKED_FAMILIES
    corrections = markdown.table(("family", "correction"), ((name, rule.called) for name, rule in families.items()))
    return markdown.page(
        markdown.head("Terms of the result frame", "src/xtransfer_stats/stats/core/termtable.py", ABOUT),
        "k is a number of intermediate tasks, T a target task, L a language.",
        markdown.table(heads, map(_row, TERMS.values())),
        "## Scopes",
        scopes,
        "## Families of tests",
        "p is corrected within a family, and `p_adjusted` says the result. A term without a family has no correction.",
        corrections,
    )


def _row(term: Term) -> tuple[str, str, str, str]:
    said = re.sub(r"\{(\w+)\}", lambda found: _PLACES[found[1]], term.words)
    return f"`{term.name}`", said, term.family, term.model
