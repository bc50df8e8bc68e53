"""Micro precision, recall and F1 over labelled spans, as the default mode of seqeval 1.x counts them.

A span runs from where it starts to where its type changes; an I- tag without a B- before it starts one.
Plain tags (UD-POS) go through the same rules, as in the released XTREME scorer, which reads the first letter as the
prefix and the rest as the type. So a run of one tag is a span, but SCONJ and CCONJ are of one type (CONJ), a tag whose
first letter is S or B starts at each token, and X has the type of "outside". Its figures are matched to the digit,
and so nothing of this is repaired here.

Older figures of the leaderboard, and its own test's, are seqeval 0.0.12's. There the type is what follows the last
hyphen, and all of a tag without one: SCONJ and CCONJ differ, and X is a type of its own. B-PER counts alike in both.
"""

from collections.abc import Callable, Hashable, Iterator, Sequence, Set

Span = tuple[str, int, int]
Rule = Callable[[str], tuple[str, str]]
_OUTSIDE = ("O", ".")


def seqeval_1(tag: str) -> tuple[str, str]:
    """Prefix and type: what follows the first hyphen after the first letter, or all that follows this letter."""
    return tag[:1] or "O", tag[1:].split("-", 1)[-1] or "_"


def seqeval_0_0_12(tag: str) -> tuple[str, str]:
    """Prefix and type: what follows the last hyphen, or all of the tag."""
    return tag[:1] or "O", tag.rsplit("-", 1)[-1]


def _ends(before: tuple[str, str], after: tuple[str, str]) -> bool:
    closed = before[0] in ("E", "S") or (before[0] in ("B", "I") and after[0] in ("B", "S", "O"))
    return closed or (before[0] not in _OUTSIDE and before[1] != after[1])


def _starts(before: tuple[str, str], after: tuple[str, str]) -> bool:
    opened = after[0] in ("B", "S") or (before[0] in ("E", "S", "O") and after[0] in ("E", "I"))
    return opened or (after[0] not in _OUTSIDE and before[1] != after[1])


def agreement(predicted: Set[Hashable], true: Set[Hashable]) -> dict[str, float]:
    """Return precision, recall and f1 of one set against another, 0-100; all 0 where nothing is right."""
    right = len(predicted & true)
    if not right:
        return {"precision": 0.0, "recall": 0.0, "f1": 0.0}
    return {
        "precision": 100.0 * right / len(predicted),
        "recall": 100.0 * right / len(true),
        "f1": 200.0 * right / (len(predicted) + len(true)),
    }


def spans(tags: Sequence[str], parts: Rule = seqeval_1) -> set[Span]:
    """Return (type, start, end exclusive) of each span of a tag sequence; parts: how a tag is cut in two."""
    labelled: set[Span] = set()
    start, before = 0, ("O", "")
    for i, tag in enumerate([*tags, "O"]):
        after = parts(tag)
        if _ends(before, after):
            labelled.add((before[1], start, i))
        if _starts(before, after):
            start = i
        before = after
    return labelled


def _joined(sequences: Sequence[Sequence[str]]) -> Iterator[str]:
    """All tags with an O behind each sequence: seqeval's rules look across the boundary, at plain tags visibly."""
    for sequence in sequences:
        yield from sequence
        yield "O"


def span_scores(
    predictions: Sequence[Sequence[str]], gold: Sequence[Sequence[str]], parts: Rule = seqeval_1
) -> dict[str, float]:
    """Return micro precision, recall and f1 over the spans of all sequences, 0-100; 0 where nothing is right.

    Raises ValueError when the two, or two sequences at one place, are not of one length.
    """
    for mine, theirs in zip(predictions, gold, strict=True):
        if len(mine) != len(theirs):
            raise ValueError(f"{len(mine)} tags were predicted for a sequence of {len(theirs)}: give one a token")
    return agreement(all_spans(predictions, parts), all_spans(gold, parts))


def all_spans(sequences: Sequence[Sequence[str]], parts: Rule = seqeval_1) -> set[Span]:
    """The spans of all sequences, their places counted through all tags, with one place behind each sequence."""
    return spans(list(_joined(sequences)), parts)
