"""Tables of a repository at a pinned commit."""

from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.sources.hub.pins import CONVERTED, explained


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
