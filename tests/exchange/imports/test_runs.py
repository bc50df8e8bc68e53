"""Trees of runs, harness results, predictions: what the path says, what the files say, what is left aside."""

import pytest
from tests.exchange.imports.shapes import CSL, LANGUAGES, cells, expected, imported, point, write
from tests.places import beside

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.exchange.imports.harness import task_and_language
from xtransfer_stats.verbs.imports import import_results


def tree(form, content, conditions=("base", "mad-x"), seeds=(1, 2), languages=LANGUAGES):
    """A file a run, its content by a function of the score."""
    return {
        form.format(condition=name, seed=seed, language=code): content(point(c, s, k))
        for c, name in enumerate(conditions)
        for s, seed in enumerate(seeds)
        for k, code in enumerate(languages)
    }


FORMS = [
    "runs/{condition}/{language}/seed{seed}/results.json",
    "runs/{condition}/seed_{seed}/xnli/{language}/results.json",
    "{condition}-s{seed}/test_{language}.json",
    "out/{condition}_xnli_{language}_seed{seed}/metrics.json",
    "{language}/{condition}/{seed}/eval.json",
    "exp/xnli-{language}-{condition}-{seed}.json",
]


@pytest.mark.parametrize("form", FORMS)
def test_parts_of_the_path_say_condition_language_and_seed(form, tmp_path):
    result = imported(tmp_path, tree(form, lambda score: {"accuracy": score / 100, "loss": 0.4}), ".")
    assert cells(result, *CSL) == expected()


@pytest.mark.parametrize("form", FORMS)
def test_a_pattern_names_the_parts_of_the_path(form, tmp_path):
    write(tmp_path, tree(form, lambda score: {"accuracy": score / 100}))
    result = import_results(f"{tmp_path}/{form}")
    assert cells(result, *CSL) == expected()


def test_a_pattern_splits_names_by_codes_and_numbers(tmp_path):
    files = {
        f"r/{task}_{code}_{s}.json": {"f1": 50 + s + k}
        for task in ("tydiqa_goldp", "my_task")
        for k, code in enumerate(("de", "sw"))
        for s in (1, 2)
    }
    found = import_results(
        f"{write(tmp_path, files)}/r/{{target_task}}_{{language}}_{{seed}}.json", set={"condition": "x"}
    )
    assert cells(found, "target_task", "language", "seed")["my_task", "sw", 2] == 53
    assert cells(found, "target_task", "language", "seed")["tydiqa", "de", 1] == 51
    with pytest.raises(DataError, match="no file fits the pattern; there is my_task_de_1"):
        import_results(f"{tmp_path}/r/{{condition}}/{{seed}}.json")


CONTENTS = {
    "eval_results.txt": lambda score: f"  f1 = {score / 100}\n  loss = 0.3\n  precision = 0.5\n  recall = 0.4\n",
    "results.txt": lambda score: f"f1: {score}\n",
    "val_metrics.json": lambda score: {
        "aggregated": 0.1,
        "panx": {"loss": 1.2, "metrics": {"major": 0.1, "minor": {"f1": score / 100}}},
    },
    "all_results.json": lambda score: {
        "epoch": 3.0,
        "eval_f1": score / 100,
        "eval_loss": 0.3,
        "eval_runtime": 12.1,
        "eval_samples": 5010,
        "eval_samples_per_second": 400.1,
        "train_loss": 0.1,
    },
    "trainer_state.json": lambda score: {
        "best_metric": score / 100,
        "best_model_checkpoint": "out/checkpoint-200",
        "global_step": 300,
        "log_history": [
            {"epoch": 1, "step": 100, "eval_f1": 0.11, "eval_loss": 1},
            {"epoch": 2, "step": 200, "eval_f1": score / 100, "eval_loss": 1},
            {"epoch": 3, "step": 300, "eval_f1": 0.99, "loss": 0.2},
        ],
    },
}


@pytest.mark.parametrize("name", CONTENTS)
def test_one_small_file_a_run(name, tmp_path):
    files = tree("{condition}/{language}/seed-{seed}/" + name, CONTENTS[name])
    files |= {"base/de/seed-1/config.json": {"hidden_size": 768}, "base/de/seed-1/vocab.txt": "a\n"}
    result = imported(tmp_path, files, ".", set={"target_task": "panx"})
    assert cells(result, *CSL) == expected()
    assert set(result.frame["metric"]) == {"f1"}
    if name == "all_results.json":
        assert set(result.frame["n_examples"]) == {5010}


def test_a_test_score_never_chooses_the_step(tmp_path):
    history = [
        {"step": 1, "eval_f1": 0.5, "test_f1": 0.6},
        {"step": 2, "eval_f1": 0.4, "test_f1": 0.9},
        {"step": 3, "eval_f1": 0.3, "test_f1": 0.2},
    ]
    state = {"best_metric": 0.9, "best_model_checkpoint": "checkpoint-2", "log_history": history}
    result = imported(tmp_path, {"seed1/trainer_state.json": state}, ".")
    assert result.frame["score"].tolist() == [20.0]
    assert any("step 3 is the last that was evaluated" in one.why for one in result.left)


def test_of_several_files_of_one_run_the_fullest_counts(tmp_path):
    files = {}
    for seed in (1, 2):
        files[f"a/seed{seed}/all_results.json"] = {"eval_accuracy": 0.5 + seed / 100, "train_runtime": 3}
        files[f"a/seed{seed}/eval_results.json"] = {"eval_accuracy": 0.5 + seed / 100}
        files[f"a/seed{seed}/checkpoint-5/trainer_state.json"] = {"log_history": [{"step": 5, "eval_accuracy": 0.1}]}
    result = imported(tmp_path, files, ".")
    assert cells(result, "seed") == {(1,): 51.0, (2,): 52.0}
    assert any("all_results.json beside it" in one.why for one in result.left)


def test_the_seed_in_a_file_of_settings_beside(tmp_path):
    files = {}
    for n, name in enumerate(("quick-fox", "slow-owl", "old-cat")):
        files[f"{name}/config.json"] = {"seed": 7 + n, "lr": 0.1}
        files[f"{name}/results.json"] = {"acc": 50 + n}
    result = imported(tmp_path, files, ".", set={"condition": "x"})
    assert cells(result, "seed") == {(7,): 50, (8,): 51, (9,): 52}


# lm-evaluation-harness


def harness(scores, model="m-7b", new=True, **more):
    sign = ",none" if new else ""
    results = {name: {f"acc{sign}": value, f"acc_stderr{sign}": 0.007} for name, value in scores.items()}
    return {
        "results": results,
        "versions": dict.fromkeys(scores, 1),
        "config": {"model": "hf", "model_args": f"pretrained=org/{model},dtype=float16"},
        **more,
    }


@pytest.mark.parametrize("new", [True, False])
def test_results_of_the_harness(new, tmp_path):
    files = {}
    for c, name in enumerate(("base", "mad-x")):
        for s, seed in enumerate((1, 2)):
            one = harness(
                {f"xnli_{code}": point(c, s, k) / 100 for k, code in enumerate(LANGUAGES)} | {"xnli": 0.3}, name, new
            )
            one["config"]["random_seed"] = seed
            one["group_subtasks"] = {"xnli": [f"xnli_{code}" for code in LANGUAGES]}
            one["n-samples"] = {f"xnli_{code}": {"original": 5010, "effective": 5000} for code in LANGUAGES}
            files[f"{name}/results_2024-05-0{seed}T10-11-12.123.json"] = one
    result = imported(tmp_path, files, ".")
    found = cells(result, *CSL)
    assert {(name.removeprefix("org/"), s, k): score for (name, s, k), score in found.items()} == expected()
    assert set(result.frame["n_examples"]) == {5000} and set(result.frame["std_error"].round(6)) == {0.7}
    assert any("a group" in one.why for one in result.left)


def test_runs_of_one_seed_and_other_scores_are_refused(tmp_path):
    files = {f"m/results_2024-05-0{n}T10-11-12.json": harness({"xnli_de": 0.4 + n / 100}) for n in (1, 2)}
    for one in files.values():
        one["config"]["random_seed"] = 0
    with pytest.raises(DataError, match=r"2 scores of one run, cell and metric.*number_seeds"):
        imported(tmp_path, files, ".")
    assert len(import_results(tmp_path, number_seeds=True).frame) == 2


@pytest.mark.parametrize(
    ("name", "task", "language"),
    [
        ("xnli_sw", "xnli", "sw"),
        ("xnli_eu_mt", "xnli_mt", "eu"),
        ("xcopa_it", "xcopa", "it"),
        ("belebele_deu_Latn", "belebele", "deu-Latn"),
        ("mgsm_direct_de", "mgsm_direct", "de"),
        ("lambada_openai_mt_de", "lambada_openai_mt", "de"),
        ("piqa", "piqa", ""),
        ("arc_easy", "arc_easy", ""),
        ("truthfulqa_fr_mc1", "truthfulqa_mc1", "fr"),
        ("pawsx_ko", "pawsx", "ko"),
        ("what_it_is", "what_it_is", ""),
        ("paws_x_de", "paws_x", "de"),
    ],
)
def test_the_language_in_a_tasks_name(name, task, language):
    assert task_and_language(name) == (task, language)


def test_harness_results_beside_the_project():
    result = import_results(beside("real-data", "results", "xnli_eu_lm_eval"))
    assert cells(result, "condition", "target_task")["bigscience/bloom-7b1", "xnli"] == pytest.approx(
        49.46107784431138, abs=1e-6
    )
    assert len(result.frame) == 12 and set(result.frame["language"]) == {"eu"}
    one = import_results(beside("cases", "results", "lmeval.json"))
    assert cells(one, "language") == {("de",): 48.0, ("sw",): 36.0} and set(one.frame["seed"]) == {1}


# Predictions


def test_predictions_in_the_leaderboards_layout_are_scored(tmp_path):
    files = {}
    gold = "entailment\nneutral\ncontradiction\nneutral\n"
    for c, name in enumerate(("base", "mad-x")):
        for seed in (1, 2):
            for code in ("de", "sw"):
                files[f"predictions/{name}-seed{seed}/xnli/test-{code}.tsv"] = gold.replace(
                    "neutral", "entailment", 2 - c
                )
    files |= {f"labels/xnli/test-{code}.tsv": gold for code in ("de", "sw")}
    result = imported(tmp_path, files, ".")
    found = cells(result, "condition", "seed", "language")
    assert found["base", 1, "de"] == 50 and found["mad-x", 2, "sw"] == 75 and len(found) == 8
    for path in tmp_path.glob("labels/xnli/*"):
        path.unlink()
    (tmp_path / "labels" / "xnli").rmdir()
    with pytest.raises(DataError, match="predictions without gold"):
        import_results(tmp_path)


def test_what_holds_no_scores_is_named(tmp_path):
    write(tmp_path, {"a/readme.txt": "hello\nworld\n", "b.json": {"x": "y"}, "e.csv": ""})
    with pytest.raises(DataError, match="nothing is there"):
        import_results(tmp_path / "none")
    with pytest.raises(DataError, match="the file is empty"):
        import_results(tmp_path / "e.csv")
    with pytest.raises(DataError, match="no column of scores"):
        import_results(tmp_path)


def test_files_of_two_splits_are_one_run(tmp_path):
    splits = {"dev": 0, "test": 0.1}
    files = {
        f"{m}/seed{s}/{p}_results.json": {"acc": 0.6 + 0.01 * s + splits[p]}
        for m in "ab"
        for s in (1, 2)
        for p in splits
    }
    result = imported(tmp_path, files, ".")
    assert cells(result, "condition", "seed") == {(m, s): 70 + s for m in "ab" for s in (1, 2)}
    assert any("the same on the test set" in one.why for one in result.left)


def test_outcomes_of_examples_are_no_scores(tmp_path):
    one = harness({"xnli_de": 0.5})
    one["config"]["random_seed"] = 1
    samples = '{"doc_id": 0, "acc": 1.0}\n'
    files = {"m/results_2024-05-01T10-11-12.json": one, "m/samples_xnli_de_2024-05-01T10-11-12.jsonl": samples}
    assert imported(tmp_path, files, ".").frame["score"].tolist() == [50.0]
