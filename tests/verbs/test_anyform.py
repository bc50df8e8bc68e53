"""The door of every verb: what an import reads is analysed as it is, and what it cannot read names the command."""

import json
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy import stats

import xtransfer_stats as xs
from xtransfer_stats.base.errors import DataError

WIDE = "Model,Seed,de,sw,Avg\n" + "".join(
    f"{m},{s},{0.70 + c / 50 + s / 500 + c * s / 1000:.3f},{0.60 + c / 40 + s / 400:.3f},1\n"
    for c, m in enumerate(("base", "mad-x"))
    for s in (1, 2, 3)
)
DIFFERENCE = 100 * np.mean([np.mean([1 / 50 + s / 1000, 1 / 40]) for s in (1, 2, 3)])


def effect(result):
    rows = result.frame()
    return rows[(rows["term"] == "effect") & (rows["scope"] == "these")].iloc[0]


def test_a_wide_file_a_tree_a_pattern_and_a_frame_give_one_analysis(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "w.csv").write_text(WIDE)
    table = pd.read_csv("w.csv")
    (tmp_path / "w.md").write_text(_markdown(table))
    for row in table.itertuples():
        for code in ("de", "sw"):
            path = tmp_path / "runs" / row.Model / f"seed{row.Seed}" / f"{code}.json"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(json.dumps({"eval_accuracy": getattr(row, code), "eval_loss": 0.1}))
    for source in ("w.csv", "w.md", "runs", "runs/{condition}/seed{seed}/{language}.json", table):
        found = effect(xs.analyze(source))
        assert found["estimate"] == pytest.approx(DIFFERENCE) and found["conf_low"] < DIFFERENCE, source
    assert xs.compare_conditions("w.csv").answer.startswith("Over 3 seeds, mad-x (by 2.35 points")
    assert any(note.startswith("Read as 12 scores: ") for note in xs.read_scores("w.md").notes)


def _markdown(table):
    rows = [list(map(str, table.columns)), ["--"] * len(table.columns), *table.astype(str).to_numpy().tolist()]
    return "".join("| " + " | ".join(row) + " |\n" for row in rows)


def xstats(folder, *words):
    done = subprocess.run([sys.executable, "-m", "xtransfer_stats", *words], cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_the_command_prints_how_it_read_a_file_first_and_else_the_command_that_reads_it(tmp_path):
    (tmp_path / "w.csv").write_text(WIDE)
    code, out, err = xstats(tmp_path, "analyze", "w.csv", "--out", "r")
    assert code == 0 and err.startswith("Read as 12 scores: ") and "condition from Model" in err
    assert out.startswith("Over 3 seeds, mad-x (by 2.35 points")
    (tmp_path / "u.csv").write_text("seed,lang,plan a,plan b\n1,de,60.1,70.1\n2,de,60.2,70.4\n")
    code, _, err = xstats(tmp_path, "analyze", "u.csv")
    assert code and "Traceback" not in err
    told = " ".join(err.split())
    assert "numbers stand in plan a, plan b" in told and "`xstats import 'u.csv'`" in told and "headings" in told
    assert xstats(tmp_path, "import", "u.csv", "--map", "headings=condition")[0] == 0
    assert xstats(tmp_path, "analyze", "scores.csv", "--out", "r2")[0] == 0


@pytest.mark.parametrize("column", ["acc,f1", "score_a,score_b"])
def test_two_readings_of_a_heading_are_refused(column):
    head = f"method,seed,lang,{column}\n"
    rows = [r.split(",") for r in "a,1,de,60.1,70.1;a,2,de,60.2,70.3;b,1,de,60.1,70.1;b,2,de,60.2,70.3".split(";")]
    table = pd.DataFrame(rows, columns=head.strip().split(","))
    with pytest.raises(DataError, match=r"keep one metric|nothing tells what they are"):
        xs.read_scores(table) if "_" in column else xs.analyze(table)


def test_the_column_that_varies_is_the_condition_whatever_the_other_is_called():
    table = pd.DataFrame(
        {"model": "xlmr", "adapter": m, "seed": s, "lang": "de", "acc": 60.0 + s + c}
        for c, m in enumerate(("none", "lora"))
        for s in (1, 2)
    )
    assert xs.read_scores(table).conditions.treatment == "adapter"


def test_numbers_of_examples_may_have_gaps():
    rows = [(m, s, 50.0 + s + 3 * c, (100, None)[c]) for c, m in enumerate("ab") for s in (1, 2, 3)]
    table = pd.DataFrame(rows, columns=["method", "seed", "acc", "n_examples"])
    for frame in (table, table.rename(columns={"acc": "de"}).assign(sw=40.0)):
        assert set(xs.read_scores(frame).frame["n_examples"]) == {100, 0}
    with pytest.raises(DataError, match=r"n_examples: 1\.5 in row 1 \(line 2 of a CSV\) is no whole number"):
        xs.read_scores(table.assign(n_examples=1.5))


def test_single_numbers_are_described_and_no_interval_generalises_over_seeds(tmp_path):
    (tmp_path / "p.csv").write_text("Model,de,fr,sw\nmBERT,60.0,61.0,50.0\nXLM-R,63.0,60.5,58.0\n")
    xs.import_results(tmp_path / "p.csv", output=tmp_path / "scores.csv")
    table = pd.DataFrame(
        {"method": m, "lang": code, "acc": x}
        for m, row in (("mBERT", (60.0, 61.0, 50.0)), ("XLM-R", (63.0, 60.5, 58.0)))
        for code, x in zip(("de", "fr", "sw"), row, strict=True)
    )
    one_seed = table.assign(seed=1)
    for source in (tmp_path / "p.csv", tmp_path / "scores.csv", table, one_seed):
        result = xs.analyze(source, baseline="mBERT")
        sentence = "against mBERT, XLM-R +3.50 points (above in 2 of 3 languages: −0.50 to +8.00, sd 4.27)."
        assert result.answer.startswith("One run a condition, so a description: ") and sentence in result.answer
        assert "Run three seeds or more" in result.answer
        rows = result.frame()
        assert rows[["std_error", "conf_low", "conf_high", "p_value"]].isna().all().all()


def public(folder, seeds=(1, 2, 3, 4, 5), other=(1, 2, 3, 4, 5)):
    draw, means = np.random.default_rng(5), {}
    for name, numbers, lift in (("one", seeds, 0.0), ("two", other, 1.5)):
        values = (60 + lift + draw.normal(0, 2, (len(numbers), 4))).round(2)
        lines = [",".join(map(str, (s, *row, row.mean().round(2)))) for s, row in zip(numbers, values, strict=True)]
        (folder / f"{name}.csv").write_text("seed,amh,hau,swa,yor,avg\n" + "\n".join(lines) + "\n")
        means[name] = values.mean(axis=1)
    return means


def test_two_public_tables_side_by_side_come_out_as_by_hand(tmp_path):
    means = public(tmp_path)
    result = xs.import_results(tmp_path / "one.csv", tmp_path / "two.csv", output=tmp_path / "s.csv")
    assert result.columns["condition"] == "file name"
    found, gaps = effect(xs.analyze(tmp_path / "s.csv", baseline="one")), means["two"] - means["one"]
    half = stats.t.ppf(0.975, 4) * gaps.std(ddof=1) / np.sqrt(5)
    assert [found["estimate"], found["conf_low"], found["conf_high"]] == pytest.approx(
        [gaps.mean(), gaps.mean() - half, gaps.mean() + half]
    )
    means = public(tmp_path, other=(11, 12, 13, 14, 15))
    xs.import_results(tmp_path / "one.csv", tmp_path / "two.csv", output=tmp_path / "s.csv")
    found = effect(xs.analyze(tmp_path / "s.csv", baseline="one"))
    by_hand = stats.ttest_ind(means["two"], means["one"], equal_var=False).confidence_interval()
    assert [found["conf_low"], found["conf_high"]] == pytest.approx(list(by_hand))
