"""What people call the columns of a table of scores, and the metrics: the one list that every door reads by."""

import re
from collections.abc import Mapping
from types import MappingProxyType


def plain(name: str) -> str:
    """Letters and digits alone, in lower case."""
    return re.sub(r"[\W_]+", "", name).lower()


SEED, CONDITION, DRAW, TASK, LANGUAGE = "seed", "condition", "draw", "target_task", "language"
METRIC, SCORE, EXAMPLES, ERROR, BENCHMARK = "metric", "score", "n_examples", "std_error", "benchmark"
BACKBONE, COUNT, SET = "backbone", "n_tasks", "task_set"
COLUMNS = (SEED, CONDITION, DRAW, TASK, LANGUAGE, METRIC, SCORE, EXAMPLES, ERROR, BENCHMARK, BACKBONE, COUNT, SET)

# How others name the columns, without blanks and signs, the surest first.
NAMES: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        SEED: ("seed", "runseed", "randomseed", "rngseed", "seedid", "trainingseed", "trainseed", "torchseed",
               "numpyseed", "fewshotseed", "dataseed", "modelseed", "globalseed"),
        CONDITION: ("condition", "method", "system", "treatment", "approach", "arm", "variant", "strategy", "algorithm",
                    "setting", "setup", "adapter", "model", "modelname", "modelid", "modelalias",
                    "modelnameorpath", "modeltype",
                    "configuration", "experiment", "experimentname", "expname", "group", "runname", "name",
                    "checkpoint"),
        DRAW: ("draw", "sampleset", "fewshotsample", "subset", "promptid", "prompt", "fold", "cvfold"),
        TASK: ("targettask", "task", "taskname", "dataset", "datasetname", "target", "evaltask", "testset", "corpus",
               "evaldataset"),
        LANGUAGE: ("language", "lang", "languages", "langpred", "predlang", "tgt", "tgtlang", "targetlang",
                   "targetlanguage", "evallang", "langeval", "testlang", "langtest", "testlanguage", "evallanguage",
                   "locale", "lg", "languagecode", "langcode", "languageid", "direction", "languagepair", "langpair",
                   "pair", "lp"),
        METRIC: ("metric", "metricname", "measure", "scoretype", "metrickey"),
        SCORE: ("score", "value", "metricvalue", "points", "result", "performance", "testscore"),
        EXAMPLES: ("nexamples", "numexamples", "nsamples", "numsamples", "evalsamples", "testsamples",
                   "predictsamples", "support", "ntest", "testsize", "numtest", "samples"),
        ERROR: ("stderror", "stderr", "standarderror", "scorestderr"),
        BENCHMARK: ("benchmark", "benchmarkname", "suite"),
        BACKBONE: ("backbone", "basemodel", "plm", "encoder", "pretrainedmodel", "pretrained"),
        COUNT: ("ntasks",),
        SET: ("taskset",),
    }
)  # fmt: skip
# Taken for the seed only where nothing better is there and the values are whole numbers.
WEAK_SEEDS = frozenset(("run", "runid", "trial", "rep", "repeat", "replicate", "repetition", "iteration", "init",
                        "runnumber", "runno", "runidx"))  # fmt: skip

METRICS: Mapping[str, str] = MappingProxyType(
    {"acc": "accuracy", "accuracy": "accuracy", "accuracyscore": "accuracy", "f1": "f1", "f1score": "f1",
     "fscore": "f1", "spanf1": "f1", "overallf1": "f1", "entityf1": "f1", "em": "exact_match",
     "exactmatch": "exact_match", "exact": "exact_match", "macrof1": "macro_f1",
     "f1macro": "macro_f1", "microf1": "micro_f1", "f1micro": "micro_f1", "weightedf1": "weighted_f1",
     "f1weighted": "weighted_f1", "map20": "map@20", "map": "map", "mrr": "mrr", "mrr10": "mrr@10",
     "ndcg10": "ndcg@10", "recall10": "recall@10", "precision": "precision", "overallprecision": "precision",
     "recall": "recall", "overallrecall": "recall", "overallaccuracy": "overall_accuracy", "accnorm": "acc_norm",
     "bleu": "bleu", "spbleu": "spbleu",
     "sacrebleu": "bleu", "chrf": "chrf", "chrf++": "chrf++", "ter": "ter", "comet": "comet",
     "rouge1": "rouge1", "rouge2": "rouge2", "rougel": "rougeL", "rougelsum": "rougeLsum", "las": "las", "uas": "uas",
     "perplexity": "perplexity", "ppl": "perplexity", "wordperplexity": "word_perplexity",
     "byteperplexity": "byte_perplexity", "bitsperbyte": "bits_per_byte", "wer": "wer", "cer": "cer",
     "mcc": "matthews_correlation", "matthews": "matthews_correlation", "matthewscorrelation": "matthews_correlation",
     "pearson": "pearson", "pearsonr": "pearson", "spearman": "spearman", "spearmanr": "spearman", "mse": "mse",
     "rmse": "rmse", "mae": "mae", "auc": "auc", "auroc": "auc", "rocauc": "auc", "errorrate": "error_rate",
     "passat1": "pass@1", "pass1": "pass@1", "mc1": "mc1", "mc2": "mc2", "likelihooddiff": "likelihood_diff",
     "pctstereotype": "pct_stereotype"}
)  # fmt: skip


def metric_of(name: str) -> str | None:
    """The common name of a metric; None for what is none that is known. chrF++ is another than chrF."""
    return METRICS.get(name.strip().lower()) or METRICS.get(plain(name))


def scored_by(name: str) -> str | None:
    """The metric that a column of scores is called after, "eval_accuracy"; None where its name is none."""
    return metric_of(name) or next(
        (found for word in _SCORED if (found := metric_of(plain(name).removeprefix(word))) and plain(name) != word),
        None,
    )


_SCORED = ("eval", "test", "predict")  # what may stand before a metric's name
