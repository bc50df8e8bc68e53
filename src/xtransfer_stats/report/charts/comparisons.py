"""The forest plots of several studies: two side by side with their difference, more and their mean, or backbones."""

from typing import Any

import pandas as pd

from xtransfer_stats.base import formats
from xtransfer_stats.report import notes
from xtransfer_stats.report.charts import layers, theme
from xtransfer_stats.report.charts.forests import drawn, gain
from xtransfer_stats.report.tables.backbones import error_of, rows_of
from xtransfer_stats.report.tables.comparison import tests
from xtransfer_stats.stats.comparison.backbones.backbones import BackboneEffects
from xtransfer_stats.stats.comparison.compare import Comparison
from xtransfer_stats.stats.comparison.estimates import DIFFERENCE, A, B
from xtransfer_stats.stats.comparison.several.several import MEAN, Several
from xtransfer_stats.stats.core import termtable

ONE_MORE = "one more"
SIDES = {A: ("A", theme.BLUE), B: ("B", theme.VERMILLION), DIFFERENCE: (f"B {formats.MINUS} A", theme.GREEN)}


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
    return drawn(plots, title, subtitle, gain(None))


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
    return drawn(plots, title, subtitle, gain(None))


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
    return drawn(plots, "Gain from intermediate tasks, by backbone", subtitle, gain(None))


def _one_more(part: pd.DataFrame, spread: Any) -> pd.DataFrame:
    mean = part[part["side"] == MEAN]
    return mean.assign(side=ONE_MORE, conf_low=spread.predict_low, conf_high=spread.predict_high)
