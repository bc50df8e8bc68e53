"""The commit of each repository that a study reads: asked once, then recorded in its recipe."""

import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any
from urllib.parse import quote

from xtransfer_stats.base.errors import DataError

_COMMIT = re.compile(r"[0-9a-f]{40}")
# The hub's own conversion of a script repository; a pin of it reads CONVERTED@commit.
CONVERTED = "refs/convert/parquet"


def resolve(repositories: Iterable[str], known: Mapping[str, str], kind: str = "dataset") -> dict[str, str]:
    """Return repository -> commit (of its main branch; of the Parquet conversion, marked, for a script repository).

    `kind` is "dataset" or "model". `known` are commits, which are kept, or names of branches and tags, whose commits
    are asked. Offline mode reads the commits that an earlier call left in the hub's cache.
    Raises DataError for a repository that is missing, gated or out of reach.
    """
    from huggingface_hub.constants import HF_HUB_OFFLINE

    look = _cached if HF_HUB_OFFLINE else _ask
    pins = {name: known.get(name, "") for name in dict.fromkeys(repositories)}
    return {name: pin if is_commit(pin) else look(name, kind, pin or None) for name, pin in pins.items()}


def is_commit(pin: str) -> bool:
    """Whether a pin is a commit, of the repository or of its conversion; branches and tags may move."""
    return bool(_COMMIT.fullmatch(pin.removeprefix(f"{CONVERTED}@")))


def _ask(repository: str, kind: str, name: str | None) -> str:
    from huggingface_hub import HfApi
    from huggingface_hub.errors import HfHubHTTPError

    look = HfApi().model_info if kind == "model" else HfApi().dataset_info
    # The base of the hub's own error is that of the HTTP client, whose transport errors pass through unchanged.
    troubles: tuple[type[Exception], ...] = (OSError, ValueError, HfHubHTTPError.__bases__[0])
    try:
        info = look(repository, revision=name, timeout=60)
        script = f"{repository.split('/')[-1]}.py"  # a data set that is a script of its own name, which is never run
        if kind == "dataset" and script in {file.rfilename for file in info.siblings or ()}:
            return _keep(repository, kind, name, _conversion(repository, look))
    except troubles as error:
        raise DataError(explained(repository, error)) from error
    return _keep(repository, kind, name, str(info.sha))


def _conversion(repository: str, look: Callable[..., Any]) -> str:
    """The pin of the hub's Parquet conversion. Raises DataError when the hub has none."""
    from huggingface_hub.errors import RevisionNotFoundError

    try:
        return f"{CONVERTED}@{look(repository, revision=CONVERTED, timeout=60).sha}"
    except RevisionNotFoundError as error:
        raise DataError(
            f"{repository!r} is a script, which is never run, and the hub has no Parquet conversion of it "
            f"({CONVERTED}): give local files with source.by_dataset, or another repository in an entry of your own"
        ) from error


def _place(repository: str, kind: str, name: str | None) -> Path:
    from huggingface_hub.constants import HF_HUB_CACHE

    # The clients write no ref for a file asked by commit, so offline mode could not tell which commit is there.
    folder = Path(HF_HUB_CACHE) / f"{kind}s--{repository.replace('/', '--')}"
    return folder / f"xstats-pin-{quote(name or 'main', safe='')}"


def _keep(repository: str, kind: str, name: str | None, pin: str) -> str:
    place = _place(repository, kind, name)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(pin, encoding="utf-8")
    return pin


def _cached(repository: str, kind: str, name: str | None) -> str:
    own = _place(repository, kind, name)
    for place in (own, own.parent / "refs" / (name or "main")):
        if place.is_file():
            return place.read_text(encoding="utf-8").strip()
    raise DataError(
        f"{repository!r}: HF_HUB_OFFLINE is set and the cache holds no commit of it. Run once online with the same "
        "HF_HOME, give local files with --source DIR, or use the embedded default"
    )


def explained(repository: str, error: Exception) -> str:
    """One sentence of what failed and what to do, from an error of the hub's client."""
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError

    remedies = (
        (GatedRepoError, "is gated. Accept its terms on its page, log in, and set HF_TOKEN"),
        (RepositoryNotFoundError, "is not on the hub, or is private. Check the name; for a private one set HF_TOKEN"),
        (RevisionNotFoundError, "has no such revision. Check source.revisions, or give files with source.by_dataset"),
    )
    if isinstance(error, ValueError):  # a configuration or a split that is not there
        return f"{repository!r} has not what the entry names. Mend its hub part, or give files with source.by_dataset"
    for kind, remedy in remedies:
        if isinstance(error, kind):
            return f"{repository!r} {remedy}"
    return (
        f"{repository!r}: the hub cannot be reached ({type(error).__name__}). Check the network, set HF_HUB_OFFLINE=1 "
        "with a filled cache, give local files with --source DIR, or use the embedded default"
    )
