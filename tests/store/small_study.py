"""A small study with made-up work, done in this process: what a store holds, in a fraction of a second."""

import json
import tomllib
import zlib

import pandas as pd

from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import DataError as Diverged
from xtransfer_stats.engines.attempt import attempt_step
from xtransfer_stats.engines.consequences import Engine
from xtransfer_stats.study.recipe import parse_recipe
from xtransfer_stats.verbs import run as running
from xtransfer_stats.verbs.run import Crew
from xtransfer_stats.verbs.study import Study


def recipe(learning_rate=None, **study):
    """Two seeds, two target tasks; a learning rate of 1e30 in the target phase makes all its trainings fail."""
    table = tomllib.loads(resources.find("runners", "quick").read_text())
    small = {"targets": ["xnli", "tatoeba"], "languages": ["de", "en"], "seeds": 2}
    target = {"settings": table["target"]["settings"] | {"learning_rate": learning_rate}} if learning_rate else {}
    return parse_recipe(table | {"study": table["study"] | small | study, "target": table["target"] | target}, "x")


def run_step(kind, args, inputs, out, progress):
    """Every kind's files, drawn from what the step is."""
    number = zlib.crc32(json.dumps([args, sorted(path.name for path in inputs.values())], default=str).encode())
    if args.get("settings", {}).get("learning_rate") == 1e30 and args["seed"] % 2:
        raise Diverged("the loss is nan at step 2 of 12")
    if kind == "evaluation":
        value = number % 10_000 / 100
        metrics = dict.fromkeys(args["metrics"], value)
        scores = {lang: {"n_examples": 10, "metrics": metrics} for lang in args["languages"]}
        (out / "scores.json").write_text(json.dumps({"languages": scores}))
        rows = [{"language": lang, "example_id": "1", "prediction": "0", "gold": "0"} for lang in args["languages"]]
        pd.DataFrame(rows).to_parquet(out / "predictions.parquet")
        return {"device": "cpu", "languages": scores}
    if kind == "features":
        (out / "examples.jsonl").write_text('{"id": "a"}\n')
        (out / "candidates.jsonl").write_text('{"id": "a"}\n')
    else:
        (out / "head.json").write_text(json.dumps({"number": number}))
    return {"collapsed": args.get("training") == "xnli" and number % 2 == 0} if kind == "target" else {}


class Here(Engine):
    """Does one step after the other in this process."""

    def work_off(self, consequences):
        """As Engine.work_off."""
        schedule, work = consequences.schedule, f"{__name__}:run_step"
        while not schedule.finished:
            consequences.look_at_busy()
            if step := schedule.take():
                parents = schedule.parents(step)
                consequences.draw(step, attempt_step(consequences.store, step, parents, lambda *_: None, work))
        return schedule.outcome


def run_small(monkeypatch, root, changed=None, **options):
    """`run` of the small study with made-up work; `changed` are keys of `recipe`, the options those of `run`."""
    monkeypatch.setattr(running, "require", lambda *names: None)
    monkeypatch.setattr(Crew, "engine", lambda crew: Here())
    monkeypatch.setattr(
        running, "load_recipe", lambda name, given=None: recipe(**(changed or {}), **(given or {}).get("study", {}))
    )
    return running.run("small", store=root, workers=1, **options)


def exported(root, study=None):
    """The frame as `export` writes it."""
    return Study(root, study).export().content
