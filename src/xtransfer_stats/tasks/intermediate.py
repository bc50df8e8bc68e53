"""The nine English intermediate tasks of Phang et al. 2020 (arXiv 2005.13013), one entry each.

Eight are named in what of the paper could be read; that SQuAD v2.0 is the ninth is supposed (docs/catalogue.md). Sizes
are those of the paper's draft, or of the public copies where the two differ.
"""

from xtransfer_stats.tasks import own
from xtransfer_stats.tasks.data import DataSet, HubPart
from xtransfer_stats.tasks.task import Family, TrainingTask

NLI = ("entailment", "neutral", "contradiction")
NON_COMMERCIAL = "{} may be used for non-commercial purposes only. Is your use non-commercial?"
_DEV = {"train": "train", "dev": "validation"}
_MNLI = HubPart("nyu-mll/glue", {"train": "train", "dev": "validation_matched"}, "mnli")
_MNLI_LICENCE = "OANC; parts CC BY 3.0, CC BY-SA 3.0 and public domain (card of multi_nli)"

_ALL = (
    TrainingTask(
        "anli_plus",
        Family.CLASSIFICATION,
        "ANLI+",
        frozenset({"anli", "mnli", "snli"}),
        data=DataSet(
            labels=NLI,
            hub=(
                HubPart("anli", {"train": "train_r1+train_r2+train_r3", "dev": "dev_r1+dev_r2+dev_r3"}),
                _MNLI,
                HubPart("stanfordnlp/snli", _DEV),
            ),
            files=("anli", "mnli", "snli"),
            aside=("mismatched",),
            licence=f"ANLI: CC BY-NC 4.0; SNLI: CC BY-SA 4.0; MNLI: {_MNLI_LICENCE}",
            restricted=NON_COMMERCIAL.format("ANLI, a part of ANLI+,"),
            sizes={"train": 1_104_934, "dev": 22_857},
            note="the sizes are those of ANLI, MNLI (matched dev) and SNLI without its pairs of no label; anli is "
            "the hub's older name of the repository, the newer one was not read",
        ),
    ),
    TrainingTask(
        "mnli",
        Family.CLASSIFICATION,
        "MNLI",
        frozenset({"mnli"}),
        data=DataSet(
            labels=NLI,
            hub=(_MNLI,),
            aside=("mismatched",),
            licence=_MNLI_LICENCE,
            sizes={"train": 392_702, "dev": 9_815},
            note="dev is the matched one; the test labels are not public",
        ),
    ),
    TrainingTask(
        "qqp",
        Family.CLASSIFICATION,
        "QQP",
        frozenset({"qqp"}),
        data=DataSet(
            labels=("0", "1"),
            hub=(HubPart("nyu-mll/glue", _DEV, "qqp"),),
            sizes={"train": 363_846, "dev": 40_430},
            note="1: duplicates; the card of GLUE gives CC BY 4.0 for the benchmark, Quora's own terms were not read",
        ),
    ),
    TrainingTask(
        "squad1",
        Family.SPAN_QA,
        "SQuAD v1.1",
        frozenset({"squad1"}),
        data=DataSet(
            hub=(HubPart("squad", _DEV),),
            licence="CC BY 4.0 (card of squad)",
            sizes={"train": 87_599, "dev": 10_570},
            note="XTREME and the draft print 34,726 for dev; the public dev set has 10,570 questions",
        ),
    ),
    TrainingTask(
        "squad2",
        Family.SPAN_QA,
        "SQuAD v2.0",
        frozenset({"squad1", "squad2"}),
        data=DataSet(
            hub=(HubPart("rajpurkar/squad_v2", _DEV),),
            licence="CC BY-SA 4.0 (card)",
            sizes={"train": 130_319, "dev": 11_873},
            note="the ninth task is supposed: no source that could be read names it",
        ),
    ),
    TrainingTask(
        "hellaswag",
        Family.MULTIPLE_CHOICE,
        "HellaSwag",
        frozenset({"hellaswag"}),
        data=DataSet(
            hub=(HubPart("Rowan/hellaswag", _DEV),),
            licence="MIT (card)",
            sizes={"train": 39_905, "dev": 10_042},
            note="the test labels are not public",
        ),
    ),
    TrainingTask(
        "ccg",
        Family.TAGGING,
        "CCG",
        frozenset({"ccg"}),
        data=DataSet(
            files=("ccg",),
            licence="CCGbank: LDC User Agreement for Non-Members (catalog.ldc.upenn.edu/LDC2005T13)",
            sizes={"train": 38_015, "dev": 5_484},
            note="files only: CCGbank is licensed by the LDC. The Parallel Meaning Bank (MIT) is free and has the "
            "same task in a category notation of its own. Its tag set is read from the train file",
        ),
    ),
    TrainingTask(
        "cosmosqa",
        Family.MULTIPLE_CHOICE,
        "Cosmos QA",
        frozenset({"cosmosqa"}),
        data=DataSet(
            hub=(HubPart("allenai/cosmos_qa", _DEV),),
            licence="CC BY 4.0 (card)",
            sizes={"train": 25_262, "dev": 2_985},
            note="the draft prints 25,588 and 3,000; a script repository when it was read",
        ),
    ),
    TrainingTask(
        "commonsenseqa",
        Family.MULTIPLE_CHOICE,
        "CommonsenseQA",
        frozenset({"commonsenseqa"}),
        data=DataSet(
            hub=(HubPart("commonsense_qa", _DEV),),
            licence="MIT (card)",
            sizes={"train": 9_741, "dev": 1_221},
            note="the random split; commonsense_qa is the hub's older name of the repository, the newer one was not "
            "read; the test labels are not public",
        ),
    ),
)

NINE = tuple(task.name for task in _ALL)
# Not an intermediate task: trained beside them in the variant "mlm".
MLM = TrainingTask(
    "mlm",
    Family.MASKED_LM,
    "Multilingual MLM",
    data=DataSet(note="2 million sentences of XTREME's languages, Wikipedia of 14 April 2020, in the paper; no "
                      "repository of them was read: give a folder with mlm/LANGUAGE.txt, a sentence a line"),
)  # fmt: skip

INTERMEDIATE_TASKS = {task.name: task for task in _ALL} | own.intermediate(NINE)
