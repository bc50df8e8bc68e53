"""Languages of the two real benchmarks and of the embedded twins, by ISO 639-1 code."""

from collections.abc import Sequence

XTREME = frozenset(
    "af ar bg bn de el en es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr ms my nl pt ru sw ta te th tl tr ur "
    "vi yo zh".split()
)
XTREME_R = XTREME | frozenset("az gu ht lt pa pl qu ro uk wo".split())

# Languages in which the packaged text feeds a twin; the test of the embedded source holds this table to the source.
TWINS: dict[str, str] = {}


def by_benchmark(dataset: str, xtreme: Sequence[str], xtreme_r: Sequence[str]) -> dict[str, tuple[str, ...]]:
    """A target task's languages in each benchmark; a mini benchmark has the twin where the real one has the task.

    The mini benchmarks keep the two real language lists, as far as the twin's text goes: languages
    that only XTREME-R covers are only in xtreme-r-mini.
    """
    twin = frozenset(TWINS.get(dataset, "").split())
    lists = {
        "xtreme": frozenset(xtreme),
        "xtreme-r": frozenset(xtreme_r),
        "xtreme-mini": twin & XTREME if xtreme else frozenset(),
        "xtreme-r-mini": twin & XTREME_R if xtreme_r else frozenset(),
    }
    return {name: tuple(sorted(codes)) for name, codes in lists.items() if codes}
