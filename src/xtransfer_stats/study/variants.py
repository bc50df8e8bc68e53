"""The paper's two alternatives to plain English intermediate training, as a recipe states them and a plan uses them.

mlm: multilingual masked language modelling as one more task of every set (Phang et al. 2020, section on multilingual
MLM, read in the draft: language sampling exponent 0.3, batch 8, learning rate 5e-6).
translated: the intermediate tasks' training data in other languages beside English. Which tasks, languages and
system the paper took was not read: here every task of a set, and a language is drawn for each batch, all
alike, so that the number of steps stays that of the English study.
"""

from typing import Any, Literal

from pydantic import Field, field_validator

from xtransfer_stats.study.recipepart import Part, known
from xtransfer_stats.tasks.codes import canonical
from xtransfer_stats.tasks.languages import XTREME_R

Variant = Literal["none", "mlm", "translated"]


class _Spoken(Part):
    languages: tuple[str, ...] = ()

    @field_validator("languages")
    @classmethod
    def _languages(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        codes = tuple(dict.fromkeys(canonical(name) or name for name in names))
        known("language", codes, XTREME_R)
        return codes


class Mlm(_Spoken):
    """Multilingual MLM: its languages (default: the study's), each drawn in proportion to its size ** alpha."""

    alpha: float = Field(0.3, ge=0, le=1)
    batch_size: int = Field(8, ge=1)
    learning_rate: float | None = Field(None, gt=0)

    def args(self, languages: tuple[str, ...]) -> dict[str, Any]:
        """What a step is told of it."""
        return {"languages": list(languages), "alpha": self.alpha, "batch_size": self.batch_size}


class Translated(_Spoken):
    """Training data in other languages: had from the source, or made from the English ones by a model.

    `source` is another source of them, `model` an encoder-decoder, in whose name {language} stands for the code.
    """

    languages: tuple[str, ...] = ("de", "es", "fr", "ru")
    source: str | None = None
    model: str | None = None
