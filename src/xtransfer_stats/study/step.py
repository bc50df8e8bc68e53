"""A step, and what makes two steps the same one.

A key is a hash of the kind, the kind's hand-set version, the plain arguments and the parents' keys. Source text
is not hashed: white space must not re-run a cluster week. Raise a kind's VERSION when its result changes.
"""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

VERSIONS = {"pretrained": 1, "features": 1, "intermediate": 1, "target": 1, "evaluation": 2}
KINDS = tuple(VERSIONS)


def canonical(value: Any) -> str:
    """JSON with sorted keys and no spaces: equal values give equal text."""
    return json.dumps(value, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


@dataclass(frozen=True)
class Step:
    """One unit of work. `parents` maps a role to a step's key.

    `name` is for people. `places` says where things lie on this machine: directories, devices, revisions that `args`
    names by fingerprint. Neither is in the key, so moving a folder re-runs nothing.
    """

    kind: str
    name: str
    args: Mapping[str, Any]
    parents: Mapping[str, str]
    places: Mapping[str, Any] = field(default_factory=dict, compare=False)
    key: str = field(init=False)

    def __post_init__(self) -> None:
        identity = [self.kind, VERSIONS[self.kind], dict(self.args), dict(self.parents)]
        object.__setattr__(self, "key", hashlib.sha256(canonical(identity).encode()).hexdigest()[:24])

    def given(self) -> dict[str, Any]:
        """What the work is called with: the arguments, and `places` where there are any."""
        return {**self.args, **({"places": dict(self.places)} if self.places else {})}
