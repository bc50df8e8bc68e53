"""One language's runs: what every run scored in it, by task count, chosen by the reader."""

import json
from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import select, theme
from xtransfer_stats.report.charts import layers
from xtransfer_stats.stats.core.results import Analysis

HEIGHT = 220
CHOICE = "language"  # name of the parameter, which the page's script sets when a language is clicked elsewhere


def language_runs(analysis: Analysis) -> Any | None:
    """A dot a run and a line a seed for the chosen language, one panel a benchmark that has it."""
    import altair as alt

    scores = analysis.language_scores
    if scores.empty:
        return None
    codes = _ordered(analysis, sorted(scores["language"].unique()))
    labels = [_label(analysis, code) for code in sorted(codes)]
    choice = alt.param(
        name=CHOICE, value=codes[0], bind=alt.binding_select(options=sorted(codes), labels=labels, name="Language ")
    )
    present = [name for name in analysis.facts.benchmarks if (scores["benchmark"] == name).any()]
    drawn = [_panel(analysis, scores, name, len(present)) for name in present]
    chart = (alt.concat(*drawn, columns=2) if len(drawn) > 1 else drawn[0]).add_params(choice)
    subtitle = "Each dot is a run: the mean of its scores over the language's target tasks in the benchmark. "
    subtitle += "Thin lines join the runs of a seed. Drawn for one language at a time."
    return layers.finish(chart, "The runs behind one language", subtitle, ["00.00"])


def _ordered(analysis: Analysis, codes: list[str]) -> list[str]:
    """The language with the lowest effect first: it is the one that a reader asks about."""
    found = select.these(select.rows(analysis, select.LANGUAGE)).sort_values(["estimate", "language"])
    return [code for code in dict.fromkeys([*found["language"], *codes]) if code in codes]


def _label(analysis: Analysis, code: str) -> str:
    facts = analysis.language_facts
    names = dict(zip(facts["language"], facts["name"], strict=True)) if "name" in facts else {}
    return f"{names[code]} ({code})" if names.get(code) else code


def _panel(analysis: Analysis, scores: pd.DataFrame, benchmark: str, panels: int) -> Any:
    import altair as alt

    rows = scores[scores["benchmark"] == benchmark]
    counts = [formats.count_of_tasks(count) for count in sorted(scores["n_tasks"].unique())]
    shown = rows.assign(count=rows["n_tasks"].map(formats.count_of_tasks))
    shown = shown[["run", "seed", "task_set", "language", "count", "score"]]
    colour = layers.colours(analysis)[benchmark]
    scale = alt.Scale(type="point", padding=0.4, domain=counts)
    base = (
        alt.Chart(shown)
        .transform_filter(f"datum.language === {CHOICE}")
        .encode(
            x=alt.X("count:N", sort=counts, title=None, axis=alt.Axis(labelAngle=0), scale=scale),
            y=alt.Y("score:Q", title="score in points", scale=alt.Scale(zero=False)),
        )
    )
    lines = base.mark_line(color=colour, opacity=0.45, strokeWidth=1).encode(
        y=alt.Y("mean(score):Q", title="score in points"), detail="seed:N"
    )
    tooltip = ["language:N", "run:N", "seed:N", "task_set:N", alt.Tooltip("score:Q", format=f".{formats.DIGITS}f")]
    dots = base.mark_circle(color=colour, size=44, opacity=0.8).encode(tooltip=tooltip)
    title = alt.TitleParams(alt.expr(f"{CHOICE} + {json.dumps(f' on {benchmark}')}"), fontSize=12)
    return alt.layer(lines, dots).properties(width=theme.panel_width(panels), height=HEIGHT, title=title)
