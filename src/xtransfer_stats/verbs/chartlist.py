"""The charts there are, told without what draws them: they are looked up once for each version of their code."""

import hashlib
import json
from pathlib import Path

from xtransfer_stats.base import cache

_CODE = Path(__file__).parents[1] / "report" / "charts"


def charts() -> dict[str, str]:
    """Every chart's name -> what it shows."""
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in sorted(_CODE.glob("*.py")))).hexdigest()
    return json.loads(cache.kept(f"charts-{digest[:32]}.json", _told))


def _told() -> str:
    from xtransfer_stats.report.charts import EVERY, summary  # a second, for altair

    return json.dumps({name: summary(name) for name in EVERY})
