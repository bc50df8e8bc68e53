"""Where results lie: files, folders, and patterns with names, 'runs/{condition}/{language}/seed{seed}.json'."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from os.path import commonpath
from pathlib import Path

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.places import expanded
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.exchange.scoreframe.headings import LANGUAGE, SEED

ENDINGS = (
    ".csv",
    ".tsv",
    ".txt",
    ".md",
    ".markdown",
    ".tex",
    ".json",
    ".jsonl",
    ".ndjson",
    ".xlsx",
    ".parquet",
    ".log",
    ".eval",
)
# What trees of runs hold beside results.
NO_RESULTS = frozenset(
    "tokenizer.json tokenizer_config.json special_tokens_map.json vocab.json vocab.txt merges.txt added_tokens.json "
    "generation_config.json preprocessor_config.json model.safetensors.index.json pytorch_model.bin.index.json "
    "requirements.txt readme.md license.txt xstats-mapping.toml optimizer.json scheduler.json".split()
)
NO_FILES = re.compile(r"samples_.*\.jsonl|.*predictions.*|.*_preds?\..*")  # outcomes of examples, no scores
NO_FOLDERS = re.compile(r"[._].*|__pycache__|node_modules|wandb-cache|checkpoint-\d+")
MOST_FILES = 50_000
_FIELD = re.compile(r"\{([A-Za-z_]\w*)\}|(\*\*/?)|(\*)|(\?)")
_STRICT = {SEED: r"\d+", LANGUAGE: r"[A-Za-z]{2,3}(?:[-_][A-Z][a-z]{3})?(?:[-_][A-Z]{2})?|[A-Z][a-z]+"}


@dataclass(frozen=True)
class Found:
    """One file: what the account calls it, and what its path says (names of the pattern, else its folders and name).

    asked: whether the user named this very file.
    """

    path: Path
    label: str
    says: dict[str, str] = field(default_factory=dict)
    asked: bool = False


def found(places: Sequence[str | Path]) -> list[Found]:
    """The files of some places, in order. Raises DataError for a place where nothing is."""
    files: list[Found] = []
    paths = {str(place): expanded(str(place), "place") for place in places}
    above = _above([path.absolute() for path in paths.values() if path.is_dir()])
    for text, path in paths.items():
        if _FIELD.search(text) and not path.exists():
            files += _of_pattern(text)
        elif path.is_dir():
            files += _of_folder(path, above or path)
        elif path.exists():
            files.append(Found(path, path.name, {"file name": _stem(path)}, asked=True))
        else:
            raise DataError(f"place {shown(text)}: nothing is there; give files, folders, or a pattern in quotes")
    if len(files) > MOST_FILES:
        raise DataError(f"place: {len(files):,} files, more than {MOST_FILES:,}; name the folder of the results")
    return _apart(files)


def _apart(files: list[Found]) -> list[Found]:
    """Files that are named one by one and are called alike are told apart by their folders."""
    asked = [one for one in files if one.asked]
    if len({one.label for one in asked}) == len(asked):
        return files
    own = [
        Found(one.path, str(one.path), _folders(one.path.parts[:-1]) | one.says, True) if one.asked else one
        for one in files
    ]
    return own


def is_pattern(text: str) -> bool:
    """Whether a place that is not there is a pattern of names."""
    return bool(_FIELD.search(text))


def _stem(path: Path) -> str:
    name = path.name.removesuffix(".gz")
    return name.rpartition(".")[0] or name


def _folders(parts: Sequence[str]) -> dict[str, str]:
    return {f"folder {number}": part for number, part in enumerate(parts, 1)}


def _walk(folder: Path) -> Iterator[Path]:
    for path in sorted(folder.iterdir()):
        if path.is_dir():
            if not NO_FOLDERS.fullmatch(path.name):
                yield from _walk(path)
        elif not path.name.startswith("."):
            yield path


def _above(folders: Sequence[Path]) -> Path | None:
    """What several named folders lie in, so that their own names are parts of the paths; None for fewer than two."""
    return Path(commonpath(folders)) if len(folders) > 1 else None


def _of_folder(folder: Path, above: Path) -> list[Found]:
    """The files of a folder; above: where the part of their paths begins that tells them apart."""
    files = []
    for path in _walk(folder):
        inside = path.absolute().relative_to(above.absolute())
        says = _folders(inside.parts[:-1]) | {"file name": _stem(path)}
        files.append(Found(path, str(inside), says))
    if not files:
        raise DataError(f"place {shown(str(folder))}: the folder holds no file")
    return files


def _of_pattern(text: str) -> list[Found]:
    """The files that a pattern fits; numbers are expected of {seed} and a code of {language}, where files have them."""
    parts = Path(text).parts
    fixed = next(number for number, part in enumerate(parts) if _FIELD.search(part))
    root = Path(*parts[:fixed]) if fixed else Path()
    pattern = "/".join(parts[fixed:])
    if not root.is_dir():
        raise DataError(f"place {shown(text)}: no folder {shown(str(root))}")
    paths = [path for path in sorted(root.rglob("*")) if path.is_file()]
    for strict in (_STRICT, {}):
        compiled = re.compile(_regex(pattern, strict))
        matches = [(path, compiled.fullmatch(path.relative_to(root).as_posix())) for path in paths]
        if any(match for _, match in matches):
            return [Found(path, str(path), dict(match.groupdict())) for path, match in matches if match]
    near = f"; there is {paths[0].relative_to(root)}" if paths else ""
    raise DataError(f"place {shown(text)}: no file fits the pattern{near}")


def _regex(pattern: str, strict: dict[str, str]) -> str:
    """A pattern as a regular expression; a name that stands twice has one value in both places."""
    seen: set[str] = set()

    def one(field: re.Match[str]) -> str:
        name, deep, star, _ = field.groups()
        if name in seen:
            return f"(?P={name})"
        if name:
            seen.add(name)
            return f"(?P<{name}>{strict.get(name, '[^/]+?')})"
        return "(?:.*/)?" if deep and deep.endswith("/") else ".*" if deep else "[^/]*" if star else "[^/]"

    text, place = "", 0
    for match in _FIELD.finditer(pattern):
        text += re.escape(pattern[place : match.start()]) + one(match)
        place = match.end()
    return text + re.escape(pattern[place:])
