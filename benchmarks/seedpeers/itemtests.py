"""Packages for evaluations of language models: their sample is the items of a test, here languages or seeds."""

from collections.abc import Callable

import pandas as pd
from benchmarks.seedpeers.method import LEVEL, Answer, Method, Way
from benchmarks.seedpeers.studies import Array, Study

# evalstats: columns model, item, run (from seed), score.


def evalstats_default(study: Study) -> tuple[Answer, ...]:
    """Its first example, with the seeds as its repeated runs."""
    import evalstats as es

    names = {"method": "model", "lang": "item", "seed": "run", "acc": "score"}
    (pair,) = es.compare(es.load_from(study.table.rename(columns=names)), factors="model").to_dict()["pairwise"]
    low, high = -100 * pair["ci_high"], -100 * pair["ci_low"]  # it has base less new
    return (Answer(bool(pair["significant"]), low, high),)


def evalstats_best(study: Study) -> tuple[Answer, ...]:
    """Its paired t test of the runs' means."""
    import evalstats as es

    result = es.tests.ttest(study.new_runs, study.base_runs, paired=True, print_result=False)
    return (Answer(bool(result.p_value < LEVEL)),)


# evalconfidence: one row an item and epoch.


def evalconfidence(table: pd.DataFrame, item: str) -> tuple[Answer, ...]:
    """compare() of a table with method, acc, and the column of the items; a column seed is its epoch."""
    from evalconfidence import compare, from_dataframe

    new, base = (
        from_dataframe(table[table["method"] == name], item_id=item, model_id="method", score="acc", epoch="seed")
        for name in ("new", "base")
    )
    result = compare(new, base)
    return (Answer(result.significant, *(100 * bound for bound in result.ci_diff)),)


def by_seed(study: Study) -> pd.DataFrame:
    """The table with one row a run: the mean over its languages."""
    return study.table.groupby(["method", "seed"], as_index=False)["acc"].mean().assign(item=lambda x: x["seed"])


# evalsig: frames of items, with or without clusters.


def evalsig_items(cluster: bool) -> Callable[[Study], tuple[Answer, ...]]:
    """An item a language and seed; cluster: items of one seed belong together."""

    def ask(study: Study) -> tuple[Answer, ...]:
        items = [(f"l{k}-s{seed}", seed, k) for seed in range(len(study.base)) for k in range(study.base.shape[1])]
        named = {i: (str(seed) if cluster else None, seed, k) for i, seed, k in items}
        return _evalsig(study, named, **({"cluster": "seed"} if cluster else {}))

    return ask


def _evalsig(study: Study, named: dict[str, tuple], **options: str) -> tuple[Answer, ...]:
    from evalsig import compare
    from evalsig.types import ItemResult, RunFrame

    def frame(name: str, scores: Array) -> RunFrame:
        rows = [ItemResult(i, scores[seed, k], cluster_id=group) for i, (group, seed, k) in named.items()]
        return RunFrame(name, name, "all", "accuracy", rows)

    result = compare(frame("base", study.base), frame("new", study.new), **options)
    return (Answer(result.significant, *result.ci),)


def evalsig_best(study: Study) -> tuple[Answer, ...]:
    """Its paired t test, the items being the runs' means."""
    means = Study(study.base_runs[:, None], study.new_runs[:, None], study.effects)
    return _evalsig(means, {f"s{seed}": (None, seed, 0) for seed in range(len(study.base))}, method="paired_t")


METHODS = (
    Method(
        "evalstats",
        "evalstats-default",
        (
            Way(
                "default",
                '`es.compare(es.load_from(table), factors="model")`, columns model, item, run, score',
                "languages",
            ),
        ),
        evalstats_default,
    ),
    Method(
        "evalstats",
        "evalstats-best",
        (Way("best", "`es.tests.ttest(new, base, paired=True)` of the means of runs", "seeds"),),
        evalstats_best,
    ),
    Method(
        "evalconfidence",
        "evalconfidence-default",
        (
            Way(
                "default",
                '`compare(new, base)` of `from_dataframe(..., item_id="lang", epoch="seed")`',
                "languages",
            ),
        ),
        lambda study: evalconfidence(study.table, "lang"),
    ),
    Method(
        "evalconfidence",
        "evalconfidence-best",
        (Way("best", "`compare(new, base)`, an item a seed: the mean of its run", "seeds"),),
        lambda study: evalconfidence(by_seed(study).drop(columns="seed"), "item"),
    ),
    Method(
        "evalsig",
        "evalsig-default",
        (Way("default", "`compare(base, new)`, an item a language and seed", "scores"),),
        evalsig_items(cluster=False),
    ),
    Method(
        "evalsig",
        "evalsig-cluster",
        (
            Way(
                "clusters",
                '`compare(base, new, cluster="seed")`, the same items with the seed as `cluster_id`',
                "seeds",
            ),
        ),
        evalsig_items(cluster=True),
        studies=600,
    ),
    Method(
        "evalsig",
        "evalsig-best",
        (Way("best", '`compare(base, new, method="paired_t")`, an item a seed: the mean of its run', "seeds"),),
        evalsig_best,
    ),
)
