"""The pages of tasks and languages: the catalogue's entries, data/tasks.toml and data/languages.csv."""

from collections.abc import Iterable, Mapping
from typing import Any

import xtransfer_stats as xs
from tools.reference import markdown
from xtransfer_stats.tasks.benchmarks import benchmark_names

Row = Mapping[str, Any]
TASKS = (
    "What `xstats tasks` lists; `xstats tasks NAME` shows an entry with its repositories, splits and notes. Which "
    "source is followed where papers disagree, and how to add your own: [the catalogue](../catalogue.md)."
)
LANGUAGES = (
    "What `xstats languages` lists: ISO 639-1 codes, families as XTREME-R names them, scripts as ISO 15924 has them. "
    "Other codes and English names are understood wherever a language is asked for."
)


def tasks_page() -> str:
    """Intermediate tasks, trainings, target tasks, averages, licences."""
    catalogue = xs.catalogue()
    intermediate, trainings, targets = (_own(catalogue[kind]) for kind in ("intermediate", "trainings", "targets"))
    licences = {row["title"]: row["data"]["licence"] for row in (*intermediate, *trainings, *targets)}
    return markdown.page(
        markdown.head("Tasks", "data/tasks.toml", TASKS),
        "## Intermediate tasks",
        _trainings(intermediate),
        "## Trainings of target tasks",
        _trainings(trainings),
        "## Target tasks",
        markdown.table(("name", "title", "family", "group", "metrics", "trained on", "sources"), map(_target, targets)),
        "## Languages of a target task in each benchmark",
        _spoken(targets),
        "## Averages",
        *catalogue["averaging"].values(),
        "## Licences of the data",
        markdown.table(("data set", "licence"), ((title, markdown.words(text)) for title, text in licences.items())),
    )


def _own(rows: Iterable[Row]) -> list[Row]:
    """Shipped entries: a user's file may stand in the working directory."""
    return [row for row in rows if not row["yours"]]


def _trainings(rows: Iterable[Row]) -> str:
    heads = ("name", "title", "family", "training examples", "sources")
    return markdown.table(heads, map(_training, rows))


def _training(row: Row) -> tuple[str, ...]:
    size = row["data"]["sizes"].get("train")
    return f"`{row['name']}`", row["title"], row["family"], f"{size:,}" if size else "unread", ", ".join(row["sources"])


def _target(row: Row) -> tuple[str, ...]:
    metrics, sources = ", ".join(row["metrics"]), ", ".join(row["sources"])
    trained = f"`{row['training']}`" if row["training"] else "nothing"
    return f"`{row['name']}`", row["title"], row["family"], row["group"], metrics, trained, sources


def _spoken(rows: Iterable[Row]) -> str:
    names = benchmark_names()
    body = ((f"`{row['name']}`", *(_codes(row["benchmarks"].get(name, ())) for name in names)) for row in rows)
    return markdown.table(("name", *names), body)


def _codes(codes: Iterable[str]) -> str:
    found = list(codes)
    return f"{len(found)}: {' '.join(found)}" if found else ""


def languages_page() -> str:
    """Every language with its benchmarks and target tasks."""
    heads = ("code", "language", "family", "script", "benchmarks", "target tasks")
    rows = map(_language, xs.languages())
    return markdown.page(markdown.head("Languages", "data/languages.csv", LANGUAGES), markdown.table(heads, rows))


def _language(row: Row) -> tuple[str, ...]:
    benchmarks = ", ".join(row["benchmarks"])
    return f"`{row['code']}`", row["name"], row["family"], row["script"], benchmarks, _codes(row["tasks"])
