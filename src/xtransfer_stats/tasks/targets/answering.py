"""Question answering: XQuAD, MLQA, TyDiQA-GoldP, and what they are trained on."""

from xtransfer_stats.tasks.codes import english_name
from xtransfer_stats.tasks.data import DataSet, HubPart
from xtransfer_stats.tasks.intermediate import INTERMEDIATE_TASKS
from xtransfer_stats.tasks.targets.entry import XQUAD, XTREME, XTREME_LICENCES, target
from xtransfer_stats.tasks.task import Family, TrainingTask

_GROUP = "question answering"
_MLQA_LANGUAGES = "ar de en es hi vi zh"
_TYDIQA_LANGUAGES = "ar bn en fi id ko ru sw te"

_SQUAD = INTERMEDIATE_TASKS["squad1"].data
_XQUAD = DataSet(
    hub=(HubPart("google/xquad", {"test": "validation"}, "xquad.{language}"),),
    sizes={"test": 1_190},
    note="one split only, which is the test set. Romanian counts in XTREME-R as in the released evaluation code, "
    "though its download script leaves it out. Contexts may hold U+FEFF, which counts in the offsets",
)
_MLQA = DataSet(
    hub=(
        HubPart(
            XTREME,
            {"dev": "validation", "test": "test"},
            "MLQA.{language}.{language}",
            languages=tuple(_MLQA_LANGUAGES.split()),
        ),
    ),
    licence=XTREME_LICENCES,
    sizes={"dev": 1_148, "test": 11_590},
    note="question and context in one language, as both benchmarks score it. The script that made google/xtreme "
    "strips white space around contexts and answers without moving the offsets",
)
_TYDIQA = DataSet(
    hub=(
        HubPart(
            XTREME,
            {"train": "train", "test": "validation"},
            "tydiqa",
            language_prefix={code: f"{english_name(code).lower()}-" for code in _TYDIQA_LANGUAGES.split()},
        ),
    ),
    file_splits={"test": "dev", "dev": ""},
    licence=XTREME_LICENCES,
    sizes={"train": 3_696, "test": 2_719},
    note="the public dev file serves as test set, so dev is held back from the English train. google/xtreme holds "
    "all languages in one configuration; the ids begin with the language's English name. The reference table prints "
    "634 for dev: no such public split was found. XTREME's own files have ids that occur twice",
)

TRAININGS = (
    TrainingTask("squad1", Family.SPAN_QA, "SQuAD v1.1", frozenset({"squad1"}), data=_SQUAD),
    TrainingTask("tydiqa", Family.SPAN_QA, "TyDiQA-GoldP English", frozenset({"tydiqa"}), data=_TYDIQA),
)
TARGETS = (
    target("xquad", Family.SPAN_QA, "XQuAD", "exact_match f1", _GROUP, "squad1", _XQUAD,
           xtreme=XQUAD, xtreme_r=f"{XQUAD} ro"),
    target("mlqa", Family.SPAN_QA, "MLQA", "exact_match f1", _GROUP, "squad1", _MLQA,
           normalisation="mlqa", xtreme=_MLQA_LANGUAGES, xtreme_r=_MLQA_LANGUAGES),
    target("tydiqa", Family.SPAN_QA, "TyDiQA-GoldP", "exact_match f1", _GROUP, "tydiqa", _TYDIQA,
           xtreme=_TYDIQA_LANGUAGES, xtreme_r=_TYDIQA_LANGUAGES),
)  # fmt: skip
