"""Every way the engine can hold its cross-products, for designs too small to choose each by themselves."""

import pytest

from xtransfer_stats.mixedmodels import designcolumns, randomterms

WAYS = {"no lead": (10**9, 4, 10_000), "dense lead": (3, 4, 10_000), "sparse lead": (3, 0, 0)}


@pytest.fixture(scope="module", params=list(WAYS))
def way(request):
    """The largest factor among the rest, kept apart, or kept apart with sparse cross-products."""
    with pytest.MonkeyPatch.context() as patch:
        levels, sparse, least = WAYS[request.param]
        patch.setattr(randomterms, "LEAST_LEAD", levels)
        patch.setattr(designcolumns, "SPARSE", sparse)
        patch.setattr(designcolumns, "SMALL", least)
        yield request.param
