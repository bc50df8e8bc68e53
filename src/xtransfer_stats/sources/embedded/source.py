"""The embedded source: every task's twin, generated from packages, nothing read from a network."""

import pkgutil
from collections.abc import Sequence
from dataclasses import replace
from functools import cache
from importlib import import_module
from itertools import islice

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources import embedded
from xtransfer_stats.sources.embedded.draws import rng_under
from xtransfer_stats.sources.embedded.registry import Twin, datasets, find, versions
from xtransfer_stats.sources.source import Example, Passage, Split, check_limit
from xtransfer_stats.tasks.task import SPLITS, Family


class EmbeddedSource:
    """A Source of generated twins; the same arguments give the same examples everywhere."""

    name = "embedded"

    def datasets(self) -> tuple[str, ...]:
        """Names of all data sets, sorted."""
        _register_twins()
        return datasets()

    def load(self, dataset: str, split: str, language: str, limit: int | None = None) -> Split:
        """The split's first `limit` examples (default and at most: the twin's own size).

        Raises DataError for an unknown data set, split or language or a negative limit, and MissingExtra
        without the packages.
        """
        twin = self._twin(dataset)
        _check(twin, split, language, limit)
        rng_for = rng_under(dataset, split, language)
        size = twin.sizes[split]
        examples, candidates = twin.generate(language, split, rng_for)
        first = islice(examples, size if limit is None else min(limit, size))
        named = tuple(_named(example, f"{dataset}-{split}-{language}-{i}") for i, example in enumerate(first))
        pool = tuple(candidates)
        if limit is not None and not twin.family.pooled:
            pool = _searched(named, pool)
        return Split(dataset, split, language, twin.family, named, twin.labels, pool)

    def blocked(self, dataset: str, split: str, language: str) -> str:
        """Why the split is not among the twins, or ""."""
        try:
            _check(self._twin(dataset), split, language, None)
        except DataError as error:
            return str(error)
        return ""

    def warnings(self, dataset: str, split: str, language: str) -> tuple[str, ...]:
        """Nothing: the examples are the package's own."""
        return ()

    def languages(self, dataset: str) -> tuple[str, ...]:
        """Languages with a test split, sorted. Raises DataError for an unknown data set."""
        return self._twin(dataset).languages

    def fingerprint(self, dataset: str) -> str:
        """The twin's version and those of the packages. Raises MissingExtra without the packages."""
        return f"embedded/{dataset}/{self._twin(dataset).version}/{versions()}"

    def _twin(self, dataset: str) -> Twin:
        _register_twins()
        return find(dataset)


@cache
def _register_twins() -> None:
    """Import every module beside this one, so that a new twin is one new file."""
    for module in pkgutil.iter_modules(embedded.__path__):
        import_module(f"{embedded.__name__}.{module.name}")


def _check(twin: Twin, split: str, language: str, limit: int | None) -> None:
    if split not in SPLITS:
        raise DataError(f"split {split!r} of {twin.dataset!r}: choose from {', '.join(SPLITS)}")
    # Mining fits its threshold on dev in each language; all else is held back in English only.
    everywhere = split == "test" or (split == "dev" and twin.family is Family.BITEXT_MINING)
    spoken = twin.languages if everywhere else twin.spoken if split == "train" else ("en",)
    if language not in spoken:
        raise DataError(f"{twin.dataset!r} has no {split} split in {language!r}; it has {', '.join(spoken)}")
    check_limit(limit)


def _searched(queries: Sequence[Example], pool: Sequence[Passage]) -> tuple[Passage, ...]:
    """The candidates that some query looks for, and half as many others: what a limited split is searched in.

    A pool of all languages is left whole, as queries of other languages look for its passages.
    """
    gold = {name for query in queries for name in getattr(query, "gold", ())}
    others = [passage.id for passage in pool if passage.id not in gold]
    searched = gold.union(others[: len(queries) // 2])
    return tuple(passage for passage in pool if passage.id in searched)


def _named(example: Example, name: str) -> Example:
    return example if example.id else replace(example, id=name)
