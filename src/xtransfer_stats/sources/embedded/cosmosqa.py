"""Twin of Cosmos QA: a log of commands, four choices of what the assistant says next.

The assistant answers the last command. The wrong choices answer the earlier ones, the last one's opposite and
other topics.
"""

import random
from collections.abc import Iterator
from functools import partial

from xtransfer_stats.sources.embedded.acts import Stage
from xtransfer_stats.sources.embedded.choice import Draft, joined, ranked
from xtransfer_stats.sources.embedded.registry import TRANSLATIONS, twin
from xtransfer_stats.sources.embedded.seeds import RngFor
from xtransfer_stats.sources.embedded.speaker import Speaker
from xtransfer_stats.sources.source import Example
from xtransfer_stats.tasks.task import Family


@twin("cosmosqa", family=Family.MULTIPLE_CHOICE, languages=("en",), translations=TRANSLATIONS)
def cosmosqa(language: str, split: str, rng_for: RngFor) -> Iterator[Example]:
    """Logs of two or three commands."""
    stage, rng = Stage(Speaker(language, split)), rng_for()
    return ranked(partial(_draft, stage, rng), 4, rng)


def _draft(stage: Stage, rng: random.Random) -> Draft | None:
    acts = rng.sample(stage.acts, rng.choice((2, 3)))
    log = [stage.command(topic, side, rng) for topic, side in acts]
    if not all(log):
        return None
    topic, side = acts[-1]
    # The opposite and the earlier commands' answers are always among those to choose from.
    wrong = {(topic, 1 - side), *acts[:-1]}
    rest = [act for act in stage.acts if act not in wrong and act != (topic, side)]
    chosen = [*wrong, *rng.sample(rest, 3)]
    prompt = joined((said.text for said in log if said), stage.speaker.language)
    return Draft(prompt, stage.reply_to(topic, side), tuple(stage.reply_to(*act) for act in chosen))
