"""From a recipe to the graph of steps: pretrained -> intermediate -> target training -> evaluations.

Steps that runs or benchmarks share come out with the same key, so they exist once: XQuAD and MLQA
score one SQuAD training, untrained retrieval from the pretrained encoder is scored once for all seeds.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.base.models import short_names
from xtransfer_stats.base.resources import nearest
from xtransfer_stats.study.builder import Builder
from xtransfer_stats.study.design import Run, runs
from xtransfer_stats.study.recipe import Recipe
from xtransfer_stats.study.step import Step
from xtransfer_stats.study.versions import Versions, current


@dataclass(frozen=True)
class Plan:
    """The steps of a study in an order in which each stands after its parents.

    `scores` maps (run name, target task) to the evaluation steps and the languages that each scores. `versions` are
    those of its data sets, under the names of study.versions. `parts`: of a study of several backbones, the plan of
    each; `scores` are then theirs, and `runs` those that each of them has.
    """

    recipe: Recipe
    runs: tuple[Run, ...]
    steps: Mapping[str, Step]
    scores: Mapping[tuple[str, str], tuple[tuple[str, tuple[str, ...]], ...]]
    versions: Mapping[str, str] = field(default_factory=dict)
    parts: tuple["Plan", ...] = ()

    @property
    def each(self) -> tuple["Plan", ...]:
        """The plan of every backbone alone; this one where there is one."""
        return self.parts or (self,)

    def of_kind(self, kind: str) -> list[Step]:
        """The plan's steps of one kind."""
        return [step for step in self.steps.values() if step.kind == kind]

    def users(self) -> dict[str, tuple[set[str], set[str]]]:
        """Step key -> the runs and the benchmarks whose scores need the step."""
        users: dict[str, tuple[set[str], set[str]]] = {key: (set(), set()) for key in self.steps}
        for part in self.parts:
            for key, (served, benchmarks) in part.users().items():
                users[key][0].update(served)
                users[key][1].update(benchmarks)
        cells = self.recipe.study.cells()
        for (run, target), evaluations in self.scores.items():
            for key, languages in evaluations:
                served = {name for name, tasks in cells.items() if set(languages).intersection(tasks.get(target, ()))}
                users[key][0].add(run)
                users[key][1].update(served)
        for key in reversed(list(self.steps)):  # children stand after their parents
            for parent in self.steps[key].parents.values():
                users[parent][0].update(users[key][0])
                users[parent][1].update(users[key][1])
        return users

    def shared(self) -> Mapping[str, int]:
        """Number of steps that serve several runs, several benchmarks, and either."""
        counts = [(len(runs) > 1, len(benchmarks) > 1) for runs, benchmarks in self.users().values()]
        several_runs, several_benchmarks = map(sum, zip(*counts, strict=True))
        return {"runs": several_runs, "benchmarks": several_benchmarks, "either": sum(map(any, counts))}


def make_plan(recipe: Recipe, version: Versions = current) -> Plan:
    """Return the whole graph of a study; nothing is read or trained. `version` tells that of a data set.

    Raises RecipeError for a checkpoint that stands in for a task set that no run has.
    """
    versions: dict[str, str] = {}
    called = short_names(recipe.backbone.models) if recipe.backbone.others else {}
    parts = tuple(_of_one(one, version, versions, called.get(one.backbone.model, "")) for one in recipe.parts())
    if not called:
        return parts[0]
    steps = {key: step for part in parts for key, step in part.steps.items()}
    return Plan(recipe, parts[0].runs, steps, {}, versions, parts)


def _of_one(recipe: Recipe, version: Versions, versions: dict[str, str], label: str) -> Plan:
    """The graph of one backbone; `versions` known before are not asked for again."""
    builder, study = Builder(recipe, version, versions=versions, label=label), recipe.study
    planned = [Run(0, 0, ())]  # the overlap control has no encoder, hence one baseline run only
    if study.control != "overlap":
        planned = runs(recipe.intermediate.tasks, study.tasks, study.seeds, study.root_seed,
                       sets=study.sets, cross=study.cross, baselines=study.baselines,
                       singles=study.singles)  # fmt: skip
        drawn = {run.set_name for run in planned if run.task_set}
        for name in (name for name in recipe.intermediate.checkpoints if name not in drawn):
            raise RecipeError(
                f"intermediate.checkpoints: no run has the task set {name!r}: "
                f"{nearest(name, drawn)}the sets drawn are {', '.join(sorted(drawn)) or 'none'}"
            )
    scores = {
        (run.name, target): tuple(builder.evaluations(run, target)) for run in planned for target in builder.targets
    }
    return Plan(recipe, tuple(planned), builder.steps, scores, builder.versions)
