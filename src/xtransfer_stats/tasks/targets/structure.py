"""Tagging: UD-POS and PAN-X, and what they are trained on."""

from xtransfer_stats.tasks.codes import english_name
from xtransfer_stats.tasks.data import DataSet, HubPart
from xtransfer_stats.tasks.targets.entry import XTREME, XTREME_LICENCES, target
from xtransfer_stats.tasks.task import Family, TrainingTask

_GROUP = "structured prediction"
_SPLITS = {"train": "train", "dev": "validation", "test": "test"}
_UDPOS_OLD = "af ar bg de el en es et eu fa fi fr he hi hu id it ja kk ko mr nl pt ru ta te th tl tr ur vi yo zh"
_UDPOS_NEW = "lt pl ro uk wo"
_PANX_OLD = (
    "af ar bg bn de el en es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr ms my nl pt ru sw ta te th tl tr ur "
    "vi yo zh"
)
_PANX_NEW = "az gu lt pa pl qu ro uk"

_UDPOS = DataSet(
    # The 17 universal tags, in the alphabet's order.
    labels=tuple(
        "ADJ ADP ADV AUX CCONJ DET INTJ NOUN NUM PART PRON PROPN PUNCT SCONJ SYM VERB X".split(),
    ),
    hub=(
        HubPart(
            XTREME,
            _SPLITS,
            "udpos.{language}",
            codes={code: english_name(code) for code in _UDPOS_OLD.split()},
            languages=tuple(_UDPOS_OLD.split()),
        ),
        HubPart("izhx/xtreme-r-udpos", {"test": "test"}, "{language}", languages=tuple(_UDPOS_NEW.split())),
    ),
    licence="one a treebank, some of them non-commercial; the card of izhx/xtreme-r-udpos names UD 2.7's",
    restricted="Some Universal Dependencies treebanks may be used for non-commercial purposes only. "
    "Do your uses of the languages of this study comply with their licences?",
    sizes={"train": 21_253, "dev": 3_974, "test": 20_436},
    note="UD 2.5 with all treebanks of a language pooled; the five languages that XTREME-R adds use UD 2.7. No dev "
    "data for kk, th, tl, yo. Older copies of google/xtreme hold one word a row and lost the sentences. The German "
    "test set has 22,458 rows in the hub's copy, above the largest size that the paper prints. Hub columns unread",
)
_PANX = DataSet(
    # WikiANN has persons, organisations and places; the order is ours.
    labels=("O", "B-PER", "I-PER", "B-ORG", "I-ORG", "B-LOC", "I-LOC"),
    hub=(
        HubPart(XTREME, _SPLITS, "PAN-X.{language}", languages=tuple(_PANX_OLD.split())),
        HubPart("unimelb-nlp/wikiann", _SPLITS, "{language}", languages=tuple(_PANX_NEW.split())),
    ),
    licence=f"unknown (card of unimelb-nlp/wikiann); {XTREME_LICENCES}",
    sizes={"train": 20_000, "dev": 10_000, "test": 10_000},
    note="jv, my, yo, qu, pa and gu have 100 test rows; Chinese and Japanese are split into characters",
)

TRAININGS = (
    TrainingTask("udpos", Family.TAGGING, "UD English", frozenset({"ud"}), data=_UDPOS),
    TrainingTask("panx", Family.TAGGING, "WikiANN English", frozenset({"wikiann"}), data=_PANX),
)
TARGETS = (
    target("udpos", Family.TAGGING, "UD-POS", "f1", _GROUP, "udpos", _UDPOS,
           xtreme=_UDPOS_OLD, xtreme_r=f"{_UDPOS_OLD} {_UDPOS_NEW}"),
    target("panx", Family.TAGGING, "PAN-X", "f1", _GROUP, "panx", _PANX,
           xtreme=_PANX_OLD, xtreme_r=f"{_PANX_OLD} {_PANX_NEW}"),
)  # fmt: skip
