"""What the entries of all groups share."""

from xtransfer_stats.tasks import languages as spoken
from xtransfer_stats.tasks.data import DataSet
from xtransfer_stats.tasks.task import Family, TargetTask

XTREME = "google/xtreme"
XTREME_LICENCES = "several; the card of google/xtreme names apache-2.0, cc-by-4.0, cc-by-2.0 and three more"
XQUAD = "ar de el en es hi ru th tr vi zh"


def target(
    name: str,
    family: Family,
    title: str,
    metrics: str,
    group: str,
    training: str | None,
    data: DataSet,
    *,
    dataset: str = "",
    normalisation: str = "squad",
    xtreme: str = "",
    xtreme_r: str = "",
) -> TargetTask:
    """A target task with its languages in the two benchmarks, and in the mini ones where its twin has text."""
    return TargetTask(
        name,
        family,
        title,
        tuple(metrics.split()),
        group,
        training,
        spoken.by_benchmark(dataset or name, xtreme.split(), xtreme_r.split()),
        dataset,
        data,
        normalisation,
    )
