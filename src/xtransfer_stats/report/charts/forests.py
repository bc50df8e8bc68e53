"""The forest plots: a study's effects and what they are made of, and a comparison's differences."""

from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import notes, select, words
from xtransfer_stats.report.charts import layers, theme
from xtransfer_stats.report.tables.backbones import error_of, rows_of
from xtransfer_stats.report.tables.comparison import tests
from xtransfer_stats.stats.comparison.backbones.backbones import BackboneEffects
from xtransfer_stats.stats.comparison.compare import Comparison
from xtransfer_stats.stats.comparison.estimates import DIFFERENCE, A, B
from xtransfer_stats.stats.comparison.several.several import MEAN, Several
from xtransfer_stats.stats.core import termtable
from xtransfer_stats.stats.core.results import Analysis

MOST_COLUMNS = 3  # the two benchmarks and the interaction, or the counts 3, 5 and 9
ONE_MORE = "one more"
SIDES = {A: ("A", theme.BLUE), B: ("B", theme.VERMILLION), DIFFERENCE: (f"B {formats.MINUS} A", theme.GREEN)}


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
    rows = _labelled(analysis, rows, rows["language"])
    pulled = select.rows(analysis, termtable.SHRUNKEN_LANGUAGE).assign(colour=theme.BLUE)
    pulled = pulled[pulled["language"].isin(rows["language"])].rename(columns={"language": "label"})
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
    return _drawn(plots, title, f"{notes.interval(analysis, termtable.LANGUAGE)}{diamonds}", gain(analysis))


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
        colour=theme.OTHER,
    )
    title = words.spoken("Part of each intermediate task in the {primary}", analysis)
    subtitle = "Shrunken guesses, never tested; bars: one standard error to each side, no 95 % interval."
    return _drawn(
        [layers.Forest(_best_first(analysis, rows))],
        title,
        subtitle,
        words.spoken("{points} of the {primary}", analysis),
    )


def comparison(compared: Comparison) -> Any:
    """A, B and their difference at every count, a panel a benchmark and one for the interaction."""
    terms = (termtable.EFFECT, termtable.INTERACTION)
    rows = compared.results[compared.results["term"].isin(terms)]
    rows = rows.assign(place=rows["side"].map(list(SIDES).index)).sort_values(["n_tasks", "place"])
    rows = rows.assign(
        label=[f"{SIDES[row.side][0]}, {formats.count_of_tasks(row.n_tasks)}" for row in rows.itertuples()],
        colour=[SIDES[side][1] for side in rows["side"]],
        text=[formats.estimate(row.estimate, row.conf_low, row.conf_high) for row in rows.itertuples()],
    )
    titles = {name: name for name in compared.a.facts.benchmarks} | {"": termtable.INTERACTION}
    plots = [layers.Forest(rows[rows["benchmark"] == name], title=title) for name, title in titles.items()]
    title = f"Gain from intermediate tasks: A, B and B {formats.MINUS} A"
    subtitle = f"A: {compared.a.name}. B: {compared.b.name}. {notes.INTERVAL_NOTE} {tests(compared, *terms)}"
    return _drawn(plots, title, subtitle, gain(None))


def several(found: Several) -> Any:
    """Every study, their mean and the prediction interval of one more; a panel a benchmark and count."""
    rows = found.results[found.results["term"].isin((termtable.EFFECT, termtable.INTERACTION))]
    plots = []
    for _, part in rows.groupby(["n_tasks", "benchmark"], sort=False):
        spread = found.spread[found.spread["contrast"] == part["contrast"].iloc[0]]
        whole = pd.concat([part, *(_one_more(part, row) for row in spread.itertuples())], ignore_index=True)
        colours = {MEAN: theme.VERMILLION, ONE_MORE: theme.OTHER}
        whole = whole.assign(
            label=whole["side"],
            colour=[colours.get(side, theme.BLUE) for side in whole["side"]],
            text=[formats.estimate(row.estimate, row.conf_low, row.conf_high) for row in whole.itertuples()],
        )
        plots.append(layers.Forest(whole, title=str(part["contrast"].iloc[0])))
    title = f"{len(found.names)} {found.factor} and their mean"
    subtitle = f"{notes.INTERVAL_NOTE} One more: prediction interval of a further one of such {found.factor}."
    return _drawn(plots, title, subtitle, gain(None))


def backbones(found: BackboneEffects) -> Any:
    """Every backbone's effect and the differences at every count, a panel a benchmark and one for the interaction."""
    rows = rows_of(found, termtable.EFFECT, termtable.INTERACTION)
    apart = rows["minus"] != ""
    rows = rows.assign(
        label=[f"{row.whose}, {formats.count_of_tasks(row.n_tasks)}" for row in rows.itertuples()],
        colour=[theme.GREEN if difference else theme.BLUE for difference in apart],
        text=[formats.estimate(row.estimate, row.conf_low, row.conf_high) for row in rows.itertuples()],
    ).sort_values("n_tasks", kind="stable")
    titles = {name: name for name in found.facts[0].benchmarks} | {"": termtable.INTERACTION}
    plots = [layers.Forest(rows[rows["benchmark"] == name], title=title) for name, title in titles.items()]
    subtitle = f"Blue: one backbone. Green: one less another. {notes.INTERVAL_NOTE} {error_of(found)}"
    return _drawn(plots, "Gain from intermediate tasks, by backbone", subtitle, gain(None))


def _one_more(part: pd.DataFrame, spread: Any) -> pd.DataFrame:
    mean = part[part["side"] == MEAN]
    return mean.assign(side=ONE_MORE, conf_low=spread.predict_low, conf_high=spread.predict_high)


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
    return _drawn([layers.Forest(rows, dots=dots)], title, subtitle, axis)


def _sorted(
    analysis: Analysis, term: str, key: str, title: str, row_height: int = theme.ROW, remark: str = ""
) -> Any | None:
    rows = select.these(select.rows(analysis, term))
    rows = _labelled(analysis, rows, rows[key])
    plots = [
        layers.Forest(_best_first(analysis, part), title=panel, row_height=row_height)
        for part, panel, _ in _panels(analysis, rows)
    ]
    return _drawn(plots, title, f"{notes.interval(analysis, term)} {remark}".rstrip(), gain(analysis))


def _against_whole(analysis: Analysis, term: str, key: str, title: str, subtitle: str, label: str = "{}") -> Any | None:
    rows = select.rows(analysis, term)
    rows = _labelled(analysis, rows, rows[key].map(label.format))
    plots = [layers.Forest(part, title=panel, reference=whole) for part, panel, whole in _panels(analysis, rows)]
    return _drawn(plots, title, f"{subtitle} {notes.interval(analysis, term)}", words.spoken("{points}", analysis))


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


def _drawn(plots: list[layers.Forest], title: str, subtitle: str, axis: str) -> Any | None:
    """The plots that have rows, side by side; None where none has."""
    plots = [plot for plot in plots if len(plot.rows)]
    if not plots:
        return None
    labels = [label for plot in plots for label in plot.rows["label"]]
    columns = min(len(plots), MOST_COLUMNS)
    return layers.finish(layers.forests(plots, axis, columns), title, subtitle, labels)
