"""Unlabelled text of many languages for the variant "mlm": commands where there are templates, else CLDR phrases.

The paper has two million sentences of Wikipedia in XTREME's languages; these are a few hundred a language.
"""

from collections.abc import Iterator

from xtransfer_stats.sources.embedded import cldr_tagging, command_tagging
from xtransfer_stats.sources.embedded.commands import Speaker
from xtransfer_stats.sources.embedded.draws import RngFor, distinct
from xtransfer_stats.sources.embedded.registry import twin
from xtransfer_stats.sources.source import Sentence
from xtransfer_stats.tasks.task import Family

LANGUAGES = tuple(sorted({*command_tagging.LANGUAGES, *cldr_tagging.LANGUAGES}))
_TRIES = 200


@twin("mlm", family=Family.MASKED_LM, languages=LANGUAGES, translations=[code for code in LANGUAGES if code != "en"])
def mlm(language: str, split: str, rng_for: RngFor) -> Iterator[Sentence]:
    """Distinct sentences; English has a dev split, by which training is stopped."""
    texts = (_commands if language in command_tagging.LANGUAGES else _phrases)(language, split, rng_for)
    return (Sentence("", text) for text in distinct(lambda: next(texts) or None, str, _TRIES + 1))


def _commands(language: str, split: str, rng_for: RngFor) -> Iterator[str]:
    speaker, rng = Speaker(language, split), rng_for("commands")
    frames = sorted(speaker.grammar.frames)
    while True:
        intent, frame = rng.choice(frames)
        utterance = speaker.command(intent, frame, rng, {})
        yield utterance.text if utterance else ""


def _phrases(language: str, split: str, rng_for: RngFor) -> Iterator[str]:
    rng = rng_for("phrases")
    while True:
        yield "".join(stretch for stretch, _ in cldr_tagging.sentence(language, split, rng))
