"""Every way the engine can hold its cross-products, for designs too small to choose each by themselves."""

import pytest

from xtransfer_stats.mixedmodels import randomterms
from xtransfer_stats.mixedmodels.likelihood import leadcolumns
from xtransfer_stats.mixedmodels.resampling import simulation

DENSE, SPARSE = (4, 10_000, 10**8), (0, 0, 10**8)
WAYS = {  # least levels of a lead; SPARSE, SMALL, MOST_PRODUCTS
    "no lead": (10**9, *DENSE),
    "dense lead, one effect a level": (7, *DENSE),
    "sparse lead, one effect a level": (7, *SPARSE),
    "dense lead, two effects a level": (3, *DENSE),
    "sparse lead, two effects a level": (3, *SPARSE),
    "sparse lead, products not kept": (3, 0, 0, 0),
}


@pytest.fixture(scope="module", params=list(WAYS))
def way(request):
    """A factor kept apart with one or two effects a level, its cross-products sparse or not; or none."""
    with pytest.MonkeyPatch.context() as patch:
        levels, sparse, least, products = WAYS[request.param]
        patch.setattr(randomterms, "LEAST_LEAD", levels)
        patch.setattr(leadcolumns, "SPARSE", sparse)
        patch.setattr(leadcolumns, "SMALL", least)
        patch.setattr(leadcolumns, "MOST_PRODUCTS", products)
        patch.setattr(simulation, "FEW", 0)  # replicates keep the lead
        yield request.param
