"""One repository of a data set, at a pinned commit -> its tables -> examples of one language and split."""

from collections.abc import Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.hub.pins import CONVERTED, explained
from xtransfer_stats.sources.schemas.choice import without_constant_gold
from xtransfer_stats.sources.schemas.read import read_rows
from xtransfer_stats.sources.schemas.schema import Hints, Row
from xtransfer_stats.sources.source import Portion
from xtransfer_stats.tasks.task import Family, HubPart


def table(repository: str, config: str | None, split: str, pin: str) -> Any:
    """Return the `datasets.Dataset` of one configuration and split ("a+b" joins two).

    A pin of the Parquet conversion reads the conversion's files; code of a repository is never run.
    Raises DataError when it cannot be had, with what was tried.
    """
    try:
        return (
            _converted(repository, config, split, pin)
            if pin.startswith(CONVERTED)
            else _plain(repository, config, split, pin)
        )
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


def _plain(repository: str, config: str | None, split: str, pin: str) -> Any:
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


def read_part(part: HubPart, split: str, hints: Hints, family: Family, pin: str) -> Portion:
    """Examples of a repository at a pinned commit, in the language of `hints`.

    `split` is train, dev or test. Raises DataError when the repository or its columns cannot be read.
    """
    code = part.codes.get(hints.language, hints.language)
    config = part.config.format(language=code) if part.config else None
    rows = table(part.repository, config, part.splits[split].format(language=code), pin)
    hints = replace(hints, names=_label_names(rows.features), columns=part.columns)
    portion = read_rows(_in_language(rows, part, hints.language), family, hints)
    return without_constant_gold(portion) if split == "test" else portion


def _label_names(features: Mapping[str, Any]) -> tuple[str, ...]:
    """The publisher's names of integer labels: of a column called label or tags, before any other."""
    named = {column: _names(feature) for column, feature in features.items()}
    ranked = sorted(named, key=lambda column: not ("label" in column or "tag" in column))
    return next((named[column] for column in ranked if named[column]), ())


def _names(feature: Any) -> tuple[str, ...]:
    inner = getattr(feature, "feature", None)  # a sequence of labels, one a token
    return tuple(getattr(feature, "names", None) or ()) or (_names(inner) if inner is not None else ())


def _in_language(rows: Any, part: HubPart, language: str) -> Iterator[Row]:
    """The rows of one language, where a configuration holds several."""
    code, prefix = part.codes.get(language, language), part.language_prefix.get(language, "")
    for row in rows:
        if part.language_column and row[part.language_column] != code:
            continue
        if str(row.get("id", "")).startswith(prefix):
            yield row
