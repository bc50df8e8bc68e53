"""LoRA: what peft used by hand gives on the same batches, small artefacts, studies of two architectures, refusals."""

import json
from dataclasses import replace

import pytest

pytest.importorskip("torch", reason="the train extra is not installed")
pytest.importorskip("peft", reason="the adapters extra is not installed")

import peft
import torch
from safetensors import safe_open
from tests.training.architectures import ARCHITECTURES, save_architecture
from tests.training.smallstudies import run_small, small_recipe
from tests.training.test_architectures import FP32, LENGTHS, batch, close
from torch.nn.functional import cross_entropy

from xtransfer_stats.base.errors import DataError, MissingExtra, RecipeError
from xtransfer_stats.study.adapters import Adapter
from xtransfer_stats.study.backbones import require_fit
from xtransfer_stats.study.foresight import estimate
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.training.adapted import AdaptedModel
from xtransfer_stats.training.architecture import load
from xtransfer_stats.training.backbone import WholeModel, load_trained
from xtransfer_stats.training.heads import Classifier
from xtransfer_stats.training.inspection import look
from xtransfer_stats.verbs import run as running

LORA = Adapter(rank=4, alpha=12.0)


@pytest.fixture(scope="module")
def folders(tmp_path_factory):
    made = {}

    def folder(name):
        if name not in made:
            made[name] = save_architecture(tmp_path_factory.mktemp("lora"), name, head=True)
        return made[name]

    return folder


def by_hand(folder, adapter):
    """A model with peft's own adapters, by peft's own door."""
    model = load(folder, dtype=torch.float32)
    parts = list(adapter.parts(type(model).__name__))
    config = peft.LoraConfig(r=adapter.rank, lora_alpha=adapter.alpha, target_modules=parts, lora_dropout=0.0)
    return peft.get_peft_model(model, config).eval()


def alike(mine, theirs):
    """Give both the same random adapters, none of them zero; returns how many there are."""
    draw = torch.Generator().manual_seed(7)
    own = {name.removeprefix("base_model.model."): value for name, value in theirs.named_parameters()}
    with torch.no_grad():
        for name, value in mine.trained().items():
            value.copy_(0.3 * torch.randn(value.shape, generator=draw))
            own[name].copy_(value)
    return len(mine.trained())


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_loss_and_gradients_are_those_of_peft_by_hand(folders, name):
    one, gold, head = batch(), torch.tensor([0, 1, 1, 0]), Classifier(32, ["a", "b"])
    mine, theirs = AdaptedModel(folders(name), LORA, 5, FP32).eval(), by_hand(folders(name), LORA)
    assert alike(mine, theirs) > 0
    states = theirs(input_ids=one.ids, attention_mask=one.mask.long()).last_hidden_state
    pooled = torch.stack([row[:n].mean(0) for row, n in zip(states, LENGTHS, strict=True)])
    loss = cross_entropy(pooled @ head.linear.weight.T + head.linear.bias, gold)
    loss.backward()
    own = head.loss(mine(one), one, gold)
    own.backward()
    close(own, loss)
    wanted = {key.removeprefix("base_model.model."): value.grad for key, value in theirs.named_parameters()}
    for key, value in mine.model.named_parameters():
        assert value.requires_grad == ("lora_" in key)
        if value.requires_grad:
            close(value.grad, wanted[key])
    assert (mine(one) - WholeModel(folders(name), FP32).eval()(one)).abs().max() > 1e-3


def test_steps_of_an_optimiser_are_those_of_peft_by_hand(folders):
    one, gold = batch(), torch.tensor([0, 1, 1, 0])
    mine, theirs = AdaptedModel(folders("XLM-R"), LORA, 5, FP32).eval(), by_hand(folders("XLM-R"), LORA)
    alike(mine, theirs)
    for model, run in (
        (mine, lambda: mine(one)),
        (theirs, lambda: theirs(input_ids=one.ids, attention_mask=one.mask.long()).last_hidden_state),
    ):
        steps = torch.optim.AdamW([p for p in model.parameters() if p.requires_grad], lr=1e-2)
        for _ in range(5):
            steps.zero_grad()
            cross_entropy(run()[:, 0, :2], gold).backward()
            steps.step()
    own = {name.removeprefix("base_model.model."): value for name, value in theirs.named_parameters()}
    for name, value in mine.trained().items():
        close(value, own[name])


def test_a_fresh_adapter_changes_nothing_and_its_seed_draws_it(folders):
    one, whole = batch(), WholeModel(folders("ModernBERT"), FP32).eval()
    first, same, other = (AdaptedModel(folders("ModernBERT"), LORA, seed, FP32).eval() for seed in (1, 1, 2))
    with torch.inference_mode():
        assert torch.equal(first(one)[one.mask], whole(one)[one.mask])
        close(first(one, 2), whole(one, 2), one.mask)
    draws = [torch.cat([value.flatten() for value in model.trained().values()]) for model in (first, same, other)]
    assert torch.equal(draws[0], draws[1])
    assert not torch.equal(draws[0], draws[2])


@pytest.mark.parametrize("name", ["BERT", "Qwen3"])
def test_a_study_keeps_adapters_alone(folders, tmp_path, name):
    recipe = small_recipe(folders(name), adapter="lora", adapter_rank=2, retrieval_layer=2)
    require_fit(recipe, look(str(folders(name)), None))
    evaluations = run_small(recipe, tmp_path)
    for folder in evaluations.values():
        told = json.loads((folder / "scores.json").read_text())["languages"]["de"]["metrics"]
        assert all(0 <= value <= 100 for value in told.values())
    kept = list(tmp_path.glob("*/encoder.safetensors"))
    assert kept
    for file in kept:
        with safe_open(file, "pt") as tensors:
            assert all("lora_" in key for key in tensors.keys())  # noqa: SIM118
            changed = [tensors.get_tensor(key).abs().max() > 0 for key in tensors.keys() if "lora_B" in key]  # noqa: SIM118
        assert all(changed)
        assert file.stat().st_size < 0.4 * (folders(name) / "model.safetensors").stat().st_size


def test_what_was_kept_is_what_was_trained(folders):
    model = AdaptedModel(folders("EuroBERT"), LORA, 1, FP32).eval()
    with torch.no_grad():
        for value in model.trained().values():
            value.add_(0.1)
    again = AdaptedModel(folders("EuroBERT"), LORA, 9, FP32).eval()
    load_trained(again, {name: value.clone() for name, value in model.trained().items()})
    with torch.inference_mode():
        assert torch.equal(model(batch()), again(batch()))
    with pytest.raises(DataError, match="does not fit"):
        load_trained(AdaptedModel(folders("EuroBERT"), replace(LORA, rank=2), 1, FP32), model.trained())


def test_an_adapter_is_part_of_trainings_and_no_other_steps_change():
    plain, lora = (make_plan(small_recipe("e5-small-q4", **table)) for table in ({}, {"adapter": "lora"}))
    for kind in ("pretrained", "features"):
        assert [step.key for step in plain.of_kind(kind)] == [step.key for step in lora.of_kind(kind)]
    for kind in ("intermediate", "target"):
        assert not {step.key for step in plain.of_kind(kind)} & {step.key for step in lora.of_kind(kind)}
        assert all(step.args["adapter"] == {"kind": "lora", "rank": 8, "alpha": 16.0, "targets": []}
                   for step in lora.of_kind(kind))  # fmt: skip
    untrained = [step.key for step in plain.of_kind("evaluation") if "encoder" not in step.parents]
    assert untrained
    assert set(untrained) < {step.key for step in lora.of_kind("evaluation")}


def test_the_estimate_is_of_adapters(folders):
    shape = look(str(folders("BERT")), None)
    tables = ({}, {"adapter": "lora", "adapter_rank": 2})
    plans = [make_plan(small_recipe(folders("BERT"), **table)) for table in tables]
    whole, small = (sum(estimate(plan, shape).steps[step.key][1] for step in plan.of_kind("target")) for plan in plans)
    assert small < whole / 4


@pytest.mark.parametrize(
    ("backbone", "told"),
    [
        ({"adapter": "lora", "freeze": 1}, 'adapter = "lora" with freeze = 1: .*set freeze = "none"'),
        ({"adapter_rank": 4}, 'adapter_rank = 4 goes with an adapter: set adapter = "lora"'),
        ({"adapter": "lora", "adapter_rank": 0}, "adapter_rank = 0"),
        ({"adapter": "lora", "adapter_alpha": -1.0}, "adapter_alpha = -1"),
        ({"adapter": "qlora"}, "adapter = 'qlora'"),
    ],
)
def test_mixtures_that_cannot_be_are_refused(backbone, told):
    with pytest.raises(RecipeError, match=told):
        small_recipe("e5-small-q4", **backbone)


def test_parts_that_a_model_lacks_are_refused_at_planning(folders):
    shape = look(str(folders("ModernBERT")), None)
    recipe = small_recipe(folders("ModernBERT"), adapter="lora", adapter_targets=["Wqkv", "query"])
    with pytest.raises(
        RecipeError, match=r"adapter_targets = \['query'\]: ModernBertModel has the linear parts .*Wqkv"
    ):
        require_fit(recipe, shape)
    own = small_recipe(folders("ModernBERT"), adapter="lora")
    with pytest.raises(RecipeError, match=r"for StrangeModel name adapter_targets, linear parts of its layers: .*Wqkv"):
        require_fit(own, replace(shape, kind="StrangeModel"))
    with pytest.raises(DataError, match="has the linear parts"):
        AdaptedModel(folders("ModernBERT"), replace(LORA, targets=("query",)), 1, FP32)


def test_without_the_extra_planning_says_how_to_install_it(folders, tmp_path, monkeypatch):
    recipe = small_recipe(folders("BERT"), adapter="lora")
    monkeypatch.setattr("xtransfer_stats.verbs.extras.absent", lambda extra: ("peft",) if extra == "adapters" else ())
    monkeypatch.setattr(running, "load_recipe", lambda *given: recipe)
    with pytest.raises(MissingExtra, match=r"adapter = lora` needs peft, not installed here: pip install"):
        running.run("small", store=tmp_path, dry_run=True)
