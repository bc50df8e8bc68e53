"""Statistics of multi-seed cross-lingual transfer studies: run them, analyze them, compare and trace what they found.

Each verb of the command line is a function of the same name, with the same options (docs/python.md):

    import xtransfer_stats as xs

    xs.run("quick")
    result = xs.analyze("xstats-store", study="quick")
    result.chart("interaction")

A name is imported when it is first used, so that `import xtransfer_stats` itself costs next to nothing.
"""

from importlib import import_module
from typing import TYPE_CHECKING, Any

from xtransfer_stats.base import __version__ as __version__

if TYPE_CHECKING:
    from xtransfer_stats.base.errors import DataError, FitError, RecipeError, StoreError, XstatsError
    from xtransfer_stats.stats.core.scores import StudyScores
    from xtransfer_stats.verbs.analyze import AnalysisResult, analyze, compare_conditions
    from xtransfer_stats.verbs.backboneeffects import BackbonesResult
    from xtransfer_stats.verbs.catalogue import catalogue, data, languages, score
    from xtransfer_stats.verbs.chart import chart
    from xtransfer_stats.verbs.claims import ClaimsResult, claims
    from xtransfer_stats.verbs.clean import clean
    from xtransfer_stats.verbs.compare import ComparisonResult, SeveralResult, compare
    from xtransfer_stats.verbs.doctor import doctor
    from xtransfer_stats.verbs.export import export
    from xtransfer_stats.verbs.fit import fit
    from xtransfer_stats.verbs.fitresult import FitResult
    from xtransfer_stats.verbs.imports import import_results
    from xtransfer_stats.verbs.init import first_commands, init
    from xtransfer_stats.verbs.power import PowerResult, power
    from xtransfer_stats.verbs.published import PublishedResult
    from xtransfer_stats.verbs.recipelist import recipes
    from xtransfer_stats.verbs.results import Result
    from xtransfer_stats.verbs.run import RunResult, run
    from xtransfer_stats.verbs.scores import read_scores
    from xtransfer_stats.verbs.study import Study
    from xtransfer_stats.verbs.tracing import TraceResult, trace
    from xtransfer_stats.verbs.upkeep import pin, verify

# Module -> the names that it gives the package.
_HOMES = {
    "base.errors": ("DataError", "FitError", "RecipeError", "StoreError", "XstatsError"),
    "stats.core.scores": ("StudyScores",),
    "verbs.analyze": ("AnalysisResult", "analyze", "compare_conditions"),
    "verbs.backboneeffects": ("BackbonesResult",),
    "verbs.catalogue": ("catalogue", "data", "languages", "score"),
    "verbs.chart": ("chart",),
    "verbs.claims": ("ClaimsResult", "claims"),
    "verbs.clean": ("clean",),
    "verbs.compare": ("ComparisonResult", "SeveralResult", "compare"),
    "verbs.doctor": ("doctor",),
    "verbs.export": ("export",),
    "verbs.fit": ("fit",),
    "verbs.fitresult": ("FitResult",),
    "verbs.imports": ("import_results",),
    "verbs.init": ("first_commands", "init"),
    "verbs.power": ("PowerResult", "power"),
    "verbs.published": ("PublishedResult",),
    "verbs.recipelist": ("recipes",),
    "verbs.results": ("Result",),
    "verbs.run": ("RunResult", "run"),
    "verbs.scores": ("read_scores",),
    "verbs.study": ("Study",),
    "verbs.tracing": ("TraceResult", "trace"),
    "verbs.upkeep": ("pin", "verify"),
}
_HOME_OF = {name: module for module, names in _HOMES.items() for name in names}

__all__ = [  # noqa: RUF022  # by kind: verbs, types, errors
    "Study",
    "analyze",
    "catalogue",
    "chart",
    "claims",
    "clean",
    "compare",
    "compare_conditions",
    "data",
    "doctor",
    "export",
    "first_commands",
    "fit",
    "import_results",
    "init",
    "languages",
    "pin",
    "power",
    "read_scores",
    "recipes",
    "run",
    "score",
    "trace",
    "verify",
    "AnalysisResult",
    "BackbonesResult",
    "ClaimsResult",
    "ComparisonResult",
    "FitResult",
    "PowerResult",
    "PublishedResult",
    "Result",
    "RunResult",
    "SeveralResult",
    "StudyScores",
    "TraceResult",
    "DataError",
    "FitError",
    "RecipeError",
    "StoreError",
    "XstatsError",
]


def __getattr__(name: str) -> Any:
    """The verb or type of that name, imported now."""
    if name not in _HOME_OF:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return globals().setdefault(name, getattr(import_module(f"{__name__}.{_HOME_OF[name]}"), name))


def __dir__() -> list[str]:
    """Every name, imported or not."""
    return sorted({*globals(), *__all__})
