"""Retrieval: BUCC, Tatoeba, Mewsli-X, LAReQA, and what Mewsli-X is trained on."""

from xtransfer_stats.tasks.codes import iso3
from xtransfer_stats.tasks.data import DataSet, HubPart
from xtransfer_stats.tasks.targets.entry import XQUAD, XTREME, XTREME_LICENCES, target
from xtransfer_stats.tasks.task import Family, TrainingTask

_GROUP = "retrieval"
_TATOEBA_OLD = (
    "af ar bg bn de el es et eu fa fi fr he hi hu id it ja jv ka kk ko ml mr nl pt ru sw ta te th tl tr ur vi zh"
)
_TATOEBA_NEW = "az lt pl ro uk"
_MEWSLIX_LANGUAGES = "ar de en es fa ja pl ro ta tr uk"


def _tatoeba_codes(languages: str) -> dict[str, str]:
    return {code: iso3(code) for code in languages.split()}


_BUCC = DataSet(
    sizes={"dev": 2_374, "test": 14_435},
    note="files only: bucc18.* of google/xtreme holds the gold pairs alone, without the sentences that have no "
    "partner, so mining them is another and easier task. The sample part is dev, the training part is test; the "
    "threshold is fitted on dev. Sizes are gold pairs, those of sentences were not read",
)
_TATOEBA = DataSet(
    hub=(
        HubPart(
            XTREME,
            {"test": "validation"},
            "tatoeba.{language}",
            codes=_tatoeba_codes(_TATOEBA_OLD),
            columns={"source": "source_sentence", "target": "target_sentence"},
            languages=tuple(_TATOEBA_OLD.split()),
        ),
        HubPart(
            "mteb/tatoeba-bitext-mining",
            {"test": "test"},
            "{language}-eng",
            codes=_tatoeba_codes(_TATOEBA_NEW),
            languages=tuple(_TATOEBA_NEW.split()),
        ),
    ),
    licence=XTREME_LICENCES,
    sizes={"test": 1_000},
    note="36 languages in the released code, 33 in XTREME's table, 37 in the draft. One split. ISO 639-3 codes. "
    "XTREME's download sorts the English side, so such files hold no gold. Columns of mteb's copy unread",
)
_MEWSLIX = DataSet(
    hub=(
        HubPart(
            "izhx/mewsli-x",
            {"train": "train", "dev": "validation"},
            "wikipedia_pairs",
            languages=("en",),
        ),
        HubPart(
            "izhx/mewsli-x",
            {"test": "test"},
            "{language}",
            languages=tuple(_MEWSLIX_LANGUAGES.split()),
            candidates="candidate_entities",
        ),
    ),
    licence="Apache-2.0 (card of izhx/mewsli-x)",
    sizes={"train": 167_719, "dev": 14_051, "test": 14_624, "candidates": 1_003_893},
    note="the released data (20220518_6) were drawn anew: scores are not comparable with the paper's. With one right "
    "entity mAP@20 is MRR@20. The splits of candidate_entities were not read",
)
_LAREQA = DataSet(
    files=("lareqa",),
    licence="CC BY-SA 4.0 (card of xquad_r)",
    sizes={"test": 13_090, "candidates": 13_014},
    note="files only: the hub's google-research-datasets/xquad_r lacks the sentence boundaries that make the pool. "
    "mAP is cut at 20 in XTREME-R, not in LAReQA's own repository. The released table gives it no language; "
    "the eleven of XQuAD-R count here",
)

TRAININGS = (
    TrainingTask("mewslix", Family.ENTITY_RETRIEVAL, "Mewsli-X English", frozenset({"mewslix"}), data=_MEWSLIX),
)
TARGETS = (
    target("bucc2018", Family.BITEXT_MINING, "BUCC 2018", "f1", _GROUP, None, _BUCC, xtreme="de fr ru zh"),
    # Two identities: XTREME scores the encoder as it is, XTREME-R one tuned on SQuAD (docs/catalogue.md).
    target("tatoeba", Family.SENTENCE_RETRIEVAL, "Tatoeba", "accuracy", _GROUP, None, _TATOEBA, xtreme=_TATOEBA_OLD),
    target("tatoeba_squad", Family.SENTENCE_RETRIEVAL, "Tatoeba (SQuAD-tuned)", "accuracy", _GROUP, "squad1", _TATOEBA,
           dataset="tatoeba", xtreme_r=f"{_TATOEBA_OLD} {_TATOEBA_NEW}"),
    target("mewslix", Family.ENTITY_RETRIEVAL, "Mewsli-X", "map@20", _GROUP, "mewslix", _MEWSLIX,
           xtreme_r=_MEWSLIX_LANGUAGES),
    target("lareqa", Family.ANSWER_RETRIEVAL, "LAReQA", "map@20", _GROUP, "squad1", _LAREQA, xtreme_r=XQUAD),
)  # fmt: skip
