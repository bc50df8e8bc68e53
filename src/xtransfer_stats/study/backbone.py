"""The recipe's backbone: the pretrained encoder, and how its sentences are compared."""

from typing import Any, Literal

from pydantic import Field, model_validator

from xtransfer_stats.study.recipepart import Part

EMBEDDED = "e5-small-q4"  # the backbone that comes with a package


class Backbone(Part):
    """The pretrained encoder; freeze is the number of frozen lower layers, or "none" to train everything.

    Where sentences are retrieved without training for it (BUCC, Tatoeba), they are compared by the output of
    `retrieval_layer`, the n-th layer counted from 1 (default: the last), as `retrieval_pooling` puts tokens together.
    Phang et al.'s layer 13 is 13 here; jiant, which counts the embeddings as the first, says 14. Mewsli-X and
    LAReQA are not concerned: their encoders were trained for what the last layer says.
    """

    model: str
    revision: str | None = None
    freeze: int | Literal["none"] = "none"
    max_length: int = Field(128, ge=8, le=8192)
    retrieval_layer: int | None = Field(None, ge=1)
    retrieval_pooling: Literal["mean", "cls"] = "mean"

    @model_validator(mode="after")
    def _layer_is_kept(self) -> "Backbone":
        layer, freeze = self.retrieval_layer, self.freeze
        if layer is not None and freeze != "none" and layer < freeze:
            raise ValueError(
                f"retrieval_layer = {layer}: of the frozen layers only the last one's output is kept; "
                f"choose {freeze} or more, or a lower freeze"
            )
        return self

    def representation(self) -> dict[str, Any]:
        """How sentences are compared without training, as far as it is not the default."""
        found: dict[str, Any] = {} if self.retrieval_layer is None else {"layer": self.retrieval_layer}
        return found | ({} if self.retrieval_pooling == "mean" else {"pooling": self.retrieval_pooling})
