"""Planning asks a served hub about the backbone: its files, configuration and tokenizer, never its weights."""

import json
import subprocess
import sys

import pytest

pytest.importorskip("torch", reason="the train extra is not installed")
pytest.importorskip("hassil", reason="the embedded extra is not installed")

from tests.hub.server import hub
from tests.hub.test_hub import environment
from tests.training.architectures import save_architecture

NAMES = {"ModernBERT": "acme/mmbert", "EuroBERT": "acme/eurobert", "mDeBERTa-v3": "acme/mdeberta", "umT5": "acme/umt5",
         "Qwen3": "acme/qwen3-embedding"}  # fmt: skip
# One process for all: transformers is loaded once.
PLAN = """
import json, sys
import xtransfer_stats as xs
said = {}
for name in json.loads(sys.argv[1]):
    try:
        result = xs.run("quick", model=name, dry_run=True, store=sys.argv[2])
        said[name] = [list(result.reading), result.study.backbone and result.study.backbone.kind]
    except xs.XstatsError as error:
        said[name] = str(error)
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    place = tmp_path_factory.mktemp("hub")
    for architecture, name in NAMES.items():
        save_architecture(place / "models" / name / "main", architecture)
    own = place / "models" / "acme/own-code" / "main"
    own.mkdir(parents=True)
    (own / "config.json").write_text('{"model_type": "own", "auto_map": {"AutoModel": "own.Model"}}')
    (own / "model.safetensors").write_bytes(b"")
    pickled = save_architecture(place / "models" / "acme/pickled" / "main", "BERT")
    (pickled / "model.safetensors").rename(pickled / "pytorch_model.bin")
    return place


def planned(names, tmp_path, address, **more):
    env = environment(tmp_path / "cache", address, **more)
    command = [sys.executable, "-c", PLAN, json.dumps(list(names)), str(tmp_path / "store")]
    done = subprocess.run(command, capture_output=True, text=True, timeout=240, env=env)
    assert done.returncode == 0, done.stderr
    assert done.stderr == ""  # no library's warning and no bar
    return json.loads(done.stdout)


def test_a_plan_asks_the_hub_what_the_backbone_is(root, tmp_path):
    asked = [*NAMES.values(), "acme/own-code", "acme/pickled", "acme/none"]
    with hub(root) as (address, heard):
        said = planned(asked, tmp_path, address)
    assert not any(path.endswith(("safetensors", ".bin")) for method, path in heard if method == "GET")
    for name in NAMES.values():  # the recipe freezes 11 layers of its own backbone
        assert f"{name} has 3 layers: freeze = 2 there" in said[name][0][0]
    assert [said[name][1] for name in ("acme/qwen3-embedding", "acme/umt5")] == ["Qwen3Model", "UMT5EncoderModel"]
    assert "code of its own (auto_map), which is never run" in said["acme/own-code"]
    assert "pickles are not read" in said["acme/pickled"]
    assert "'acme/none' is not on the hub, or is private" in said["acme/none"]


def test_a_hub_that_does_not_answer_leaves_the_plan_and_says_so(tmp_path):
    reading, shape = planned(["acme/mmbert"], tmp_path, "http://127.0.0.1:9")["acme/mmbert"]
    assert shape is None
    assert "was not looked at: 'acme/mmbert': the hub cannot be reached" in reading[0]
