"""A whole study in this process, step after step, on the embedded data: seconds with a tiny model."""

from pathlib import Path

from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.study.recipe import Recipe, parse_recipe
from xtransfer_stats.training.phases import run_step

BRIEF = {"steps": 2, "evaluate_every": 2, "batch_size": 4}


TARGETS = ("xnli", "panx", "tydiqa", "tatoeba")


def small_recipe(
    model: Path | str, *, targets=TARGETS, variant: str = "none", checkpointing: bool = False, **backbone
) -> Recipe:
    """Two runs on one intermediate task and the target tasks, a few examples each."""
    settings = BRIEF | ({"gradient_checkpointing": True} if checkpointing else {})
    precision = {"precision": backbone.pop("precision", "fp32")}
    study = {
        "name": "small", "benchmarks": ["xtreme-mini", "xtreme-r-mini"], "seeds": 1, "tasks": [1], "variant": variant,
        "targets": list(targets), "languages": ["de"],
    }  # fmt: skip
    table = {
        "study": study,
        "backbone": {"model": str(model), "max_length": 48, **backbone},
        "source": {"train": 8, "dev": 4, "test": 4},
        "intermediate": {"tasks": ["qqp"], "settings": settings | precision},
        "target": {"settings": settings | precision},
    }
    return parse_recipe(table, "small")


def run_small(recipe: Recipe, folder: Path) -> dict[str, Path]:
    """Run every step of the recipe's plan; return evaluations by name, with scores.json in each."""
    plan, done = make_plan(recipe), {}
    for number, (key, step) in enumerate(plan.steps.items()):
        done[key] = folder / f"{number:03d}"
        done[key].mkdir(parents=True)
        inputs = {role: done[parent] for role, parent in step.parents.items()}
        run_step(step.kind, step.given(), inputs, done[key], lambda done, total: None)
    return {step.name: done[step.key] for step in plan.of_kind("evaluation")}
