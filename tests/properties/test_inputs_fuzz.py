"""Whatever is handed over is accepted or refused: no route ends in a traceback, none changes a number in silence.

The inputs are those of benchmarks/fuzz, which tries many more of them in processes with bounds of time and memory.
"""

import random
import tempfile
from pathlib import Path

import pytest

pytest.importorskip("hassil", reason="the embedded extra is not installed")

from benchmarks.fuzz import inputs, material, routes
from benchmarks.fuzz.inputs import Input
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from tests.store.test_scores import published, recipe

SOUND = {"accepted", "refused"}
EXAMPLES = {  # as many as take some seconds a route
    "formulas": 60,
    "contrasts": 100,
    "frames": 20,
    "data files": 40,
    "prediction folders": 40,
    "recipes": 30,
    "own tasks": 100,
    "claims": 80,
    "options": 25,
    "stores": 20,
}


@pytest.fixture(scope="module", autouse=True)
def store(tmp_path_factory):
    """The sound store whose copies are damaged."""
    root = tmp_path_factory.mktemp("fuzz") / "store"
    published(root, recipe())
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv(routes.STORE, str(root))
        yield root


def came(made):
    """What an input came to, in a folder of its own."""
    with tempfile.TemporaryDirectory() as folder:
        return routes.drive(made, Path(folder))


@pytest.mark.parametrize("route", EXAMPLES)
def test_no_input_ends_in_a_traceback(route):
    @settings(
        max_examples=EXAMPLES[route],
        deadline=None,
        derandomize=True,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(st.randoms(use_true_random=True))
    def tried(rng: random.Random):
        made = inputs.ROUTES[route](rng)
        assert came(made) in SOUND, made.shown()

    tried()


def test_every_route_of_the_script_is_tried_here():
    assert EXAMPLES.keys() == inputs.ROUTES.keys()


FRAME, TABLE = material.as_csv(material.frame()), material.as_csv(material.table())
STUDY = [f"{key} = {text}" for (part, key), text in inputs.RECIPE.items() if part == "study"]
RECIPE = "\n".join(["[study]", *STUDY, "[backbone]", 'model = "e5-small-q4"']).encode()
CLAIM = "\n".join(["[[claim]]", *(f"{key} = {text}" for key, text in inputs.CLAIM.items())]).encode()
ENTRY = b'[[intermediate]]\nname = "mine"\nfamily = "classification"\n'
SOUND_INPUTS = [
    Input("formulas", ("analyze", "t.csv", "--formula", "y ~ x + (1 | g)"), {"t.csv": TABLE}),
    Input("contrasts", ("effect(3) @ xtreme-mini",)),
    Input("frames", ("analyze", "s.csv", "--json"), {"s.csv": FRAME}),
    Input("data files", ("data", "d"), {f"d/{name}": content for name, content in material.data_files().items()}),
    Input("options", ("trace", "ruuayt7a", "s.csv"), {"s.csv": FRAME}),
    Input("recipes", ("run", "r.toml", "--dry-run"), {"r.toml": RECIPE}),
    Input("claims", (), {"c.toml": CLAIM}),
    Input("own tasks", (), {"xstats-tasks.toml": ENTRY}),
]


@pytest.mark.parametrize("made", SOUND_INPUTS, ids=lambda made: made.route)
def test_the_sound_inputs_that_damage_starts_from_are_accepted(made):
    assert came(made) == "accepted"
