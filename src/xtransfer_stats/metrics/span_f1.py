"""Micro F1 over labelled spans, as conlleval and seqeval's default mode count them.

A span runs from where it starts to where its type changes; an I- tag without a B- before it starts one.
Plain tags (UD-POS) go through the same rules, as in the released XTREME scorer: a run of one tag is a span,
tags whose first letter is S or B start a new span at each token, those whose first letter is O are outside.
"""

from collections.abc import Sequence

Span = tuple[str, int, int]


def spans(tags: Sequence[str]) -> set[Span]:
    """Return (type, start, end exclusive) of each span of a tag sequence."""
    found: set[Span] = set()
    start, previous, closed = 0, "", True
    for i, tag in enumerate([*tags, "O"]):
        prefix, kind = tag[:1], tag.rpartition("-")[2]
        outside = prefix in ("O", ".", "")
        begins = outside or closed or prefix in ("B", "S") or kind != previous
        if begins and previous:
            found.add((previous, start, i))
        if begins:
            start, previous = i, "" if outside else kind
        closed = prefix in ("E", "S")
    return found


def span_f1(predictions: Sequence[Sequence[str]], gold: Sequence[Sequence[str]]) -> float:
    """Return micro F1 over the spans of all sequences, 0-100; 0 when neither side has a span.

    Raises ValueError when the two are not of one length.
    """
    right = guessed = true = 0
    for mine, theirs in zip(predictions, gold, strict=True):
        mine_spans, their_spans = spans(mine), spans(theirs)
        right += len(mine_spans & their_spans)
        guessed += len(mine_spans)
        true += len(their_spans)
    return 200.0 * right / (guessed + true) if right else 0.0
