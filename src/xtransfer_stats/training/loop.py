"""The optimisation that all phases share: AdamW, linear warm-up and decay, clipping, early stopping."""

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from xtransfer_stats.base import seeds
from xtransfer_stats.base.errors import DataError
from xtransfer_stats.study.settings import Settings
from xtransfer_stats.training.distributed import process_group
from xtransfer_stats.training.features import Progress
from xtransfer_stats.training.hardware import Precision

PartLoss = tuple[Tensor, float]  # the mean loss of a part of a batch, and the part's share of the batch's mean


class Diverged(DataError):
    """A training's loss or its model's outputs are no numbers any more: there is nothing left to go on from."""


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

    `parts` draws the next batch and yields its parts' losses. `dev` gives dev scores, 0-100, by name.
    """

    modules: nn.ModuleList
    parts: Callable[[], Iterator[PartLoss]]
    dev: Callable[[], Mapping[str, float]]
    steps: int
    precision: Precision


def learning_rate_share(step: int, steps: int, warmup: float) -> float:
    """Return the share of the peak rate at a step (from 0): linear up over the warm-up, then linear to 0."""
    rising = max(1, round(warmup * steps))
    if step < rising:
        return (step + 1) / rising
    return max(0.0, (steps - step) / max(1, steps - rising))


def _optimiser(modules: nn.Module, settings: Settings) -> torch.optim.AdamW:
    parameters = [p for p in modules.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": settings.weight_decay},
        # biases and layer norms are not decayed, as in BERT
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW([g for g in groups if g["params"]], lr=settings.learning_rate, fused=True)


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
            self.state = {name: value.to("cpu", copy=True) for name, value in self.modules.state_dict().items()}
        else:
            self.waited += 1
        return self.waited >= self.patience

    def restore(self) -> None:
        if self.stops:
            self.modules.load_state_dict(self.state)


def fit(objective: Objective, settings: Settings, seed: int, progress: Progress) -> History:
    """Train the modules in place and leave them at their best dev score (mean of `dev`'s values, 0-100).

    Dropout has its own stream; the process's generator is untouched. Raises Diverged at the first loss that is not
    finite.
    """
    optimiser, scaler = _optimiser(objective.modules, settings), objective.precision.scaler()
    best, rows, losses = _Best(objective.modules, settings), [], []
    step, stop, device = 0, False, objective.precision.device
    with torch.random.fork_rng(devices=[device] if device.type == "cuda" else []):
        torch.manual_seed(seeds.integer(seed, "dropout"))
        while step < objective.steps and not stop:
            objective.modules.train()
            for group in optimiser.param_groups:
                group["lr"] = settings.learning_rate * learning_rate_share(step, objective.steps, settings.warmup)
            losses.append(_update(optimiser, scaler, objective.parts(), settings.clip))
            step += 1
            if not math.isfinite(losses[-1]):
                raise Diverged(
                    f"the loss is {losses[-1]} at step {step} of {objective.steps}: the training diverged with "
                    f"learning_rate = {settings.learning_rate:g}; give a lower one, a longer warmup or a lower clip"
                )
            progress(step, objective.steps)
            if step % settings.evaluate_every == 0 or step == objective.steps:
                objective.modules.eval()
                scores = process_group().agreed(dict(objective.dev()))
                stop = best.offer(float(np.mean(list(scores.values()))), step)
                rows.append({"step": step, "loss": float(np.mean(losses)), "dev": scores})
                losses = []
    best.restore()
    objective.modules.eval()
    return History(rows, best.step, best.score, step, stopped_early=stop and step < objective.steps)


def _update(
    optimiser: torch.optim.Optimizer, scaler: torch.amp.GradScaler, parts: Iterator[PartLoss], clip: float
) -> float:
    """Make one optimiser step from the parts of a batch; return the batch's mean loss."""
    total = 0.0
    for value, share in parts:
        scaler.scale(value * share).backward()
        total += float(value.detach()) * share
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    process_group().sum_gradients(parameters)
    scaler.unscale_(optimiser)
    torch.nn.utils.clip_grad_norm_(parameters, clip)
    scaler.step(optimiser)
    scaler.update()
    optimiser.zero_grad(set_to_none=True)
    return process_group().total(total)
