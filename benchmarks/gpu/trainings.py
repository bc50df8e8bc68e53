"""Two trainings under the clock: the product's own, and transformers.Trainer's, on the same texts and batch size."""

import dataclasses
import tempfile
from pathlib import Path
from typing import Any

import torch
from benchmarks.gpu.clock import Clock
from benchmarks.gpu.corpus import Shape, features
from transformers import Trainer, TrainerCallback, TrainingArguments, XLMRobertaForSequenceClassification

from xtransfer_stats.study.settings import Settings
from xtransfer_stats.training import hardware, packing, recording, tasktraining, tuning
from xtransfer_stats.training.backbone import WholeModel

Texts = tuple[list[list[int]], list[int]]
RATE, DROPOUT, CLIP = 1e-5, 0.1, 1.0
NEVER = 10**9


def product(folder: Path, texts: Texts, batch: int, clock: Clock, compiled: bool, recorded: bool = True) -> None:
    """Train as a target step does, but for whether the layers are compiled and steps recorded, which it chooses."""
    precision = hardware.choose_precision("bf16" if clock.device.type == "cuda" else "auto", clock.device)
    data, few = features(*texts), features(*(part[:8] for part in texts))
    task = tuning.TaskData("bench", data, {"bench": few}, batch)
    settings = Settings(
        steps=clock.last, evaluate_every=clock.last, batch_size=batch, learning_rate=RATE, dropout=DROPOUT, clip=CLIP
    )
    plain, chosen, after = tasktraining.collate, hardware.COMPILED_FROM, recording.AFTER

    def collate(found: Any, units: Any, alike: bool) -> Any:
        lengths = found.lengths[units].tolist()
        clock.batch(lengths, packing.rounded(sum(lengths)) if precision.packs else None)
        return plain(found, units, alike)

    def encoder() -> WholeModel:
        model = WholeModel(folder, precision).to(clock.device)
        clock.start()
        return model

    threads = torch.get_num_threads()
    tasktraining.collate = collate
    hardware.COMPILED_FROM = 0 if compiled else NEVER
    if not recorded:
        recording.AFTER = NEVER
    try:
        torch.set_num_threads(1)  # as phases.run_step has it
        tuning.Tuning([task], encoder, 1).train(settings, lambda done, total: clock.step(done))
    finally:
        torch.set_num_threads(threads)
        tasktraining.collate, hardware.COMPILED_FROM, recording.AFTER = plain, chosen, after


class _Steps(TrainerCallback):
    def __init__(self, clock: Clock) -> None:
        self.clock = clock

    def on_step_end(self, args: Any, state: Any, control: Any, **more: Any) -> None:
        self.clock.step(state.global_step)


def trainer(shape: Shape, texts: Texts, batch: int, clock: Clock, by_length: bool) -> None:
    """Train with transformers.Trainer, bf16 on a GPU; batches in random order, or by length."""
    torch.manual_seed(1)
    with torch.device(clock.device):
        model = XLMRobertaForSequenceClassification(shape.config())
    rows = [{"input_ids": ids, "label": label} for ids, label in zip(*texts, strict=True)]

    def collate(chosen: list[dict[str, Any]]) -> dict[str, torch.Tensor]:
        lengths = [len(row["input_ids"]) for row in chosen]
        clock.batch(lengths)
        ids = torch.full((len(chosen), max(lengths)), 1)
        mask = torch.zeros_like(ids)
        for place, (row, length) in enumerate(zip(chosen, lengths, strict=True)):
            ids[place, :length] = torch.tensor(row["input_ids"])
            mask[place, :length] = 1
        return {"input_ids": ids, "attention_mask": mask, "labels": torch.tensor([row["label"] for row in chosen])}

    known = {one.name for one in dataclasses.fields(TrainingArguments)}
    order = {"train_sampling_strategy": "group_by_length"} if "train_sampling_strategy" in known else {
        "group_by_length": True
    }  # fmt: skip
    with tempfile.TemporaryDirectory() as out:
        arguments = TrainingArguments(
            output_dir=out, per_device_train_batch_size=batch, max_steps=clock.last, learning_rate=RATE,
            max_grad_norm=CLIP, warmup_steps=2, bf16=clock.device.type == "cuda", use_cpu=clock.device.type == "cpu",
            logging_strategy="no", save_strategy="no", report_to=[], disable_tqdm=True, seed=1,
            **(order if by_length else {}),
        )  # fmt: skip
        one = Trainer(model, arguments, train_dataset=rows, data_collator=collate, callbacks=[_Steps(clock)])
        clock.start()
        one.train()


HOW = {
    "xstats": lambda shape, folder, texts, batch, clock: product(folder, texts, batch, clock, True),
    "xstats, not replayed": lambda shape, folder, texts, batch, clock: product(
        folder, texts, batch, clock, True, False
    ),
    "xstats, not compiled": lambda shape, folder, texts, batch, clock: product(folder, texts, batch, clock, False),
    "Trainer": lambda shape, folder, texts, batch, clock: trainer(shape, texts, batch, clock, False),
    "Trainer, by length": lambda shape, folder, texts, batch, clock: trainer(shape, texts, batch, clock, True),
}
