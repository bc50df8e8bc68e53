"""The commit of each repository that a study reads: asked once, then recorded in its recipe."""

from collections.abc import Iterable, Mapping
from pathlib import Path

from xtransfer_stats.errors import DataError

CONVERTED = (
    "refs/convert/parquet"  # the hub's own conversion of a script repository; a pin of it reads CONVERTED@commit
)


def resolve(repositories: Iterable[str], known: Mapping[str, str], kind: str = "dataset") -> dict[str, str]:
    """Return repository -> commit (of its main branch; of the Parquet conversion, marked, for a script repository).

    `kind` is "dataset" or "model". Offline mode reads the commits that an earlier call left in the hub's cache.
    Raises DataError for a repository that is missing, gated or out of reach.
    """
    from huggingface_hub.constants import HF_HUB_OFFLINE

    look = _cached if HF_HUB_OFFLINE else _asked
    return {name: known.get(name) or look(name, kind) for name in dict.fromkeys(repositories)}


def _asked(repository: str, kind: str) -> str:
    from huggingface_hub import HfApi

    try:
        found = HfApi().repo_info(repository, repo_type=kind, timeout=60)
        script = f"{repository.split('/')[-1]}.py"
        names = {file.rfilename for file in found.siblings or ()}
        if kind == "dataset" and script in names:
            found = HfApi().repo_info(repository, repo_type=kind, revision=CONVERTED, timeout=60)
            return _kept(repository, kind, f"{CONVERTED}@{found.sha}")
    except Exception as error:  # the hub's client raises those of its transport too
        raise DataError(explained(repository, error)) from error
    return _kept(repository, kind, str(found.sha))


def _place(repository: str, kind: str) -> Path:
    from huggingface_hub.constants import HF_HUB_CACHE

    # The clients write no ref for a file asked by commit, so offline mode could not tell which commit is there.
    return Path(HF_HUB_CACHE) / f"{kind}s--{repository.replace('/', '--')}" / "xstats-pin"


def _kept(repository: str, kind: str, pin: str) -> str:
    place = _place(repository, kind)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_text(pin, encoding="utf-8")
    return pin


def _cached(repository: str, kind: str) -> str:
    for place in (_place(repository, kind), _place(repository, kind).parent / "refs" / "main"):
        if place.is_file():
            return place.read_text(encoding="utf-8").strip()
    raise DataError(
        f"{repository!r}: HF_HUB_OFFLINE is set and the cache holds no commit of it. Run once online with the same "
        "HF_HOME, give local files with --source DIR, or use the embedded default"
    )


def explained(repository: str, error: Exception) -> str:
    """One sentence of what failed and what to do, from an error of the hub's client."""
    from huggingface_hub.errors import GatedRepoError, RepositoryNotFoundError, RevisionNotFoundError

    told = (
        (GatedRepoError, "is gated. Accept its terms on its page, log in, and set HF_TOKEN"),
        (RepositoryNotFoundError, "is not on the hub, or is private. Check the name; for a private one set HF_TOKEN"),
        (RevisionNotFoundError, "has no such revision. Check source.revisions, or give files with source.by_dataset"),
    )
    if isinstance(error, ValueError):  # a configuration or a split that is not there
        return f"{repository!r} has not what the entry names. Mend its hub part, or give files with source.by_dataset"
    for kind, remedy in told:
        if isinstance(error, kind):
            return f"{repository!r} {remedy}"
    return (
        f"{repository!r}: the hub cannot be reached ({type(error).__name__}). Check the network, set HF_HUB_OFFLINE=1 "
        "with a filled cache, give local files with --source DIR, or use the embedded default"
    )
