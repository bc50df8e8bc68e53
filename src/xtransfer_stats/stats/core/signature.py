"""One line that says which software, data and methods stand behind every number."""

import hashlib
from collections.abc import Mapping, Sequence

import pandas as pd

from xtransfer_stats.base import __version__
from xtransfer_stats.stats.core.inference import named
from xtransfer_stats.stats.core.validate import ROW_KEY

HASH_LENGTH = 12


def data_hash(frame: pd.DataFrame) -> str:
    """Hash of the scores: the same for the same rows in any order; 12 hexadecimal digits of SHA-256."""
    rows = frame[[*ROW_KEY, "score", "status"]].fillna({"task_set": ""}).sort_values(list(ROW_KEY))
    text = rows.to_csv(index=False, float_format="%.10g", lineterminator="\n")
    return text_hash(text)


def text_hash(text: str) -> str:
    """The first HASH_LENGTH hexadecimal digits of its SHA-256."""
    return hashlib.sha256(text.encode()).hexdigest()[:HASH_LENGTH]


def one_line(parts: Mapping[str, str]) -> str:
    """key:value pairs joined by |, after sacrebleu, the version of this package first."""
    return "|".join(f"{name}:{value}" for name, value in {"xtransfer_stats": __version__, **parts}.items())


def signature(
    frame: pd.DataFrame,
    seeds: tuple[int, ...],
    layout: str,
    formula: str,
    method: str,
    alpha: float,
    looks: int | None = None,
    contrasts: Sequence[str] = (),
    margin: float | None = None,
    drawn: str = "sets",
) -> str:
    """Version, data, seeds, design, formula, df method, correction.

    looks: how many different states of the study's scores were analysed, this one included; None: not counted.
    contrasts, margin: what was asked beside the headline; left out where nothing was. drawn: what the layout is of.
    """
    parts = {
        "data": data_hash(frame),
        "seeds": "+".join(map(str, seeds)),
        drawn: layout,
        "formula": formula.replace(" ", ""),
        "df": method.replace(" ", "-"),
        "correction": named(),
        "alpha": f"{alpha:g}",
        "looks": "not-counted" if looks is None else str(looks),
    }
    hypotheses = {"contrasts": ";".join(text.replace(" ", "") for text in contrasts)} if contrasts else {}
    equivalence = {"margin": f"{margin:g}"} if margin is not None else {}
    return one_line(parts | hypotheses | equivalence)
