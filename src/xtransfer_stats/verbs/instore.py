"""A study in a store: plan, survey and score frame, each made once, whatever verbs ask for them."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.formats import counted
from xtransfer_stats.base.places import named
from xtransfer_stats.base.resources import STORE, nearest
from xtransfer_stats.base.usertext import shown
from xtransfer_stats.store import register, studies
from xtransfer_stats.store.manifest import Look
from xtransfer_stats.store.store import State, Store
from xtransfer_stats.store.survey import Survey, survey
from xtransfer_stats.study.backbones import BackboneShape, reading_notes
from xtransfer_stats.study.plan import Plan, make_plan
from xtransfer_stats.study.recipe import Recipe
from xtransfer_stats.study.step import KINDS
from xtransfer_stats.study.versions import Versions, current, remembered

if TYPE_CHECKING:
    import pandas as pd


_MOST_NAMED = 5  # damaged steps and trainings at chance level; `xstats status` and the report name all
_PUBLISHED = (State.DONE, State.THINNED)


def _some(texts: Sequence[str], between: str) -> str:
    """The first of them, and how many more there are."""
    more = f"{between}and {len(texts) - _MOST_NAMED} more" if len(texts) > _MOST_NAMED else ""
    return between.join(texts[:_MOST_NAMED]) + more


def _backbones(recipe: Recipe) -> str:
    """ "backbone a", "backbones a and b, each of them"."""
    *first, last = recipe.backbone.models
    return f"each from {len(first) + 1} backbones: {', '.join(first)} and {last}" if first else f"backbone {last}"


def require_backbone(name: str, known: Sequence[str]) -> None:
    """Raise DataError, with the nearest, where a name is none of a study's backbones."""
    if name not in known:
        wanted = f"backbone {shown(name)}"
        raise DataError(f"{wanted}: {nearest(name, known)}there are {', '.join(known)}", [wanted])


@dataclass(frozen=True, repr=False)
class Status:
    """design: the study in one sentence. counts: kind -> state -> steps, of the kinds that the study has.

    damaged, failed: a sentence a step, the failures' first line. collapsed: one on trainings at chance level, if any.
    beside: a sentence for each file beside the steps that is not as it was written.
    """

    study: str
    design: str
    counts: Mapping[str, Mapping[str, int]]
    damaged: tuple[str, ...]
    failed: tuple[str, ...]
    collapsed: tuple[str, ...] = ()
    beside: tuple[str, ...] = ()

    @property
    def missing(self) -> int:
        """How many steps are not there."""
        return sum(states[State.MISSING] for states in self.counts.values())

    @property
    def complete(self) -> bool:
        """Whether every step is done, its weights kept or not."""
        return not any(states[State.MISSING] + states[State.DAMAGED] for states in self.counts.values())

    def to_dict(self) -> dict[str, Any]:
        """As `--json` prints it; of counts, kind -> state -> steps."""
        counts = {kind: dict(states) for kind, states in self.counts.items()}
        return {**asdict(self), "counts": counts, "missing": self.missing, "complete": self.complete}

    def __repr__(self) -> str:
        rows = (
            f"{kind}: " + ", ".join(f"{n} {state}" for state, n in s.items() if n) for kind, s in self.counts.items()
        )
        return "\n".join([self.design, *rows, *self.sentences()])

    def sentences(self) -> tuple[str, ...]:
        """What is said under the counts."""
        return (*self.damaged, *self.failed, *self.collapsed, *self.beside)


class StudyInStore:
    """A study of a store: the one called `name`, the one that was run last, or a recipe that is yet to run.

    place: the store's folder. recipe: plan it in place of what the store remembers, `versions` telling those of its
    data sets. Nothing is read before it is asked for; then StoreError is raised where there is no store or no study.
    """

    def __init__(
        self,
        place: str | Path = STORE,
        name: str | None = None,
        *,
        recipe: Recipe | None = None,
        versions: Versions = current,
    ) -> None:
        self.place = named(place, "store")
        self.store = Store(self.place)
        self._name, self._recipe, self._versions = name, recipe, versions
        self._whole: StudyInStore | None = None  # the study of several backbones that this is one of

    def __repr__(self) -> str:
        name = self._recipe.study.name if self._recipe else self._name
        return f"{type(self).__name__}({str(self.place)!r}, {name!r})"

    @cached_property
    def _remembered(self) -> studies.StoredStudy:
        return studies.recall(self.store.opened(), self._name)

    @property
    def recipe(self) -> Recipe:
        """What the study trains, on what, how often."""
        return self._recipe or self._remembered.recipe

    @property
    def name(self) -> str:
        """The study's name."""
        return self.recipe.study.name

    @cached_property
    def plan(self) -> Plan:
        """Every step of the study, and which evaluations score which run."""
        versions = self._versions if self._recipe else remembered(self._remembered.versions)
        return make_plan(self.recipe, versions)

    @cached_property
    def survey(self) -> Survey:
        """What the store has of the study, and what the rest costs."""
        return survey(self.plan, self.store, self.shapes)

    @cached_property
    def shapes(self) -> Mapping[str, BackboneShape]:
        """The backbones' sizes and ways by name, as their first steps found them; `run` looks for them before."""
        known = ((part.recipe.backbone.model, self._shape(part)) for part in self.plan.each)
        return {name: shape for name, shape in known if shape is not None}

    def _shape(self, part: Plan) -> BackboneShape | None:
        (step,) = part.of_kind("pretrained")[:1] or (None,)
        if step is None or self.store.state(step, Look.SIZES)[0] not in _PUBLISHED:
            return None
        facts = self.store.manifest(step)["facts"].get("backbone")
        return BackboneShape.read(facts) if facts else None

    @property
    def backbone(self) -> BackboneShape | None:
        """The first backbone's sizes and ways; None where they are not known."""
        return self.shapes.get(self.recipe.backbone.model)

    @property
    def reading(self) -> tuple[str, ...]:
        """What a reader of the scores should know of how the backbones read; none of an encoder."""
        known = [(part.recipe, self.shapes.get(part.recipe.backbone.model)) for part in self.plan.each]
        told = (sentence for recipe, shape in known if shape for sentence in reading_notes(recipe, shape))
        return tuple(dict.fromkeys(told))

    @property
    def backbones(self) -> tuple[str, ...]:
        """The study's backbones by name."""
        return self.recipe.backbone.models

    @property
    def backbone_asked(self) -> str | None:
        """The backbone of a study of several that this is; None for a whole study."""
        return None if self._whole is None else self.recipe.backbone.model

    def of_backbone(self, name: str) -> Self:
        """The study of one of its backbones alone; raises DataError for a name that is none of them."""
        require_backbone(name, self.backbones)
        if len(self.backbones) == 1:
            return self
        plan = next(part for part in self.plan.each if part.recipe.backbone.model == name)
        study = type(self)(self.place, recipe=plan.recipe, versions=self._versions)
        study.__dict__ |= {"plan": plan, "_whole": self}
        return study

    @cached_property
    def frame(self) -> "pd.DataFrame":
        """The score frame: one row a run, target task, language and metric."""
        from xtransfer_stats.store.scores import score_frame

        return score_frame(self.plan, self.store)

    @cached_property
    def looks(self) -> int | None:
        """How many states of the scores were looked at, this one included; None where nothing can be counted."""
        from xtransfer_stats.stats.core.signature import data_hash
        from xtransfer_stats.store.studies import count_look

        if self._whole is not None:
            return self._whole.looks
        return count_look(self.store, self.name, data_hash(self.frame))

    def predictions(self) -> "pd.DataFrame":
        """Outcomes of every test example; raises DataError where no evaluation is finished."""
        from xtransfer_stats.store.scores import predictions

        return predictions(self.plan, self.store)

    def renewed(self) -> Self:
        """The study as it stands in its store now; the plan stays."""
        study = type(self)(self.place, self._name, recipe=self._recipe, versions=self._versions)
        study.__dict__ |= {key: value for key, value in self.__dict__.items() if key in ("plan", "_remembered")}
        return study

    @property
    def design(self) -> str:
        """The study in one sentence."""
        recipe, study = self.recipe, self.recipe.study
        sets = (
            f"crossed, {study.cross} sets a count" if study.cross else f"{counted(study.sets, 'set')} a seed and count"
        )
        sets += f", each of {len(self.recipe.intermediate.tasks)} tasks alone" if study.singles else ""
        counts = ",".join(map(str, (0, *study.tasks)))
        seeds, runs = counted(study.seeds, "seed"), counted(len(self.plan.runs), "run")
        return (
            f"{study.name}: {seeds}, task counts {counts}, {sets}, {runs}, "
            f"{_backbones(recipe)}, {' and '.join(study.benchmarks)}"
        )

    def status(self) -> Status:
        """What of the study is done, missing, failed or damaged."""
        states = Counter((self.plan.steps[key].kind, state) for key, state in self.survey.states.items())
        counts = {kind: {str(state): states[kind, state] for state in State} for kind in KINDS}
        kept = {kind: numbers for kind, numbers in counts.items() if sum(numbers.values())}
        troubles = tuple(register.troubles(self.store))
        return Status(
            self.name, self.design, kept, tuple(self._damaged()), tuple(self._failed()), self.collapsed, troubles
        )

    @property
    def collapsed(self) -> tuple[str, ...]:
        """A sentence on the finished target trainings that ended at chance level; none where none did."""
        from xtransfer_stats.store.scores import ended_at_chance

        trained = [step for step in self.plan.of_kind("target") if self.store.state(step, Look.SIZES)[0] in _PUBLISHED]
        names = [step.name for step in trained if ended_at_chance(self.store, step)]
        said = f"{len(names)} of {len(trained)} trainings ended at chance level (collapsed): {_some(names, ', ')}."
        return (said,) if names else ()

    @cached_property
    def remarks(self) -> tuple[str, ...]:
        """What a reader of the scores should know of the store: which study was taken, and all that is damaged."""
        return (*self._taken(), *self._broken(), *register.troubles(self.store))

    def _taken(self) -> Iterator[str]:
        others = [name for name in studies.names(self.store) if name != self.name]
        if others and self._name is None and self._recipe is None:
            yield f"Study {self.name!r}, the one run last; the store also holds {', '.join(others)}."

    def _broken(self) -> Iterator[str]:
        # By sizes: to read weights for a copied store's scores would take longer than all else.
        looks = ((key, self.store.state(step, Look.SIZES)[1]) for key, step in self.plan.steps.items())
        found = [(key, trouble) for key, trouble in looks if trouble]
        if found:
            named = _some([f"{self.named(key)}: {trouble}" for key, trouble in found], "; ")
            are = "step of the study is" if len(found) == 1 else "steps of the study are"
            yield f"{len(found)} {are} damaged, `xstats run` redoes {'it' if len(found) == 1 else 'them'}: {named}."

    def _damaged(self) -> Iterator[str]:
        for key in self.survey.damaged():
            yield f"{self.named(key)}: {self.survey.reasons[key]}"

    def _failed(self) -> Iterator[str]:
        for key in self.survey.missing():
            message = self.store.failure(self.plan.steps[key])
            if message:
                yield f"failed: {self.named(key)}: {message.splitlines()[0]}"

    def named(self, key: str) -> str:
        """A step's kind and name."""
        step = self.plan.steps[key]
        return f"{step.kind} {step.name}"
