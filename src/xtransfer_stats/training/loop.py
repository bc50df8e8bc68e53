"""The optimisation that all phases share: AdamW, linear warm-up and decay, clipping, early stopping."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from xtransfer_stats.base import seeds
from xtransfer_stats.study.settings import Settings
from xtransfer_stats.training.distributed import process_group
from xtransfer_stats.training.features import Progress
from xtransfer_stats.training.hardware import Precision, room_for
from xtransfer_stats.training.losses import Diverged, Losses, Parts
from xtransfer_stats.training.parts import Part
from xtransfer_stats.training.recording import Recorder


@dataclass
class History:
    """What training.json tells: mean training loss and dev scores at each evaluation.

    best_step and best_score are those of the weights that were kept.
    """

    rows: list[dict[str, Any]]
    best_step: int
    best_score: float
    steps: int
    stopped_early: bool


@dataclass(frozen=True)
class Objective:
    """What `fit` optimises: modules, for how many steps, in which precision.

    `parts` draws the next batch and yields its parts. `dev` gives dev scores, 0-100, by name. `recorded`: steps of
    batches alike are replayed.
    """

    modules: nn.ModuleList
    parts: Callable[[], Iterator[Part]]
    dev: Callable[[], Mapping[str, float]]
    steps: int
    precision: Precision
    recorded: bool = False


def learning_rate_share(step: int, steps: int, warmup: float) -> float:
    """Return the share of the peak rate at a step (from 0): linear up over the warm-up, then linear to 0."""
    rising = max(1, round(warmup * steps))
    if step < rising:
        return (step + 1) / rising
    return max(0.0, (steps - step) / max(1, steps - rising))


def _optimiser(modules: nn.Module, settings: Settings, recorded: bool) -> torch.optim.AdamW:
    parameters = [p for p in modules.parameters() if p.requires_grad]
    rate: Any = settings.learning_rate
    if recorded:  # a replayed step reads the rate where it stood when it was recorded
        rate = torch.tensor(rate, device=parameters[0].device)
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": settings.weight_decay},
        # biases and layer norms are not decayed, as in BERT
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
    groups = [group for group in groups if group["params"]]
    optimiser = torch.optim.AdamW(groups, lr=rate, fused=True, capturable=recorded)
    optimiser._warned_capturable_if_run_uncaptured = True  # some steps are not recorded
    return optimiser


def _set_rate(optimiser: torch.optim.Optimizer, rate: float) -> None:
    for group in optimiser.param_groups:
        if torch.is_tensor(group["lr"]):
            group["lr"].fill_(rate)
        else:
            group["lr"] = rate


class _Best:
    """Keeps the weights of the best dev score, equal scores keep the earlier; without early stopping the last."""

    def __init__(self, modules: nn.Module, settings: Settings) -> None:
        self.modules, self.patience = modules, settings.patience
        self.stops = settings.early_stopping != "none"
        self.score, self.step, self.waited = -1.0, 0, 0
        self.state: dict[str, Tensor] = {}

    def offer(self, score: float, step: int) -> bool:
        """Take note of a score; return whether patience is at its end."""
        if not self.stops:
            self.score, self.step = score, step
            return False
        if score > self.score:
            self.score, self.step, self.waited = score, step, 0
            self.state = self._copy()
        else:
            self.waited += 1
        return self.waited >= self.patience

    def _copy(self) -> dict[str, Tensor]:
        """The weights as they are, on their GPU where it has room for them, else in the processor's memory."""
        weights, self.state = self.modules.state_dict(), {}
        stay = room_for(sum(value.nbytes for value in weights.values()), next(iter(weights.values())).device)
        return {name: value.clone() if stay else value.to("cpu", copy=True) for name, value in weights.items()}

    def restore(self) -> None:
        if self.stops:
            self.modules.load_state_dict(self.state)


def fit(objective: Objective, settings: Settings, seed: int, progress: Progress) -> History:
    """Train the modules in place and leave them at their best dev score (mean of `dev`'s values, 0-100).

    Dropout has its own stream; the process's generator is untouched. Raises Diverged that names the first step whose
    loss is not finite, at that step on a processor, on a GPU when the losses are next read.
    """
    optimiser, scaler = _optimiser(objective.modules, settings, objective.recorded), objective.precision.scaler()
    device = objective.precision.device

    def update(parts: Iterator[Part]) -> Parts:
        return _update(optimiser, scaler, parts, settings.clip)

    make = Recorder(update, device) if objective.recorded else update
    best, rows, losses = _Best(objective.modules, settings), [], Losses(device)
    step, stop = 0, False
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(seeds.integer(seed, "dropout"))
        while step < objective.steps and not stop:
            objective.modules.train()
            _set_rate(optimiser, settings.learning_rate * learning_rate_share(step, objective.steps, settings.warmup))
            losses.add(make(objective.parts()))
            step += 1
            evaluates = step % settings.evaluate_every == 0 or step == objective.steps
            if evaluates or losses.due:
                _check(losses.read(), objective.steps, settings.learning_rate)
            progress(step, objective.steps)
            if evaluates:
                objective.modules.eval()
                scores = process_group().agreed(dict(objective.dev()))
                stop = best.offer(float(np.mean(list(scores.values()))), step)
                rows.append({"step": step, "loss": losses.mean(), "dev": scores})
    best.restore()
    objective.modules.eval()
    return History(rows, best.step, best.score, step, stopped_early=stop and step < objective.steps)


def _check(broken: tuple[int, float] | None, steps: int, rate: float) -> None:
    if broken is not None:
        raise Diverged(
            f"the loss is {broken[1]} at step {broken[0]} of {steps}: the training diverged with learning_rate = "
            f"{rate:g} (the last good step is {broken[0] - 1}); give a lower one, a longer warmup or a lower clip"
        )


def _update(
    optimiser: torch.optim.Optimizer, scaler: torch.amp.GradScaler, parts: Iterator[Part], clip: float
) -> Parts:
    """Make one optimiser step from the parts of a batch; return their losses, still on the device."""
    losses = []
    optimiser.zero_grad(set_to_none=True)  # a step that lacked memory may have left some
    for part in parts:
        value = part.loss()
        scaler.scale(value * part.share).backward()
        losses.append((value.detach(), part.share))
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    process_group().sum_gradients(parameters)
    scaler.unscale_(optimiser)
    torch.nn.utils.clip_grad_norm_(parameters, clip)
    scaler.step(optimiser)
    scaler.update()
    optimiser.zero_grad(set_to_none=True)
    return losses
