"""What an analysis of conditions says in sentences: verdict first, with its unit of replication, in the reader's words.

A study of counts of intermediate tasks has its own (stats.sentences).
"""

from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd

from xtransfer_stats.base.formats import number, p_value, points, related
from xtransfer_stats.base.usertext import few
from xtransfer_stats.stats.core.complete import CompleteScores
from xtransfer_stats.stats.core.design import Design, Layout
from xtransfer_stats.stats.core.results import StudyFacts
from xtransfer_stats.stats.core.termtable import EFFECT, INTERACTION
from xtransfer_stats.stats.core.weights import weights_in
from xtransfer_stats.stats.runlevel.recipe import recipe
from xtransfer_stats.stats.singleruns import LIMITS, single

MOST_NAMED = 6


def verdict(these: pd.DataFrame, facts: StudyFacts, alpha: float) -> str:
    """Which conditions are told apart from the baseline, by how much, over how many seeds; then what benchmarks add.

    these: rows of the result frame for these languages and tasks.
    """
    effects = these[these["term"] == EFFECT].sort_values("n_tasks", kind="stable")
    sentences = [_on(effects[effects["benchmark"] == name], facts, alpha, name) for name in facts.benchmarks]
    gaps = these[these["term"] == INTERACTION].sort_values("n_tasks", kind="stable")
    return " ".join([*sentences, *_gaps(gaps, facts, alpha)])


def _on(rows: pd.DataFrame, facts: StudyFacts, alpha: float, benchmark: str) -> str:
    """The sentence on one benchmark; every condition by its corrected p where the effects are the primary family."""
    base, where = facts.conditions.called(0), f"On {benchmark}" if len(facts.benchmarks) > 1 else ""
    told: dict[int, list[str]] = {1: [], -1: [], 0: []}
    for _, row in rows.iterrows():
        p = _p(row)
        sign = 0 if not p <= alpha else int(np.sign(row["estimate"]) * facts.measure.sign)
        size = f"by {_size(row, facts)}" if sign else points(row)
        told[sign].append(f"{facts.conditions.called(row['n_tasks'])} ({size}{_said_p(p, row, len(rows))})")
    parts = [f"{_listed(told[1])} {_verb(told[1])} better than {base}"] if told[1] else []
    parts += [f"{_listed(told[-1])} {_verb(told[-1])} worse than {base}"] if told[-1] else []
    known = rows["std_error"].notna().any()
    apart = "not told apart from" if known else "compared without an error with"
    parts += [f"{_listed(told[0])} {_verb(told[0])} {apart} {base}"] if told[0] else []
    opening = f"{where + ', over' if where else 'Over'} {over(facts)}"
    return f"{opening}, {'; '.join(parts)}."


def _p(row: pd.Series) -> float:
    return float(row["p_adjusted"] if row["p_adjusted"] == row["p_adjusted"] else row["p_value"])


def _said_p(p: float, row: pd.Series, tests: int) -> str:
    if p != p:
        return ""
    which = "corrected p" if tests > 1 and row["p_adjusted"] == row["p_adjusted"] else "p"
    return f", {which} {related(p_value(p))}"


def _size(row: pd.Series, facts: StudyFacts) -> str:
    """How much better or worse, with its interval turned the same way."""
    ends = sorted(abs(row[name]) for name in ("conf_low", "conf_high"))
    return f"{number(abs(row['estimate']))} {facts.measure.unit} [{number(ends[0])}, {number(ends[1])}]"


def _listed(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"


def _verb(names: Sequence[str]) -> str:
    return "is" if len(names) == 1 else "are"


def over(facts: StudyFacts) -> str:
    """The unit of replication: "5 seeds", "3 to 5 seeds", "3 and 8 seeds" where conditions have seeds of their own."""
    counts = [facts.apart.get(code, (n,)) for code, n in zip(facts.counts, facts.seeds_at, strict=True)]
    if len({*counts}) == 1:
        (one,) = {*counts}
        return f"{' and '.join(map(str, one))} seed{'s' if max(one) != 1 else ''}"
    every = [n for pair in counts for n in pair]
    return f"{min(every)} to {max(every)} seeds"


def _gaps(rows: pd.DataFrame, facts: StudyFacts, alpha: float) -> Iterator[str]:
    """Whether the conditions differ between the benchmarks: one sentence, none for one benchmark."""
    if rows.empty:
        return
    sure = rows[rows["p_adjusted"] <= alpha]
    sizes = [f"{row['contrast']} {points(row)}" for _, row in (rows if sure.empty else sure).iterrows()]
    if sure.empty:
        yield f"What a condition changes is not told apart between benchmarks: {few(sizes, MOST_NAMED)}."
    else:
        yield f"What a condition changes differs between benchmarks: {few(sizes, MOST_NAMED)}."


def design_sentence(design: Design, facts: StudyFacts) -> str:
    """The design in one sentence."""
    drawn = [f"{len(design.sets[code])} of {design.conditions.called(code)}" for code in design.sampled]
    how = {
        Layout.NESTED: "nested in seeds",
        Layout.CROSSED: "crossed with seeds",
        Layout.INCOMPLETE: "crossed with seeds, some runs missing",
    }[design.layout]
    draws = f"; draws {how} (distinct ones: {few(drawn, MOST_NAMED)})" if drawn else ""
    several = len(design.counts) + 1
    return f"Design: {several} conditions over {over(facts)}{draws}."


def study_notes(complete: CompleteScores, facts: StudyFacts) -> list[str]:
    """Design, what the errors generalise over, and the families of tests."""
    design = complete.design
    notes = [design_sentence(design, facts)]
    if single(facts):
        return [*notes, LIMITS]
    if len(design.seeds) == 1:
        notes.append("One seed has no replicate: estimates are shown without errors, tests or intervals.")
    over_draws = "seeds and draws" if set(design.sampled) - set(design.shared) else "seeds"
    notes.append(
        f"Errors generalise over {over_draws}. They do not over what all runs of a condition share, its code, "
        "hyperparameters and any pretrained checkpoint, nor over the test examples."
    )
    if design.shared:
        names = few([design.conditions.called(code) for code in design.shared], MOST_NAMED)
        notes.append(f"All seeds share one draw of {names}: results there hold for these draws only.")
    several = len(facts.benchmarks) > 1
    family = "effects, and the differences between benchmarks, are each" if several else "effects are"
    tested = "Target tasks and languages are exploratory families (Benjamini-Hochberg)."
    return [*notes, f"The {family} one family of tests, corrected by Holm. {tested} Other rows are uncorrected."]


def methods_paragraph(complete: CompleteScores, fits: Sequence[dict[str, Any]], alpha: float, facts: StudyFacts) -> str:
    """One paragraph for a paper: run, weights, models, errors, scopes, corrections."""
    used, seeds = recipe(complete.chains.runs, complete.design), complete.design.conditions
    apart = [seeds.called(code) for code in facts.apart]
    welch = f" {few(apart, MOST_NAMED)} and the baseline have seeds of their own: Welch's t." if apart else ""
    gap = (
        f"; differences between benchmarks are of {' and '.join(facts.benchmarks)}" if len(facts.benchmarks) > 1 else ""
    )
    weighted = any(any(weights_in(part)) for part in complete.benchmarks.values())
    mean = "weighted mean" if weighted else "plain mean"
    return " ".join(
        [
            "The replicate unit is the run, one seed of one condition: its scores in all languages and tasks share its "
            "luck.",
            f"A benchmark's average is the {mean} over a task's languages, then over tasks{gap}.",
            f"Each run's average, g, was analysed as {used.formula}: {_ours(used.errors)}.{welch}",
            "Results hold for these languages and tasks and these test examples; scope 'such' adds a language "
            "jackknife, scope 'such tasks' one of the target tasks.",
            *[f"Shrunken languages and tasks come from {fit['formula']}, by REML." for fit in fits],
            f"Intervals are at {100 * (1 - alpha):g} %; no test refers to the normal distribution.",
        ]
    )


def _ours(text: str) -> str:
    """A recipe's text in the words of conditions and draws."""
    for word, here in (
        ("task_set", "draw"),
        ("task sets", "draws"),
        (" sets", " draws"),
        ("count", "condition"),
        ("chains", "runs"),
    ):
        text = text.replace(word, here)
    return text
