"""Which factors are nested in others: their levels are averaged within those alone, as emmeans does."""

from collections.abc import Sequence

from xtransfer_stats.mixedmodels.postfit.fixedpart import FixedPart


def nested_in(part: FixedPart, factors: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """Factor -> the factors that it is nested in: by the rows, or by the formula (`a + a:b` nests b in a)."""
    nests: dict[str, list[str]] = {}
    for inner in factors:
        taken = {name for name, outers in nests.items() if inner in outers}
        outers = [outer for outer in factors if outer not in taken | {inner} and _has_one(part, inner, outer)]
        if outers:
            nests[inner] = outers
    for inner, outer in _written(part, factors):
        if outer not in nests.setdefault(inner, []) and inner not in nests.get(outer, ()):
            nests[inner].append(outer)
    return {inner: tuple(outers) for inner, outers in nests.items() if outers}


def _has_one(part: FixedPart, inner: str, outer: str) -> bool:
    """Whether every level of one factor occurs with one level of the other alone."""
    return bool(part.frame.groupby(inner, observed=True)[outer].nunique().max() == 1)


def _written(part: FixedPart, factors: Sequence[str]) -> list[tuple[str, str]]:
    """Inner and outer factors of terms such as a:b where the formula has a but not b."""
    terms = [frozenset(term.var_names) for term in part.terms if term.name in part.written and term.name]
    alone = {next(iter(term)) for term in terms if len(term) == 1}
    pairs = []
    for inner in factors:
        holding = [term for term in terms if inner in term]
        if inner in alone or not holding:
            continue
        smallest = min(holding, key=len)
        pairs += [(inner, outer) for outer in factors if outer in smallest - {inner} and frozenset({outer}) in terms]
    return pairs
