"""The forest plots of a study: its effects and what they are made of."""

from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import levels, notes, select, words
from xtransfer_stats.report.charts import layers, theme
from xtransfer_stats.stats.core import termtable
from xtransfer_stats.stats.core.results import Analysis

NAMED = (termtable.COMPOSITION, termtable.FAMILY, termtable.SCRIPT)  # whose levels are codes
MOST_COLUMNS = 3  # the two benchmarks and the interaction, or the counts 3, 5 and 9


def gain(analysis: Analysis | None) -> str:
    """The axis of differences from the baseline; of a comparison of studies None."""
    return words.spoken("{points} ({treated} minus {baseline}{; lower is better})", analysis)


def effects(analysis: Analysis) -> Any | None:
    """Effect of each task count on each benchmark, with its interval and every run's own difference."""
    title = words.spoken("{Effect of treatment}{, by benchmark}", analysis)
    return _benchmark_level(analysis, termtable.EFFECT, title, gain(analysis))


def interaction(analysis: Analysis) -> Any | None:
    """The effect on the second benchmark minus that on the first, for each task count; of more that of every two."""
    if len(analysis.facts.benchmarks) < 2:
        return None
    first, second, *more = analysis.facts.benchmarks
    apart = "effect on one benchmark minus effect on another" if more else f"effect on {second} minus effect on {first}"
    axis = f"{words.spoken('{points}', analysis)} ({apart})"
    return _benchmark_level(analysis, termtable.INTERACTION, "Interaction: how the effects differ", axis)


def tasks(analysis: Analysis) -> Any | None:
    """Effect on each target task, one panel a count."""
    return _sorted(analysis, termtable.TASK, "target_task", "Effect on each target task")


def languages(analysis: Analysis) -> Any | None:
    """Caterpillar plot: effect in each language within its target tasks, sorted, one panel a count."""
    rows = select.these(select.rows(analysis, termtable.LANGUAGE))
    called = levels.language_names(analysis)
    rows = _labelled(analysis, rows, rows["language"].map(lambda code: called.get(code, code)))
    pulled = select.rows(analysis, termtable.SHRUNKEN_LANGUAGE).assign(colour=theme.BLUE)
    pulled = pulled[pulled["language"].isin(rows["language"])]
    pulled = pulled.assign(label=pulled["language"].map(lambda code: called.get(code, code)))
    plots = [
        layers.Forest(
            _best_first(analysis, part),
            title=panel,
            row_height=theme.DENSE_ROW,
            beside=pulled[pulled["n_tasks"].isin(part["n_tasks"])],
        )
        for part, panel, _ in _panels(analysis, rows)
    ]
    diamonds = " Hollow diamonds: drawn towards the languages' mean by the cell-level model." if len(pulled) else ""
    title = "Effect in each language within its target tasks, sorted"
    return drawn(plots, title, f"{notes.interval(analysis, termtable.LANGUAGE)}{diamonds}", gain(analysis))


def composition(analysis: Analysis) -> Any | None:
    """What a language's choice of target tasks adds to its plain mean over them, one panel a count."""
    title = "Composition: which target tasks a language has"
    return _sorted(analysis, termtable.COMPOSITION, "language", title, theme.DENSE_ROW, "Says nothing of the language.")


def groups(analysis: Analysis) -> Any | None:
    """Effect on each group of target tasks, one panel a count."""
    return _sorted(analysis, termtable.GROUP, "level", "Effect on each group of target tasks")


def families(analysis: Analysis) -> Any | None:
    """Effect in each language family within target tasks, one panel a count."""
    return _sorted(analysis, termtable.FAMILY, "level", "Effect in each language family within target tasks")


def scripts(analysis: Analysis) -> Any | None:
    """Effect in each script within target tasks, one panel a count."""
    return _sorted(analysis, termtable.SCRIPT, "level", "Effect in each script within target tasks")


def leave_one_out(analysis: Analysis) -> Any | None:
    """The interaction (or an effect) without one target task at a time; dashed: with all tasks."""
    title, subtitle = "Leave one target task out", "The dashed line is the estimate with all tasks."
    return _against_whole(analysis, termtable.LEAVE_ONE_OUT, "target_task", title, subtitle, "without {}")


def decomposition(analysis: Analysis) -> Any | None:
    """The interaction's parts: tasks that both benchmarks share and tasks that they do not."""
    subtitle = "The dashed line is the whole; its parts sum to it."
    return _against_whole(analysis, termtable.DECOMPOSITION, "level", "Where the interaction comes from", subtitle)


def identity(analysis: Analysis) -> Any | None:
    """Shrunken part of each intermediate task in the interaction, bars of one standard error."""
    rows = select.rows(analysis, termtable.IDENTITY)
    numbers = zip(rows["estimate"], rows["std_error"], strict=True)
    rows = rows.assign(
        label=rows["level"],
        conf_low=rows["estimate"] - rows["std_error"],
        conf_high=rows["estimate"] + rows["std_error"],
        text=["{}, standard error {}".format(*map(formats.number, pair)) for pair in numbers],
        colour=theme.REFERENCE,
    )
    title = words.spoken("Part of each intermediate task in the {primary}", analysis)
    subtitle = (
        "Grey: shrunken guesses from few sets, never tested; bars: one standard error to each side, no 95 % interval."
    )
    return drawn(
        [layers.Forest(_best_first(analysis, rows))],
        title,
        subtitle,
        words.spoken("{points} of the {primary}", analysis),
    )


def _benchmark_level(analysis: Analysis, term: str, title: str, axis: str) -> Any | None:
    rows = select.rows(analysis, term)
    if term == termtable.EFFECT:
        # Two benchmarks at three scopes are a crowd; the interaction, the headline, has all of them.
        rows = rows[rows["scope"] != termtable.SUCH_TASKS]
    rows = _labelled(analysis, rows, _row_names(analysis, rows))
    subtitle = notes.interval(analysis, term)
    dots = _dots(analysis, select.these(rows))
    if len(dots):
        subtitle += " Small dots: single runs."
    return drawn([layers.Forest(rows, dots=dots)], title, subtitle, axis)


def _sorted(
    analysis: Analysis, term: str, key: str, title: str, row_height: int = theme.ROW, remark: str = ""
) -> Any | None:
    rows = select.these(select.rows(analysis, term))
    called = levels.language_names(analysis) if key == "language" else levels.group_names(analysis)
    named = rows[key].map(lambda name: called.get(name, name)) if term in NAMED else rows[key]
    rows = _labelled(analysis, rows, named)
    plots = [
        layers.Forest(_best_first(analysis, part), title=panel, row_height=row_height)
        for part, panel, _ in _panels(analysis, rows)
    ]
    return drawn(plots, title, f"{notes.interval(analysis, term)} {remark}".rstrip(), gain(analysis))


def _against_whole(analysis: Analysis, term: str, key: str, title: str, subtitle: str, label: str = "{}") -> Any | None:
    rows = select.rows(analysis, term)
    rows = _labelled(analysis, rows, rows[key].map(label.format))
    plots = [layers.Forest(part, title=panel, reference=whole) for part, panel, whole in _panels(analysis, rows)]
    apart = " Each panel has its own axis." if len(plots) > 1 else ""
    subtitle = f"{subtitle}{apart} {notes.interval(analysis, term)}"
    return drawn(plots, title, subtitle, words.spoken("{points}", analysis), own=True)


def _panels(analysis: Analysis, rows: pd.DataFrame) -> list[tuple[pd.DataFrame, str, float]]:
    """(rows, title, estimate of the whole) of each count and estimand present."""
    parts = []
    whole = select.these(select.rows(analysis, termtable.EFFECT, termtable.INTERACTION))
    for count, same in select.by_count(rows).items():
        for benchmark, name in select.headings(analysis, rows).items():
            part = same[same["benchmark"] == benchmark]
            match = whole[(whole["n_tasks"] == count) & (whole["benchmark"] == benchmark)]["estimate"]
            title = select.words(name, words.conditions_of(analysis).called(count))
            parts.append((part, title, float(match.iloc[0]) if len(match) else float("nan")))
    return [part for part in parts if len(part[0])]


def _labelled(analysis: Analysis, rows: pd.DataFrame, labels: Any) -> pd.DataFrame:
    return rows.assign(label=labels, colour=rows["benchmark"].map(layers.colours(analysis)))


def _best_first(analysis: Analysis, rows: pd.DataFrame) -> pd.DataFrame:
    better = words.measure_of(analysis).higher_is_better
    return rows.sort_values(["estimate", "label"], ascending=[not better, True], kind="stable")


def _row_names(analysis: Analysis, rows: pd.DataFrame) -> list[str]:
    """What tells the rows apart: benchmark, count and, where it is not "these", the scope.

    The only benchmark of a study of conditions tells nothing; of several pairs of benchmarks the interaction is named.
    """
    one = not words.conditions_of(analysis).counted and len(analysis.facts.benchmarks) == 1
    return [
        row.contrast
        if row.term == termtable.INTERACTION and len(analysis.facts.benchmarks) > 2
        else select.words(
            "" if one else row.benchmark,
            words.conditions_of(analysis).called(row.n_tasks),
            "" if row.scope == termtable.THESE else select.scope(row.scope),
        )
        for row in rows.itertuples()
    ]


def _dots(analysis: Analysis, rows: pd.DataFrame) -> pd.DataFrame:
    runs = select.run_effects(analysis).drop(columns="run")
    dots = runs.merge(rows[["n_tasks", "benchmark", "label", "colour"]], on=["n_tasks", "benchmark"])
    conditions = words.conditions_of(analysis)
    names = dots["task_set"] if conditions.counted or conditions.drawn else dots["n_tasks"].map(conditions.called)
    drawn = "set" if conditions.counted else "draw" if conditions.drawn else "run of"
    dots["tip"] = [f"seed {seed}, {drawn} {name}" for seed, name in zip(dots["seed"], names, strict=True)]
    return dots[["label", "value", "colour", "tip"]]


def drawn(plots: list[layers.Forest], title: str, subtitle: str, axis: str, *, own: bool = False) -> Any | None:
    """The plots that have rows, side by side, each on its own scale if asked; None where none has."""
    plots = [plot for plot in plots if len(plot.rows)]
    if not plots:
        return None
    labels = [label for plot in plots for label in plot.rows["label"]]
    columns = min(len(plots), MOST_COLUMNS)
    return layers.finish(layers.forests(plots, axis, columns, own=own), title, subtitle, labels)
