"""The source of hub repositories: a data set's parts at the commits that the recipe records, read as examples."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.hub.pins import CONVERTED, explained
from xtransfer_stats.sources.schemas.choice import without_constant_gold
from xtransfer_stats.sources.schemas.read import read_rows, readable
from xtransfer_stats.sources.schemas.schema import Hints, Row
from xtransfer_stats.sources.source import Example, Passage, Portion, Split, check_limit, held_back
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.tasks.catalogue import dataset as entry
from xtransfer_stats.tasks.codes import in_language
from xtransfer_stats.tasks.task import DataSet, Family, HubPart

UNPINNED = "unpinned"
_KEPT = 4  # splits in memory: what train and dev of one data set need


class HubSource:
    """A Source of repositories of the hub. `revisions` maps a repository to its commit (sources.hub.pins)."""

    name = "hub"

    def __init__(self, revisions: Mapping[str, str]) -> None:
        self.revisions = dict(revisions)
        self._portion = lru_cache(maxsize=_KEPT)(self._read_parts)

    def load(self, dataset: str, split: str, language: str, limit: int | None = None) -> Split:
        """The split's first `limit` examples.

        Raises DataError for what no repository has, an unpinned or unreachable one, and a split without labels.
        """
        why = self.blocked(dataset, split, language)
        if why:
            raise DataError(why)
        check_limit(limit)
        family, data = entry(dataset)
        held = split in ("train", "dev") and _held_back(data, language)
        portion = self._portion(dataset, "train" if held else split, language)
        if portion.unlabelled:
            raise DataError(
                f"{dataset!r}, {split} split, language {language!r}: the repository has no labels for it, so nothing "
                f"can be trained or scored: give files that have them with source.by_dataset.{dataset}"
            )
        examples = held_back(portion.examples, split) if held else portion.examples
        labels = (data.labels or portion.labels) if family.labelled else ()
        return Split(dataset, split, language, family, tuple(examples[:limit]), labels, portion.candidates)

    def blocked(self, dataset: str, split: str, language: str) -> str:
        """Why no repository serves the split, and what to do instead; "" when one does."""
        family, data = entry(dataset)
        remedy = f"give a folder that has it with source.by_dataset.{dataset}"
        where = f"{dataset!r}, {split} split, language {language!r}"
        if not data.hub:
            return f"{where}: no repository of the hub is known to have it ({data.licence}): {remedy}"
        if not readable(family):
            return f"{where}: the columns of {data.hub[0].repository!r} were not read: {remedy}"
        read = "train" if split == "dev" and _held_back(data, language) else split
        if not _parts(data, read, language):
            return f"{where}: {', '.join(part.repository for part in data.hub)} has no such split: {remedy}"
        return ""

    def warnings(self, dataset: str, split: str, language: str) -> tuple[str, ...]:
        """Nothing: what is odd in a repository is known once it is read."""
        return ()

    def languages(self, dataset: str) -> tuple[str, ...]:
        """The catalogue's languages of the data set that some repository serves, sorted."""
        spoken = {code for task in TARGET_TASKS.values() if task.dataset == dataset for code in task.languages}
        return tuple(sorted(code for code in spoken if not self.blocked(dataset, "test", code)))

    def fingerprint(self, dataset: str) -> str:
        """Repositories and their commits; a repository without one is told as unpinned."""
        _, data = entry(dataset)
        pins = [f"{part.repository}@{self.revisions.get(part.repository, UNPINNED)}" for part in data.hub]
        return "hub/" + "+".join(pins)

    def _read_parts(self, dataset: str, split: str, language: str) -> Portion:
        """Examples of all parts in their order, with ids of their own."""
        family, data = entry(dataset)
        hints = Hints(dataset, data.labels, language=language)
        parts = _parts(data, split, language)
        portions = [_read_part(part, split, hints, family, self._pin(part)) for part in parts]
        pool: dict[str, Passage] = {passage.id: passage for portion in portions for passage in portion.candidates}
        unlabelled = sum(portion.unlabelled for portion in portions)
        labels = portions[0].labels
        return Portion(_distinct([portion.examples for portion in portions]), tuple(pool.values()), labels, unlabelled)

    def _pin(self, part: HubPart) -> str:
        if part.repository not in self.revisions:
            raise DataError(
                f"{part.repository!r} is not pinned: `xstats run` records its commit; in a recipe give it in "
                "[source.revisions]"
            )
        return self.revisions[part.repository]


def _parts(data: DataSet, split: str, language: str) -> list[HubPart]:
    return [part for part in data.hub if split in part.splits and part.serves(language)]


def _held_back(data: DataSet, language: str) -> bool:
    """Whether dev is cut from the English training split, for lack of one of its own."""
    return language == "en" and not _parts(data, "dev", language)


def _distinct(parts: Sequence[Sequence[Example]]) -> tuple[Example, ...]:
    """The parts' examples; where there are several, ids begin with the part's number."""
    if len(parts) == 1:
        return tuple(parts[0])
    return tuple(replace(one, id=f"{number}:{one.id}") for number, part in enumerate(parts) for one in part)


def _table(repository: str, config: str | None, split: str, pin: str) -> Any:
    """Return the `datasets.Dataset` of one configuration and split ("a+b" joins two).

    A pin of the Parquet conversion reads the conversion's files; code of a repository is never run.
    Raises DataError when it cannot be had, with what was tried.
    """
    read = _converted if pin.startswith(CONVERTED) else _as_published
    try:
        return read(repository, config, split, pin)
    except RuntimeError as error:
        if "scripts are no longer supported" not in str(error):
            raise
        raise DataError(
            f"{repository!r} at {pin} is a script, never run. Pin its Parquet conversion ({CONVERTED}@commit), "
            "or give local files with source.by_dataset"
        ) from error
    except (OSError, ValueError) as error:
        raise DataError(
            f"{explained(repository, error)}. Tried {config!r}, split {split!r}, at {pin}: {error}"
        ) from error


def _as_published(repository: str, config: str | None, split: str, pin: str) -> Any:
    from datasets import config as settings
    from datasets import load_dataset

    # Offline, the library takes the newest cached copy of whatever commit: a cache for each commit leaves one.
    cache = Path(settings.HF_DATASETS_CACHE) / "xstats" / pin
    return load_dataset(repository, config, split=split, revision=pin, cache_dir=str(cache))


def _converted(repository: str, config: str | None, split: str, pin: str) -> Any:
    from datasets import load_dataset
    from huggingface_hub import snapshot_download

    parts = split.split("+")
    patterns = [f"{config or 'default'}/{part}/*.parquet" for part in parts]
    commit = pin.removeprefix(f"{CONVERTED}@")
    folder = Path(snapshot_download(repository, repo_type="dataset", revision=commit, allow_patterns=patterns))
    files = [str(path) for pattern in patterns for path in sorted(folder.glob(pattern))]
    if not files:
        raise DataError(f"{repository!r} at {pin} has no {' or '.join(patterns)}. Give files with source.by_dataset")
    return load_dataset("parquet", data_files=files, split="train")


def _read_part(part: HubPart, split: str, hints: Hints, family: Family, pin: str) -> Portion:
    """Examples of a repository at a pinned commit, in the language of `hints`.

    `split` is train, dev or test. Raises DataError when the repository or its columns cannot be read.
    """
    code = part.codes.get(hints.language, hints.language)
    config = in_language(part.config, code) if part.config else None
    rows = _table(part.repository, config, in_language(part.splits[split], code), pin)
    hints = replace(hints, names=_label_names(rows.features), columns=part.columns)
    portion = read_rows(_in_language(rows, part, hints.language), family, hints)
    return without_constant_gold(portion) if split == "test" else portion


def _label_names(features: Mapping[str, Any]) -> tuple[str, ...]:
    """The publisher's names of integer labels: of a column called label or tags, before any other."""
    named = {column: _class_names(feature) for column, feature in features.items()}
    ranked = sorted(named, key=lambda column: not ("label" in column or "tag" in column))
    return next((named[column] for column in ranked if named[column]), ())


def _class_names(feature: Any) -> tuple[str, ...]:
    inner = getattr(feature, "feature", None)  # a sequence of labels, one a token
    return tuple(getattr(feature, "names", None) or ()) or (_class_names(inner) if inner is not None else ())


def _in_language(rows: Any, part: HubPart, language: str) -> Iterator[Row]:
    """The rows of one language, where a configuration holds several."""
    code, prefix = part.codes.get(language, language), part.language_prefix.get(language, "")
    for row in rows:
        if part.language_column and row[part.language_column] != code:
            continue
        if str(row.get("id", "")).startswith(prefix):
            yield row
