"""The nine English intermediate tasks of Phang et al. 2020 (arXiv 2005.13013), one entry each."""

from xtransfer_stats.tasks.task import Family, TrainingTask

_ALL = (
    TrainingTask("anli_plus", Family.CLASSIFICATION, "ANLI+", frozenset({"anli", "mnli", "snli"})),
    TrainingTask("mnli", Family.CLASSIFICATION, "MNLI", frozenset({"mnli"})),
    TrainingTask("qqp", Family.CLASSIFICATION, "QQP", frozenset({"qqp"})),
    TrainingTask("squad1", Family.SPAN_QA, "SQuAD v1.1", frozenset({"squad1"})),
    TrainingTask("squad2", Family.SPAN_QA, "SQuAD v2.0", frozenset({"squad1", "squad2"})),
    TrainingTask("hellaswag", Family.MULTIPLE_CHOICE, "HellaSwag", frozenset({"hellaswag"})),
    TrainingTask("ccg", Family.TAGGING, "CCG", frozenset({"ccg"})),
    TrainingTask("cosmosqa", Family.MULTIPLE_CHOICE, "Cosmos QA", frozenset({"cosmosqa"})),
    TrainingTask("commonsenseqa", Family.MULTIPLE_CHOICE, "CommonsenseQA", frozenset({"commonsenseqa"})),
)

INTERMEDIATE_TASKS = {task.name: task for task in _ALL}
