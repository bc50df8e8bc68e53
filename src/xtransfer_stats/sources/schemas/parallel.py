"""Pairs of translations: Tatoeba and BUCC on the hub."""

from collections.abc import Iterable

from xtransfer_stats.sources.schemas.schema import Hints, Row, Schema, collect, dropped, text
from xtransfer_stats.sources.source import Passage, Portion, Query
from xtransfer_stats.tasks.codes import canonical
from xtransfer_stats.tasks.task import Family

_SENTENCES = ("source_sentence", "target_sentence")
_ALONE = (
    "gold pairs alone, without the sentences that have no partner: mining them is another, easier task than BUCC 2018's"
)


def _parallel(family: Family, needs: tuple[str, str], *remarks: str, corpora: tuple[str, ...] = ()) -> Schema:
    def read(rows: Iterable[Row], hints: Hints) -> Portion:
        def pair(number: int, row: Row) -> tuple[Query, Passage]:
            foreign, english = (text(row, column) for column in _foreign_first(row, needs))
            target = Passage(f"en:{number}", english, "en")
            source = Passage(f"{hints.language}:{number}", foreign, hints.language)
            return Query(source.id, source, (target.id,)), target

        pairs, odd = collect(rows, pair)
        queries, targets = tuple(query for query, _ in pairs), tuple(target for _, target in pairs)
        problems = (*(dropped(count, reason) for reason, count in odd.items()), *remarks)
        return Portion(queries, targets, problems=problems)

    return Schema("", family, frozenset(needs), read, corpora=corpora, language=_foreign_language)


def _foreign_language(row: Row) -> str:
    """The language that is not English, where the rows name both."""
    named = [str(row.get(column) or "").rpartition(".")[2] for column in ("source_lang", "target_lang")]
    return next((code for code in named if canonical(code) not in (None, "en")), "")


def _foreign_first(row: Row, columns: tuple[str, str]) -> tuple[str, str]:
    languages = [canonical(str(row.get(column, "")).rpartition(".")[2]) for column in ("source_lang", "target_lang")]
    return (columns[1], columns[0]) if languages[0] == "en" != languages[1] else columns


# The hub's configurations tatoeba.deu and bucc18.de have the same columns: their names tell them apart.
NAMED = (
    _parallel(Family.SENTENCE_RETRIEVAL, _SENTENCES, corpora=("tatoeba",)),
    _parallel(Family.BITEXT_MINING, _SENTENCES, _ALONE, corpora=("bucc2018",)),
)
RELEASES = (
    _parallel(Family.SENTENCE_RETRIEVAL, _SENTENCES),
    _parallel(Family.SENTENCE_RETRIEVAL, ("sentence1", "sentence2")),
    _parallel(Family.BITEXT_MINING, _SENTENCES, _ALONE),
)
# Fields that a catalogue entry may map columns to.
OWN = (
    _parallel(Family.SENTENCE_RETRIEVAL, ("source", "target")),
    _parallel(Family.BITEXT_MINING, ("source", "target"), _ALONE),
)
