"""Which rules normalise a target task's answers before they are compared: the catalogue names them."""

from collections.abc import Callable, Mapping

from xtransfer_stats.metrics import mlqa, squad
from xtransfer_stats.metrics.squad import Normaliser

SQUAD, MLQA = "squad", "mlqa"


def _mlqa(language: str) -> Normaliser:
    # MLQA's embedded twin is also in languages that MLQA does not have: SQuAD's rules, as XTREME's script has for all.
    return mlqa.normaliser(language) if language in mlqa.LANGUAGES else squad.normalise


RULES: Mapping[str, Callable[[str], Normaliser]] = {SQUAD: lambda language: squad.normalise, MLQA: _mlqa}


def normaliser(rules: str, language: str) -> Normaliser:
    """Return the normalisation of answers in a language.

    "squad": lower case, no ASCII punctuation, no English articles, whatever the language (XQuAD, TyDiQA in XTREME);
    "mlqa": MLQA's, by language. Raises KeyError for other rules.
    """
    return RULES[rules](language)
