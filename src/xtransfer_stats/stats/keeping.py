"""Analyses and comparisons as text and back, and the version of the code that makes them."""

import hashlib
import platform
from functools import cache
from pathlib import Path

from xtransfer_stats.base import provenance
from xtransfer_stats.base.exact import Exact
from xtransfer_stats.stats.claims.claim import Claim
from xtransfer_stats.stats.core.conditions import Conditions, Kind, Measure
from xtransfer_stats.stats.core.results import Analysis, Checked, Diagnostics, SingleTasks, StudyFacts
from xtransfer_stats.stats.core.scores import Covariate, StudyScores
from xtransfer_stats.stats.core.weights import Weights
from xtransfer_stats.stats.request import AnalysisRequest
from xtransfer_stats.stats.routes.bayes.priors import Priors
from xtransfer_stats.stats.routes.bayes.request import BayesRequest
from xtransfer_stats.stats.routes.request import RouteRequest

EXACT = Exact(
    *(Analysis, Checked, Diagnostics, SingleTasks, StudyFacts, Weights, Conditions, Kind, Measure),
    *(StudyScores, Covariate, AnalysisRequest, RouteRequest, BayesRequest, Priors, Claim),
)
_ROOMS = ("base", "tasks", "mixedmodels", "metrics", "stats")  # whose code an analysis runs
_LIBRARIES = ("numpy", "scipy", "pandas", "formulae", "statsmodels", "numpyro", "jax")


@cache
def code() -> str:
    """What stands for this version of the code, its libraries and the machine's kind: hexadecimal digits of SHA-256."""
    package = Path(__file__).parents[1]
    digest = hashlib.sha256(repr((provenance.versions(_LIBRARIES), platform.machine())).encode())
    for path in sorted(path for room in _ROOMS for path in (package / room).rglob("*.py")):
        digest.update(str(path.relative_to(package)).encode() + path.read_bytes())
    return digest.hexdigest()
