"""Tidy tables and records: other names, constants, several metrics, exports; and what stops an import."""

import json

import pandas as pd
import pytest
from tests.exchange.imports.shapes import CSL, LANGUAGES, cells, expected, imported, point
from tests.places import beside

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.verbs.imports import import_results


def frame(conditions=("base", "mad-x"), seeds=(1, 2), languages=LANGUAGES):
    return pd.DataFrame(
        [
            {"condition": name, "seed": seed, "language": code, "score": point(c, s, k)}
            for c, name in enumerate(conditions)
            for s, seed in enumerate(seeds)
            for k, code in enumerate(languages)
        ]
    )


def renamed(**names):
    return frame().rename(columns=names).to_csv(index=False)


@pytest.mark.parametrize(
    ("names", "metric"),
    [
        ({"condition": "method", "language": "lang", "score": "acc"}, "accuracy"),
        ({"condition": "Model", "seed": "run_seed", "language": "lang_pred", "score": "eval_accuracy"}, "accuracy"),
        ({"condition": "system", "seed": "random_seed", "language": "tgt", "score": "test_f1"}, "f1"),
        ({"condition": "approach", "seed": "RNG seed", "language": "Target Language", "score": "em"}, "exact_match"),
        (
            {
                "condition": "model_name_or_path",
                "seed": "training_args.seed",
                "language": "locale",
                "score": "metrics.eval_f1",
            },
            "f1",
        ),
        ({"condition": "adapter", "seed": "run", "language": "lg", "score": "value"}, ""),
        ({"condition": "what I did", "language": "langcode", "score": "exact_match"}, "exact_match"),
    ],
)
def test_columns_by_other_names(names, metric, tmp_path):
    result = imported(tmp_path, {"t.csv": renamed(**names)})
    assert cells(result, *CSL) == expected()
    assert set(result.frame["metric"]) == {metric}


def test_names_that_nothing_knows_are_mapped(tmp_path):
    text = {"t.csv": renamed(condition="a", seed="b", language="c", score="d")}
    with pytest.raises(DataError, match=r"numbers stand in b, d, and nothing tells what they are. map score=COLUMN"):
        imported(tmp_path, text)
    assert cells(imported(tmp_path, text, map="condition=a,seed=b,language=c,score=d"), *CSL) == expected()
    with pytest.raises(DataError, match="no column 'e'; there are 'a', 'b', 'c', 'd'"):
        imported(tmp_path, text, map={"score": "e"})


def test_a_mapping_file_reads_the_same_again(tmp_path):
    text = {"t.csv": renamed(condition="a", seed="b", language="c", score="d")}
    first = imported(
        tmp_path,
        text,
        map="condition=a,seed=b,language=c,score=d",
        set={"target_task": "xnli"},
        output=tmp_path / "o.csv",
    )
    again = import_results(tmp_path / "t.csv", map=tmp_path / "o.mapping.toml")
    assert again.frame.equals(first.frame) and set(again.frame["target_task"]) == {"xnli"}
    kept = pd.read_csv(tmp_path / "o.csv")
    assert kept["score"].tolist() == first.frame["score"].tolist()
    (tmp_path / "broken.toml").write_text('[columns]\nseeds = "b"\n')
    with pytest.raises(Exception, match="did you mean 'seed'"):
        import_results(tmp_path / "t.csv", map=tmp_path / "broken.toml")


def test_several_metrics_in_columns_and_in_rows(tmp_path):
    rows = [
        {
            "method": m,
            "seed": s,
            "lang": "de",
            "dataset": "xquad",
            "f1": 60.1 + s,
            "em": 50.1 + s,
            "loss": 1.5,
            "epoch": 3,
        }
        for m in "ab"
        for s in (1, 2)
    ]
    wide = imported(tmp_path, {"w.csv": pd.DataFrame(rows).to_csv(index=False)})
    assert cells(wide, "condition", "seed", "metric")["b", 2, "exact_match"] == 52.1
    assert any("loss" in one.what for one in wide.left)
    long = pd.DataFrame(rows).melt(["method", "seed", "lang", "dataset"], var_name="metric")
    assert (
        cells(imported(tmp_path, {"l.csv": long.to_csv(index=False)}), "condition", "seed", "metric")[
            "b", 2, "exact_match"
        ]
        == 52.1
    )


def test_the_test_set_goes_before_development_data(tmp_path):
    text = "method,seed,lang,dev_acc,test_acc,train_acc\na,1,de,50.1,60.1,99\na,2,de,50.2,60.2,99\n"
    result = imported(tmp_path, {"t.csv": text})
    assert cells(result, "seed") == {(1,): 60.1, (2,): 60.2}
    assert any("dev_acc" in one.what and "test" in one.why for one in result.left)
    mapped = imported(tmp_path, {"t.csv": text}, map="score=dev_acc")
    assert cells(mapped, "seed") == {(1,): 50.1, (2,): 50.2}


def test_a_score_beside_a_metric_is_two_readings(tmp_path):
    text = {"t.csv": "method,seed,lang,score,f1\na,1,de,50.1,60.1\na,2,de,50.2,60.2\n"}
    with pytest.raises(DataError, match="map score=COLUMN"):
        imported(tmp_path, text)
    assert cells(imported(tmp_path, text, map="score=f1"), "seed", "metric")[2, "f1"] == 60.2


def test_records_within_records(tmp_path):
    runs = [
        {
            "train_config": {"model": name, "seed": seed, "lr": 1e-5, "epochs": 3},
            "eval_results": {
                "xnli": {code: {"accuracy": point(c, s, k) / 100, "loss": 0.3} for k, code in enumerate(LANGUAGES)}
            },
        }
        for c, name in enumerate(("base", "mad-x"))
        for s, seed in enumerate((1, 2))
    ]
    for files in (
        {"runs.json": runs},
        {"runs.jsonl": "\n".join(map(json.dumps, runs))},
        {f"r{n}.json": run for n, run in enumerate(runs)},
    ):
        folder = tmp_path / next(iter(files)).replace(".", "-")
        result = imported(folder, files)
        assert cells(result, *CSL) == expected()
        assert set(result.frame["target_task"]) == {"xnli"} and set(result.frame["metric"]) == {"accuracy"}


def test_results_in_a_list_beside_a_config(tmp_path):
    files = {
        f"{name}-{seed}.json": {
            "config": {"method": name, "seed": seed},
            "results": [{"lang": code, "acc": point(c, s, k)} for k, code in enumerate(LANGUAGES)],
        }
        for c, name in enumerate(("base", "mad-x"))
        for s, seed in enumerate((1, 2))
    }
    assert cells(imported(tmp_path, files), *CSL) == expected()


def test_an_object_by_seeds(tmp_path):
    value = {
        name: {
            f"seed_{seed}": {code: point(c, s, k) for k, code in enumerate(LANGUAGES)} for s, seed in enumerate((1, 2))
        }
        for c, name in enumerate(("base", "mad-x"))
    }
    assert cells(imported(tmp_path, {"r.json": value}), *CSL) == expected()


WANDB = [
    {
        "Name": f"{name}-seed{seed}",
        "State": "finished",
        "Created": "2024-05-01T10:00:00Z",
        "Runtime": 3100,
        "method": name,
        "seed": seed,
        "lr": 2e-5,
        "test/de/acc": point(c, s, 0),
        "test/en/acc": point(c, s, 1),
        "test/sw/acc": point(c, s, 2),
        "train/loss": 0.2,
        "eval/loss": 0.5,
        "_step": 900,
    }
    for c, name in enumerate(("base", "mad-x"))
    for s, seed in enumerate((1, 2))
]


def test_an_export_of_wandb(tmp_path):
    crashed = {**WANDB[0], "Name": "base-seed9", "seed": 9, "State": "crashed"}
    result = imported(tmp_path, {"wandb.csv": pd.DataFrame([*WANDB, crashed]).to_csv(index=False)})
    assert cells(result, *CSL) == expected()
    assert any("did not finish" in one.why for one in result.left)
    api = [
        {
            "summary": str({"test_acc": point(c, s, 0), "_runtime": 10, "_wandb": {"runtime": 3}}),
            "name": f"quick-fox-{7 * s + c}",
            "config": str({"adapter": name, "seed": seed, "lr": 1e-4, "fp16": True}),
        }
        for c, name in enumerate(("none", "lora"))
        for s, seed in enumerate((1, 2))
    ]
    result = imported(
        tmp_path, {"project.csv": pd.DataFrame(api).to_csv()}, set={"target_task": "xnli", "language": "de"}
    )
    assert cells(result, *CSL) == expected(("none", "lora"), languages=("de",))


def test_an_export_of_mlflow(tmp_path):
    runs = [
        {
            "run_id": f"{c}{s}ab",
            "experiment_id": 1,
            "status": "FINISHED",
            "start_time": f"2024-05-0{s + 1} 10:00:00",
            "metrics.f1_de": point(c, s, 0) / 100,
            "metrics.f1_en": point(c, s, 1) / 100,
            "metrics.f1_sw": point(c, s, 2) / 100,
            "metrics.loss": 0.1,
            "params.method": name,
            "params.seed": seed,
            "tags.mlflow.user": "me",
        }
        for c, name in enumerate(("base", "mad-x"))
        for s, seed in enumerate((1, 2))
    ]
    result = imported(tmp_path, {"runs.csv": pd.DataFrame(runs).to_csv(index=False)})
    assert cells(result, *CSL) == expected() and set(result.frame["metric"]) == {"f1"}


def test_settings_that_could_each_be_the_condition(tmp_path):
    rows = [
        {"config.rank_of": r, "config.layer": y, "seed": s, "lang": "de", "acc": 50 + 7 * n + s / 10}
        for n, (r, y) in enumerate([("x", "p"), ("x", "q"), ("y", "p")])
        for s in (1, 2)
    ]
    text = {"t.csv": pd.DataFrame(rows).to_csv(index=False)}
    with pytest.raises(DataError, match=r"map condition=config/rank_of\+config/layer"):
        imported(tmp_path, text)
    found = imported(tmp_path, text, map="condition=config.rank_of+config.layer")
    assert set(found.frame["condition"]) == {"x/p", "x/q", "y/p"}


def test_draws_below_a_condition(tmp_path):
    rows = [
        {"method": m, "seed": 1, "prompt": p, "lang": "de", "acc": 50 + n + p / 10}
        for n, m in enumerate("ab")
        for p in (1, 2)
    ]
    found = imported(tmp_path, {"t.csv": pd.DataFrame(rows).to_csv(index=False)})
    assert cells(found, "condition", "draw")["b", "2"] == 51.2


def test_a_number_for_each_run_and_nothing_else(tmp_path):
    found = imported(tmp_path, {"t.csv": "method,seed,accuracy\na,1,0.71\na,2,0.72\nb,1,0.74\nb,2,0.75\n"})
    assert cells(found, "condition", "seed", "language", "target_task")["b", 2, "", ""] == 75
    assert any("no language" in text for text in found.lacking)


def test_no_seed_is_refused_and_numbered_on_request(tmp_path):
    text = {"t.csv": "method,lang,acc\na,de,71.1\na,de,72.1\nb,de,74.1\nb,de,75.1\n"}
    with pytest.raises(DataError, match=r"no seed is told.*number_seeds") as error:
        imported(tmp_path, text)
    assert "--number-seeds" in error.value.in_options()
    result = imported(tmp_path, text, number_seeds=True)
    seeds = result.frame.groupby("condition")["seed"].agg(set)
    assert not seeds["a"] & seeds["b"] and any("unpaired" in note for note in result.notes)


def test_one_run_a_condition_needs_no_seed(tmp_path):
    result = imported(tmp_path, {"t.csv": "method,de,en\na,71.1,72.1\nb,74.1,75.1\n"})
    assert result.frame.groupby("condition")["seed"].nunique().tolist() == [1, 1]
    assert any("nothing can be said over seeds" in note for note in result.notes)


def test_two_scores_of_one_cell_are_refused_with_what_differs(tmp_path):
    text = {"t.csv": "method,seed,lang,shots,acc\na,1,de,x5,71.1\na,1,de,x9,72.1\nb,1,de,x5,74.1\nb,1,de,x9,75.1\n"}
    with pytest.raises(DataError, match=r"2 scores of one run.*71.1, 72.1.*map draw=shots"):
        imported(tmp_path, text)
    assert len(imported(tmp_path, text, map="draw=shots").frame) == 4
    again = {"t.csv": "method,seed,lang,acc\na,1,de,71.1\na,1,de,71.1\n"}
    assert len(imported(tmp_path, again).frame) == 1


@pytest.mark.parametrize(
    ("scores", "told"),
    [
        ((0.711, 0.722, 74.1, 75.2), "condition a lies between 0 and 1"),
        ((0.711, 72.2, 0.741, 75.2), "seed 1 lies between 0 and 1"),
    ],
)
def test_two_scales_in_one_metric_are_refused(scores, told, tmp_path):
    one, two, three, four = scores
    text = {"t.csv": f"method,seed,lang,acc\na,1,de,{one}\na,2,de,{two}\nb,1,de,{three}\nb,2,de,{four}\n"}
    with pytest.raises(DataError, match=told):
        imported(tmp_path, text)
    assert imported(tmp_path, text, scale=1).frame["score"].tolist() == list(scores)


def test_the_scale_is_told_for_each_metric(tmp_path):
    text = {"t.csv": "method,seed,lang,acc,bleu,ppl\na,1,de,0.711,31.5,0.9\na,2,de,0.722,30.5,0.8\n"}
    result = imported(tmp_path, text)
    assert cells(result, "seed", "metric") == {
        (1, "accuracy"): 71.1,
        (1, "bleu"): 31.5,
        (1, "perplexity"): 0.9,
        (2, "accuracy"): 72.2,
        (2, "bleu"): 30.5,
        (2, "perplexity"): 0.8,
    }
    told = " ".join(result.notes)
    assert (
        "accuracy: 0.711 to 0.722: fractions of one, multiplied by 100." in told
        and "bleu: 30.5 to 31.5: points" in told
    )
    kept = imported(tmp_path, text, scale={"accuracy": 1})
    assert cells(kept, "seed", "metric")[1, "accuracy"] == 0.711
    with pytest.raises(DataError, match="no metric or target task of that name; there are accuracy, bleu, perplexity"):
        imported(tmp_path, text, scale={"f1": 100})


def test_our_own_frames_stay_as_they_are(tmp_path):
    found = imported(
        tmp_path,
        {"t.csv": "seed,n_tasks,task_set,target_task,language,score\n1,0,,xnli,de,60.1\n1,2,mnli+qqp,xnli,de,61.1\n"},
    ).frame
    assert (
        found["n_tasks"].tolist() == [0, 2]
        and found["task_set"].tolist() == ["", "mnli+qqp"]
        and "condition" not in found
    )


def test_a_text_among_scores_is_named(tmp_path):
    with pytest.raises(DataError, match=r"t.csv: row 2, column acc: 'oops' is no number"):
        imported(tmp_path, {"t.csv": "method,seed,lang,acc\na,1,de,71.1\na,2,de,oops\n"}, map="score=acc")


def test_tables_of_transfer_beside_the_project():
    result = import_results(beside("real-data", "results", "xpos", "udpos-ft-10000.csv"), set={"metric": "accuracy"})
    found = cells(result, "condition", "language")
    assert len(found) == 65 * 105 and abs(found["en", "nl"] - 89.73) < 1


def test_a_column_of_splits_keeps_the_test_rows(tmp_path):
    splits = {"dev": 0, "test": 10}
    rows = "".join(f"{m},{s},{p},de,{60 + s + splits[p]}\n" for m in "ab" for s in (1, 2) for p in splits)
    result = imported(tmp_path, {"t.csv": "method,seed,split,lang,f1\n" + rows})
    assert cells(result, "condition", "seed")["a", 1] == 71 and len(result.frame) == 4


def test_scores_of_runs_in_lists(tmp_path):
    value = {"xlmr": {"de": [0.7, 0.71], "sw": [0.6, 0.61]}, "mbert": {"de": [0.5, 0.51], "sw": [0.4, 0.41]}}
    with pytest.raises(DataError, match="number_seeds"):
        imported(tmp_path, {"r.json": value})
    found = cells(imported(tmp_path, {"r.json": value}, number_seeds=True), *CSL)
    assert found["xlmr", 1, "de"] == 70 and found["xlmr", 2, "sw"] == 61
    assert found["mbert", 3, "de"] == 50 and found["mbert", 4, "sw"] == 41 and len(found) == 8


def test_a_column_of_metrics_says_more_than_metrics(tmp_path):
    rows = "".join(
        f"x{s},{key},{v + s / 100},{s},a\n"
        for s in (1, 2)
        for key, v in (("f1_de", 0.7), ("f1_sw", 0.6), ("val_loss", 0.1))
    )
    result = imported(tmp_path, {"t.csv": "run_id,metric,value,params.seed,params.model\n" + rows})
    assert cells(result, "seed", "language", "metric")[2, "sw", "f1"] == 62 and len(result.frame) == 4


def test_a_mapped_score_of_an_unknown_name_says_nothing_else(tmp_path):
    text = "Modell;Startwert;Sprache;Genauigkeit\nA;1;de;70,1\nA;2;de;70,2\n"
    result = imported(
        tmp_path, {"t.csv": text}, map="condition=Modell,seed=Startwert,language=Sprache,score=Genauigkeit"
    )
    assert cells(result, *CSL) == {("A", 1, "de"): 70.1, ("A", 2, "de"): 70.2}
    assert set(result.frame["target_task"]) == {""}


def test_errors_and_numbers_of_examples_stay_beside_their_scores(tmp_path):
    text = "model,seed,lang,acc,acc_stderr,n_examples\na,1,de,0.71,0.010,5010\na,2,de,0.72,0.011,5020\n"
    found = imported(tmp_path, {"t.csv": text}).frame
    assert found["std_error"].tolist() == [1.0, 1.1] and found["n_examples"].tolist() == [5010, 5020]
