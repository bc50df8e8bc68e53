"""Every table of the package that is keyed by families has them all, or says here why not.

The tables are read from the source, so that those of `training` need no torch and a new one is found by itself.
"""

import ast
from collections.abc import Iterator

from tests.places import ROOT

from xtransfer_stats.tasks.task import METRICS, Family

PACKAGE = ROOT / "src" / "xtransfer_stats"
SCORED = frozenset(METRICS)
EVERY = frozenset(Family)
TEXT_TO_LABEL = frozenset({Family.CLASSIFICATION, Family.TAGGING, Family.SPAN_QA, Family.MULTIPLE_CHOICE})
# (room, table) -> the families it has, and why no others.
SUBSETS: dict[tuple[str, str], tuple[frozenset[Family], str]] = {
    ("training", "ENCODERS"): (EVERY, "text for masked language modelling is encoded too, though never scored"),
    ("training", "_MODELS"): (
        TEXT_TO_LABEL,
        "the overlap control fits a model; retrieval ranks by overlap without one",
    ),
    ("training", "_CONSTANT"): (TEXT_TO_LABEL, "no constant ranking is natural"),
    ("training", "_TEXTS"): (
        frozenset({Family.CLASSIFICATION, Family.MULTIPLE_CHOICE}),
        "a machine translation keeps no offsets, so tags and spans are lost",
    ),
    ("study", "_TEXTS"): (
        frozenset({Family.SENTENCE_RETRIEVAL, Family.BITEXT_MINING}),
        "two texts an example; one in all others",
    ),
    ("exchange", "_LABELS"): (
        frozenset({Family.CLASSIFICATION, Family.MULTIPLE_CHOICE, Family.SENTENCE_RETRIEVAL}),
        "gold of one value a line; the other families' files have forms of their own",
    ),
    ("exchange", "_CHECKS"): (
        SCORED - {Family.SPAN_QA},
        "any text may answer a question: nothing of it is odd beside the gold",
    ),
    ("sources", "_VALUES"): (
        frozenset({Family.TAGGING, Family.BITEXT_MINING}),
        "not one value a line; all others have one",
    ),
}


def tables() -> Iterator[tuple[str, str, list[str]]]:
    """Room, name and keys of every dictionary whose keys are all families."""
    for path in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Dict):
                keys = [ast.unparse(key) if key else "" for key in node.value.keys]
                target = node.target if isinstance(node, ast.AnnAssign) else node.targets[0]
                if keys and all(key.startswith("Family.") for key in keys):
                    room = path.relative_to(PACKAGE).parts[0]
                    yield room, ast.unparse(target), [key.removeprefix("Family.") for key in keys]


def test_every_table_of_families_is_complete_or_says_why_not():
    wrong = []
    for room, name, keys in tables():
        families, _ = SUBSETS.get((room, name), (SCORED, "scored families"))
        if sorted(keys) != sorted(family.name for family in families):
            wrong.append((room, name, keys))
    assert not wrong


def test_every_declared_subset_is_a_table_and_every_family_but_plain_text_is_scored():
    assert SUBSETS.keys() <= {(room, name) for room, name, _ in tables()}
    assert {Family.MASKED_LM} == EVERY - SCORED
    assert {"tasks", "metrics", "exchange", "training"} <= {room for room, _, _ in tables()}
