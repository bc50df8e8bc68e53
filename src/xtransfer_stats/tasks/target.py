"""The target tasks: one entry is one score identity, with its languages in each benchmark.

Languages of xtreme and xtreme-r are those that the released evaluation code scores. The mini benchmarks hold the
embedded twins: each real task's place and overlap, in the languages that the packaged text allows.
"""

from xtransfer_stats.tasks import languages as spoken
from xtransfer_stats.tasks.task import Family, TargetTask, TrainingTask

_CLASSIFICATION, _STRUCTURE = "classification", "structured prediction"
_QA, _RETRIEVAL = "question answering", "retrieval"

_TRAININGS = (
    TrainingTask("xnli", Family.CLASSIFICATION, "MNLI for XNLI", frozenset({"mnli"})),
    TrainingTask("pawsx", Family.CLASSIFICATION, "PAWS", frozenset({"paws"})),
    TrainingTask("udpos", Family.TAGGING, "UD English", frozenset({"ud"})),
    TrainingTask("panx", Family.TAGGING, "WikiANN English", frozenset({"wikiann"})),
    TrainingTask("squad1", Family.SPAN_QA, "SQuAD v1.1", frozenset({"squad1"})),
    TrainingTask("tydiqa", Family.SPAN_QA, "TyDiQA-GoldP English", frozenset({"tydiqa"})),
    TrainingTask("siqa", Family.MULTIPLE_CHOICE, "Social IQa", frozenset({"siqa"})),
    # The released scripts tune on Social IQa first, then on COPA's 400 examples.
    TrainingTask("xcopa", Family.MULTIPLE_CHOICE, "SIQA, then COPA", frozenset({"siqa", "copa"}), after="siqa"),
    TrainingTask("mewslix", Family.ENTITY_RETRIEVAL, "Mewsli-X English", frozenset({"mewslix"})),
)


def _target(
    name: str,
    family: Family,
    title: str,
    metrics: str,
    group: str,
    training: str | None,
    *,
    dataset: str = "",
    normalisation: str = "squad",
    xtreme: str = "",
    xtreme_r: str = "",
) -> TargetTask:
    return TargetTask(
        name,
        family,
        title,
        tuple(metrics.split()),
        group,
        training,
        spoken.by_benchmark(dataset or name, xtreme.split(), xtreme_r.split()),
        dataset,
        normalisation=normalisation,
    )


_XNLI = "ar bg de el en es fr hi ru sw th tr ur vi zh"
_XQUAD = "ar de el en es hi ru th tr vi zh"
_MLQA = "ar de en es hi vi zh"
_TYDIQA = "ar bn en fi id ko ru sw te"
_UDPOS = "af ar bg de el en es et eu fa fi fr he hi hu id it ja kk ko mr nl pt ru ta te th tl tr ur vi yo zh"
_PANX = (
    "af ar bg bn de el en es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr ms my nl pt ru sw ta te th tl tr ur "
    "vi yo zh"
)
_TATOEBA = "af ar bg bn de el es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr nl pt ru sw ta te th tl tr ur vi zh"

_ALL = (
    _target("xnli", Family.CLASSIFICATION, "XNLI", "accuracy", _CLASSIFICATION, "xnli", xtreme=_XNLI, xtreme_r=_XNLI),
    _target("pawsx", Family.CLASSIFICATION, "PAWS-X", "accuracy", _CLASSIFICATION, "pawsx",
            xtreme="de en es fr ja ko zh"),
    _target("xcopa", Family.MULTIPLE_CHOICE, "XCOPA", "accuracy", _CLASSIFICATION, "xcopa",
            xtreme_r="et ht id it qu sw ta th tr vi zh"),
    _target("udpos", Family.TAGGING, "UD-POS", "f1", _STRUCTURE, "udpos",
            xtreme=_UDPOS, xtreme_r=_UDPOS + " lt pl ro uk wo"),
    _target("panx", Family.TAGGING, "PAN-X", "f1", _STRUCTURE, "panx",
            xtreme=_PANX, xtreme_r=_PANX + " az gu lt pa pl qu ro uk"),
    _target("xquad", Family.SPAN_QA, "XQuAD", "exact_match f1", _QA, "squad1",
            xtreme=_XQUAD, xtreme_r=_XQUAD + " ro"),
    _target("mlqa", Family.SPAN_QA, "MLQA", "exact_match f1", _QA, "squad1",
            normalisation="mlqa", xtreme=_MLQA, xtreme_r=_MLQA),
    _target("tydiqa", Family.SPAN_QA, "TyDiQA-GoldP", "exact_match f1", _QA, "tydiqa",
            xtreme=_TYDIQA, xtreme_r=_TYDIQA),
    _target("bucc2018", Family.BITEXT_MINING, "BUCC 2018", "f1", _RETRIEVAL, None, xtreme="de fr ru zh"),
    # Two identities: XTREME scores the encoder as it is, XTREME-R one tuned on SQuAD (NOTES.md, P3).
    _target("tatoeba", Family.SENTENCE_RETRIEVAL, "Tatoeba", "accuracy", _RETRIEVAL, None, xtreme=_TATOEBA),
    _target("tatoeba_squad", Family.SENTENCE_RETRIEVAL, "Tatoeba (SQuAD-tuned)", "accuracy", _RETRIEVAL, "squad1",
            dataset="tatoeba", xtreme_r=_TATOEBA + " az lt pl ro uk"),
    _target("mewslix", Family.ENTITY_RETRIEVAL, "Mewsli-X", "map@20", _RETRIEVAL, "mewslix",
            xtreme_r="ar de en es fa ja pl ro ta tr uk"),
    _target("lareqa", Family.ANSWER_RETRIEVAL, "LAReQA", "map@20", _RETRIEVAL, "squad1", xtreme_r=_XQUAD),
)  # fmt: skip

TARGET_TRAININGS = {task.name: task for task in _TRAININGS}
TARGET_TASKS = {task.name: task for task in _ALL}
