"""Trainings that several tests ask the same of: retrieval, and masked language modelling beside a task."""

from pathlib import Path
from typing import Any

from tests.training import examples
from tests.training.conftest import Bench
from tests.training.test_variants import sentences

from xtransfer_stats.tasks.task import Family


def retrieval_and_masked_lm(bench: Bench, told: dict[str, Any]) -> tuple[Path, Path]:
    """Train both with what is told of settings, seed and devices; return their folders."""
    pretrained, family = bench.pretrained("xlmr"), Family.ENTITY_RETRIEVAL
    pairs = bench.features(pretrained, examples.retrieval(family, "train", "en"), None)
    roles = {"train__a": bench.features(pretrained, examples.classification(), None),
             "dev__a": bench.features(pretrained, examples.classification(16, "dev", seed=1), None)}  # fmt: skip
    roles |= {f"mlm__{code}": bench.features(pretrained, sentences(code), None) for code in ("de", "en")}
    one = bench.run("target", told | {"training": "m", "family": str(family), "control": "none"},
                    pretrained=pretrained, train=pairs, dev=pairs)  # fmt: skip
    two = bench.run(
        "intermediate",
        told | {"tasks": [{"name": "a", "family": "classification"}],
                "mlm": {"languages": ["de", "en"], "alpha": 0.3, "batch_size": 8}},
        pretrained=pretrained, **roles,
    )  # fmt: skip
    return one, two
