"""Every architecture against plain transformers code: states of layers, logits, losses, gradients, masked pieces."""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

pytest.importorskip("torch", reason="the train extra is not installed")

import torch
from tests.training.architectures import ARCHITECTURES, CAUSAL, LAYERED, LAYERS, configuration, save_architecture
from torch.nn.functional import cross_entropy, normalize
from transformers import AutoModelForMaskedLM

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.training.architecture import load, reads_left_alone
from xtransfer_stats.training.backbone import UpperLayers, WholeModel
from xtransfer_stats.training.batches import Batch
from xtransfer_stats.training.halves import LowerStack, UpperStack, encoder_of
from xtransfer_stats.training.hardware import CPU, Precision
from xtransfer_stats.training.heads import Classifier, Retriever
from xtransfer_stats.training.ownmaskedhead import OwnMaskedHead, has_masked_head, write_masked_head

FP32 = Precision("fp32", CPU)
LENGTHS = (9, 2, 5, 1)
WITH_HEAD = [name for name in ARCHITECTURES if has_masked_head(configuration(name))]


def batch() -> Batch:
    mask = torch.arange(max(LENGTHS))[None] < torch.tensor(LENGTHS)[:, None]
    ids = torch.randint(5, 90, mask.shape, generator=torch.Generator().manual_seed(1)).where(mask, torch.tensor(1))
    units = torch.arange(len(LENGTHS)).numpy()
    return Batch(units, units, ids, mask, None, None, torch.full(mask.shape, -1))


@pytest.fixture(scope="module")
def models(tmp_path_factory):
    """name -> a pretrained step's folder, made once."""
    made: dict[str, Path] = {}

    def folder(name: str) -> Path:
        if name not in made:
            given = save_architecture(tmp_path_factory.mktemp("given"), name, head=True)
            made[name] = tmp_path_factory.mktemp("pretrained")
            load(given).save_pretrained(made[name] / "model")
            write_masked_head(str(given), None, made[name])
            made[f"{name} given"] = given
        return made[name]

    folder.given = lambda name: made[f"{name} given"]
    return folder


def plain(folder: Path, one: Batch):
    """Transformers' own model and what it returns, hidden states of all layers too."""
    model = load(folder / "model", dtype=torch.float32).eval()
    return model, model(input_ids=one.ids, attention_mask=one.mask.long(), output_hidden_states=True)


def close(mine, theirs, mask=None):
    pair = (mine, theirs) if mask is None else (mine[mask], theirs[mask])
    assert torch.allclose(*pair, atol=1e-5, rtol=1e-5), float((pair[0] - pair[1]).abs().max())


@pytest.mark.parametrize("name", LAYERED)
def test_cached_layers_and_whole_forward_passes_agree(models, name):
    folder, one = models(name), batch()
    model, told = plain(folder, one)
    whole = WholeModel(folder / "model", FP32).eval()
    assert whole.depth == LAYERS
    with torch.inference_mode():
        close(whole(one), told.last_hidden_state, one.mask)
        for layer in range(1, LAYERS + 1):
            close(whole(one, layer), told.hidden_states[layer], one.mask)
        for freeze in range(LAYERS + 1):
            lower, upper = LowerStack(folder / "model", freeze, FP32), UpperStack(folder / "model", freeze, FP32).eval()
            cached = replace(one, hidden=lower(one))
            if freeze < LAYERS:
                close(cached.hidden, told.hidden_states[freeze], one.mask)
            close(upper(cached), told.last_hidden_state, one.mask)
            for layer in range(max(1, freeze), LAYERS + 1):
                close(upper(cached, layer), told.hidden_states[layer], one.mask)
        close(whole(one), told.last_hidden_state, one.mask)  # no hook of those passes stays
    assert reads_left_alone(model) == (name in CAUSAL)


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_what_a_token_knows_of_its_right_is_what_is_said_of_the_model(models, name):
    one, whole = batch(), WholeModel(models(name) / "model", FP32).eval()
    other = one.ids.clone()
    other[0, LENGTHS[0] - 1] += 1
    with torch.inference_mode():
        change = (whole(one)[0, 0] - whole(replace(one, ids=other))[0, 0]).abs().max()
    assert (float(change) < 1e-6) == reads_left_alone(whole.model)


@pytest.mark.parametrize("name", LAYERED)
def test_logits_loss_and_gradients_are_those_of_plain_transformers_code(models, name):
    folder, one = models(name), batch()
    head = Classifier(32, ["a", "b"])
    head.pooling = "last" if name in CAUSAL else "mean"
    gold = torch.tensor([0, 1, 1, 0])
    model, told = plain(folder, one)
    if name in CAUSAL:
        pooled = told.last_hidden_state[torch.arange(4), torch.tensor(LENGTHS) - 1]
    else:
        pooled = torch.stack([row[:n].mean(0) for row, n in zip(told.last_hidden_state, LENGTHS, strict=True)])
    logits = pooled @ head.linear.weight.T + head.linear.bias
    theirs = cross_entropy(logits, gold)
    theirs.backward()
    wanted = {key: value.grad for key, value in model.named_parameters()}

    whole = WholeModel(folder / "model", FP32).eval()
    close(head._values(whole(one), one), logits)
    mine = head.loss(whole(one), one, gold)
    mine.backward()
    close(mine, theirs)
    for key, value in whole.model.named_parameters():
        if wanted[key] is not None:
            close(value.grad, wanted[key])

    upper = UpperStack(folder / "model", 1, FP32).eval()
    cached = replace(one, hidden=LowerStack(folder / "model", 1, FP32)(one))
    head.loss(upper(cached), cached, gold).backward()
    trained = dict(upper.model.named_parameters())
    assert upper.trained().keys() == {key for key, value in trained.items() if value.requires_grad}
    assert any(value.grad.abs().max() > 0 for value in trained.values() if value.requires_grad)
    for key in upper.trained():
        close(trained[key].grad, wanted[key])


@pytest.mark.parametrize("name", LAYERED)
def test_pooled_vectors_of_a_layer_are_those_of_plain_transformers_code(models, name):
    folder, one = models(name), batch()
    _, told = plain(folder, one)
    whole, head = WholeModel(folder / "model", FP32).eval(), Retriever(32)
    with torch.inference_mode():
        for layer in (1, 2, LAYERS):
            states = [row[:n] for row, n in zip(told.hidden_states[layer], LENGTHS, strict=True)]
            for pooling, own in (("mean", lambda r: r.mean(0)), ("cls", lambda r: r[0]), ("last", lambda r: r[-1])):
                head.pooling = pooling
                close(
                    torch.tensor(np.array(head.outputs(whole(one, layer), one))),
                    normalize(torch.stack([own(r) for r in states])),
                )


@pytest.mark.parametrize("name", WITH_HEAD)
def test_masked_pieces_are_learnt_as_by_the_models_own_class(models, name):
    folder = models(name)
    marks = torch.full(batch().mask.shape, -1)
    marks[0, 2], marks[0, 7], marks[2, 1] = 11, 12, 40
    one = replace(batch(), marks=marks)
    model = AutoModelForMaskedLM.from_pretrained(models.given(name), dtype=torch.float32).eval()
    labels = marks.where(marks >= 0, torch.tensor(-100))
    theirs = model(input_ids=one.ids, attention_mask=one.mask.long(), labels=labels).loss
    theirs.backward()
    base = f"{model.base_model_prefix}."
    wanted = {key.removeprefix(base): value.grad for key, value in model.named_parameters()}

    whole = WholeModel(folder / "model", FP32).eval()
    head = OwnMaskedHead(folder, whole.table()).eval()
    mine = head.loss(whole(one), one, head.gold(one, None))
    mine.backward()
    close(mine, theirs)
    ours = dict(whole.model.named_parameters()) | dict(head.model.named_parameters())
    compared = [key for key, grad in wanted.items() if grad is not None]
    assert len(compared) > 10
    for key in compared:
        close(ours[key].grad, wanted[key])
    tied = model.get_output_embeddings().weight is model.get_input_embeddings().weight
    outside = [
        value for part, value in head.model.named_parameters(remove_duplicate=False) if not part.startswith(base)
    ]
    assert tied == any(value is whole.table().weight for value in outside)


@pytest.mark.parametrize("name", ["BERT", "RoBERTa", "XLM-R"])
def test_layers_run_one_by_one_are_the_models_own_to_the_last_bit(models, name):
    folder, one = models(name) / "model", batch()
    cached = replace(one, hidden=LowerStack(folder, 1, FP32)(one))
    by_layers, own = UpperLayers(folder, 1, FP32).eval(), UpperStack(folder, 1, FP32).eval()
    assert torch.equal(by_layers(cached)[one.mask], own(cached)[one.mask])
    assert by_layers.trained().keys() == own.trained().keys()


def test_a_models_layers_out_of_reach_are_named_with_a_remedy(models):
    folder = models("Qwen3") / "model"
    with pytest.raises(DataError, match=r"freeze = 9: the model has 3 layers; choose 0 to 3"):
        encoder_of(folder, 9, FP32)
    with pytest.raises(DataError, match=r"retrieval_layer = 4: choose 1 to 3"):
        WholeModel(folder, FP32)(batch(), 4)
    upper = encoder_of(folder, 2, FP32)
    with pytest.raises(DataError, match=r"retrieval_layer = 1: 2 layers are frozen"):
        upper(replace(batch(), hidden=torch.zeros(4, 9, 32)), 1)
    with pytest.raises(DataError, match="features were made without freeze"):
        upper(batch())
