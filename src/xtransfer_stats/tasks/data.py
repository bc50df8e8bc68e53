"""Where a data set is had and on what terms: the part of a task's entry that sources read."""

from collections.abc import Mapping
from dataclasses import dataclass, field

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
