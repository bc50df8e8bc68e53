"""What the estimate of a dry run assumes of machine, model and data; a recipe's [costs] overrides it."""

from pydantic import BaseModel, ConfigDict, Field


class Costs(BaseModel):
    """Assumptions of an estimate.

    The peak is that of one A100 in bf16, dense, as its data sheet gives it; `utilisation` the share of it that
    trainings and evaluations reach. `parameters` are those of a backbone that data/backbones.toml does not know,
    `examples` those of a split whose size was not read.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    accelerator: str = "A100, bf16"
    peak_tflops: float = Field(312.0, gt=0)
    utilisation: float = Field(0.35, gt=0, le=1)
    parameters: int | None = Field(None, ge=1)
    examples: int = Field(10_000, ge=1)
    choices: int = Field(4, ge=2)
    token_bytes: int = Field(8, ge=1)
    prediction_bytes: int = Field(200, ge=1)
