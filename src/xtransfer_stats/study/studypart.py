"""The recipe's table [study]: name, benchmarks and design."""

from typing import Any, Literal

from pydantic import Field, field_validator, model_validator

from xtransfer_stats.study.intermediate import Variant
from xtransfer_stats.study.recipepart import RecipePart, check_known
from xtransfer_stats.tasks.benchmarks import Tatoeba, benchmark_names, cells_of, undeclared
from xtransfer_stats.tasks.catalogue import TARGET_TASKS, XTREME_R
from xtransfer_stats.tasks.codes import canonical

Control = Literal["none", "random-init", "overlap"]
Keep = Literal["all", "intermediate", "scores"]  # whose weights stay once nothing of the plan needs them


class StudyPart(RecipePart):
    """Name, benchmarks and design.

    `collapsed` is fixed before anything runs: whether a run at chance level on its English dev data counts
    like any other, or is left out whole.
    """

    name: str = Field(min_length=1, pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]*$")
    benchmarks: tuple[str, str]
    targets: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    root_seed: int = Field(2005, ge=0)
    seeds: int = Field(5, ge=1)
    tasks: tuple[int, ...] = (3,)
    sets: int = Field(1, ge=1)
    cross: int = Field(0, ge=0)
    baselines: int = Field(1, ge=1)
    tatoeba: Tatoeba = "per-benchmark"
    control: Control = "none"
    variant: Variant = "none"
    keep: Keep = "all"
    collapsed: Literal["keep", "exclude"] = "keep"

    @field_validator("benchmarks")
    @classmethod
    def _benchmarks(cls, names: tuple[str, str]) -> tuple[str, str]:
        check_known("benchmark", names, benchmark_names())
        if names[0] == names[1]:
            raise ValueError(f"benchmarks = {names[0]!r} twice: the study compares two different ones")
        return names

    @field_validator("targets")
    @classmethod
    def _targets(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        check_known("target task", names, TARGET_TASKS)
        return names

    @field_validator("languages")
    @classmethod
    def _languages(cls, names: tuple[str, ...]) -> tuple[str, ...]:
        """Any common code of a language is taken; the catalogue's is kept."""
        spoken = XTREME_R.union(*(task.languages for task in TARGET_TASKS.values()))
        codes = tuple(dict.fromkeys(canonical(name) or name for name in names))
        check_known("language", codes, spoken)
        return codes

    @field_validator("tasks", mode="before")
    @classmethod
    def _counts(cls, counts: Any) -> Any:
        """The baseline 0 is always included, so it is neither needed nor kept among the counts."""
        counts = (counts,) if isinstance(counts, int) else counts
        return tuple(sorted({count for count in counts if count != 0}))

    @model_validator(mode="after")
    def _has_cells(self) -> "StudyPart":
        replaced = undeclared(self.targets, self.tatoeba)
        if replaced:
            raise ValueError(
                f"targets name {replaced!r}, which tatoeba = {self.tatoeba!r} replaces in both benchmarks: "
                "name the other Tatoeba, or leave the key tatoeba out"
            )
        for benchmark, cells in self.cells().items():
            if not cells:
                raise ValueError(f"targets and languages leave no cell of {benchmark!r}: name one of its target tasks")
        if self.sets > 1 and self.cross:
            raise ValueError(f"sets = {self.sets} (nested) and cross = {self.cross} (factorial) exclude each other")
        return self

    def cells(self) -> dict[str, dict[str, tuple[str, ...]]]:
        """benchmark -> target task -> languages, as restricted by this study."""
        return {
            name: cells_of(name, targets=self.targets, languages=self.languages, tatoeba=self.tatoeba)
            for name in self.benchmarks
        }
