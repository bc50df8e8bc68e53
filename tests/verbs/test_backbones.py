"""Planning looks at the backbone: what no study could use is refused before anything is trained, and remedies work."""

import pytest

pytest.importorskip("torch", reason="the train extra is not installed")
pytest.importorskip("hassil", reason="the embedded extra is not installed")

import torch
from tests.training.architectures import save_architecture
from tests.training.conftest import build_tokenizer
from tests.training.smallstudies import small_recipe
from transformers import AutoModel, BartConfig, BartModel, CanineConfig, CanineModel, CanineTokenizer

import xtransfer_stats as xs
from xtransfer_stats.base.errors import XstatsError
from xtransfer_stats.study.foresight import estimate
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.training.features import read_features
from xtransfer_stats.training.phases import run_step
from xtransfer_stats.verbs import backbones

RECIPE = """
[study]
name = "planned"
benchmarks = ["xtreme-mini", "xtreme-r-mini"]
targets = ["xnli", "panx", "tydiqa", "tatoeba"]
languages = ["de"]
seeds = 1
tasks = [1]
variant = "{variant}"
[backbone]
model = "{model}"
max_length = {length}
freeze = {freeze}
{more}
[source]
train = 8
dev = 4
test = 4
[intermediate]
tasks = ["qqp"]
settings = {{ steps = 2, evaluate_every = 2, batch_size = 4 }}
[target]
settings = {{ steps = 2, evaluate_every = 2, batch_size = 4, gradient_checkpointing = {checkpointing} }}
"""


def plan(place, model, *, variant="none", length=48, freeze='"none"', more="", checkpointing="false"):
    """A dry run."""
    place.mkdir(exist_ok=True)
    values = {"variant": variant, "length": length, "freeze": freeze, "more": more, "checkpointing": checkpointing}
    (place / "r.toml").write_text(RECIPE.format(model=model, **values), encoding="utf-8")
    return xs.run(place / "r.toml", store=place / "store", dry_run=True)


def refused(place, model, **asked):
    with pytest.raises(XstatsError) as caught:
        plan(place, model, **asked)
    return str(caught.value)


@pytest.fixture(scope="module")
def saved(tmp_path_factory):
    made = {}

    def folder(name):
        if name not in made:
            made[name] = save_architecture(tmp_path_factory.mktemp("saved"), name)
        return made[name]

    return folder


@pytest.mark.parametrize(
    ("name", "asked", "told"),
    [
        ("Qwen3", {"freeze": 4}, "freeze = 4: Qwen3Model has 3 layers; choose 0 to 3"),
        ("mT5", {"more": "retrieval_layer = 5"}, "retrieval_layer = 5: MT5EncoderModel has 3 layers; choose 1 to 3"),
        ("XLM-R", {"length": 129}, "max_length = 129: XLMRobertaModel has 128 positions; choose 128 or fewer"),
        ("ModernBERT", {"length": 131}, "max_length = 131: ModernBertModel has 130 positions"),
        ("BERT", {"more": "by_task = { tydiqa = { max_length = 300 } }"}, "by_task.tydiqa.max_length = 300: BertModel"),
        ("umT5", {"variant": "mlm"}, "variant 'mlm': UMT5EncoderModel has no masked-language head"),
        ("Gemma", {"variant": "mlm"}, "variant 'mlm': GemmaModel has no masked-language head"),
        ("XLM", {"checkpointing": "true"}, "gradient_checkpointing = true: XLMModel cannot recompute"),
        ("ELECTRA", {"checkpointing": "true", "freeze": 1}, 'set freeze = "none", or leave it out'),
        ("ALBERT", {"freeze": 1}, 'AlbertModel has no list of its layers; set freeze = "none"'),
        ("ALBERT", {"more": "retrieval_layer = 1"}, "AlbertModel has no list of its layers; leave it out"),
        ("Llama", {"more": 'retrieval_pooling = "cls"'}, 'token knows nothing of what follows; set it to "last"'),
    ],
)  # fmt: skip
def test_what_a_backbone_cannot_do_is_refused_and_named(saved, tmp_path, name, asked, told):
    assert told in refused(tmp_path, saved(name), **asked)


@pytest.mark.parametrize("name", ["umT5", "mDeBERTa-v3"])
def test_relative_positions_have_no_longest_text(saved, tmp_path, name):
    assert plan(tmp_path, saved(name), length=4000).dry


def test_all_that_is_asked_in_vain_is_told_at_once(saved, tmp_path):
    said = refused(tmp_path, saved("Qwen3"), freeze=9, length=500, variant="mlm", more="retrieval_layer = 12")
    assert [word in said for word in ("freeze = 9", "max_length = 500", "variant 'mlm'", "retrieval_layer = 12")]
    assert len(said.splitlines()) == 4


def test_the_packaged_and_the_known_backbones_are_checked_without_a_look(tmp_path, monkeypatch):
    monkeypatch.setattr("xtransfer_stats.training.inspection.look", None)
    assert "freeze = 13: BertModel has 12 layers" in refused(tmp_path, "e5-small-q4", freeze=13)
    said = refused(tmp_path, "xlm-roberta-large", length=513, more="retrieval_layer = 25")
    assert "has 512 positions" in said
    assert "has 24 layers; choose 1 to 24" in said
    assert plan(tmp_path, "FacebookAI/xlm-roberta-base", length=512, more="retrieval_layer = 12").reading == ()


def test_folders_that_hold_no_usable_model_are_refused(saved, tmp_path):
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "no config.json in it" in refused(tmp_path, empty)
    assert "no such directory" in refused(tmp_path, tmp_path / "absent")
    (empty / "config.json").write_text('{"model_type": "mambaformer9"}')
    assert "architecture the installed transformers has" in refused(tmp_path, empty)
    (empty / "config.json").write_text('{"model_type": "own", "auto_map": {"AutoModel": "own.OwnModel"}}')
    assert "code of its own (auto_map), which is never run" in refused(tmp_path, empty)
    (empty / "config.json").write_text("{broken")
    assert "cannot be read" in refused(tmp_path, empty)
    BartModel(BartConfig(vocab_size=96, d_model=16, encoder_layers=1, decoder_layers=1, encoder_attention_heads=2,
                         decoder_attention_heads=2, encoder_ffn_dim=8, decoder_ffn_dim=8,
                         max_position_embeddings=64)).save_pretrained(tmp_path / "bart")  # fmt: skip
    assert "encoder-decoder whose encoder transformers has no class for" in refused(tmp_path, tmp_path / "bart")


def test_tokenizers_that_cannot_serve_are_refused(saved, tmp_path):
    canine = CanineConfig(hidden_size=32, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
                          max_position_embeddings=64, num_hash_buckets=64)  # fmt: skip
    CanineModel(canine).save_pretrained(tmp_path / "canine")
    CanineTokenizer().save_pretrained(tmp_path / "canine")
    assert "canine) makes no model that reads tokens" in refused(tmp_path, tmp_path / "canine")
    AutoModel.from_pretrained(saved("BERT")).save_pretrained(tmp_path / "slow")
    CanineTokenizer().save_pretrained(tmp_path / "slow")
    assert "no fast form, which gives the places of tokens" in refused(tmp_path, tmp_path / "slow")
    bare = tmp_path / "bare"
    AutoModel.from_pretrained(saved("Llama")).save_pretrained(bare)
    assert "its tokenizer cannot be loaded" in refused(tmp_path, bare)
    larger = build_tokenizer()
    larger.add_tokens([f"<extra{i}>" for i in range(9)])
    larger.save_pretrained(bare)
    assert "pieces up to 99, its word table 96 rows" in refused(tmp_path, bare)
    unmasked = build_tokenizer()
    unmasked.mask_token = None
    AutoModel.from_pretrained(saved("BERT")).save_pretrained(tmp_path / "unmasked")
    unmasked.save_pretrained(tmp_path / "unmasked")
    assert "its tokenizer has no mask token" in refused(tmp_path, tmp_path / "unmasked", variant="mlm")


def test_pickled_weights_are_refused_and_the_remedy_works(saved, tmp_path):
    pickled = tmp_path / "pickled"
    model = AutoModel.from_pretrained(saved("BERT"))
    model.config.save_pretrained(pickled)
    torch.save(model.state_dict(), pickled / "pytorch_model.bin")
    build_tokenizer().save_pretrained(pickled)
    assert "pickles are not read: load it once" in refused(tmp_path, pickled)
    AutoModel.from_pretrained(pickled).save_pretrained(tmp_path / "mended")
    build_tokenizer().save_pretrained(tmp_path / "mended")
    assert plan(tmp_path, tmp_path / "mended").dry


def test_costs_follow_from_the_backbones_own_sizes(saved, tmp_path):
    whole, frozen = (plan(tmp_path, saved("Qwen3"), freeze=freeze).study for freeze in ('"none"', 2))
    model = AutoModel.from_pretrained(saved("Qwen3"))
    parameters = sum(value.numel() for value in model.parameters())
    shape = whole.backbone
    assert (shape.parameters, shape.multiplied) == (parameters, parameters - 96 * 32)
    costs = estimate(whole.plan, shape).steps
    pretrained, target = whole.plan.of_kind("pretrained")[0], whole.plan.of_kind("target")[0]
    assert costs[pretrained.key][1] == costs[target.key][1] == 4 * parameters
    above = shape.multiplied - 2 * shape.multiplied // 3
    cut = estimate(frozen.plan, frozen.backbone).steps
    assert cut[frozen.plan.of_kind("target")[0].key][1] == 4 * above
    assert cut[frozen.plan.of_kind("pretrained")[0].key][1] == 4 * parameters
    features = frozen.plan.of_kind("features")[0]
    assert cut[features.key][1] == pytest.approx(costs[whole.plan.of_kind("features")[0].key][1] / 8 * (8 + 2 * 32))
    assert whole.survey.bytes(whole.plan.steps) < 5e6  # it was 31.4 GB
    assert any("above 2 frozen layers" in line for line in frozen.survey.assumptions)
    assert any("of memory a training" in line for line in whole.survey.assumptions)


def test_a_model_that_reads_from_left_to_right_is_announced(saved, tmp_path):
    told = plan(tmp_path, saved("Qwen3")).reading
    assert any("tagging sees only what stands to the left" in line for line in told)
    assert any("its last token stands for a text" in line for line in told)
    assert plan(tmp_path, saved("EmbeddingGemma")).reading == ()


def test_a_pair_without_a_token_between_is_announced(saved, tmp_path):
    from tokenizers import processors

    bare = tmp_path / "bare"
    AutoModel.from_pretrained(saved("Qwen3")).save_pretrained(bare)
    tokenizer = build_tokenizer()
    tokenizer._tokenizer.post_processor = processors.TemplateProcessing(
        single="$A </s>", pair="$A $B </s>", special_tokens=[("</s>", 2)]
    )
    tokenizer.save_pretrained(bare)
    assert any("puts no token between two texts" in line for line in plan(tmp_path, bare).reading)


def test_without_the_packages_the_plan_says_that_nothing_was_looked_at(saved, tmp_path, monkeypatch):
    monkeypatch.setattr(backbones, "find_spec", lambda name: None)
    result = plan(tmp_path, saved("Qwen3"), freeze=9)
    assert "was not looked at: that needs the packages of 'xtransfer-stats[train]'" in result.reading[0]
    assert "no such directory" in refused(tmp_path, tmp_path / "absent")


def test_lengths_by_task_are_those_of_its_features(saved):
    own = {"tydiqa": {"max_length": 40, "stride": 10}, "qqp": {"max_length": 24}, "tatoeba": {"max_length": 16}}
    features = make_plan(small_recipe(saved("BERT"), by_task=own)).of_kind("features")
    lengths = {
        (one.args["dataset"], one.args["split"]): (one.args["max_length"], one.args.get("stride")) for one in features
    }
    assert {value for (name, _), value in lengths.items() if name == "tydiqa"} == {(40, 10)}
    assert {value for (name, _), value in lengths.items() if name == "qqp"} == {(24, None)}
    assert lengths["tatoeba", "test"] == (16, None)
    assert {value for (name, _), value in lengths.items() if name == "xnli"} == {(48, None)}
    plain, same = (
        make_plan(small_recipe(saved("BERT"), by_task=table)) for table in ({}, {"xnli": {"max_length": 48}})
    )
    assert plain.steps.keys() == same.steps.keys()  # what is not changed keeps its steps


def test_lengths_and_strides_are_those_of_the_encoded_windows(saved, tmp_path):
    counts, longest = [], []
    for number, own in enumerate(({}, {"max_length": 24}, {"max_length": 24, "stride": 1})):
        plan_ = make_plan(small_recipe(saved("BERT"), by_task={"tydiqa": own}))
        wanted = next(one for one in plan_.of_kind("features") if one.name == "tydiqa/train/en")
        folders = {}
        for step in (*plan_.of_kind("pretrained"), wanted):
            folders[step.key] = tmp_path / f"{number}{step.kind}"
            folders[step.key].mkdir()
            inputs = {role: folders[key] for role, key in step.parents.items()}
            run_step(step.kind, step.given(), inputs, folders[step.key], lambda done, total: None)
        features = read_features(folders[wanted.key])
        counts.append(len(features.lengths))
        longest.append(int(features.lengths.max()))
    assert counts[0] < counts[2] < counts[1]
    assert longest == [48, 24, 24]


@pytest.mark.parametrize(
    ("own", "told"),
    [
        ({"nosuch": {"max_length": 24}}, "nosuch"),
        ({"xnli": {"stride": 4}}, "only question answering has windows"),
        ({"squad1": {"max_length": 64, "stride": 40}}, "overlap by 26 at most; choose 0 to 26"),
        ({"squad1": {"max_length": 4}}, "max_length"),
        ({"squad1": {"length": 40}}, "length"),
    ],
)
def test_lengths_that_cannot_be_are_refused(own, told):
    with pytest.raises(XstatsError, match=told):
        small_recipe("e5-small-q4", by_task=own)
