"""Files as papers, trainers and trackers leave them: LaTeX, MLflow's store, printed results, figures by class."""

import pandas as pd
import pytest
from tests.exchange.imports.shapes import CSL, LANGUAGES, cells, expected, imported, point, write

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.verbs.imports import import_results

RUNS = [(c, m, s, seed) for c, m in enumerate(("base", "mad-x")) for s, seed in enumerate((1, 2))]


def row(c, s, join=" & "):
    return join.join(f"{point(c, s, k)}" for k in range(len(LANGUAGES)))


def test_a_latex_tabular(tmp_path):
    lines = "".join(f"{m}\\cite{{x}} & {seed} & {row(c, s)} & 1.0 \\\\[2pt]\n" for c, m, s, seed in RUNS)
    text = (
        "\\begin{table}\\caption{NER, \\% of $F_1$.}\n\\begin{tabular*}{\\textwidth}{@{}l|ccccc} % type\n\\toprule\n"
        "\\textbf{Model} & Seed & de & en & sw & Avg.\\\\ \\midrule\n"
        + lines
        + "\\bottomrule\\end{tabular*}\\end{table}"
    )
    bold = text.replace("50.01", "\\textbf{50.01}").replace("50.08", "50.08$^{\\dagger}$").replace("50.15", "$50.15$")
    for name, written in (("plain.tex", text), ("bold.tex", bold)):
        assert cells(imported(tmp_path, {name: written}), *CSL) == expected()


def test_spanning_headings_and_rows_of_a_latex_tabular(tmp_path):
    lines = "".join(
        f"{f'multirow{{2}}{{*}}{{{m}}}'.replace('multirow', chr(92) + 'multirow') if s == 0 else ''} & {seed} & "
        f"{point(c, s, 0)} & {point(c, s, 1)} & {point(c, s, 0, 1)} & {point(c, s, 1, 1)} \\\\\n"
        for c, m, s, seed in RUNS
    )
    text = (
        "\\begin{tabular}{ll cc cc}\\hline\n & & \\multicolumn{2}{c}{XNLI} & \\multicolumn{2}{c}{PAWS-X} \\\\\n"
        "\\cmidrule(lr){3-4} \\cmidrule(lr){5-6}\nModel & Seed & de & en & de & en \\\\\\hline\n"
        + lines
        + "\\end{tabular}"
    )
    found = cells(imported(tmp_path, {"t.tex": text}), "target_task", *CSL)
    assert len(found) == 16 and found["pawsx", "mad-x", 2, "en"] == point(1, 1, 1, 1)


@pytest.mark.parametrize(
    "cell", ["72.4 $\\pm$ 0.3", "$72.4_{\\pm 0.3}$", "$\\mathbf{72.4}_{\\pm0.3}$", "72.4\\std{0.3}", "72.4$_{0.3}$"]
)
def test_a_spread_in_latex_is_no_run(cell, tmp_path):
    text = f"\\begin{{tabular}}{{lc}}\nModel & de \\\\\nbase & {cell} \\\\\nours & {cell} \\\\\n\\end{{tabular}}"
    with pytest.raises(DataError, match="is a mean with a spread"):
        imported(tmp_path, {"t.tex": text})


def test_a_spread_behind_bold_type_and_columns_of_means_are_no_runs(tmp_path):
    with pytest.raises(DataError, match="is a mean with a spread"):
        imported(tmp_path, {"t.md": "| Model | de |\n|--|--|\n| base | 72.4 ± 0.3 |\n| ours | **73.1** ± 0.2 |\n"})
    means = "method,lang,acc_mean,acc_std,n_seeds\na,de,72.4,0.3,5\nb,de,73.1,0.2,5\n"
    with pytest.raises(DataError, match="acc_mean, acc_std: means and spreads over runs"):
        imported(tmp_path, {"m.csv": means})
    taken = imported(tmp_path, {"m.csv": means}, map="score=acc_mean")
    assert cells(taken, "condition", "language") == {("a", "de"): 72.4, ("b", "de"): 73.1}


def mlflow(c, m, s, seed, status=3):
    base = f"mlruns/11/{c}{s}f0{status}/"
    files = {
        f"{base}meta.yaml": f"lifecycle_stage: active\nrun_id: {c}{s}\nrun_name: calm-fox-{c}{s}\nstatus: {status}\n",
        f"{base}params/seed": str(seed), f"{base}params/method": m, f"{base}params/lr": "2e-5",
        f"{base}metrics/train_loss": "1 0.2 1\n", f"{base}artifacts/predictions.json": "{}",
    }  # fmt: skip
    for k, code in enumerate(LANGUAGES):
        value = point(c, s, k) / 100
        files[f"{base}metrics/f1_{code}"] = f"17 {value - 0.1} 100\n19 {value} 300\n18 {value - 0.2} 200\n"
    return files


def test_the_file_store_of_mlflow(tmp_path):
    files = {"mlruns/11/meta.yaml": "name: transfer\n"} | mlflow(1, "mad-x", 9, 1, status=4)
    for run in RUNS:
        files |= mlflow(*run)
    found = imported(tmp_path, files, place="mlruns")
    assert cells(found, *CSL) == expected()
    assert "did not finish" in " ".join(found.account)


def test_ids_and_output_folders_are_no_conditions(tmp_path):
    table = pd.DataFrame(
        {"Run ID": f"a{c}{s}", "Name": f"fox-{7 * c + s}", "output_dir": f"out/{m}/{seed}", "peft": m,
         "seed": seed, "accuracy": point(c, s)} for c, m, s, seed in RUNS
    )  # fmt: skip
    found = cells(imported(tmp_path, {"runs.csv": table.to_csv(index=False)}), "condition", "seed")
    assert found == {(m, seed): point(c, s) for c, m, s, seed in RUNS}


def test_folders_that_are_named_one_by_one_are_parts_of_the_path(tmp_path):
    files = {
        f"{m}-seed{seed}/eval_results_{code}.txt": f"acc = {point(c, s, k) / 100}\nnum = 5010\n"
        for c, m, s, seed in RUNS
        for k, code in enumerate(LANGUAGES)
    }
    write(tmp_path, files)
    found = import_results(*sorted({tmp_path / name.split("/")[0] for name in files}))
    assert cells(found, *CSL) == expected()


def test_figures_of_single_classes_are_left_aside(tmp_path):
    files = {
        f"{code}/{m}_{seed}/predict_results.json": {
            "predict_LOC_f1": 0.9, "predict_PER_f1": 0.8, "predict_overall_f1": point(c, s, k) / 100,
            "predict_overall_accuracy": 0.97, "predict_overall_precision": 0.8, "predict_loss": 0.1,
        }
        for c, m, s, seed in RUNS
        for k, code in enumerate(LANGUAGES)
    }  # fmt: skip
    found = imported(tmp_path, files)
    assert cells(found, *CSL) == expected()
    assert "figures of single classes" in " ".join(found.account)


def test_what_the_harness_prints(tmp_path):
    head = "| Tasks |Version|Filter|n-shot|Metric| |Value| |Stderr|\n|--|--:|--|--:|--|--|--:|--|--:|\n"

    def printed(c, model):
        rows = "".join(
            f"| - xnli_{code}| 1|none | 0|acc |↑ |{point(c, 0, k) / 100}|± |0.0096|\n"
            for k, code in enumerate(LANGUAGES)
        )
        groups = head.replace("Tasks", "Groups") + "|xnli | 1|none | |acc |↑ |0.4|± |0.005|\n"
        title = f"hf (pretrained={model},dtype=float), limit: None\n"
        return f"{title}{head}|xnli | 1|none | |acc|↑ |0.4|± |0.005|\n{rows}\n{groups}"

    found = imported(tmp_path, {"a.md": printed(0, "m/small"), "b.md": printed(1, "m/large")})
    assert cells(found, "condition", "language")["m/large", "sw"] == point(1, 0, 2) and len(found.frame) == 6
    assert found.frame["std_error"].tolist() == [0.96] * 6 and set(found.frame["target_task"]) == {"xnli"}


def test_results_of_mteb(tmp_path):
    def result(c):
        scores = [
            {"accuracy": point(c, 0, k) / 100, "main_score": 0.5, "hf_subset": code, "languages": [code],
             "scores_per_experiment": [{"accuracy": 0.1}, {"accuracy": 0.2}]}
            for k, code in enumerate(LANGUAGES)
        ]  # fmt: skip
        return {
            "mteb_version": "1.12",
            "task_name": "MassiveIntent",
            "evaluation_time": 2.0,
            "scores": {"test": scores},
        }

    found = imported(tmp_path, {"intfloat__e5/x/M.json": result(0), "LaBSE/x/M.json": result(1)})
    assert cells(found, "condition", "language")["LaBSE", "sw"] == point(1, 0, 2) and len(found.frame) == 6


@pytest.mark.parametrize("first", ["lang", "Task"])
def test_a_column_a_model_and_a_row_a_language_or_task(first, tmp_path):
    rows = ("de", "sw") if first == "lang" else ("XNLI", "PAWS-X")
    text = f"{first},mBERT,XLM-R,Ours\n" + "".join(f"{x},6{k}.1,6{k}.2,6{k}.3\n" for k, x in enumerate(rows))
    result = imported(tmp_path, {"m.csv": text})
    assert (
        cells(result, "condition", "language", "target_task")[
            ("Ours", "sw", "") if first == "lang" else ("Ours", "", "pawsx")
        ]
        == 61.3
    )
    assert "taken for conditions" in " ".join(result.account)


def test_translate_train_is_a_method(tmp_path):
    text = "seed,zero-shot,,translate-train,\n,de,sw,de,sw\n1,50.1,51.1,60.1,61.1\n2,50.2,51.2,60.2,61.2\n"
    assert cells(imported(tmp_path, {"m.csv": text}), *CSL)["translate-train", 2, "sw"] == 61.2


def test_two_scripts_of_a_language_stay_two_and_two_codes_of_it_are_one(tmp_path):
    text = "model,seed,zho_Hans,zho_Hant,swa_Latn,deu\na,1,1.5,2.5,3.5,4.5\nb,1,5.5,6.5,7.5,8.5\n"
    assert set(imported(tmp_path, {"m.csv": text}).frame["language"]) == {"zh-Hans", "zh-Hant", "sw", "de"}


@pytest.mark.parametrize("orient", ["index", "table"])
def test_further_layouts_of_pandas_in_json(orient, tmp_path):
    runs = [{"model": m, "seed": seed} for _, m, _, seed in RUNS]
    table = pd.DataFrame([run | {code: point(c, s, k) for k, code in enumerate(LANGUAGES)}
                          for run, (c, _, s, _) in zip(runs, RUNS, strict=True)])  # fmt: skip
    assert cells(imported(tmp_path, {"w.json": table.to_json(orient=orient)}), *CSL) == expected()


def test_a_pivot_as_pandas_prints_it_and_a_table_with_one_blank_between(tmp_path):
    index = pd.MultiIndex.from_tuples([(m, seed) for _, m, _, seed in RUNS], names=["method", "seed"])
    values = [list(map(float, row(c, s).split(" & "))) for c, _, s, _ in RUNS]
    table = pd.DataFrame(values, index, pd.Index(LANGUAGES, name="language of the test".replace(" ", "_")))
    assert cells(imported(tmp_path, {"p.txt": table.to_string()}), *CSL) == expected()
    lines = "".join(f"{m} {seed} {row(c, s, ' ')}\n" for c, m, s, seed in RUNS)
    assert cells(imported(tmp_path, {"b.txt": "method seed de en sw\n" + lines}), *CSL) == expected()


def test_chrf_with_words_is_another_metric_than_chrf(tmp_path):
    text = "model,seed,chrF,chrF++\na,1,50.5,60.5\nb,1,51.5,61.5\n"
    found = cells(imported(tmp_path, {"m.csv": text}), "condition", "metric")
    assert found["a", "chrf"] == 50.5 and found["a", "chrf++"] == 60.5


def test_a_row_of_differences_is_computed_from_others(tmp_path):
    text = "| | XNLI | POS |\n|--|--|--|\n| mBERT† | 60.1 | 70.1 |\n| Ours | 61.1 | 71.1 |\n| Δ | 1.0 | 1.0 |\n"
    assert set(imported(tmp_path, {"m.md": text}).frame["condition"]) == {"mBERT", "Ours"}


@pytest.mark.parametrize("count", ["12.5", "1e300", "inf", "many"])
def test_a_number_of_examples_that_is_none_is_named(count, tmp_path):
    text = f"model,seed,lang,acc,n_examples\na,1,de,50.5,{count}\nb,1,de,51.5,\n"
    with pytest.raises(DataError, match=r"column n_examples: .* in row 1 \(line 2 of a CSV\) is"):
        imported(tmp_path, {"m.csv": text})
