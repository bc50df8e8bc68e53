"""The simulated studies of docs/peers.md: two conditions, seeds, twenty languages. Needs numpy and pandas alone."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
import pandas as pd

Array = np.ndarray
ROOT = 2027
LANGUAGES, MEAN, LANGUAGE_SD = 20, 60.0, 8.0  # points
EFFECT, EFFECT_SD = 1.5, 1.0  # points: the mean effect, and its sd over languages
SEED_SD = 0.7  # of a seed: both conditions share its luck
RUN_SD = 1.0  # of a run: its languages share it
NOISE_SD = 1.0  # of a score
SEEDS, EFFECTS = (3, 5, 10), (0.0, EFFECT)


@dataclass(frozen=True)
class Study:
    """Scores of both conditions, (seeds, languages) in points; effects: the true one of each language."""

    base: Array
    new: Array
    effects: Array

    @property
    def base_runs(self) -> Array:
        """The mean over languages of each run of the baseline, (seeds,)."""
        return self.base.mean(axis=1)

    @property
    def new_runs(self) -> Array:
        """The same of the other condition."""
        return self.new.mean(axis=1)

    @cached_property
    def table(self) -> pd.DataFrame:
        """Four columns as people have them: method, seed, lang, acc (a fraction)."""
        seeds, languages = self.base.shape
        return pd.DataFrame(
            {
                "method": np.repeat(["base", "new"], seeds * languages),
                "seed": np.tile(np.repeat(np.arange(seeds), languages), 2),
                "lang": np.tile([f"l{place:02d}" for place in range(languages)], 2 * seeds),
                "acc": np.concatenate([self.base.ravel(), self.new.ravel()]) / 100,
            }
        )


def drawn(seeds: int, effect: float, number: int) -> Study:
    """The study of this number: the same whoever asks for it."""
    rng = np.random.default_rng([ROOT, seeds, round(100 * effect), number])
    languages = rng.normal(MEAN, LANGUAGE_SD, LANGUAGES)
    effects = rng.normal(effect, EFFECT_SD, LANGUAGES) if effect else np.zeros(LANGUAGES)
    luck = rng.normal(0, SEED_SD, (seeds, 1))

    def scores(of_languages: Array) -> Array:
        run = rng.normal(0, RUN_SD, (seeds, 1))
        return of_languages + luck + run + rng.normal(0, NOISE_SD, (seeds, LANGUAGES))

    return Study(scores(languages), scores(languages + effects), effects)
