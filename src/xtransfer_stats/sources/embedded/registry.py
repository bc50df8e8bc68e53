"""Data sets of the embedded source: a name and the function that generates it.

A twin is one function with a decorator::

    @twin("xnli", family=Family.CLASSIFICATION, labels=("entailment", ...), languages=LANGUAGES)
    def xnli(language, split, rng_for):
        yield Classification("", text, label, pair)

It yields distinct examples, in the order in which they are kept; `rng_for(*names)` gives generators keyed by
data set, split, language and the names. Ids may be left empty: the source numbers them. A retrieval twin is
decorated with `pool_twin` and returns (queries, candidates) with ids of its own. The packages that twins are
generated from are imported on first use only, by `need`.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import ModuleType
from typing import Required, TypedDict, Unpack

from xtransfer_stats.base.errors import DataError, MissingExtra
from xtransfer_stats.base.extras import install
from xtransfer_stats.base.provenance import installed
from xtransfer_stats.sources.embedded.draws import RngFor
from xtransfer_stats.sources.source import Example, Passage
from xtransfer_stats.tasks.task import Family

PACKAGES = ("home-assistant-intents", "hassil", "Babel")


def need(module: str) -> ModuleType:
    """Import a module that the extra brings. Raises MissingExtra naming the command that installs it."""
    try:
        return import_module(module)
    except ModuleNotFoundError as error:
        raise _missing(error.name or module) from error


def versions() -> str:
    """`name==version` of each package, joined by commas. Raises MissingExtra when one is absent."""
    numbers = installed(PACKAGES)
    for name in PACKAGES:
        if name not in numbers:
            raise _missing(name)
    return ",".join(map("==".join, numbers.items()))


def _missing(package: str) -> MissingExtra:
    return MissingExtra(f"the embedded source needs {package!r}: {install('embedded')}")


Generate = Callable[[str, str, RngFor], Iterator[Example]]
GeneratePool = Callable[[str, str, RngFor], tuple[Iterable[Example], Iterable[Passage]]]
# Examples of a split when no limit is given.
SIZES: Mapping[str, int] = {"train": 2500, "dev": 250, "test": 200}
# Languages whose templates say all that the English intermediate tasks say: their training data of the variant
# "translated", worded by people here, where the paper has them from a machine.
TRANSLATIONS = ("de", "es", "fr", "ru")


class Facts(TypedDict, total=False):
    """What a twin says of itself.

    `languages` have a test split, English alone has dev; English and `translations` have train. `sizes` are the
    numbers of examples asked of a split, where they are not SIZES; `version` is raised by hand when the examples
    change.
    """

    family: Required[Family]
    languages: Required[Iterable[str]]
    translations: Iterable[str]
    labels: Iterable[str]
    sizes: Mapping[str, int]
    version: int


@dataclass(frozen=True, slots=True)
class Twin:
    """A registered data set: its facts in full (`spoken` have train), and how its examples are generated."""

    dataset: str
    family: Family
    languages: tuple[str, ...]
    spoken: tuple[str, ...]
    labels: tuple[str, ...]
    sizes: Mapping[str, int]
    version: int
    generate: GeneratePool


_TWINS: dict[str, Twin] = {}


def pool_twin(dataset: str, **facts: Unpack[Facts]) -> Callable[[GeneratePool], GeneratePool]:
    """Register a function that returns examples and the candidates they are searched among."""

    def register(generate: GeneratePool) -> GeneratePool:
        _TWINS[dataset] = Twin(
            dataset,
            facts["family"],
            tuple(sorted(facts["languages"])),
            ("en", *facts.get("translations", ())),
            tuple(facts.get("labels", ())),
            {**SIZES, **facts.get("sizes", {})},
            facts.get("version", 1),
            generate,
        )
        return generate

    return register


def twin(dataset: str, **facts: Unpack[Facts]) -> Callable[[Generate], Generate]:
    """Register a function that yields examples."""

    def register(generate: Generate) -> Generate:
        pool_twin(dataset, **facts)(lambda language, split, rng_for: (generate(language, split, rng_for), ()))
        return generate

    return register


def find(dataset: str) -> Twin:
    """The registered twin. Raises DataError naming the known ones."""
    if dataset not in _TWINS:
        raise DataError(f"data set {dataset!r} is not in the embedded source: {', '.join(sorted(_TWINS))}")
    return _TWINS[dataset]


def datasets() -> tuple[str, ...]:
    """Names of all registered data sets, sorted."""
    return tuple(sorted(_TWINS))
