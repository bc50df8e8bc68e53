"""Python, this package, what it depends on, and its extras."""

import platform
import re
import shlex
from collections.abc import Iterator
from importlib import metadata

from packaging.requirements import InvalidRequirement, Requirement

from xtransfer_stats.base import __version__, extras
from xtransfer_stats.base.provenance import installed
from xtransfer_stats.verbs.health.finding import Finding, Grade


def packages() -> Iterator[Finding]:
    """Versions, and what is lacking or of a version that this package does not run with."""
    yield Finding("python", f"{platform.python_version()} on {platform.system()} {platform.machine()}")
    yield Finding("xtransfer-stats", __version__)
    stated = extras.requirements()
    yield from _base(stated.get("", ()))
    yield from (_extra(name, stated.get(name, ())) for name in extras.MODULES)


def _base(texts: tuple[str, ...]) -> Iterator[Finding]:
    wrong = [text for text in texts if _trouble(text)]
    if wrong:
        said = "; ".join(_trouble(text) for text in wrong)
        yield Finding("dependencies", said, Grade.MEND, shlex.join(["pip", "install", *wrong]))
    else:
        yield Finding("dependencies", _versions(texts) or "not listed: the package's metadata are not installed")


def _extra(name: str, texts: tuple[str, ...]) -> Finding:
    subject, lacking = f"extra {name}", extras.absent(name)
    wrong = [text for text in texts if _trouble(text) and _is_installed(text)]
    if lacking:
        whole = len(lacking) == len(extras.MODULES[name])
        said = f"not installed: {', '.join(lacking)}; needed {extras.PURPOSES[name]}"
        return Finding(subject, said, Grade.OPTIONAL if whole else Grade.MEND, extras.install(name))
    if wrong:
        said = "; ".join(_trouble(text) for text in wrong)
        return Finding(subject, said, Grade.MEND, extras.install(name))
    return Finding(subject, _versions(texts) or "installed")


def _trouble(text: str) -> str:
    """What is wrong with an installed package beside what is asked for; "" for nothing."""
    try:
        wanted = Requirement(text)
    except InvalidRequirement:
        return ""
    try:
        version = metadata.version(wanted.name)
    except metadata.PackageNotFoundError:
        return f"{wanted.name} is not installed"
    good = wanted.specifier.contains(version, prereleases=True)
    return "" if good else f"{wanted.name} {version} is installed, {wanted.name}{wanted.specifier} is needed"


def _is_installed(text: str) -> bool:
    return bool(installed([_name(text)]))


def _versions(texts: tuple[str, ...]) -> str:
    return ", ".join(f"{name} {version}" for name, version in installed(map(_name, texts)).items())


def _name(text: str) -> str:
    return re.split(r"[^\w.-]", text, maxsplit=1)[0]
