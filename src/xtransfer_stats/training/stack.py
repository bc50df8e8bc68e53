"""The layers of any transformers model, by its own forward pass: read what comes out of one, or go on from there.

Nothing of an architecture is written here again. The model's own forward makes masks, positions and biases; hooks on
its layers stop it, or put other hidden states in.
"""

from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from functools import partial
from typing import Any

import torch
from torch import Tensor, nn

from xtransfer_stats.base.errors import DataError

Run = Callable[[], Any]  # a forward pass of the model
Layer = tuple[nn.Module, ...]


class _Reached(Exception):
    """Ends a forward pass at the hidden states that were asked for."""

    def __init__(self, hidden: Tensor) -> None:
        super().__init__()
        self.hidden = hidden


def find_layers(model: nn.Module, depth: int) -> list[Layer]:
    """Return the model's layers from below, each as the modules that make it up; [] where there is no such list.

    They are the outermost list of `depth` modules, with the lists of that length beside it (a layer's attention in
    one, its feed-forward part in another, as in XLM).
    """
    for parent in model.modules():
        if not isinstance(parent, nn.ModuleList):
            lists = [one for one in parent.children() if isinstance(one, nn.ModuleList) and len(one) == depth]
            if lists:
                return list(zip(*lists, strict=True))
    return []


class Stack:
    """A model's layers, `depth` of them. Layer k's output is what goes into layer k + 1, before any last norm."""

    def __init__(self, model: Any) -> None:
        self.model = model
        self.layers = find_layers(model, int(model.config.num_hidden_layers))
        self.depth = len(self.layers)

    @property
    def unlisted(self) -> str:
        """What is said where there are no layers."""
        return f"{type(self.model).__name__} has no list of its layers"

    def below(self, layer: int, run: Run) -> Tensor:
        """Return the output of the first `layer` layers (0: what goes into the first); those above do not run."""

        def stop(hidden: Tensor, *, alone: bool) -> Tensor:
            raise _Reached(hidden)

        try:
            with self._between(layer, stop):
                run()
        except _Reached as reached:
            return reached.hidden
        raise DataError(f"{type(self.model).__name__}: its forward pass does not go through layer {layer}")

    @contextmanager
    def entered(self, layer: int, hidden: Tensor) -> Iterator[None]:
        """A while in which `hidden` stands for the output of the first `layer` layers."""

        def replace(found: Tensor, *, alone: bool) -> Tensor:
            return hidden.clone() if alone else found.copy_(hidden)

        with self._between(layer, replace):
            yield

    @contextmanager
    def _between(self, layer: int, use: Callable[..., Tensor]) -> Iterator[None]:
        """A while in which `use` sees, and gives back, what passes between the first `layer` layers and the others."""

        def enters(module: nn.Module, args: tuple[Any, ...], given: dict[str, Any]) -> Any:
            # The forward pass itself adds what goes into a part to what comes out; so does DeBERTa-v2's convolution
            # with what goes into the first layer.
            alone = layer > 0 and len(self.layers[layer]) == 1
            if args:
                return (use(args[0], alone=alone), *args[1:]), given
            return args, {**given, "hidden_states": use(given["hidden_states"], alone=alone)}

        def leaves(module: nn.Module, args: tuple[Any, ...], output: Any) -> Any:
            return _with_states(output, use(_states(output), alone=True))

        if layer < self.depth:
            hook = self.layers[layer][0].register_forward_pre_hook(enters, with_kwargs=True)
        else:
            hook = self.layers[-1][-1].register_forward_hook(leaves)
        try:
            yield
        finally:
            hook.remove()

    def above(self, layer: int, run: Run) -> list[nn.Module]:
        """Return the modules of the layers above the first `layer`, and what the model runs after them (a last norm).

        Found by a forward pass. The pooler is none of them: no head reads it.
        """
        after: list[nn.Module] = []
        hooks = [self.layers[-1][-1].register_forward_hook(lambda *told: after.clear())]
        hooks += [one.register_forward_pre_hook(lambda module, args: after.append(module)) for one in self._others()]
        _watched(run, hooks)
        return [part for one in self.layers[layer:] for part in one] + after

    def _others(self) -> list[nn.Module]:
        """Modules without parts that are in no layer, nor in a pooler."""
        inner = {id(one) for layer in self.layers for part in layer for one in part.modules()}
        inner |= {id(one) for name, one in self.model.named_modules() if "pooler" in name.split(".")}
        return [one for one in self.model.modules() if id(one) not in inner and not list(one.children())]

    def pass_below(self, layer: int, run: Run) -> None:
        """Make the first `layer` layers give back what they are given, and forget their weights.

        Found by a forward pass: the form of what they return. A first layer that holds what the others take from it
        (T5's, the biases of positions) runs on, and they hand on what it gave beside hidden states.
        """
        outputs: dict[nn.Module, Any] = {}

        def note(module: nn.Module, args: tuple[Any, ...], output: Any) -> None:
            outputs[module] = _with_states(output, torch.empty(0)) if module is not source else output

        source = None
        parts = [part for one in self.layers[:layer] for part in one]
        _watched(run, [part.register_forward_hook(note) for part in parts])
        if parts and self._leads():
            source, *parts = parts
            source.register_forward_hook(note)
        for part in parts:
            _make_passing(part, partial(_beside, outputs, source or part, keep=source is not None))

    def _leads(self) -> bool:
        """Whether the first layer has weights that the second has no counterpart of."""
        names = [{name for part in layer for name, _ in part.named_parameters()} for layer in self.layers[:2]]
        return self.depth > 1 and bool(names[0] - names[1])


def _states(output: Any) -> Tensor:
    """The hidden states in what a layer returns."""
    return output[0] if isinstance(output, tuple) else output


def _with_states(output: Any, hidden: Tensor) -> Any:
    """What a layer returns, with these hidden states and nothing but them."""
    return (hidden, *[None] * (len(output) - 1)) if isinstance(output, tuple) else hidden


def _beside(outputs: Mapping[nn.Module, Any], source: nn.Module, *, keep: bool) -> tuple[Any, ...] | None:
    """What a layer returned beside hidden states, or as many Nones; None where it returns a tensor alone."""
    output = outputs[source]
    if not isinstance(output, tuple):
        return None
    return output[1:] if keep else (None,) * (len(output) - 1)


def _watched(run: Run, hooks: list[Any]) -> None:
    """Make a forward pass under hooks."""
    try:
        with torch.no_grad():
            run()
    finally:
        for hook in hooks:
            hook.remove()


def _make_passing(part: nn.Module, rest: Callable[[], tuple[Any, ...] | None]) -> None:
    """Make a module give back its input; `rest`: what it returns beside, None where it returns a tensor alone."""

    def passing(*args: Any, **given: Any) -> Any:
        hidden, beside = args[0] if args else given["hidden_states"], rest()
        return hidden if beside is None else (hidden, *beside)

    part._modules.clear()
    part._parameters.clear()
    part.forward = passing
