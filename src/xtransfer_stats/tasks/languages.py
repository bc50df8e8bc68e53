"""Languages of the two real benchmarks, by ISO 639-1 code."""

XTREME = frozenset(
    "af ar bg bn de el en es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr ms my nl pt ru sw ta te th tl tr ur "
    "vi yo zh".split()
)
XTREME_R = XTREME | frozenset("az gu ht lt pa pl qu ro uk wo".split())
