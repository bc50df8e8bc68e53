"""How often a study's scores were looked at: looking again and again until a result pleases finds one by chance."""

import os

from xtransfer_stats.base import sealed
from xtransfer_stats.store.store import Store


def count(store: Store, study: str, data: str) -> int | None:
    """Note a look at the scores whose hash is `data`; return the number of different scores looked at so far.

    Looking twice at the same scores is one look. None where the store cannot be written, so that
    nothing can be counted.
    """
    path = store.root / "looks" / f"{study}.json"
    seen = sealed.read(path)["data"] if path.is_file() else []
    if data not in seen:
        seen.append(data)
        if not os.access(store.root, os.W_OK):
            return None
        path.parent.mkdir(exist_ok=True)
        sealed.write(path, {"data": seen})
    return len(seen)
