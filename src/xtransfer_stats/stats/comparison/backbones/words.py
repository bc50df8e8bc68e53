"""An analysis of several backbones in sentences: whether the effect differs between them, by how much, how sure."""

from collections.abc import Mapping, Sequence

import pandas as pd

from xtransfer_stats.base.formats import points, tasks
from xtransfer_stats.base.usertext import few
from xtransfer_stats.stats.comparison.pairing import Pairing
from xtransfer_stats.stats.comparison.several.ground import Ground
from xtransfer_stats.stats.core.inference import FAMILIES
from xtransfer_stats.stats.core.signflip import seeds_needed, smallest_sign_flip_p
from xtransfer_stats.stats.core.termtable import EFFECT, INTERACTION

MOST_NAMED = 6


def answer(
    results: pd.DataFrame, called: Mapping[str, str], how: Mapping[tuple[str, str], Pairing], alpha: float
) -> str:
    """Whether the effect differs between the backbones; the differences and each one's own effects behind it.

    called: backbone -> its name in sentences, in their order. how: of each pair, whether it is paired by seed.
    """
    differences = results[(results["minus"] != "") & results["term"].isin((EFFECT, INTERACTION))]
    own = results[(results["minus"] == "") & (results["term"] == EFFECT)]
    effects, gaps = (differences[differences["term"] == term] for term in (EFFECT, INTERACTION))
    each = "; ".join(f"{name} {_listed(own[own['backbone'] == backbone])}" for backbone, name in called.items())
    on, apart = (_pairs(rows, called, how) for rows in (effects, gaps))
    return (
        f"{_verdict(effects, called, alpha)} Effects in points: {each}. Differences, {_paired(how)}: {on}. "
        f"{_on_gaps(gaps, alpha)}: {apart}."
    )


def _pairs(rows: pd.DataFrame, called: Mapping[str, str], how: Mapping[tuple[str, str], Pairing]) -> str:
    """The differences of each pair."""
    each = [f"{called[b]} less {called[a]} {_listed(_of(rows, a, b))}" for a, b in how]
    return few(each, MOST_NAMED)


def _paired(how: Mapping[tuple[str, str], Pairing]) -> str:
    paired = [one.paired for one in how.values()]
    if not any(paired):
        return "taken as independent"
    return "paired by seed" if all(paired) else "paired by seed where the seeds are the same"


def _of(rows: pd.DataFrame, a: str, b: str) -> pd.DataFrame:
    return rows[(rows["backbone"] == b) & (rows["minus"] == a)]


def _listed(rows: pd.DataFrame) -> str:
    return ", ".join(
        f"{points(row)}{' on ' + row['benchmark'] if row['benchmark'] else ''} at {tasks(row['n_tasks'])}"
        for _, row in rows.iterrows()
    )


def _verdict(effects: pd.DataFrame, called: Mapping[str, str], alpha: float) -> str:
    """The question answered in one sentence."""
    names = tuple(called.values())
    between = f"{', '.join(names[:-1])} and {names[-1]}"
    if effects["p_adjusted"].isna().all():
        why = "no difference has an error"
        return f"Whether the effect of intermediate training differs between {between} cannot be said: {why}."
    sure = effects[effects["p_adjusted"] <= alpha]
    if sure.empty:
        least = f"smallest corrected p = {effects['p_adjusted'].min():.2g}"
        return f"The effect of intermediate training is not shown to differ between {between} ({least})."
    told = [
        f"{called[row['backbone']]} gains {'more' if row['estimate'] > 0 else 'less'} than {called[row['minus']]} on "
        f"{row['benchmark']} at {tasks(row['n_tasks'])}"
        for _, row in sure.iterrows()
    ]
    return (
        f"The effect of intermediate training differs between backbones: {few(told, MOST_NAMED)} "
        f"(corrected p at most {sure['p_adjusted'].max():.2g})."
    )


def _on_gaps(gaps: pd.DataFrame, alpha: float) -> str:
    p = gaps["p_adjusted"]
    known = f" (smallest corrected p = {p.min():.2g})" if p.notna().any() else ""
    return f"The interaction {'differs' if (p <= alpha).any() else 'is not shown to differ'}{known}"


def notes(
    shared: Ground, called: Mapping[str, str], how: Mapping[tuple[str, str], Pairing], results: pd.DataFrame
) -> list[str]:
    """Pairing, what few seeds can show, families, what the differences hold for, what was left out."""
    names = tuple(called.values())
    told = {pair: (one.sentence, *one.notes) for pair, one in how.items()}
    sentences = [f"{called[a]} (A), {called[b]} (B): {text}" for (a, b), texts in told.items() for text in texts]
    tests = int(((results["family"] == "primary") & results["p_value"].notna()).sum())
    seeds = len(shared.seeds)
    attainable = (
        [
            f"With {seeds} pairs of a seed the smallest attainable sign-flip p is {smallest_sign_flip_p(seeds):.3g}; "
            f"Holm over {tests} differences at 0.05 needs {seeds_needed(0.05, max(tests, 1))} seeds. Smaller p-values "
            "rest on the normal distribution of the seeds' differences."
        ]
        if seeds > 1
        else []
    )
    return [
        *sentences,
        *attainable,
        f"Corrected p: {FAMILIES['primary'].called} over {tests} differences of effects and interactions, of all pairs "
        f"of backbones; {FAMILIES['languages'].called} over target tasks and over languages within them, which are "
        "exploratory. Each backbone's own rows are not corrected here.",
        f"Differences hold for these {len(names)} pretrained checkpoints, one each: another checkpoint of the same "
        "kind may give another effect.",
        *shared.notes,
        *_own_notes(shared, names),
    ]


def _own_notes(shared: Ground, names: Sequence[str]) -> list[str]:
    """What is said of single backbones' scores, once where all have it."""
    own = [one.kept.notes for one in shared.studies]
    of_all = [note for note in own[0] if all(note in other for other in own[1:])]
    alone = [f"{name}: {note}" for name, mine in zip(names, own, strict=True) for note in mine if note not in of_all]
    return [*of_all, *alone]
