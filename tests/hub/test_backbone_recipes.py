"""The recipes of today's backbones are planned against a served hub that has their configurations, and tiny weights."""

import json
import subprocess
import sys

import pytest

pytest.importorskip("torch", reason="the train extra is not installed")
pytest.importorskip("peft", reason="the adapters extra is not installed")

from safetensors.numpy import save_file
from tests.hub.server import hub
from tests.hub.test_hub import environment
from tests.training.conftest import build_tokenizer

# Sizes as the models' configurations have them. Read: EuroBERT's file; the sizes of mDeBERTa and Qwen3 on their pages;
# mmBERT's but for the width, which is that of ModernBERT base. Not read: umT5's, heads and inner width of the others.
CONFIGURATIONS = {
    "mmbert-base": ("jhu-clsp/mmBERT-base", {
        "model_type": "modernbert", "hidden_size": 768, "intermediate_size": 1152, "num_hidden_layers": 22,
        "num_attention_heads": 12, "vocab_size": 256000, "max_position_embeddings": 8192, "local_attention": 128,
        "global_attn_every_n_layers": 3, "pad_token_id": 0, "bos_token_id": 2, "eos_token_id": 1, "cls_token_id": 1,
        "sep_token_id": 1}),
    "eurobert-210m": ("EuroBERT/EuroBERT-210m", {
        "model_type": "eurobert", "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12,
        "num_attention_heads": 12, "num_key_value_heads": 12, "vocab_size": 128256, "max_position_embeddings": 8192,
        "pad_token_id": 128001, "bos_token_id": 128000, "eos_token_id": 128001, "mask_token_id": 128002,
        "auto_map": {"AutoModel": "modeling_eurobert.EuroBertModel"}, "torch_dtype": "bfloat16"}),
    "mdeberta-v3-base": ("microsoft/mdeberta-v3-base", {
        "model_type": "deberta-v2", "hidden_size": 768, "intermediate_size": 3072, "num_hidden_layers": 12,
        "num_attention_heads": 12, "vocab_size": 251000, "max_position_embeddings": 512, "relative_attention": True,
        "position_buckets": 256, "norm_rel_ebd": "layer_norm", "share_att_key": True, "pos_att_type": "p2c|c2p",
        "position_biased_input": False, "max_relative_positions": -1, "type_vocab_size": 0, "pad_token_id": 0}),
    "umt5-small": ("google/umt5-small", {
        "model_type": "umt5", "d_model": 512, "d_ff": 1024, "d_kv": 64, "num_layers": 8, "num_heads": 6,
        "vocab_size": 256384, "feed_forward_proj": "gated-gelu", "is_encoder_decoder": True, "pad_token_id": 0,
        "eos_token_id": 1, "decoder_start_token_id": 0}),
    "qwen3-embedding-0.6b": ("Qwen/Qwen3-Embedding-0.6B", {
        "model_type": "qwen3", "hidden_size": 1024, "intermediate_size": 3072, "num_hidden_layers": 28,
        "num_attention_heads": 16, "num_key_value_heads": 8, "head_dim": 128, "vocab_size": 151669,
        "max_position_embeddings": 32768, "tie_word_embeddings": True, "torch_dtype": "bfloat16"}),
}  # fmt: skip
# Class, layers, parameters in all and without the word table, in millions: what the models are called by.
SIZES = {
    "mmbert-base": ("ModernBertModel", 22, 307, 110),
    "eurobert-210m": ("EuroBertModel", 12, 210, 113),
    "mdeberta-v3-base": ("DebertaV2Model", 12, 278, 86),
    "qwen3-embedding-0.6b": ("Qwen3Model", 28, 596, 440),
    "umt5-small": ("UMT5EncoderModel", 8, None, None),
}
PLAN = """
import json, sys
from dataclasses import asdict
import xtransfer_stats as xs
said = {}
for name in json.loads(sys.argv[1]):
    result = xs.run(name, dry_run=True, store=sys.argv[2], source=sys.argv[3])
    told = result.to_dict()
    said[name] = [asdict(result.study.backbone), list(result.reading), told["bytes"], told["assumptions"]]
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def root(tmp_path_factory):
    place = tmp_path_factory.mktemp("hub")
    for name, config in CONFIGURATIONS.values():
        folder = place / "models" / name / "main"
        build_tokenizer().save_pretrained(folder)
        (folder / "config.json").write_text(json.dumps(config), encoding="utf-8")
        save_file({}, folder / "model.safetensors")
    return place


@pytest.fixture(scope="module")
def planned(root, tmp_path_factory):
    place = tmp_path_factory.mktemp("planned")
    (place / "data").mkdir()
    with hub(root) as (address, heard):
        env = environment(place / "cache", address)
        command = [sys.executable, "-c", PLAN, json.dumps(list(SIZES)), place / "store", place / "data"]
        done = subprocess.run(list(map(str, command)), capture_output=True, text=True, timeout=400, env=env)
    assert done.returncode == 0, done.stderr
    assert not any(path.endswith(("safetensors", ".bin")) for method, path in heard if method == "GET")
    return json.loads(done.stdout)


@pytest.mark.parametrize("recipe", SIZES)
def test_a_recipe_is_planned_by_the_configuration_of_its_backbone(planned, recipe):
    shape, _, _, assumptions = planned[recipe]
    kind, layers, parameters, multiplied = SIZES[recipe]
    assert (shape["kind"], shape["layers"]) == (kind, layers)
    if parameters is not None:
        assert shape["parameters"] / 1e6 == pytest.approx(parameters, rel=0.02)
        assert shape["multiplied"] / 1e6 == pytest.approx(multiplied, rel=0.03)
    assert any(CONFIGURATIONS[recipe][0] in line for line in assumptions)


def test_an_adapter_takes_megabytes_where_whole_models_take_gigabytes(planned):
    told = {name: next(line for line in one[3] if "every checkpoint" in line) for name, one in planned.items()}
    sizes = {name: float(line.split(", ")[1].split(" MB")[0].replace(",", "")) for name, line in told.items()}
    assert sizes["qwen3-embedding-0.6b"] < 20
    assert sizes["mdeberta-v3-base"] > 1000


def test_a_decoder_is_said_to_read_from_the_left(planned):
    assert any("reads from left to right" in line for line in planned["qwen3-embedding-0.6b"][1])
    assert not any("reads from left" in line for line in planned["eurobert-210m"][1])
