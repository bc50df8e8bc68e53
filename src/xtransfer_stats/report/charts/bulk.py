"""How a report's charts become specifications: without the checks that the tests make, which take most of the time."""

from collections.abc import Iterator
from contextlib import contextmanager
from math import inf
from typing import Any

import pandas as pd

NAME = "xtransfer-stats"  # of `records` among Altair's data transformers
NO_JSON = (inf, -inf)


@contextmanager
def in_bulk() -> Iterator[None]:
    """Charts made in here are not held against Vega-Lite's schema, and have data of any number of rows.

    Each object of Altair is validated when it is made and again with the chart that holds it; Altair's own way from a
    frame to records takes milliseconds a column and refuses more than 5,000 rows.
    """
    import altair
    from altair.utils import schemapi

    altair.data_transformers.register(NAME, records)
    with schemapi.debug_mode(False), altair.data_transformers.enable(NAME):
        yield


def records(frame: pd.DataFrame) -> dict[str, Any]:
    """The rows as Vega-Lite reads them, as Altair writes them: what JSON has no number for is None."""
    columns = [[None if x != x or x in NO_JSON else x for x in frame[name].tolist()] for name in frame]
    return {"values": [dict(zip(frame.columns, row, strict=True)) for row in zip(*columns, strict=True)]}
