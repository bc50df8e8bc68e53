"""Universal Dependencies (CoNLL-U) as UD-POS, in the form that XTREME made of it.

XTREME's scripts (utils_preprocess.py and ud-conversion-tools in the released code) put the surface form of a range
("3-4 im") in place of its words, with the tag of the word that is nearest to the root; among equally near ones a
ranking of tags decides. They leave out empty nodes ("5.1"), take spaces and U+200C out of forms, and skip sentences
whose words are withheld ("_").
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import partial
from pathlib import Path

from xtransfer_stats.sources.files.filerow import FileRow
from xtransfer_stats.sources.files.namecorpora import mismatch
from xtransfer_stats.sources.files.namehints import name_hint, untold
from xtransfer_stats.sources.files.text import lines_of, opening, sentences_of, tagged
from xtransfer_stats.sources.source import Portion, Tagging
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.tasks.codes import canonical

FORMAT = "conllu"
_NAME = re.compile(r"([a-z]{2,3})_[a-z0-9]+-ud-(train|dev|test)", re.IGNORECASE)
_ID = re.compile(r"\d+([-.]\d+)?")
_COLUMNS = 10
_UPOS = frozenset(TARGET_TASKS["udpos"].data.labels)
_RANKING = {
    "": "VERB NOUN PROPN PRON ADJ NUM ADV INTJ AUX ADP DET PART CCONJ SCONJ X PUNCT".split(),
    "es": "VERB AUX PRON ADP DET".split(),
    "fr": "VERB AUX PRON NOUN ADJ ADV ADP DET PART SCONJ".split(),
    "it": "VERB AUX ADV PRON ADP DET INTJ".split(),
}

Row = Sequence[str]


def read_conllu(path: Path) -> list[FileRow] | None:
    """The row of a CoNLL-U file, None for any other."""
    rows = [line.split("\t") for line in opening(path) if line.strip() and not line.startswith("#")]
    if not rows or not all(len(row) == _COLUMNS and _ID.fullmatch(row[0]) for row in rows):
        return None
    hint, treebank = name_hint(path), _NAME.match(path.name)
    language = (canonical(treebank[1]) or treebank[1].lower()) if treebank else hint.language
    split = treebank[2].lower() if treebank else hint.split
    read = partial(_portion, path, language)
    problems = (*mismatch(path, "udpos", "Universal Dependencies"), *untold(language, split))
    return [FileRow(path, "udpos", language, split, FORMAT).counted(read(), read, *problems)]


def _portion(path: Path, language: str) -> Portion:
    examples: list[Tagging] = []
    odd: Counter[str] = Counter()
    # Without comments and empty nodes.
    lines = (line for line in lines_of(path) if not line.startswith("#") and "." not in line.split("\t", 1)[0])
    for place, rows in enumerate(sentences_of(lines)):
        pairs = _fused(rows, language)
        withheld = sum(form == "_" for form, _ in pairs)
        if withheld and withheld >= len(pairs) - 1:
            odd["sentences dropped: their words are withheld (_)"] += 1
            continue
        tokens, tags = zip(*pairs, strict=True)
        untagged = not _UPOS.issuperset(tags)
        odd["sentences have words without a universal tag"] += untagged
        examples.append(Tagging(str(place), tokens, None if untagged else tags))
    return tagged(examples, odd)


def _fused(rows: Sequence[Row], language: str) -> list[tuple[str, str]]:
    """Form and tag of each surface token."""
    words = {int(row[0]): row for row in rows if row[0].isdigit()}
    spans = {int(first): (row, int(last)) for row in rows for first, _, last in [row[0].partition("-")] if last}
    tokens, covered = [], 0
    for number, word in words.items():
        if number in spans and number > covered:
            row, covered = spans[number]
            tokens.append((_clean(row[1]), _tag(range(number, covered + 1), words, language)))
        elif number > covered:
            tokens.append((_clean(word[1]), word[3]))
    return tokens


def _tag(span: range, words: dict[int, Row], language: str) -> str:
    """The tag of the span's word that is nearest to the root, by the ranking where several are."""
    depths = {number: _depth(number, words) for number in span if number in words}
    nearest = [words[number][3] for number, depth in depths.items() if depth == min(depths.values())]
    ranking = _RANKING.get(language, _RANKING[""])
    return min(nearest, key=lambda tag: ranking.index(tag) if tag in ranking else len(ranking))


def _depth(number: int, words: dict[int, Row]) -> int:
    """Steps to the root; a circle of heads ends where it closes."""
    seen: set[int] = set()
    while number in words and number not in seen:
        seen.add(number)
        head = words[number][6]
        number = int(head) if head.isdigit() else 0
    return len(seen)


def _clean(form: str) -> str:
    return form.replace("\u200c", "").replace(" ", "")
