"""What a finished plan foretells: what its sources lack, and GPU time and disk of training the whole backbone.

The latter from sizes alone: 6 N T floating-point operations for training on T tokens with N parameters and 2 N T for a
forward pass (Kaplan et al. 2020, arXiv 2001.08361, without embeddings), at a share of the accelerator's peak. Every
example counts with its full `max_length`, every training with all its steps, so the estimate is an upper one.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from functools import cache

from xtransfer_stats.base.errors import RecipeError, XstatsError
from xtransfer_stats.base.models import EMBEDDED
from xtransfer_stats.sources.registry import source_at
from xtransfer_stats.sources.source import held_back
from xtransfer_stats.study.backbones import BackboneShape, known
from xtransfer_stats.study.plan import Plan
from xtransfer_stats.study.recipe import Recipe
from xtransfer_stats.study.step import Step
from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS, TARGET_TASKS, TARGET_TRAININGS
from xtransfer_stats.tasks.task import Family


@dataclass(frozen=True)
class Blocked:
    """A split of a data set that cannot be had in some languages, and why, with the remedy."""

    dataset: str
    split: str
    languages: tuple[str, ...]
    why: str

    def __str__(self) -> str:
        return f"{self.dataset}, {self.split}, {' '.join(self.languages)}"


def blocked(plan: Plan) -> list[Blocked]:
    """Every split of the plan that its source does not have, languages that lack the same together."""
    reasons: dict[tuple[str, str], dict[str, str]] = {}
    for step in plan.of_kind("features"):
        language = "en" if "translate" in step.args else str(step.args["language"])
        why = _why(step, language)
        if why:
            reasons.setdefault((step.args["dataset"], step.args["split"]), {})[language] = why
    return [Blocked(*key, tuple(by_language), next(iter(by_language.values()))) for key, by_language in reasons.items()]


def warned(plan: Plan) -> tuple[str, ...]:
    """What is odd about the data of the plan, as their sources say it, each sentence once."""
    told = (_warnings(step) for step in plan.of_kind("features"))
    return tuple(dict.fromkeys(sentence for sentences in told for sentence in sentences))


def _warnings(step: Step) -> tuple[str, ...]:
    language = "en" if "translate" in step.args else str(step.args["language"])
    try:
        source = source_at(step.places["source"])
    except XstatsError:
        return ()  # told as blocked
    return source.warnings(step.args["dataset"], step.args["split"], language)


def _why(step: Step, language: str) -> str:
    try:
        source = source_at(step.places["source"])
    except XstatsError as error:
        return str(error)
    return source.blocked(step.args["dataset"], step.args["split"], language)


def sentences(recipe: Recipe, lacking: list[Blocked]) -> Iterator[str]:
    """What is blocked, that of one reason together, and the largest count of intermediate tasks that is feasible."""
    by_reason: dict[str, list[Blocked]] = {}
    for split in lacking:
        by_reason.setdefault(split.why, []).append(split)
    for why, splits in by_reason.items():
        yield f"{'; '.join(map(str, splits))}: {why}"
    names, tasks = {split.dataset for split in lacking}, recipe.intermediate.tasks
    free = sum(task not in names for task in tasks)
    yield (
        f"{free} of {len(tasks)} intermediate tasks can be had: "
        f"task counts up to {free} are feasible without the others"
    )


_EMBEDDED_PARAMETERS = 118_000_000  # multilingual-e5-small
_LIKE = "xlm-roberta-large"  # what an unknown backbone is taken for
_HIDDEN_BYTES = 2  # a unit of a frozen layer's output is kept in fp16
_TRAINED_BYTES, _FROZEN_BYTES = 16, 4  # of memory a parameter: fp32, and three more of it where it is trained
_TRAIN, _FORWARD = 6, 2
# Texts an example is encoded as, where that is not one; choices are assumed.
_TEXTS = {Family.SENTENCE_RETRIEVAL: 2, Family.BITEXT_MINING: 2}


@dataclass(frozen=True)
class Estimate:
    """(seconds, bytes) by step key, and the assumptions in sentences."""

    steps: Mapping[str, tuple[float, float]]
    assumptions: tuple[str, ...]


Shapes = Mapping[str, BackboneShape]  # by the backbone's name, of those that are known


def foretold(plan: Plan, shapes: Shapes) -> Estimate | None:
    """The estimate of the steps of all backbones whose costs follow from sizes; None where no backbone's do."""
    parts = [(part, shapes.get(part.recipe.backbone.model)) for part in plan.each]
    found = [estimate(part, shape) for part, shape in parts if applies(part, shape)]
    if not found:
        return None
    steps = {key: cost for one in found for key, cost in one.steps.items()}
    return Estimate(steps, tuple(dict.fromkeys(sentence for one in found for sentence in one.assumptions)))


def applies(plan: Plan, backbone: BackboneShape | None = None) -> bool:
    """Whether the study's costs follow from sizes: of a backbone trained whole, or of one whose sizes are known."""
    recipe = plan.recipe
    # The costs of the embedded backbone are measured, in data/step_costs.toml.
    measured = recipe.backbone.model == EMBEDDED or recipe.study.control == "overlap"
    return not measured and (recipe.backbone.freeze == "none" or backbone is not None)


def estimate(plan: Plan, backbone: BackboneShape | None = None) -> Estimate:
    """Estimate every step of a plan from sizes, those of the backbone as it was found or, else, as large as another."""
    counter = _Counter(plan, backbone)
    steps = {key: counter.cost(step) for key, step in plan.steps.items()}
    return Estimate(steps, tuple(counter.assumptions()))


def parameters(recipe: Recipe) -> float:
    """Parameters of the recipe's largest backbone; an unknown one is taken for a large one."""
    return max(
        _EMBEDDED_PARAMETERS if part.backbone.model == EMBEDDED else _shape(part, None)[0].parameters
        for part in recipe.parts()
    )


def _shape(recipe: Recipe, backbone: BackboneShape | None) -> tuple[BackboneShape, bool]:
    """The sizes of the recipe's backbone, as found or told; and whether it is unknown and taken for another."""
    own = recipe.costs.parameters
    known_one = backbone or known(recipe.backbone.model.rstrip("/").rsplit("/", 1)[-1])
    shape = known_one or known(_LIKE)
    if shape is None:
        raise RecipeError(f"data/backbones.toml lacks {_LIKE}; install the package anew")
    return (replace(shape, parameters=own, multiplied=own) if own else shape), known_one is None and not own


class _Counter:
    """Counts the operations of each step of a plan, and the bytes that it keeps."""

    def __init__(self, plan: Plan, backbone: BackboneShape | None) -> None:
        self.plan, self.costs = plan, plan.recipe.costs
        self.shape, self.is_like_another = _shape(plan.recipe, backbone)
        freeze = plan.recipe.backbone.freeze
        below = 0 if freeze == "none" else freeze * self.shape.multiplied // max(1, self.shape.layers)
        self.below, self.above = below, self.shape.multiplied - below
        self.hidden = 0 if freeze == "none" else _HIDDEN_BYTES * self.shape.width  # of a token, kept
        self.whole = self.shape.parameters * self.shape.weight_bytes
        self.adapter = plan.recipe.backbone.lora
        self.weights = self.whole if freeze == "none" else self.above * self.shape.weight_bytes
        if self.adapter:
            self.weights = self._adapted() * _FROZEN_BYTES
        self.unread: set[str] = set()  # splits of no published size

    def cost(self, step: Step) -> tuple[float, float]:
        """Seconds and bytes of one step."""
        operations = {
            "pretrained": self.pretrained,
            "features": self.features,
            "intermediate": self.training,
            "target": self.training,
            "evaluation": self.evaluation,
        }
        flop, size = operations[step.kind](step)
        return flop / (self.costs.peak_tflops * 1e12 * self.costs.utilisation), size

    def pretrained(self, step: Step) -> tuple[float, float]:
        """Its weights are kept, nothing is computed."""
        return 0.0, self.whole

    def features(self, step: Step) -> tuple[float, float]:
        """Text is cut into tokens; the frozen layers read it once, and their output is kept."""
        tokens = self._tokens(step)
        return _FORWARD * self.below * tokens, tokens * (self.costs.token_bytes + self.hidden)

    def training(self, step: Step) -> tuple[float, float]:
        """Examples seen, and the dev examples of each look; a checkpoint that stands in for a training is only kept."""
        if "settings" not in step.args:
            return 0.0, self.weights
        settings, train, dev = step.args["settings"], self._features_of(step, "train"), self._features_of(step, "dev")
        sizes = [min(self._examples(one), settings["max_size_cap"]) for one in train]
        batch, epochs = settings["batch_size"], settings.get("epochs")
        seen = epochs * sum(sizes) if epochs else settings["steps"] * batch
        length = sum(size * self._length(one) for size, one in zip(sizes, train, strict=True)) / sum(sizes)
        held = sum(min(settings["dev_examples"], self._examples(one)) * self._length(one) for one in dev)
        looks = max(1.0, seen / batch / settings["evaluate_every"])
        return self.above * (_TRAIN * seen * length + _FORWARD * looks * held), self.weights

    def evaluation(self, step: Step) -> tuple[float, float]:
        """A forward pass over the examples, and over the pool that is searched."""
        splits = self._features_of(step, "dev", "test")
        pool = self._pool(splits[0])
        tokens = sum(self._tokens(one) for one in splits) + pool * splits[0].args["max_length"]
        examples = sum(self._examples(one) for one in splits)
        return self.above * tokens * _FORWARD, examples * self.costs.prediction_bytes

    def _features_of(self, step: Step, *splits: str) -> list[Step]:
        parents = [self.plan.steps[key] for key in step.parents.values()]
        return [one for one in parents if one.kind == "features" and one.args["split"] in splits]

    def _examples(self, features: Step) -> int:
        dataset, split, limit = (features.args[name] for name in ("dataset", "split", "limit"))
        size = _published(dataset, split)
        if size is None:
            self.unread.add(f"{dataset} {split}")
            size = self.costs.examples
        if split == "test" and Family(features.args["family"]).pooled:
            size = size // max(1, len(_sharers(dataset)))
        return min(size, limit) if limit else size

    def _pool(self, features: Step) -> int:
        limited = features.args["limit"]
        return 0 if limited else _sizes().get(features.args["dataset"], {}).get("candidates", 0)

    def _length(self, features: Step) -> int:
        family = Family(features.args["family"])
        texts = self.costs.choices if family is Family.MULTIPLE_CHOICE else _TEXTS.get(family, 1)
        return features.args["max_length"] * texts

    def _tokens(self, features: Step) -> int:
        return self._examples(features) * self._length(features)

    def _memory(self) -> int:
        """Bytes that a training holds, but for activations."""
        whole = self.plan.recipe.backbone.freeze == "none"
        trained = self._adapted() if self.adapter else self.shape.parameters if whole else self.above
        return _TRAINED_BYTES * trained + _FROZEN_BYTES * (self.shape.parameters - trained)

    def _adapted(self) -> int:
        """Parameters of an adapter: two matrices beside each of its parts in every layer, these taken as square."""
        parts = max(1, len(self.adapter.parts(self.shape.kind))) if self.adapter else 0
        return 2 * self.adapter.rank * self.shape.width * parts * self.shape.layers if self.adapter else 0

    def _frozen(self) -> str:
        freeze = self.plan.recipe.backbone.freeze
        return "" if freeze == "none" else f", {_millions(self.above)} of them above {freeze} frozen layers"

    def _longest(self) -> str:
        """The lengths of texts, where tasks have their own the range."""
        lengths = sorted({length for _, length in self.plan.recipe.backbone.lengths()})
        return f"{lengths[0]} to {lengths[-1]}" if lengths[1:] else str(lengths[0])

    def assumptions(self) -> list[str]:
        """The assumptions in sentences; [costs] of the recipe changes the figures."""
        costs, backbone = self.costs, self.plan.recipe.backbone
        sentences = [
            f"one {costs.accelerator} at {costs.utilisation:.0%} of {costs.peak_tflops:g} TFLOP/s",
            f"6 N T operations a training, 2 N T a forward pass, N = {_millions(self.shape.multiplied)} "
            f"parameters without the embeddings of {backbone.model}{self._frozen()}",
            f"every text {self._longest()} tokens long, no early stopping, {costs.choices} choices a question, "
            "one window a passage; an epoch passes each task once, up to max_size_cap examples of it",
            f"every checkpoint on disk at once, {self.weights / 1e6:,.1f} MB each; "
            f"{_KEPT[self.plan.recipe.study.keep]}",
            f"{self._memory() / 1e9:.2f} GB of memory a training for weights, gradients and AdamW's moments in fp32, "
            "activations aside",
        ]
        if self.is_like_another:
            sentences.append(f"{backbone.model} is as large as {_LIKE}: it was not looked at")
        if self.unread:
            sentences.append(
                f"{costs.examples:,} examples where the size was not read: {', '.join(sorted(self.unread))}"
            )
        return sentences


def _millions(number: float) -> str:
    return f"{number / 1e6:.0f}M" if number >= 1e7 else f"{number / 1e6:.2g}M"


_LESS = "this recipe keeps {}, so it is an upper bound"
_KEPT = {
    "all": "--keep drops those that nothing needs any more",
    "intermediate": _LESS.format("those of the intermediate phase"),
    "scores": _LESS.format("none that nothing needs any more"),
}


@cache
def _sizes() -> dict[str, Mapping[str, int]]:
    """Data set -> examples by split; a split that is not in it was not read."""
    trainings = (*INTERMEDIATE_TASKS.values(), *TARGET_TRAININGS.values())
    return {task.dataset: task.data.sizes for task in TARGET_TASKS.values()} | {
        task.name: task.data.sizes for task in trainings
    }


@cache
def _published(dataset: str, split: str) -> int | None:
    """Examples of a split as published; those held back from train where there is no dev split."""
    splits = _sizes().get(dataset, {})
    if split == "dev" and "dev" not in splits and "train" in splits:
        return len(held_back(range(splits["train"]), "dev"))
    return splits.get(split)


def _sharers(dataset: str) -> set[str]:
    """Languages that share the test examples of a pooled data set: those of the real benchmarks."""
    tasks = [task for task in TARGET_TASKS.values() if task.dataset == dataset]
    return {code for task in tasks for name in ("xtreme", "xtreme-r") for code in task.benchmarks.get(name, ())}
