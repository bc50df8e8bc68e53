"""Finished steps without their weights: scores and facts stay, what only later steps would read goes.

A thinned step's manifest lists what was dropped with its checksum, so a number's lineage can still be traced; a
step that needs the weights again makes them be trained again.
"""

from pathlib import Path

from xtransfer_stats.base import sealed
from xtransfer_stats.store import manifest
from xtransfer_stats.store.store import State, Store
from xtransfer_stats.study.step import Step

WEIGHTS = frozenset({"encoder.safetensors"})


def thin(store: Store, step: Step) -> bool:
    """Drop a finished step's weights; False where it has none, is not done, or another process is at it."""
    with store.claimed(step) as mine:
        if not mine or store.state(step)[0] is not State.DONE:
            return False
        return _drop(store.folder(step))


def _drop(folder: Path) -> bool:
    content = sealed.read(folder / manifest.NAME)
    dropped = [entry for entry in content["files"] if entry["path"] in WEIGHTS]
    if dropped:
        files = [entry for entry in content["files"] if entry not in dropped]
        # The manifest first: a file that it calls dropped may still be there, the reverse would be damage.
        sealed.write(folder / manifest.NAME, {**content, "files": files, "dropped": dropped})
        for entry in dropped:
            (folder / entry["path"]).unlink(missing_ok=True)
    return bool(dropped)
