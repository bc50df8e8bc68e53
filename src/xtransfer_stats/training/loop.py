"""The optimisation that all phases share: AdamW, linear warm-up and decay, clipping, early stopping."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from xtransfer_stats import seeds
from xtransfer_stats.settings import Settings

Progress = Callable[[int, int], None]


@dataclass
class History:
    """What training.json tells: mean training loss and dev scores at each evaluation."""

    rows: list[dict[str, Any]]
    best_step: int
    best_score: float
    steps: int
    stopped_early: bool

    def facts(self) -> dict[str, Any]:
        """Return the history as plain JSON values."""
        return asdict(self)


def learning_rate_share(step: int, settings: Settings) -> float:
    """Return the share of the peak rate at a step (from 0): linear up over the warm-up, then linear to 0."""
    rising = max(1, round(settings.warmup * settings.steps))
    if step < rising:
        return (step + 1) / rising
    return max(0.0, (settings.steps - step) / max(1, settings.steps - rising))


def _optimiser(modules: Sequence[nn.Module], settings: Settings) -> torch.optim.AdamW:
    parameters = [p for module in modules for p in module.parameters() if p.requires_grad]
    groups = [
        {"params": [p for p in parameters if p.ndim > 1], "weight_decay": settings.weight_decay},
        # biases and layer norms are not decayed, as in BERT
        {"params": [p for p in parameters if p.ndim <= 1], "weight_decay": 0.0},
    ]
    return torch.optim.AdamW([g for g in groups if g["params"]], lr=settings.learning_rate, fused=True)


class _Best:
    """Keeps the weights of the best dev score; equal scores keep the earlier."""

    def __init__(self, modules: Sequence[nn.Module], patience: int) -> None:
        self.modules, self.patience = modules, patience
        self.score, self.step, self.waited = -1.0, 0, 0
        self.states: list[dict[str, Tensor]] = []

    def offer(self, score: float, step: int) -> bool:
        """Take note of a score; return whether patience is at its end."""
        if score > self.score:
            self.score, self.step, self.waited = score, step, 0
            self.states = [{k: v.clone() for k, v in m.state_dict().items()} for m in self.modules]
        else:
            self.waited += 1
        return self.waited >= self.patience

    def restore(self) -> None:
        for module, state in zip(self.modules, self.states, strict=True):
            module.load_state_dict(state)


def fit(
    modules: Sequence[nn.Module],
    loss: Callable[[], Tensor],
    dev: Callable[[], Mapping[str, float]],
    settings: Settings,
    seed: int,
    progress: Progress,
) -> History:
    """Train the modules in place and leave them at their best dev score (mean of `dev`'s values, 0-100).

    `loss` draws the next batch. Dropout has its own stream; the process's generator is untouched.
    """
    optimiser = _optimiser(modules, settings)
    best, rows, losses = _Best(modules, settings.patience), [], []
    parameters = [p for group in optimiser.param_groups for p in group["params"]]
    step, stop = 0, False
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seeds.integer(seed, "dropout"))
        while step < settings.steps and not stop:
            _set_mode(modules, training=True)
            losses.append(_update(optimiser, parameters, loss, step, settings))
            step += 1
            progress(step, settings.steps)
            if step % settings.evaluate_every == 0 or step == settings.steps:
                _set_mode(modules, training=False)
                scores = dict(dev())
                stop = best.offer(float(np.mean(list(scores.values()))), step)
                rows.append({"step": step, "loss": float(np.mean(losses)), "dev": scores})
                losses = []
    best.restore()
    _set_mode(modules, training=False)
    return History(rows, best.step, best.score, step, stopped_early=stop and step < settings.steps)


def _set_mode(modules: Sequence[nn.Module], training: bool) -> None:
    for module in modules:
        module.train(training)


def _update(
    optimiser: torch.optim.Optimizer,
    parameters: Sequence[Tensor],
    loss: Callable[[], Tensor],
    step: int,
    settings: Settings,
) -> float:
    for group in optimiser.param_groups:
        group["lr"] = settings.learning_rate * learning_rate_share(step, settings)
    value = loss()
    value.backward()
    torch.nn.utils.clip_grad_norm_(parameters, settings.clip)
    optimiser.step()
    optimiser.zero_grad(set_to_none=True)
    return float(value.detach())
