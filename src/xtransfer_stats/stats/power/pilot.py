"""Variances of the runs' numbers, and how far they are open, from the mean squares of an analysed study."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.core.complete import CompleteScores, complete_scores
from xtransfer_stats.stats.core.design import Design, Layout
from xtransfer_stats.stats.core.estimands import headline
from xtransfer_stats.stats.core.inference import Array
from xtransfer_stats.stats.core.scores import StudyScores, require_counted
from xtransfer_stats.stats.core.termtable import INTERACTION
from xtransfer_stats.stats.power.plans import Scenarios, Variances
from xtransfer_stats.stats.runlevel.jackknife import each_left_out, effective_languages, jackknife
from xtransfer_stats.stats.runlevel.runlevel import run_numbers

DRAWS = 2001  # of the mean squares; odd, so that ranks fall on draws
STATED = ("sd_set", "sd_run")
REACH = (0.1, 0.9)  # the scenarios low and high: an 80 % interval of the variances


@dataclass(frozen=True)
class MeanSquares:
    """Mean squares with their df, and how they make variances.

    values, df: by name. compose: mean squares -> variances. The squares are independent under the model.
    """

    values: Mapping[str, float]
    df: Mapping[str, int]
    compose: Callable[[Mapping[str, float]], Variances]
    notes: tuple[str, ...]


def pilot(chains: pd.DataFrame, design: Design, numbers: Array, language: float, seed: int) -> Scenarios:
    """Variances of one number a run, (chains,), and their 80 % reach.

    Each mean square is taken for its expectation times chi2(df) / df; the reach is that of the draws whose
    seed-paired variance stands at ranks 10 % and 90 %. language: how the effect differs between languages, in
    points. Raises DataError with fewer than two seeds or, in a crossed study, with chains missing.
    """
    if len(design.seeds) < 2:
        raise DataError("one seed tells no variance: state them (sd_set, sd_run) or run two seeds and more", STATED)
    if design.layout is Layout.INCOMPLETE:
        raise DataError(
            "chains of the crossed study are missing: re-issue `xstats run`, or give sd_set and sd_run", STATED
        )
    squares = _OF_LAYOUT[design.layout](chains.assign(number=numbers), design, language)
    low, high = _reach(squares, seed)
    listed = ", ".join(f"{name} ({df} df)" for name, df in squares.df.items())
    source = f"estimated from {len(design.seeds)} seeds; mean squares of {listed}"
    return Scenarios(squares.compose(squares.values), low, high, source, squares.notes)


def _reach(squares: MeanSquares, seed: int) -> tuple[Variances, Variances]:
    rng = np.random.default_rng(np.random.SeedSequence([seed, 7]))
    drawn = {name: value * squares.df[name] / rng.chisquare(squares.df[name], DRAWS)
             for name, value in squares.values.items()}  # fmt: skip
    variances = [squares.compose({name: float(values[i]) for name, values in drawn.items()}) for i in range(DRAWS)]
    order = np.argsort([one.differences(1, 1, sampled=True) for one in variances], kind="stable")
    low, high = (variances[order[round(rank * (DRAWS - 1))]] for rank in REACH)
    return low, high


def _nested(chains: pd.DataFrame, design: Design, language: float) -> MeanSquares:
    """Seed-paired variances; with several sets a seed also the variance between a seed's sets."""
    wide = chains.groupby(["seed", "n_tasks"])["number"].mean().unstack().dropna()
    if len(wide) < 2:
        raise DataError("fewer than two seeds have every task count: complete the study (re-issue `xstats run`)")
    sampled = list(design.sampled) or list(design.counts)
    gaps = wide[sampled].sub(wide[0], axis=0)
    between = _between_sets(chains, sampled)
    values, df = {"seed pairs": float(gaps.var(ddof=1).mean())}, {"seed pairs": len(wide) - 1}
    if between is not None:
        values["sets within seeds"], df["sets within seeds"] = between
    seed, base = _split(wide, sampled, values["seed pairs"])
    several = float(chains[chains["n_tasks"].isin(sampled)].groupby(["seed", "n_tasks"]).size().mean())
    whole = [count for count in design.counts if count >= design.catalogue]
    alone = float((wide[whole[0]] - wide[0]).var(ddof=1)) / values["seed pairs"] if whole and design.sampled else None

    def compose(squares: Mapping[str, float]) -> Variances:
        pairs = squares["seed pairs"]
        of_run = squares.get("sets within seeds", (1 - base) * pairs * several)
        effect = max(0.0, (1 - base) * pairs - of_run / several)
        # The whole catalogue has no luck of the draw: what varies there is the runs' own.
        run = of_run * 0.5 if alone is None else min(max(alone * pairs - base * pairs - effect, 0.0), of_run)
        return _variances(seed, of_run - run, run, _single(chains, base * pairs), effect, language)

    return MeanSquares(values, df, compose, tuple(_nested_notes(between is not None, alone is not None, design)))


def _split(wide: pd.DataFrame, sampled: list[int], pairs: float) -> tuple[float, float]:
    """Variance that a seed's runs share, and the baseline's share of the variance of seed pairs."""
    shared = float(np.mean([wide[[0, count]].cov().iloc[0, 1] for count in sampled]))
    base = min(max(float(wide[0].var(ddof=1)) - shared, 0.0), pairs)
    return max(shared, 0.0), base / pairs if pairs > 0 else 0.0


def _single(chains: pd.DataFrame, base: float) -> float:
    """Variance of one baseline run, from that of a seed's mean over its replicates."""
    return base * float(chains.loc[chains["n_tasks"] == 0, "replicates"].mean())


def _between_sets(chains: pd.DataFrame, sampled: list[int]) -> tuple[float, int] | None:
    groups = chains[chains["n_tasks"].isin(sampled)].groupby(["seed", "n_tasks"])["number"]
    df = int((groups.size() - 1).sum())
    return None if df == 0 else (float((groups.var(ddof=0) * groups.size()).sum() / df), df)


def _nested_notes(several: bool, whole: bool, design: Design) -> list[str]:
    notes = []
    if not several:
        notes.append(
            "With one task set a seed, the variance between seeds cannot be separated from that between sets and runs: "
            "it is taken as zero, so that what a further set buys is an upper bound."
        )
    if not whole:
        notes.append(
            "Luck of set and of run are not told apart (every set has one run): half of the variance is given to each; "
            "this matters for --crossed and for the whole catalogue only."
        )
    if design.shared:
        notes.append("All seeds share one task set: the sets' variance is unknown and missing here.")
    return notes


def _crossed(chains: pd.DataFrame, design: Design, language: float) -> MeanSquares:
    """Two-way mean squares of seeds and sets within counts, and the variance of the baseline less treated runs."""
    seeds, rest, of_sets, df_sets = len(design.seeds), 0.0, 0.0, 0
    for count in design.sampled:
        table = chains[chains["n_tasks"] == count].pivot(index="seed", columns="task_set", values="number")
        means = table.mean()
        of_sets += seeds * float(((means - means.mean()) ** 2).sum())
        left = table.sub(table.mean(axis=1), axis=0) - means + means.mean()
        rest += float((left**2).to_numpy().sum())
        df_sets += table.shape[1] - 1
    treated = chains[chains["n_tasks"] > 0].groupby("seed")["number"]
    base = chains[chains["n_tasks"] == 0].set_index("seed")["number"] - treated.mean()
    several, seed = float(treated.size().mean()), float(treated.mean().var(ddof=1))
    df = {"sets": df_sets, "seeds by sets": df_sets * (seeds - 1), "baselines": seeds - 1}
    values = {
        "sets": of_sets / df_sets, "seeds by sets": rest / df["seeds by sets"], "baselines": float(base.var(ddof=1)),
    }  # fmt: skip

    def compose(squares: Mapping[str, float]) -> Variances:
        run = squares["seeds by sets"]
        drawn = max(0.0, (squares["sets"] - run) / seeds)
        return _variances(max(0.0, seed - run / several), drawn, run,
                          _single(chains, max(0.0, squares["baselines"] - run / several)), 0.0, language)  # fmt: skip

    note = "A seed's own effect at a count is taken as zero; the baselines' mean square carries its mean over counts."
    return MeanSquares(values, df, compose, (note,))


def _variances(seed: float, drawn: float, run: float, base: float, effect: float, language: float) -> Variances:
    sds = np.sqrt(np.maximum([seed, drawn, run, base, effect], 0.0))
    names = ("seed", "set", "run", "baseline", "seed_effect")
    return Variances(**dict(zip(names, map(float, sds), strict=True)), language=language)


_OF_LAYOUT = {Layout.NESTED: _nested, Layout.CROSSED: _crossed}


@dataclass(frozen=True)
class Studied:
    """What a study says of an estimand, and its own design, which a new one starts from.

    catalogue: how many intermediate tasks its sets are drawn from. languages: effective number behind the estimand.
    """

    study: str
    scenarios: Scenarios
    seeds: int
    sets: int
    counts: tuple[int, ...]
    crossed: bool
    baselines: int
    languages: float
    catalogue: int


def studied(scores: StudyScores, estimand: str, seed: int) -> Studied:
    """Variances of an estimand ("interaction" or a benchmark's name) of a study.

    Raises DataError where the scores cannot be analysed or tell no variance.
    """
    require_counted(scores, "planning from a pilot")
    frame, benchmarks = scores.frame, scores.benchmarks
    complete = complete_scores(frame, benchmarks)
    names = [*benchmarks, INTERACTION]
    if estimand not in names:
        raise DataError(f"estimand {estimand!r}: choose one of {', '.join(names)}", ["estimand"])
    place = names.index(estimand)
    weights = headline(benchmarks, complete.cells)[place].weights
    languages = effective_languages(weights, complete.cells)
    spread = _language_sd(complete, place, languages)
    design, chains = complete.design, complete.chains
    sets = max((len(chains.runs[chains.runs["n_tasks"] == count]) for count in design.counts), default=1)
    return Studied(
        study=str(frame["study"].iloc[0]),
        scenarios=pilot(chains.runs, design, chains.scores @ weights, spread, seed),
        seeds=len(design.seeds),
        sets=max(1, round(sets / len(design.seeds))),
        counts=design.counts,
        crossed=design.layout is Layout.CROSSED,
        baselines=int(chains.runs.loc[chains.runs["n_tasks"] == 0, "replicates"].median()),
        languages=languages,
        catalogue=design.catalogue,
    )


def _language_sd(complete: CompleteScores, place: int, languages: float) -> float:
    """Standard deviation between languages that gives the jackknife's variance, root mean square over counts."""
    weights = each_left_out(complete.benchmarks, complete.cells)
    if len(weights) < 2:
        return 0.0
    model = run_numbers(complete, np.column_stack([mine[:, place] for mine in weights.values()]))
    without = np.array([model.contrast(contrast).estimate for contrast in complete.design.effects])
    return float(np.sqrt(jackknife(without.T).mean() * languages))
