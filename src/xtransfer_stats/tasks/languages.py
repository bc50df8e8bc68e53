"""Languages of the two real benchmarks and of the embedded twins, by ISO 639-1 code."""

from collections.abc import Sequence

XTREME = frozenset(
    "af ar bg bn de el en es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr ms my nl pt ru sw ta te th tl tr ur "
    "vi yo zh".split()
)
XTREME_R = XTREME | frozenset("az gu ht lt pa pl qu ro uk wo".split())

# Languages in which the packaged text feeds a twin; the test of the embedded source holds this table to the source.
TWINS = {
    "xnli": (
        "af ar bg bn de el en es et eu fa fi fr gu he hi hu id it ja ka ko lt ml ms nl pa pl pt ro ru sw ta "
        "te th tr uk ur vi zh"
    ),
    "pawsx": (
        "af ar bg bn de el en es et eu fa fi fr gu he hi hu id it ja ka ko lt ml ms nl pa pl pt ro ru sw ta "
        "te th tr uk ur vi zh"
    ),
    "xcopa": (
        "af ar bg bn de el en es et eu fa fi fr gu he hi hu id it ja ka ko lt ml ms nl pa pl pt ro ru ta te "
        "th tr uk ur vi zh"
    ),
    "udpos": (
        "af ar bg de el en es et eu fa fi fr he hi hu id it ja kk ko lt mr nl pl pt ro ru ta te th tl tr uk "
        "ur vi wo yo zh"
    ),
    "panx": "af ar bg bn de el en es et eu fa fi fr he hi hu it ko lt ml nl pl pt ro ru th uk vi zh",
    "xquad": "ar bg de el en es fi fr it lt ml nl pl ro ru uk ur vi zh",
    "mlqa": "ar bg de en es fi fr it ml nl pl ro ru zh",
    "tydiqa": "ar bg de el en es fi fr hi hu it lt ml nl pl ro ru th vi zh",
    "bucc2018": "de fr ru zh",
    "tatoeba": (
        "af ar az bg bn de el es et eu fa fi fr gu he hi hu id it ja jv ka kk ko lt ml mr ms my nl pa pl pt "
        "qu ro ru sw ta te th tl tr uk ur vi wo yo zh"
    ),
    "mewslix": (
        "af ar bg bn de el en es et eu fa fi fr he hi hu id it ja ka ko lt ml nl pl pt ro ru ta te th tr uk ur vi zh"
    ),
    "lareqa": "ar bg de el en es eu fi fr it ko lt ml ms nl pl pt ro ru uk ur vi zh",
}


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
