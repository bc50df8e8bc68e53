"""An analysis from the user's cache where the same scores, options and code gave one before, else made and kept."""

import hashlib
from collections.abc import Callable
from dataclasses import replace

from xtransfer_stats.base.keptresults import KeptResults, wanted
from xtransfer_stats.base.threads import one_blas_thread
from xtransfer_stats.stats.core.results import Analysis
from xtransfer_stats.stats.core.scores import StudyScores
from xtransfer_stats.stats.core.weights import weights_in
from xtransfer_stats.stats.keeping import EXACT, code
from xtransfer_stats.stats.request import AnalysisRequest

KEPT = KeptResults("analyses")


def analysed(scores: StudyScores, request: AnalysisRequest, progress: Callable[[str], None] | None = None) -> Analysis:
    """Analyze one study, as stats.analysis does, or give what that gave before.

    Raises DataError as stats.analysis does. Warns by CacheWarning where what is kept cannot be used.
    """
    if not wanted() or request.beside:
        return _made(scores, request, progress)
    key = _key(scores, request)
    found = KEPT.get(key, _analysis_in)
    if found is None:
        found = _made(scores, request, progress)
        KEPT.put(key, EXACT.text(found))
    return found


def kept_analysis(scores: StudyScores, request: AnalysisRequest) -> Analysis | None:
    """The same where it need not be made; else None."""
    return KEPT.get(_key(scores, request), _analysis_in) if wanted() and not request.beside else None


def _analysis_in(text: str) -> Analysis:
    found = EXACT.value(text)
    if not isinstance(found, Analysis):
        raise ValueError("it holds no analysis")
    return found


@one_blas_thread()
def _made(scores: StudyScores, request: AnalysisRequest, progress: Callable[[str], None] | None) -> Analysis:
    from xtransfer_stats.stats.analysis import analyze  # with every model, which take a second to import

    return analyze(scores, request, progress)


def _key(scores: StudyScores, request: AnalysisRequest) -> str:
    """Digits that stand for everything that the results depend on."""
    weights = {name: weights_in(cells) for name, cells in scores.benchmarks.items()}
    asked = replace(request, routes=request.routes.decisive)
    text = EXACT.text((scores, weights, asked))
    return hashlib.sha256(f"{code()}\n{text}".encode()).hexdigest()
