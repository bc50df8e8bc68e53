"""A made-up Analysis of a study like the default one: drawn scores, seed-paired means of them."""

from collections.abc import Iterator, Sequence
from itertools import pairwise, product
from typing import Any

import numpy as np
import pandas as pd
from scipy import stats

from xtransfer_stats.stats.claims.claim import Claim, ClaimPart, Evidence
from xtransfer_stats.stats.claims.verdict import verdicts
from xtransfer_stats.stats.core.inference import single
from xtransfer_stats.stats.core.results import KEY_COLUMNS, RESULT_COLUMNS, Analysis, StudyFacts
from xtransfer_stats.stats.core.scores import DISTANCE, WIKIPEDIA

FIRST, SECOND = "xtreme-mini", "xtreme-r-mini"
LANGUAGES = (
    "ar",
    "bg",
    "de",
    "el",
    "es",
    "et",
    "fi",
    "fr",
    "hi",
    "id",
    "it",
    "ja",
    "ko",
    "pl",
    "ru",
    "sw",
    "ta",
    "th",
    "tr",
    "zh",
)
TASKS = {  # task: (languages in the first benchmark, in the second, gain at 3 tasks in points)
    "xnli": (15, 15, 0.8),
    "panx": (20, 20, -0.6),
    "xquad": (10, 10, 1.2),
    "pawsx": (6, 0, 0.4),
    "tatoeba": (18, 18, 4.5),
    "xcopa": (0, 9, 1.6),
    "mewsli": (0, 11, -1.1),
}
NAN = float("nan")


def made_up(
    counts: Sequence[int] = (3,),
    seeds: Sequence[int] = (0, 1, 2, 3, 4),
    benchmarks: tuple[str, str] = (FIRST, SECOND),
    rename: dict[str, str] | None = None,
) -> Analysis:
    """An Analysis of one run a seed and count; `rename` gives tasks, languages or runs other names."""
    cells = _cells(tuple(counts), tuple(seeds)).replace(rename or {})
    inside = {name: _inside(cells, index, rename or {}) for index, name in enumerate(benchmarks)}
    scores = _run_scores(inside)
    results = pd.DataFrame(_results(inside, scores, tuple(counts), benchmarks), columns=[*RESULT_COLUMNS, *KEY_COLUMNS])
    facts = StudyFacts(
        "embedded", "e5-small-q4", "pretrained", "none", benchmarks, tuple(counts), tuple(seeds),
        cells["run"].nunique(), cells.groupby(["target_task", "language"]).ngroups,
    )  # fmt: skip
    return Analysis(
        facts, results, cells, scores, _terms(), _variance(), _missing(rename or {}),
        answer="The gain differs between the benchmarks by some points. The interval is wide.",
        notes=("A made-up study.", "The set variance is at its boundary."),
        methods="Each run gives one number for an estimand.",
        signature="xstats 0 | made-up",
        claims=_claims(),
        language_scores=_language_scores(inside),
        language_facts=_language_facts(rename or {}),
    )  # fmt: skip


def _claims() -> pd.DataFrame:
    part = ClaimPart("gain of squad1", single(1.2, 0.3, 4.0, "seed-paired t", 10))
    known = Claim("gain", "SQuAD <b>gains</b> 50% & $x_1$", "a paper", "read", "set", "positive", margin=0.5)
    unread = Claim("other", "=1+1 gains", "another", "unread", "variants", "positive")
    return verdicts([Evidence(known, (part,)), Evidence(unread, lacking="no run of it")], 0.05)


def _cells(counts: tuple[int, ...], seeds: tuple[int, ...]) -> pd.DataFrame:
    rng = np.random.default_rng(7)
    rows = []
    level = {key: rng.uniform(40, 75) for key in product(TASKS, LANGUAGES)}
    slope = {language: rng.normal(0, 1.2) for language in LANGUAGES}
    for seed, count in product(seeds, (0, *counts)):
        luck = rng.normal(0, 0.7)
        for task, (first, second, gain) in TASKS.items():
            for language in LANGUAGES[: max(first, second)]:
                score = level[task, language] + luck + rng.normal(0, 0.8)
                score += (gain + slope[language]) * (1 + 0.1 * (count - 3)) if count else 0.0
                rows.append((f"s{seed}-k{count}", seed, 0, count, f"set{seed}-{count}", task, language, score))
    columns = ["run", "seed", "replicate", "n_tasks", "task_set", "target_task", "language", "score"]
    return pd.DataFrame(rows, columns=columns)


def _inside(cells: pd.DataFrame, benchmark: int, rename: dict[str, str]) -> pd.DataFrame:
    keys = {
        (rename.get(task, task), rename.get(language, language))
        for task, facts in TASKS.items()
        for language in LANGUAGES[: facts[benchmark]]
    }
    return cells[[key in keys for key in zip(cells["target_task"], cells["language"], strict=True)]]


def _run_scores(inside: dict[str, pd.DataFrame]) -> pd.DataFrame:
    keys = ["run", "seed", "replicate", "n_tasks", "task_set"]
    frames = []
    for name, cells in inside.items():
        means = cells.groupby([*keys, "target_task"])["score"].mean().groupby(keys).mean()
        frames.append(means.reset_index().assign(benchmark=name))
    return pd.concat(frames, ignore_index=True)[[*keys, "benchmark", "score"]]


def _language_scores(inside: dict[str, pd.DataFrame]) -> pd.DataFrame:
    keys = ["run", "seed", "replicate", "n_tasks", "task_set", "language"]
    parts = [cells.groupby(keys, as_index=False)["score"].mean().assign(benchmark=n) for n, cells in inside.items()]
    return pd.concat(parts, ignore_index=True)


def _language_facts(rename: dict[str, str]) -> pd.DataFrame:
    codes = [rename.get(code, code) for code in LANGUAGES]
    sizes = {
        DISTANCE: [0.1 + 0.02 * index for index in range(len(codes))],
        WIKIPEDIA: [0.05 * 1.25**index for index in range(len(codes) - 1)] + [NAN],
    }
    families = ["Uralic" if code in ("fi", "et") else "IE: Germanic" for code in codes]
    return pd.DataFrame({"language": codes, "name": "", "family": families, "script": "Latn", **sizes})


def _results(
    inside: dict[str, pd.DataFrame],
    scores: pd.DataFrame,
    counts: tuple[int, ...],
    benchmarks: tuple[str, str],
) -> Iterator[dict[str, Any]]:
    wide = scores.pivot_table(index="seed", columns=["benchmark", "n_tasks"], values="score")
    for count in counts:
        gain = {name: wide[name, count] - wide[name, 0] for name in benchmarks}
        for name in benchmarks:
            yield _row("effect", gain[name], n_tasks=count, benchmark=name)
        gap = gain[benchmarks[1]] - gain[benchmarks[0]]
        yield _row("interaction", gap, adjust=len(counts), n_tasks=count, family="primary")
        yield _row("interaction", gap, widen=1.8, scope="such", n_tasks=count)
        for part, share in (("shared tasks", 0.1), *((f"tasks only in {name}", 0.45) for name in benchmarks)):
            wording = f"interaction({count}) from {part}"
            yield _row("decomposition", gap * share, n_tasks=count, contrast=wording, level=part, note="some tasks")
        for task in pd.concat(inside.values())["target_task"].unique():
            yield _row("leave one task out", gap + len(task) / 20, n_tasks=count, target_task=task)
            for name in benchmarks:
                yield _row("leave one task out", gain[name] + 0.1, n_tasks=count, target_task=task, benchmark=name)
        yield from _by_key(pd.concat(inside.values()), "target_task", count)
        yield from _by_key(pd.concat(inside.values()), "language", count)
        yield from _behind(gain[benchmarks[0]], gap, count)
    for name in ("mnli", "squad1"):
        yield _row("task identity", gap, n_tasks=NAN, contrast=f"interaction, part of {name}", level=name)
    for low, high in pairwise(counts):
        for name in benchmarks:
            yield _row(
                "step",
                wide[name, high] - wide[name, low],
                n_tasks=high,
                benchmark=name,
                contrast=f"{high} - {low}",
            )


def _behind(gain: pd.Series, gap: pd.Series, count: int) -> Iterator[dict[str, Any]]:
    """Rows of groups, families and scripts, of a slope, of heterogeneity and of additive tasks."""
    for kind, values in {"group": ("retrieval",), "family": ("uralic", "ie-germanic"), "script": ("latn",)}.items():
        for value in values:
            wording = f"effect({count}) @ {kind} {value}"
            yield _row(f"{kind} effect", gain, n_tasks=count, contrast=wording, level=value, family="groups")
    for scope, widen in (("these", 1.0), ("such", 1.6)):
        wording = f"effect({count}) per tenfold Wikipedia articles"
        yield _row("covariate slope", gain, widen=widen, n_tasks=count, scope=scope, contrast=wording, level=WIKIPEDIA)
    yield _row("heterogeneity", gain.abs(), n_tasks=count, contrast=f"effect({count}) between languages")
    yield _row("additive tasks", gap, n_tasks=count, contrast=f"interaction({count}) with additive tasks")


def _by_key(cells: pd.DataFrame, key: str, count: int) -> Iterator[dict[str, Any]]:
    means = cells.groupby([key, "seed", "n_tasks"])["score"].mean().unstack("n_tasks")
    gains = (means[count] - means[0]).unstack("seed")
    term, family = {
        "language": ("language effect", "languages"),
        "target_task": ("task effect", "target tasks"),
    }[key]
    for name, gain in gains.iterrows():
        yield _row(term, gain, n_tasks=count, family=family, **{key: name})
    if key == "language":
        for name, gain in gains.iterrows():
            for other, share in (("language effect, shrunken", 0.5), ("language composition", 0.2)):
                yield _row(other, gain * share, n_tasks=count, language=name)
            yield _row("language mean effect", gain * 1.2, n_tasks=count, language=name)


def _row(term: str, values: pd.Series, adjust: int = 1, widen: float = 1.0, **keys: Any) -> dict[str, Any]:
    seeds = len(values)
    estimate, error = float(values.mean()), widen * float(values.std(ddof=1)) / seeds**0.5
    df = seeds - 1 if seeds > 1 else NAN
    reach = stats.t.ppf(0.975, df) * error
    p = float(2 * stats.t.sf(abs(estimate / error), df)) if seeds > 1 else NAN
    row: dict[str, Any] = dict.fromkeys((*RESULT_COLUMNS, *KEY_COLUMNS), "") | {"n_tasks": NAN}
    row |= {"term": term, "contrast": _contrast(term, **keys), "scope": "these", "estimate": estimate}
    row |= {"std_error": error, "df": df, "statistic": estimate / error, "p_value": p}
    row |= {
        "conf_low": estimate - reach,
        "conf_high": estimate + reach,
        "method": "seed-paired t",
        "n_runs": 2 * seeds,
    }
    row |= {"p_adjusted": float(np.minimum(1.0, adjust * p)) if keys.get("family") else NAN}
    return row | keys


def _contrast(term: str, n_tasks: float, benchmark: str = "", **others: Any) -> str:
    return f"{term}({n_tasks})" + (f" @ {benchmark}" if benchmark else "")


def _terms() -> pd.DataFrame:
    names = (
        "task count",
        "benchmark",
        "language",
        "task count:benchmark",
        "task count:language",
        "benchmark:language",
    )
    rows = [(name, 1.0, 4.0, 9.5, 0.037, "") for name in names]
    rows.append(("task count:benchmark:language", NAN, NAN, NAN, NAN, "not testable: zero by construction"))
    return pd.DataFrame(rows, columns=["term", "df_num", "df", "statistic", "p_value", "note"])


def _variance() -> pd.DataFrame:
    rows = [
        ("seed:target_task", 0.42, 0.2, "interior", ""),
        ("task_set:target_task", 0.0, 0.0, "boundary", ""),
    ]
    rows.append(("residual", 0.84, 0.8, "interior", "per target task"))
    return pd.DataFrame(rows, columns=["component", "sd", "share", "state", "note"])


def _missing(rename: dict[str, str]) -> pd.DataFrame:
    row = ("s1-k3", rename.get("xnli", "xnli"), rename.get("sw", "sw"), "not done yet", "filled", -0.02)
    return pd.DataFrame([row], columns=["run", "target_task", "language", "reason", "handling", "effect_of_dropping"])
