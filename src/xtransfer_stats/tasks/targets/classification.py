"""Sentence pairs and multiple choice: XNLI, PAWS-X, XCOPA, and what they are trained on."""

from xtransfer_stats.tasks.data import DataSet, HubPart
from xtransfer_stats.tasks.intermediate import NLI, NON_COMMERCIAL
from xtransfer_stats.tasks.targets.entry import target
from xtransfer_stats.tasks.task import Family, TrainingTask

_GROUP = "classification"
_SPLITS = {"train": "train", "dev": "validation", "test": "test"}

_XNLI = DataSet(
    labels=NLI,
    hub=(HubPart("facebook/xnli", _SPLITS, "{language}"),),
    files=("xnli", "mnli"),
    aside=("mismatched",),
    licence="non-commercial (its exact licence unread)",
    restricted=NON_COMMERCIAL.format("XNLI"),
    sizes={"train": 392_702, "dev": 2_490, "test": 5_010},
    note="trained on MultiNLI's English: where a folder has no training file of XNLI's own, MNLI's is the same data. "
    "XTREME's download strips the test labels",
)
_PAWSX = DataSet(
    labels=("0", "1"),
    hub=(HubPart("google-research-datasets/paws-x", _SPLITS, "{language}"),),
    licence="free for any purpose, acknowledgement of Google appreciated (card of paws-x)",
    sizes={"train": 49_401, "dev": 2_000, "test": 2_000},
    note="1: paraphrases. The copy in google/xtreme drops rows (49,175 train; es dev 1,961; fr dev 1,988; ko test "
    "1,999), so the data set's own repository is read. XTREME's download strips the test labels",
)
_SIQA = DataSet(
    hub=(HubPart("allenai/social_i_qa", {"train": "train", "dev": "validation"}),),
    sizes={"train": 33_410, "dev": 1_954},
)
_XCOPA = DataSet(
    hub=(
        HubPart("aps/super_glue", {"train": "train", "dev": "validation"}, "copa", languages=("en",)),
        HubPart(
            "cambridgeltl/xcopa",
            {"dev": "validation", "test": "test"},
            "{language}",
            languages=tuple("et ht id it qu sw ta th tr vi zh".split()),
        ),
    ),
    files=("xcopa", "copa"),
    licence="XCOPA: CC BY 4.0 (card); COPA in SuperGLUE: unknown (card)",
    sizes={"train": 400, "dev": 100, "test": 500},
    note="English is trained on COPA's 400 examples, after Social IQa. XTREME-R's download writes the test label 0 "
    "in every row. The released table counts XCOPA in two groups; it counts in one here",
)

TRAININGS = (
    TrainingTask("xnli", Family.CLASSIFICATION, "MNLI for XNLI", frozenset({"mnli"}), data=_XNLI),
    TrainingTask("pawsx", Family.CLASSIFICATION, "PAWS", frozenset({"paws"}), data=_PAWSX),
    TrainingTask("siqa", Family.MULTIPLE_CHOICE, "Social IQa", frozenset({"siqa"}), data=_SIQA),
    # The released scripts tune on Social IQa first, then on COPA's 400 examples.
    TrainingTask(
        "xcopa", Family.MULTIPLE_CHOICE, "SIQA, then COPA", frozenset({"siqa", "copa"}), after="siqa", data=_XCOPA
    ),
)

_LANGUAGES = "ar bg de el en es fr hi ru sw th tr ur vi zh"
TARGETS = (
    target("xnli", Family.CLASSIFICATION, "XNLI", "accuracy", _GROUP, "xnli", _XNLI,
           xtreme=_LANGUAGES, xtreme_r=_LANGUAGES),
    target("pawsx", Family.CLASSIFICATION, "PAWS-X", "accuracy", _GROUP, "pawsx", _PAWSX,
           xtreme="de en es fr ja ko zh"),
    target("xcopa", Family.MULTIPLE_CHOICE, "XCOPA", "accuracy", _GROUP, "xcopa", _XCOPA,
           xtreme_r="et ht id it qu sw ta th tr vi zh"),
)  # fmt: skip
