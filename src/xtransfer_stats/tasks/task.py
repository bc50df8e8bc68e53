"""The contract of the catalogue: what a task is, whatever source feeds it."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

SPLITS = ("train", "dev", "test")
UNREAD = "unread"  # a fact that was not found in any source that was opened; never filled in


@dataclass(frozen=True, slots=True)
class HubPart:
    """One repository of the hub: which of its configurations and splits hold the data.

    `config` and the values of `splits` may hold {language}, filled with `codes[language]` where the repository has
    a name of its own for a language (default: the catalogue's code). `splits` maps train, dev, test to
    the repository's splits ("train_r1+train_r2" joins two); a split that is not in it is not there. `columns`
    maps a field of the family's schema to the repository's column, where the columns are not of a known format.
    `language_column` and `language_prefix` name the column, or the prefix of ids, that tells rows
    of one language from the others, in a configuration that holds all. `languages` are those that are read from
    this part, () for all: a part that does not serve a language is skipped for it. `candidates` is the
    configuration that holds the pool of a retrieval task, "" where the rows themselves hold it.
    """

    repository: str
    splits: Mapping[str, str]
    config: str | None = None
    codes: Mapping[str, str] = field(default_factory=dict)
    columns: Mapping[str, str] = field(default_factory=dict)
    language_column: str = ""
    language_prefix: Mapping[str, str] = field(default_factory=dict)
    languages: tuple[str, ...] = ()
    candidates: str = ""

    def serves(self, language: str) -> bool:
        """Whether the language is read from this part."""
        return not self.languages or language in self.languages


@dataclass(frozen=True, slots=True)
class DataSet:
    """One data set: hub repositories (their examples are joined), and what `xstats data` calls its files.

    `labels` is the ordered label set of classification and tagging, for all splits and languages. `files` are the
    names under which the parts are found in a folder (default: the data set's own name), `file_splits` maps
    train, dev, test to the files' split where that differs, "" where they have none; a file whose name holds a word
    of `aside` is released with the data, but is none of it (MNLI's mismatched dev). A source without a dev
    split holds back the end of train. `restricted` is the question asked before a download whose licence
    restricts use, "" for none. `sizes` are examples a split, as published (test: of one language, the most where
    languages differ, of all languages where they share a pool; candidates: of the pool); a split that is not in it
    was not read. Data sets of one name are one object, whichever entries hold it.
    """

    labels: tuple[str, ...] = ()
    hub: tuple[HubPart, ...] = ()
    files: tuple[str, ...] = ()
    file_splits: Mapping[str, str] = field(default_factory=dict)
    aside: tuple[str, ...] = ()
    licence: str = UNREAD
    restricted: str = ""
    sizes: Mapping[str, int] = field(default_factory=dict)
    note: str = ""


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


# Rules by which answers are compared (metrics.answers); the first where an entry names none.
NORMALISATIONS = ("squad", "mlqa")


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
    normalisation: str = NORMALISATIONS[0]

    def __post_init__(self) -> None:
        if not self.dataset:
            object.__setattr__(self, "dataset", self.name)

    @property
    def languages(self) -> tuple[str, ...]:
        """All languages of the task in any benchmark, sorted."""
        return tuple(sorted({language for names in self.benchmarks.values() for language in names}))
