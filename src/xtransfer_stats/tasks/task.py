"""The contract of the catalogue: what a task is, whatever source feeds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from xtransfer_stats.tasks.data import DataSet


class Family(StrEnum):
    """Schema, head and metric in one word; a new family needs its reader, head and metric."""

    CLASSIFICATION = "classification"  # one text or a pair of texts, one label
    TAGGING = "tagging"  # one label a token
    SPAN_QA = "span_qa"  # answer span in a context, or none
    MULTIPLE_CHOICE = "multiple_choice"  # one of several continuations
    MASKED_LM = "masked_lm"  # text alone; trained beside intermediate tasks, never scored as a target
    SENTENCE_RETRIEVAL = "sentence_retrieval"  # nearest sentence in the other language
    BITEXT_MINING = "bitext_mining"  # pairs above a threshold fitted on dev
    ENTITY_RETRIEVAL = "entity_retrieval"  # mention -> entity in a multilingual pool
    ANSWER_RETRIEVAL = "answer_retrieval"  # question -> sentence in a multilingual pool

    @property
    def labelled(self) -> bool:
        """Whether a data set of the family has one ordered label or tag set for all its splits and languages."""
        return self in (Family.CLASSIFICATION, Family.TAGGING)

    @property
    def pooled(self) -> bool:
        """Whether the candidates of all languages form one pool, so that languages are scored together."""
        return self in (Family.ENTITY_RETRIEVAL, Family.ANSWER_RETRIEVAL)


# What a family is scored by, under the official names.
METRICS: Mapping[Family, tuple[str, ...]] = {
    Family.CLASSIFICATION: ("accuracy",),
    Family.TAGGING: ("f1",),
    Family.SPAN_QA: ("exact_match", "f1"),
    Family.MULTIPLE_CHOICE: ("accuracy",),
    Family.SENTENCE_RETRIEVAL: ("accuracy",),
    Family.BITEXT_MINING: ("f1",),
    Family.ENTITY_RETRIEVAL: ("map@20",),
    Family.ANSWER_RETRIEVAL: ("map@20",),
}


@dataclass(frozen=True, slots=True)
class TrainingTask:
    """English data a model is trained on: an intermediate task or the training of target tasks.

    `corpora` names the corpora it is made of, so that a target's own data can be
    recognised among intermediate tasks (trap 3: own-task exposure rises with the count).
    `after` names the training that comes first, whose encoder and head this one continues
    (XCOPA: Social IQa, then COPA). `data` says where the examples are had.
    """

    name: str
    family: Family
    title: str
    corpora: frozenset[str] = frozenset()
    after: str | None = None
    data: DataSet = field(default_factory=DataSet)


@dataclass(frozen=True, slots=True)
class TargetTask:
    """One score identity: test data, training source, protocol and metric.

    `training` names the TrainingTask whose tuned model is scored; several target tasks may
    share one (XQuAD and MLQA score one SQuAD training); None scores the encoder as
    the intermediate phase left it. `dataset` is the source's name for the test data (default: `name`).
    `benchmarks` maps a benchmark's name to the task's languages in it. `data` says where the test data are had.
    `normalisation` names the rules by which answers are compared (metrics.answers): squad, or mlqa.
    """

    name: str
    family: Family
    title: str
    metrics: tuple[str, ...]
    group: str
    training: str | None
    benchmarks: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    dataset: str = ""
    data: DataSet = field(default_factory=DataSet)
    normalisation: str = "squad"

    def __post_init__(self) -> None:
        if not self.dataset:
            object.__setattr__(self, "dataset", self.name)

    @property
    def languages(self) -> tuple[str, ...]:
        """All languages of the task in any benchmark, sorted."""
        return tuple(sorted({language for names in self.benchmarks.values() for language in names}))
