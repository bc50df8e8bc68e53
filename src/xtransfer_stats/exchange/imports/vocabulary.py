"""The words that results are named with: columns of a frame, metrics, tasks, splits, and what is no run's score."""

import re
from collections.abc import Mapping
from functools import cache

from xtransfer_stats.exchange.scoreframe.names import plain, target
from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS, TARGET_TASKS

# Metrics that have no upper limit, or do not lie on 0-1: they are never multiplied.
UNBOUNDED = frozenset(
    ("perplexity", "word_perplexity", "byte_perplexity", "bits_per_byte", "mse", "rmse", "mae", "ter", "wer", "cer",
     "comet", "likelihood_diff")
)  # fmt: skip
# Classes that figures are printed for beside the one of all: entities, parts of speech, labels of inference.
CLASSES = frozenset(
    "loc per org misc date time geo gpe adj adp adv aux cconj det intj noun num part pron propn punct sconj sym verb x "
    "entailment neutral contradiction positive negative 0 1 2".split()
)
PARTS_OF_F1 = ("precision", "recall", "overall_accuracy")

# Split words of a heading, the best first: a test score goes before one on development data.
SPLITS = ("test", "predict", "", "eval", "evaluation", "val", "valid", "validation", "dev", "development")
TRAIN = frozenset({"train", "training"})
NO_SPLIT_BEHIND = frozenset("translate translated pre self co multi meta".split())  # translate-train is a method

# Other tasks that results are often of; the catalogue's own are read by `task_of`.
FURTHER_TASKS = (
    "cola sst2 sst mrpc stsb qnli rte wnli glue superglue boolq cb copa multirc record wic wsc arceasy arcchallenge "
    "piqa winogrande openbookqa truthfulqa triviaqa naturalquestions gsm8k mgsm mmlu belebele xstorycloze xwinograd "
    "masakhaner masakhapos masakhanews americasnli afrixnli indicner naamapadam sib200 flores flores101 flores200 "
    "multinerd massive mtop xlsum xlwic nusax sentiment ner qa nli sentiment140 imdb agnews conll2003 "
    "conll wikilingua mkqa xorqa tydixor mintaka xlsum lambada drop race sciq lareqa mewslix bucc"
).split()


@cache
def _tasks() -> Mapping[str, str]:
    further = {name: name for name in FURTHER_TASKS}
    middle = {plain(name): name for name in INTERMEDIATE_TASKS} | {"squad": "squad1"}
    return further | middle | {plain(name): name for name in TARGET_TASKS}


def task_of(name: str) -> str | None:
    """The task of that name: the catalogue's, else as it is written; None where it is no known one."""
    if found := target(name) or _tasks().get(plain(name)):
        return name if found in FURTHER_TASKS else found
    return None


# Words of the names of models and methods: a heading that has one is a condition, where it could be one.
MODELS = re.compile(
    r"bert|xlm|mt5|flan|gpt|llama|bloom|mistral|mixtral|qwen|gemma|falcon|aya|glot|labse|laser|canine|electra|opus|nllb"
    r"|m2m|mbart|unicoder|info-?xlm|rembert|ernie|claude|gemini|palm|phi-|mad-x|adapter|lora\b|fine-?tun|full ft|bitfit"
    r"|zero-shot|few-shot|translate-t|\bours\b|\bbaseline\b|\bmlp\b|\bsvm\b|\bcrf\b|lstm|majority|random",
    re.IGNORECASE,
)

SUMMARY = "computed from other scores"  # why such columns are left aside
# Words of headings and row labels that are no run: what was computed from the others.
SUMMARIES = frozenset(
    "avg average mean std sd stdev stddev standarddeviation se sem var variance min minimum max maximum median total "
    "overall sum all delta δ ∆ diff difference gap rank best improvement gain ci ci95 lower upper macroavg "
    "macroaverage microavg "
    "weightedavg avgall averageall meanall count averaged transfergap".split()
)
# Settings of a run: no scores, but what conditions may differ in.
SETTING_WORDS = frozenset(
    "learningrate lr batchsize params numparams parameters maxseqlength warmup warmupsteps weightdecay "
    "maxsteps dropout "
    "numtrainepochs nshot numfewshot shots nparams modelsize trainsize trainsamples temperature layers rank alpha "
    "k".split()
)
# Where in a training a score was taken: rows that differ in it are of one run.
TIMES = frozenset("epoch epochs step globalstep iteration iter checkpointstep".split())
# Words that accompany scores and are none.
NO_SCORES = (
    frozenset(
        "loss evalloss testloss runtime evalruntime samplespersecond stepspersecond timestamp totalflos time seconds "
        "duration wallclock memory gpu modelpreparationtime jitcompilationtime createdat created started ended "
        "starttime "
        "endtime date runid index trainruntime trainloss gradnorm pertpu hostname git commit sha hash digest version "
        "nseeds numseeds nruns numruns rownumber "
        "line evalsteps savesteps evaluationtime mtebversion kgco2emissions".split()
    )
    | SETTING_WORDS
    | TIMES
)
# Names of codes that are words of English or of this trade: a language only among others that are surely one.
AMBIGUOUS = frozenset(
    "no it is my so as to or am be he id in me ms la lr se sd ml cv io ie ii an at ad ab na by el os lo co mi mt ne om "
    "st ss tw ti ts ve wa wo za dev run bar min war tar sun kin hat fat bug ban gag lad que her ton tel mal "
    "mar may est "
    "per sin mon men fon bam ext som mag sat lid rue nan mos gan ara ace ewe awa ars als ast fro lus pap tet "
    "tum vec vep "
    "cs da sc".split()
)
# What stands around the columns of an export: settings below it are no scores, figures below it are no settings.
SETTINGS = frozenset(
    "config configs params param trainconfig args arguments hparams hyperparameters trainingargs "
    "trainingarguments tags tag "
    "settings setup options modelargs".split()
)
RESULTS = frozenset("metrics metric summary results evalresults testresults scores evaluation performance".split())
