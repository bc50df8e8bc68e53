"""The charts of runs: their scores by task count, their own effects by seed, and those behind one language."""

import json
from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import select, words
from xtransfer_stats.report.charts import layers, theme
from xtransfer_stats.report.charts.layers import alt
from xtransfer_stats.report.escape import clean
from xtransfer_stats.stats.core import termtable
from xtransfer_stats.stats.core.results import Analysis

SPREAD_HEIGHT, LANGUAGE_HEIGHT = 240, 220
COLUMNS = 3
CHOICE = "language"  # name of the parameter, which the page's script sets when a language is clicked elsewhere


def spread(analysis: Analysis) -> Any | None:
    """Official average of every run against the task count, one panel a benchmark, one line a seed."""
    scores = analysis.run_scores.dropna(subset=["score"])
    present = _present(analysis, scores)
    if not present:
        return None
    parts = {name: scores[scores["benchmark"] == name] for name in present}
    span = max(float(part["score"].max() - part["score"].min()) for part in parts.values())
    drawn = [_spread_panel(analysis, part, name, len(present), span) for name, part in parts.items()]
    subtitle = "Dots: runs. Thin lines: a seed's runs (means where it has several). Thick line: mean over seeds."
    subtitle += " The axes span equally many points." if len(present) > 1 else ""
    return layers.finish(layers.panels(drawn, present), "Run-level spread", subtitle, ["00.00"])


def seeds(analysis: Analysis) -> Any | None:
    """Each run's own effect by seed, one panel an estimand; the shape tells the task counts apart."""
    effects = select.run_effects(analysis)
    if effects.empty:
        return None
    names = {name: name for name in analysis.facts.benchmarks} | {"": termtable.INTERACTION}
    present = [key for key in names if (effects["benchmark"] == key).any()]
    domain = layers.reach([*effects["value"], 0.0])
    drawn = [_seeds_panel(analysis, effects[effects["benchmark"] == key], key, domain, len(present)) for key in present]
    subtitle = words.spoken("Each mark is a run of that seed less the seed's baseline{marks of one seed}.", analysis)
    labels = [f"seed {seed}" for seed in analysis.facts.seeds]
    chart = layers.panels(drawn, [names[key] for key in present], COLUMNS)
    return layers.finish(chart, words.spoken("Effect by seed{and draw}", analysis), subtitle, labels)


def language_runs(analysis: Analysis) -> Any | None:
    """A dot a run and a line a seed for the chosen language, one panel a benchmark that has it."""
    scores = analysis.language_scores
    few = not words.conditions_of(analysis).counted and scores["language"].nunique() < 2
    if scores.empty or few:  # a study's only language is the study
        return None
    codes = _ordered(analysis, sorted(scores["language"].unique()))
    labels = [_label(analysis, code) for code in sorted(codes)]
    choice = alt.param(
        name=CHOICE, value=codes[0], bind=alt.binding_select(options=sorted(codes), labels=labels, name="Language ")
    )
    present = _present(analysis, scores)
    drawn = [_language_panel(analysis, scores, name, len(present)) for name in present]
    chart = (alt.concat(*drawn, columns=2) if len(drawn) > 1 else drawn[0]).add_params(choice)
    subtitle = "Each dot is a run: the mean of its scores over the language's target tasks in the benchmark. "
    subtitle += "Thin lines join the runs of a seed. Drawn for one language at a time."
    return layers.finish(chart, "The runs behind one language", subtitle, ["00.00"])


def _present(analysis: Analysis, scores: pd.DataFrame) -> list[str]:
    return [name for name in analysis.facts.benchmarks if (scores["benchmark"] == name).any()]


def _spread_panel(analysis: Analysis, scores: pd.DataFrame, benchmark: str, panels: int, span: float) -> Any:
    x = _count_axis(analysis, scores)
    title = words.spoken("average {score in points}", analysis)
    middle = (float(scores["score"].max()) + float(scores["score"].min())) / 2
    ends = layers.reach([middle - span / 2, middle + span / 2])
    y = alt.Y("score:Q", title=title, scale=alt.Scale(domain=ends, nice=False, zero=False))
    runs, by_seed, mean = _levels(analysis, scores)
    colour = layers.colours(analysis)[benchmark]
    lines = alt.Chart(by_seed).mark_line(color=colour, opacity=0.45, strokeWidth=1)
    thin = lines.encode(x=x, y=y, detail=alt.Detail("seed:N"))
    tooltip = [*layers.named("seed", *words.run_keys(analysis)), _two_decimals("score")]
    dots = alt.Chart(runs).mark_circle(color=colour, size=40, opacity=0.7).encode(x=x, y=y, tooltip=tooltip)
    thick = alt.Chart(mean).mark_line(color=colour, strokeWidth=4, point=alt.OverlayMarkDef(size=90, color=colour))
    return alt.layer(thin, thick.encode(x=x, y=y), dots, width=theme.panel_width(panels), height=SPREAD_HEIGHT)


def _levels(analysis: Analysis, scores: pd.DataFrame) -> list[pd.DataFrame]:
    """Runs, means of a seed's runs, and means over seeds, each with its count in words."""
    by_seed = scores.groupby(["n_tasks", "seed"], as_index=False)["score"].mean()
    mean = by_seed.groupby("n_tasks", as_index=False)["score"].mean()
    runs = scores[["n_tasks", "seed", "task_set", "score"]]
    return [_worded(analysis, frame) for frame in (runs, by_seed, mean)]


def _worded(analysis: Analysis, rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with their condition in words, by the names that the study's tooltips show."""
    conditions, (condition, draw) = words.conditions_of(analysis), words.keys_of(analysis)
    named = rows.assign(**{condition: rows["n_tasks"].map(conditions.called)})
    if conditions.counted:
        return named
    out = ["n_tasks", *([] if conditions.drawn or "task_set" not in named else ["task_set"])]
    return named.drop(columns=out).rename(columns={"task_set": draw})


def _seeds_panel(analysis: Analysis, rows: pd.DataFrame, benchmark: str, domain: list[float], panels: int) -> Any:
    order = [f"seed {seed}" for seed in analysis.facts.seeds]
    condition, unit = words.keys_of(analysis)[0], words.measure_of(analysis).unit
    shown = _worded(analysis, rows).assign(row="seed " + rows["seed"].astype(str))
    counts = [words.conditions_of(analysis).called(count) for count in sorted(rows["n_tasks"].unique())]
    shape = alt.Shape(
        f"{condition}:N",
        sort=counts,
        title=words.spoken("{unit}", analysis),
        legend=alt.Legend() if len(counts) > 1 else None,
    )
    keys = list(dict.fromkeys([*words.run_keys(analysis), condition]))
    marks = alt.Chart(shown[["row", "run", *keys, "value"]]).mark_point(
        size=55, strokeWidth=2, opacity=0.85, color=layers.colours(analysis)[benchmark]
    )
    x = alt.X("value:Q", title=unit, scale=alt.Scale(domain=domain, nice=False), axis=alt.Axis(tickCount=5))
    y = alt.Y("row:N", sort=order, title=None)
    tooltip = [*layers.named("run", *keys), _two_decimals("value")]
    drawn = marks.encode(x=x, y=y, shape=shape, tooltip=tooltip)
    size = {"width": theme.panel_width(min(panels, COLUMNS)), "height": max(60, 20 * len(order))}
    return alt.layer(layers.line(0.0, "x"), drawn, **size)


def _ordered(analysis: Analysis, codes: list[str]) -> list[str]:
    """The language with the worst effect first: it is the one that a reader asks about."""
    better = words.measure_of(analysis).higher_is_better
    rows = select.these(select.rows(analysis, termtable.LANGUAGE))
    rows = rows.sort_values(["estimate", "language"], ascending=[better, True])
    return [code for code in dict.fromkeys([*rows["language"], *codes]) if code in codes]


def _label(analysis: Analysis, code: str) -> str:
    facts = analysis.language_facts
    names = dict(zip(facts["language"], facts["name"], strict=True)) if "name" in facts else {}
    return f"{names[code]} ({code})" if names.get(code) else code


def _language_panel(analysis: Analysis, scores: pd.DataFrame, benchmark: str, panels: int) -> Any:
    condition, keys = words.keys_of(analysis)[0], words.run_keys(analysis)
    beside = [key for key in keys if key != condition]
    shown = _worded(analysis, scores[scores["benchmark"] == benchmark])
    shown = shown[["run", "seed", *beside, "language", condition, "score"]]
    colour, title = layers.colours(analysis)[benchmark], words.spoken("{score in points}", analysis)
    y = alt.Y("score:Q", title=title, scale=alt.Scale(zero=False))
    chosen = alt.Chart(shown).transform_filter(f"datum.language === {CHOICE}")
    base = chosen.encode(x=_count_axis(analysis, scores, whole=True), y=y)
    lines = base.mark_line(color=colour, opacity=0.45, strokeWidth=1).encode(
        y=alt.Y("mean(score):Q", title=title), detail=alt.Detail("seed:N")
    )
    tooltip = [*layers.named("language", "run", "seed", *keys), _two_decimals("score")]
    dots = base.mark_circle(color=colour, size=44, opacity=0.8).encode(tooltip=tooltip)
    heading = alt.TitleParams(alt.expr(f"{CHOICE} + {json.dumps(f' on {clean(benchmark)}')}"), fontSize=12)
    return alt.layer(lines, dots, width=theme.panel_width(panels), height=LANGUAGE_HEIGHT, title=heading)


def _count_axis(analysis: Analysis, scores: pd.DataFrame, *, whole: bool = False) -> "alt.X":
    """Task counts side by side; `whole`: also those that the chosen rows lack."""
    counts = [words.conditions_of(analysis).called(count) for count in sorted(scores["n_tasks"].unique())]
    scale = alt.Scale(type="point", padding=0.4, domain=counts) if whole else alt.Scale(type="point", padding=0.4)
    return alt.X(f"{words.keys_of(analysis)[0]}:N", sort=counts, title=None, axis=alt.Axis(labelAngle=0), scale=scale)


def _two_decimals(field: str) -> "alt.Tooltip":
    return alt.Tooltip(f"{field}:Q", format=f".{formats.DIGITS}f")
