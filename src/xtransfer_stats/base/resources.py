"""The one finder of recipes and tables (runners/, analyses/, data/).

A name is looked up in this order: the path as given; the folder of that kind in the working directory; the
checkout this package runs from; the copy that travels inside the installed package.
"""

from collections.abc import Iterable
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from xtransfer_stats.base.errors import DataError, RecipeError
from xtransfer_stats.base.places import is_file, named
from xtransfer_stats.base.usertext import Unreadable, parsed_toml, regular_file, shown

KINDS = ("runners", "analyses", "data")
STORE = Path("xstats-store")  # the folder of finished steps where none is named
LARGEST = 4 * 2**20  # bytes of a recipe or another table in TOML
LONGEST = 100  # characters of a name that a near one is looked for
_PACKAGE = Path(__file__).resolve().parents[1]


def nearest(name: str, known: Iterable[str]) -> str:
    """ "did you mean ...? " with the nearest known name, or "" when none is near."""
    near = get_close_matches(name, list(known), n=1) if len(name) <= LONGEST else []
    return f"did you mean {near[0]!r}? " if near else ""


def folders(kind: str) -> list[Path]:
    """Existing folders of a kind, in the order of the lookup."""
    checkout = _PACKAGE.parents[1]
    places = [Path.cwd() / kind]
    if (checkout / "pyproject.toml").is_file():
        places.append(checkout / kind)
    places.append(_PACKAGE / "_shared" / kind)
    return [place for place in dict.fromkeys(places) if place.is_dir()]


def own(path: Path) -> bool:
    """Whether a file is the user's: not of the checkout that this package runs from, nor of the package."""
    ours = (_PACKAGE, *(_PACKAGE.parents[1] / kind for kind in KINDS))
    return not any(place in path.resolve().parents for place in ours)


def shipped(path: Path) -> bool:
    """Whether a file is part of the installed package, where users do not edit."""
    return (_PACKAGE / "_shared") in path.resolve().parents


def packaged(kind: str, name: str) -> Path:
    """The package's own copy of a file, whatever lies in the working directory. Raises RecipeError when it is gone."""
    for folder in reversed(folders(kind)):
        if (folder / name).is_file():
            return folder / name
    raise RecipeError(f"the package's {kind}/{name} is gone: install xtransfer-stats again")


def find(kind: str, name: str | Path, suffix: str = ".toml") -> Path:
    """Return the file a user means by `name`: a path, or the bare name of a shipped one.

    Raises RecipeError with the names that exist when there is none.
    """
    path = named(name, "file")
    if is_file(path):
        return path
    for folder in folders(kind):
        for candidate in (folder / path.name, folder / f"{path.name}{suffix}"):
            if is_file(candidate):
                return candidate
    known = sorted({file.stem for folder in folders(kind) for file in folder.glob(f"*{suffix}")})
    hint = nearest(path.stem, known)
    raise RecipeError(
        f"no file {shown(str(name))}, and none of that name in {kind}/: {hint}"
        f"Shipped: {', '.join(known) or 'none'}. Give one of these or a path."
    )


def shipped_table(name: str) -> Path | None:
    """The CSV file of that name in data/, the ending left out or not; None where there is none."""
    names = (name, f"{name}.csv") if not name.endswith(".csv") else (name,)
    places = (folder / file for folder in folders("data") for file in names if file.endswith(".csv"))
    return next((path for path in places if path.is_file()), None)


def read_toml(path: Path) -> dict[str, Any]:
    """The table of a TOML file; raises RecipeError naming the file and the line."""
    try:
        return parsed_toml(regular_file(path, LARGEST).read_bytes().decode("utf-8-sig").replace("\r\n", "\n"))
    except (Unreadable, UnicodeDecodeError) as error:
        raise RecipeError(f"{path.name} is not valid TOML: {_without_kind(error)}. Mend the place it names.") from None
    except (DataError, OSError) as error:
        raise RecipeError(f"{shown(str(path))}: {getattr(error, 'strerror', None) or error}") from None


def _without_kind(error: ValueError) -> str:
    if isinstance(error, UnicodeDecodeError):
        return f"byte {error.start + 1} is not UTF-8"
    return str(error).removeprefix("not TOML: ")
