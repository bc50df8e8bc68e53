"""The catalogue: intermediate tasks, target tasks (one entry for each score identity) and what these are trained on.

After the shipped entries stand a user's own. Data sets are had by name, whichever entries hold them.
"""

from functools import cache

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.tasks import entries, ownfile
from xtransfer_stats.tasks.task import DataSet, Family

# Languages of the two real benchmarks, by ISO 639-1 code.
XTREME = frozenset(
    "af ar bg bn de el en es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr ms my nl pt ru sw ta te th tl tr ur "
    "vi yo zh".split()
)
XTREME_R = XTREME | frozenset("az gu ht lt pa pl qu ro uk wo".split())

# The nine English ones of Phang et al. 2020.
_SHIPPED = entries.intermediate(entries.shipped_tables())
# Not one of them: trained beside them in the variant "mlm".
MLM = _SHIPPED.pop("mlm")
NINE = tuple(_SHIPPED)
INTERMEDIATE_TASKS = _SHIPPED | entries.intermediate(ownfile.tables(), NINE)

_NINE = {name: INTERMEDIATE_TASKS[name] for name in NINE}
_TRAININGS = entries.trainings(entries.shipped_tables(), _NINE)
_TARGETS = entries.targets(entries.shipped_tables(), _NINE, _TRAININGS)

TARGET_TRAININGS = _TRAININGS | entries.trainings(ownfile.tables(), INTERMEDIATE_TASKS, _TRAININGS)
TARGET_TASKS = _TARGETS | entries.targets(ownfile.tables(), INTERMEDIATE_TASKS, TARGET_TRAININGS, _TARGETS)


@cache
def _known() -> dict[str, tuple[Family, DataSet]]:
    trained = (*INTERMEDIATE_TASKS.values(), MLM, *TARGET_TRAININGS.values())
    known = {task.name: (task.family, task.data) for task in trained}
    return known | {task.dataset: (task.family, task.data) for task in TARGET_TASKS.values()}


def dataset(name: str) -> tuple[Family, DataSet]:
    """The family of a data set and where it is had. Raises DataError with the known names."""
    if name not in _known():
        raise DataError(f"data set {name!r}: no entry of the catalogue has it; known: {', '.join(sorted(_known()))}")
    return _known()[name]


def own_data() -> dict[str, frozenset[str]]:
    """Target task -> intermediate tasks that share a corpus with its training (none for an untrained task)."""
    shared = {}
    for name, target in TARGET_TASKS.items():
        corpora = TARGET_TRAININGS[target.training].corpora if target.training else frozenset()
        shared[name] = frozenset(task.name for task in INTERMEDIATE_TASKS.values() if task.corpora & corpora)
    return shared
