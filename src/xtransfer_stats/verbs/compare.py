"""Two studies by name, file or store, compared: what `xstats compare` calls."""

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.stats.comparison.compare import compare
from xtransfer_stats.stats.comparison.result import Comparison
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.store import studies
from xtransfer_stats.store.store import Store
from xtransfer_stats.tasks.benchmarks import Tatoeba
from xtransfer_stats.verbs.session import Prepared, plain, scores_of, study_of

_SUFFIXES = (".csv", ".parquet", ".json")
# Said by the frame itself, or no matter of the scores.
_ELSEWHERE = ("study.name", "study.variant", "study.control", "study.benchmarks", "study.seeds", "study.tasks")
_SILENT = (*_ELSEWHERE, "study.keep", "backbone.model")


@dataclass(frozen=True)
class Named:
    """A study as the command line names it: where it is, its name in a store, and in tables."""

    place: Path
    study: str | None
    label: str


def compared(
    first: str,
    second: str,
    store: Path,
    benchmarks: tuple[str, str] | None = None,
    *,
    independent: bool = False,
) -> Comparison:
    """Compare the study `second` with `first`, each a name in `store`, a score frame's file or a store's folder.

    Raises DataError where a name is none of these, StoreError for a store that cannot be read.
    """
    named = _labelled(found(first, store), found(second, store))
    known = [study_of(one.place, one.study) if one.place.is_dir() else None for one in named]
    a, b = (_scores(one, known, benchmarks) for one in named)
    return compare(a, b, independent=independent)


def comparison_json(found: Comparison) -> dict[str, Any]:
    """A comparison for machines: `results`, the rows of A, B and B - A, and what stands beside them."""
    sides = {name: asdict(side) for name, side in (("a", found.a), ("b", found.b))}
    kept = ("paired", "counts", "seeds", "n_cells", "alpha", "answer", "notes", "signature")
    tables = {name: getattr(found, name).to_dict("records") for name in ("differs", "results")}
    return plain(sides | {name: getattr(found, name) for name in kept} | tables)


def found(name: str, store: Path) -> Named:
    """What a name means: a study of the store, else a file, else a store; raises DataError where it is none."""
    held = studies.names(Store(store)) if store.is_dir() else ()
    if name in held:
        return Named(store, name, name)
    path = Path(name)
    if path.suffix in _SUFFIXES:
        return Named(path, None, path.stem)
    if path.is_dir():
        return Named(path, None, study_of(path).plan.recipe.study.name)
    told = f"it holds {', '.join(held)}" if held else "it holds none"
    raise DataError(
        f"{name!r}: no study of that name in --store {store.name!r} ({told}), and no file or store; "
        f"name a study, a store's folder, or a score frame ({', '.join(_SUFFIXES)})"
    )


def _labelled(a: Named, b: Named) -> tuple[Named, Named]:
    """Labels that tell the two apart."""
    if a.label != b.label:
        return a, b
    return Named(a.place, a.study, f"{a.label} (A)"), Named(b.place, b.study, f"{b.label} (B)")


def _scores(one: Named, known: list[Prepared | None], benchmarks: tuple[str, str] | None) -> StudyScores:
    scores = scores_of(one.place, one.study, benchmarks, _tatoeba(known))
    both = [each for each in known if each is not None]
    settings = dict(_settings(study_of(one.place, one.study), _versions(both))) if len(both) == len(known) else {}
    return replace(scores, name=one.label, settings=settings)


def _tatoeba(known: list[Prepared | None]) -> Tatoeba:
    """A file does not tell its protocol of Tatoeba; beside a store's study it is taken to follow that one's."""
    protocols = [one.plan.recipe.study.tatoeba for one in known if one is not None]
    return protocols[0] if len(protocols) == 1 else "per-benchmark"


def _versions(known: list[Prepared]) -> set[str]:
    """Data sets that all studies read: what one alone reads follows from its recipe."""
    return set.intersection(*(set(one.plan.versions) for one in known))


def _settings(prepared: Prepared, data: set[str]) -> Iterator[tuple[str, str]]:
    """Settings of the recipe and versions of the data, flat."""
    recipe = prepared.plan.recipe.model_dump(mode="json", exclude={"costs"})
    yield from ((key, str(value)) for key, value in _flat(recipe) if key not in _SILENT)
    yield from (
        (f"version of {name}", str(version)) for name, version in prepared.plan.versions.items() if name in data
    )


def _flat(table: Mapping[str, Any], above: str = "") -> Iterator[tuple[str, Any]]:
    for key, value in table.items():
        inner = hasattr(value, "items") and bool(value)
        yield from _flat(value, f"{above}{key}.") if inner else ((f"{above}{key}", value),)
