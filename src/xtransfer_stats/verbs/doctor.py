"""`doctor`: whether everything that a study needs is here and sound, and what mends what is not."""

from pathlib import Path

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.base.places import named
from xtransfer_stats.base.resources import STORE
from xtransfer_stats.verbs.health.finding import Health
from xtransfer_stats.verbs.health.hub import hub
from xtransfer_stats.verbs.health.machine import machine
from xtransfer_stats.verbs.health.packages import packages
from xtransfer_stats.verbs.health.stores import store_findings

SECONDS = 5.0  # for the hub's answer


def doctor(store: str | Path = STORE, *, seconds: float = SECONDS) -> Health:
    """Look at packages, machine, hub and store; every finding that is to be mended has the one command that mends it.

    store: the folder that is looked at. seconds: how long the hub may take to answer.
    """
    if not 0 < seconds <= 600:
        raise RecipeError(f"seconds {seconds:g}: give seconds above 0, up to 600", ["seconds"])
    place = named(store, "store")
    return Health((*packages(), *machine(place), hub(seconds), *store_findings(place)))
