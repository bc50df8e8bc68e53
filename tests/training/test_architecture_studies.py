"""The table of docs/backbones.md is what the code does: every way it promises runs, every other is refused by the plan.

`python -m tests.training.test_architecture_studies` prints the table.
"""

import json
import tempfile
from pathlib import Path

import pytest

pytest.importorskip("torch", reason="the train extra is not installed")
pytest.importorskip("hassil", reason="the embedded extra is not installed")

from tests.places import ROOT
from tests.training.architectures import ARCHITECTURES, save_architecture
from tests.training.smallstudies import run_small, small_recipe

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.study.adapters import Adapter
from xtransfer_stats.study.backbones import BackboneShape, require_fit
from xtransfer_stats.training.inspection import look

WAYS = {
    "whole": lambda shape: True,
    "frozen in part": lambda shape: shape.listed,
    "retrieval layer": lambda shape: shape.listed,
    "masked LM": lambda shape: shape.masked,
    "checkpointing": lambda shape: shape.checkpointing,
    "LoRA": lambda shape: set(LORA.parts(shape.kind)) <= set(shape.linear) and bool(LORA.parts(shape.kind)),
    "bf16": lambda shape: True,
}
ASKED = {
    "frozen in part": {"freeze": 1},
    "retrieval layer": {"retrieval_layer": 1},
    "masked LM": {"variant": "mlm"},
    "checkpointing": {"checkpointing": True},
    "LoRA": {"adapter": "lora"},
}
LORA = Adapter(8, 16.0)


def table(shapes: dict[str, BackboneShape]) -> str:
    """The documented table, a line an architecture."""
    lines = ["| architecture | class | " + " | ".join(WAYS) + " | a text is |", "|---" * (len(WAYS) + 3) + "|"]
    for name, shape in shapes.items():
        ways = ["yes" if has(shape) else "no" for has in WAYS.values()]
        lines.append(
            f"| {name} | {shape.kind} | {' | '.join(ways)} | {'its last token' if shape.left else 'the mean'} |"
        )
    return "\n".join(lines)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    return {name: save_architecture(tmp_path_factory.mktemp("m"), name, head=True) for name in ARCHITECTURES}


def scores_of(evaluations):
    told = [json.loads((folder / "scores.json").read_text())["languages"]["de"] for folder in evaluations.values()]
    return [score["metrics"] for score in told]


def test_the_documented_table_is_what_planning_finds(folders):
    shapes = {name: look(str(folder), None) for name, folder in folders.items()}
    found = table(shapes)
    assert found in (ROOT / "docs" / "backbones.md").read_text(encoding="utf-8"), found
    for name, shape in shapes.items():
        for way, asked in ASKED.items():
            recipe = small_recipe(folders[name], **asked)
            if WAYS[way](shape):
                require_fit(recipe, shape)
            else:
                with pytest.raises(RecipeError, match=r"leave|set freeze"):
                    require_fit(recipe, shape)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_model_trained_whole_goes_through_a_study(folders, tmp_path, name):
    shape = look(str(folders[name]), None)
    layer = {"retrieval_layer": 1} if shape.listed else {}
    recipe = small_recipe(folders[name], precision="bf16", checkpointing=shape.checkpointing, **layer)
    require_fit(recipe, shape)
    scores = scores_of(run_small(recipe, tmp_path))
    assert len(scores) == 8
    assert all(0 <= value <= 100 for metrics in scores for value in metrics.values())


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_a_model_frozen_in_part_and_masked_goes_through_a_study(folders, tmp_path, name):
    shape = look(str(folders[name]), None)
    freeze = {"freeze": 1, "retrieval_layer": 2} if shape.listed else {}
    recipe = small_recipe(
        folders[name], variant="mlm" if shape.masked else "none", targets=["xnli", "tatoeba"], **freeze
    )
    require_fit(recipe, shape)
    scores = scores_of(run_small(recipe, tmp_path))
    assert len(scores) == 4
    told = [json.loads(path.read_text()) for path in tmp_path.glob("*/reading.json")]
    assert told == ([{"pooling": "last"}] if shape.left else [])


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as place:
        made = {name: save_architecture(Path(place) / name, name, head=True) for name in ARCHITECTURES}
        print(table({name: look(str(folder), None) for name, folder in made.items()}))
