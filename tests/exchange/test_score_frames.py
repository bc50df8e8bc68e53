"""Score frames as people write them: what is read, what is repaired and said, what is refused."""

import gzip
import io
import json

import numpy as np
import pandas as pd
import pytest
from tests.exchange.score_frames import PAIR, minimal, small
from tests.places import beside

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.exchange.scoreframe import tablefile
from xtransfer_stats.exchange.scoreframe.understood import understood
from xtransfer_stats.stats.core.termtable import EFFECT, INTERACTION, THESE
from xtransfer_stats.tasks.benchmarks import PAIRS
from xtransfer_stats.tasks.catalogue import TARGET_TASKS
from xtransfer_stats.verbs.analyze import analyze
from xtransfer_stats.verbs.scores import ScoreSheet, read_scores


def read(path, text):
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return ScoreSheet(path)


def said(rows, **options):
    return " ".join(understood(rows, "frame", **options).notes)


def headline(result):
    rows = result.frame()
    return rows[(rows["scope"] == THESE) & rows["term"].isin((EFFECT, INTERACTION))].set_index("contrast")


def case(name):
    return beside("cases", "results", name)


def same(one, other):
    keys = ["seed", "n_tasks", "task_set", "target_task", "language", "metric", "score"]
    pd.testing.assert_frame_equal(one[keys], other[keys], check_dtype=False)


# Scale


def test_fractions_are_refused_and_the_remedy_gives_points(tmp_path):
    small().assign(score=small()["score"] / 100).to_csv(tmp_path / "f.csv", index=False)
    with pytest.raises(DataError, match=r"every accuracy lies between 0 and 1 .*scale 100.*scale 1"):
        analyze(tmp_path / "f.csv", benchmarks=PAIR)
    points = headline(analyze(small(), benchmarks=PAIR))
    whole = analyze(tmp_path / "f.csv", benchmarks=PAIR, scale=100)
    np.testing.assert_allclose(headline(whole)["estimate"], points["estimate"], atol=1e-9)
    assert any("multiplied by 100" in note for note in whole.analysis.notes)


def test_one_task_in_fractions_is_found_by_name():
    frame = small()
    frame.loc[frame["target_task"] == "xcopa", "score"] /= 100
    with pytest.raises(DataError, match=r"every score of xcopa lies between 0 and 1.*scale xcopa=100"):
        understood(frame, "frame")
    same(understood(frame, "frame", {"xcopa": 100}).frame.round(9), small())


@pytest.mark.parametrize(("column", "value"), [("n_tasks", 0), ("n_tasks", 2), ("seed", 3), ("language", "de")])
def test_one_arm_in_fractions_is_found_by_name(column, value):
    frame = small()
    frame.loc[frame[column] == value, "score"] /= 100
    with pytest.raises(DataError, match=rf"column score: {column} {value} of .*xnli.* lies between 0 and 1"):
        understood(frame, "frame")


def test_points_below_one_are_taken_as_they_are_where_scale_says_so():
    frame = small().assign(score=lambda rows: rows["score"] / 100)
    assert understood(frame, "frame", 1).frame["score"].max() < 1
    assert "multiplied" not in said(frame, scale=1)


def test_a_collapsed_or_weak_run_is_no_other_scale():
    frame = small()
    frame.loc[(frame["seed"] == 2) & (frame["n_tasks"] == 2) & (frame["language"] == "de"), "score"] = 0.02
    assert understood(frame, "frame").frame["score"].min() == 0.02


@pytest.mark.parametrize(
    ("scale", "told"),
    [(10, "scale 10: give 100"), ({"xnly": 100}, "no target task 'xnly'"), (float("nan"), "give 100")],
)
def test_another_scale_is_refused(scale, told):
    with pytest.raises(DataError, match=told):
        understood(small(), "frame", scale)


# Task sets


def test_a_set_has_no_order_case_or_blanks():
    frame, rng = small(), np.random.default_rng(1)
    spelled = {name: [name, "+".join(reversed(name.split("+"))), name.upper(), name.replace("+", " + ")] for name in
               frame["task_set"].unique()}  # fmt: skip
    other = frame.assign(task_set=[rng.choice(spelled[name]) for name in frame["task_set"]])
    found = understood(other, "frame")
    same(found.frame, small())
    assert any("no order, case or blanks" in note for note in found.notes)


@pytest.mark.parametrize(
    "spelling",
    ["mnli,squad1", "mnli; squad1", "MNLI|SQuAD v1.1", "['mnli', 'squad1']", '["squad1","mnli"]', "squad+mnli"],
)
def test_sets_as_people_write_them(spelling):
    frame = small().assign(task_set=lambda rows: np.where(rows["n_tasks"] == 2, spelling, "baseline"))
    assert set(understood(frame, "frame").frame["task_set"]) == {"", "mnli+squad1"}


def test_lists_of_a_parquet_file_are_sets():
    frame = small().assign(task_set=lambda rows: [["squad1", "mnli"] if k else [] for k in rows["n_tasks"]])
    assert set(understood(frame, "frame").frame["task_set"]) == {"", "mnli+squad1"}


def test_names_of_own_tasks_keep_their_spelling_and_their_signs():
    frame = small().assign(task_set=lambda rows: np.where(rows["n_tasks"] == 2, "My|task, one+b", ""))
    assert set(understood(frame, "frame").frame["task_set"]) == {"", "My|task, one+b"}


def test_a_set_that_holds_a_task_twice_is_refused():
    with pytest.raises(DataError, match=r"task_set: 'mnli\+MNLI' in row 8 \(line 9 of a CSV\) holds mnli twice"):
        understood(small().assign(task_set=lambda rows: np.where(rows["n_tasks"] == 2, "mnli+MNLI", "")), "frame")


# Metrics


def test_a_metric_that_the_catalogue_does_not_have_is_refused():
    frame = small().assign(metric=lambda rows: np.where(rows["target_task"] == "xnli", "loss", "accuracy"))
    told = r"'loss' for xnli in row 1 \(line 2 of a CSV\); the catalogue scores xnli by accuracy"
    with pytest.raises(DataError, match=told):
        understood(frame, "frame")


def test_metrics_as_people_write_them():
    found = understood(small().assign(metric="Acc"), "frame")
    assert set(found.frame["metric"]) == {"accuracy"}
    assert any("'Acc' is accuracy" in note for note in found.notes)


def test_one_half_of_an_official_figure_is_said():
    frame = small().replace({"target_task": {"xnli": "xquad"}, "language": {"sw": "el"}})
    frame = frame.assign(metric=lambda rows: np.where(rows["target_task"] == "xquad", "F1", "accuracy"))
    assert "xquad has f1 alone" in said(frame)


def test_without_metrics_a_task_of_two_asks_for_the_column():
    with pytest.raises(DataError, match=r"column metric is lacking, and xquad has exact_match and f1"):
        understood(minimal().replace({"target_task": {"xnli": "xquad"}}), "frame")


# Benchmarks


def test_a_guess_of_the_benchmarks_is_said_and_two_candidates_stop():
    scores = read_scores(small())
    assert tuple(scores.benchmarks) == PAIR
    assert any("fit xtreme and xtreme-r alone" in note for note in scores.notes)
    both = small()[lambda rows: rows["target_task"] == "xnli"]
    with pytest.raises(DataError, match=r"fit 2 pairs of benchmarks, .*name the one that is meant with benchmarks A,B"):
        read_scores(both)


def test_a_frame_carries_its_benchmarks():
    both = small()[lambda rows: rows["target_task"] == "xnli"].assign(benchmarks="+".join(PAIRS[0]))
    assert tuple(read_scores(both).benchmarks) == PAIRS[0]
    other = read_scores(both, benchmarks=PAIR)
    assert tuple(other.benchmarks) == PAIR
    assert any("of xtreme-mini and xtreme-r-mini; xtreme and xtreme-r were asked for" in x for x in other.notes)
    with pytest.raises(DataError, match=r"column benchmarks: no benchmark 'xtrem'"):
        read_scores(both.assign(benchmarks="xtrem+xtreme-r"))


def test_cells_outside_the_benchmarks_asked_for_are_left_out_and_named():
    frame = small().replace({"language": {"it": "xx"}})
    scores = read_scores(frame, benchmarks=PAIR)
    assert any("1 cells stand in neither xtreme nor xtreme-r and were left out: xcopa/xx" in x for x in scores.notes)
    with pytest.raises(DataError, match="fit no pair"):
        read_scores(frame)


def test_cells_that_weigh_alike_give_effects_and_the_reason(tmp_path):
    frame = small()[lambda rows: (rows["target_task"] == "xnli") & (rows["language"] == "de")]
    result = analyze(frame, benchmarks=PAIR, margin=1.0)
    rows = headline(result)
    assert list(rows.index) == ["effect(2) @ xtreme", "effect(2) @ xtreme-r"]
    assert rows["std_error"].gt(0).all()
    assert "There is no interaction: xtreme and xtreme-r weigh the cells of this study alike" in result.answer
    assert (tmp_path / "report.html") in result.write(tmp_path)


# Columns


def test_five_columns_are_enough_and_what_stands_for_the_others_is_said():
    result = analyze(minimal(), benchmarks=PAIR)
    whole = analyze(small(), benchmarks=PAIR)
    assert headline(result)["estimate"].tolist() == headline(whole)["estimate"].tolist()
    notes = " ".join(result.analysis.notes)
    for told in ("names no task sets", "no column metric", "Columns that the frame lacks: study, run", "study 'frame'"):
        assert told in notes
    assert "unnamed" not in " ".join(result.frame()["contrast"])


def test_sets_without_names_are_no_tasks_whose_parts_could_be_told():
    rows = small(counts=(2, 3))[["seed", "n_tasks", "target_task", "language", "score"]]
    assert not analyze(rows, benchmarks=PAIR).frame()["term"].eq("task identity").any()


def test_all_lacking_columns_are_named_at_once_with_the_nearest():
    rows = minimal().rename(columns={"target_task": "task", "language": "lang", "score": "acc", "seed": "sed"})
    with pytest.raises(DataError) as told:
        understood(rows, "mine.csv")
    for part in ("mine.csv", "seed (nearest: 'sed')", "target_task (nearest: 'task')", "language (nearest: 'lang')",
                 "score (nearest: 'acc')"):  # fmt: skip
        assert part in str(told.value)


def test_columns_written_otherwise_are_taken_and_said():
    rows = small().rename(columns={"target_task": "Target Task", "n_tasks": "nTasks"}).assign(note="x")
    assert "Column 'Target Task' was taken for target_task." in said(rows)
    assert "left out: note" in said(rows)
    same(understood(rows, "frame").frame, small())


def test_one_column_by_two_names_is_refused():
    with pytest.raises(DataError, match=r"columns 'seed', 'Seed' are all seed; keep one"):
        understood(small().assign(Seed=1), "frame")


def test_seeds_with_a_label_are_numbers():
    found = understood(small().assign(seed=lambda rows: [f"seed_{one}" for one in rows["seed"]]), "frame")
    same(found.frame, small())
    assert any("'seed_1' is 1" in note for note in found.notes)
    with pytest.raises(DataError, match=r"column seed: 'alice' in row 1 \(line 2 of a CSV\) is no whole number"):
        understood(small().assign(seed="alice"), "frame")


def test_the_number_of_tasks_follows_from_the_set():
    same(understood(small().drop(columns="n_tasks"), "frame").frame, small())


def test_runs_of_one_seed_and_set_are_replicates():
    twice = pd.concat([small().assign(run="a"), small().assign(run="b")])
    twice = twice.assign(run=lambda rows: rows["run"] + rows["seed"].astype(str) + "-" + rows["n_tasks"].astype(str))
    assert set(understood(twice, "frame").frame["replicate"]) == {0, 1}


@pytest.mark.parametrize("name", ["target_task", "language", "metric"])
def test_an_empty_name_is_named_by_its_row(name):
    frame = small()
    frame.loc[4, name] = ""
    with pytest.raises(DataError, match=rf"column {name}: empty in row 5 \(line 6 of a CSV\)"):
        understood(frame, "frame")


# Names


@pytest.mark.parametrize(
    ("written", "name"),
    [("PAWS-X", "pawsx"), ("wikiann", "panx"), ("PAN-X", "panx"), ("unimelb-nlp/wikiann", "panx"), ("UD-POS", "udpos"),
     ("TyDiQA-GoldP", "tydiqa"), ("tydiqa_goldp", "tydiqa"), ("BUCC18", "bucc2018"), ("Mewsli-X", "mewslix"),
     ("XQuAD-R", "lareqa"), (" XNLI ", "xnli")],
)  # fmt: skip
def test_target_tasks_as_people_write_them(written, name):
    rows = small().assign(target_task=written, metric=TARGET_TASKS[name].metrics[0])
    rows = rows[rows["language"] == "de"].drop_duplicates(["seed", "n_tasks"])
    found = understood(rows, "frame")
    assert set(found.frame["target_task"]) == {name}
    assert any(f"is {name}" in note for note in found.notes) or written.strip().lower() == name


def test_a_target_task_that_is_none_is_named_with_the_nearest():
    with pytest.raises(DataError, match=r"column target_task: 'xnly': did you mean 'xnli'\?"):
        understood(small().assign(target_task="xnly"), "frame")


def test_languages_by_any_code_are_said():
    frame = small().replace({"language": {"de": "German", "sw": "swa"}})
    same(understood(frame, "frame").frame, small())
    assert "'German' is de" in said(frame)


# Files


def written_as(form):
    rows = small()
    if form == ".csv.gz":
        return gzip.compress(rows.to_csv(index=False).encode())
    if form == ".tsv":
        return rows.to_csv(index=False, sep="\t")
    if form == ".jsonl":
        return rows.to_json(orient="records", lines=True)
    if form == ".json.gz":
        return gzip.compress(rows.to_json(orient="records").encode())
    if form == "semicolon":
        return rows.to_csv(index=False, sep=";", decimal=",")
    if form in ("columns", "split", "table"):
        return rows.to_json(orient=form)
    buffer = io.BytesIO()
    rows.to_parquet(buffer)
    return buffer.getvalue()


@pytest.mark.parametrize(
    ("form", "name"),
    [(".csv.gz", "f.csv.gz"), (".tsv", "f.tsv"), (".tsv", "f.csv"), (".jsonl", "f.jsonl"), (".json.gz", "F.JSON.GZ"),
     ("semicolon", "f.csv"), ("columns", "f.json"), ("split", "f.json"), ("table", "f.json"), ("parquet", "f.parquet")],
)  # fmt: skip
def test_every_form_of_a_file_gives_the_same_frame(form, name, tmp_path):
    sheet = read(tmp_path / name, written_as(form))
    same(sheet.frame, small())
    if form == "semicolon":
        assert "a semicolon between its columns" in " ".join(sheet.notes)
        assert "decimal commas" in " ".join(sheet.notes)


def test_excel_workbooks_are_read_and_the_sheet_is_said(tmp_path):
    pytest.importorskip("openpyxl", reason="the extra excel is not installed")
    with pd.ExcelWriter(tmp_path / "f.xlsx") as book:
        pd.DataFrame({"a": [1]}).to_excel(book, sheet_name="notes", index=False)
        small().to_excel(book, sheet_name="scores", index=False)
    sheet = ScoreSheet(tmp_path / "f.xlsx")
    same(sheet.frame, small())
    assert "2 sheets; 'scores' was read" in " ".join(sheet.notes)


def test_without_openpyxl_a_workbook_says_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(__import__("sys").modules, "openpyxl", None)
    from xtransfer_stats.base.errors import MissingExtra

    with pytest.raises(MissingExtra, match=r"pip install .*openpyxl.*save the sheet as .csv"):
        _ = read(tmp_path / "f.xlsx", b"PK").frame


@pytest.mark.parametrize(
    ("found", "told"),
    [
        (
            {"results": {"xnli_de": {"acc,none": 0.5}}, "config": {}, "n-samples": {}},
            "results of lm-evaluation-harness, of one condition alone",
        ),
        ({"results": {"xnli": {"acc": 0.5}}, "versions": {"xnli": 0}}, "lm-evaluation-harness"),
        ({"eval_accuracy": 0.8, "epoch": 3.0}, "figures of one run in JSON, of one condition alone"),
        ({"log_history": [], "global_step": 9}, "state of a trainer"),
        ({"task_name": "x", "scores": {}}, "no column of scores among task_name"),
        ({"effects": [], "signature": "x"}, "a report's results, from which scores cannot be had"),
        ({"a": 1}, "numbers stand in a, and nothing tells what they are"),
        (3, "no table, no JSON"),
    ],
)
def test_results_of_other_tools_are_read_or_named(found, told, tmp_path):
    with pytest.raises(DataError, match=told):
        _ = read(tmp_path / "r.json", json.dumps(found)).frame


@pytest.mark.parametrize(
    ("head", "told"),
    [
        (
            "seed,model,de,en,sw\n1,base,60,70,50\n",
            r"a table, of one condition alone \(base\); `xstats import` with the files of the others",
        ),
        ("seed,model,xnli,PAWS-X,panx\n1,base,60,70,50\n", "a table, of one condition alone"),
        ("term,contrast,scope,estimate,std_error\neffect,x,these,1,1\n", "a report's results, from which"),
    ],
)
def test_wide_tables_and_reports_are_named(head, told, tmp_path):
    with pytest.raises(DataError, match=told):
        _ = read(tmp_path / "w.csv", head).frame


# The shared cases


def test_the_case_of_orders_gives_what_the_canonical_gives():
    one, other = (headline(analyze(case(name), benchmarks=PAIR)) for name in ("canonical.csv", "order.csv"))
    for rows in (one, other):
        row = rows.loc["effect(2) @ xtreme"]
        told = (row["estimate"], row["conf_low"], row["conf_high"], row["p_value"])
        assert [round(float(x), 2) for x in told] == [1.41, -11.11, 13.93, 0.39]


def test_the_case_of_fractions():
    with pytest.raises(DataError, match="scale 100"):
        analyze(case("fractions.csv"), benchmarks=PAIR)
    row = headline(analyze(case("fractions.csv"), benchmarks=PAIR, scale=100)).loc["effect(1) @ xtreme"]
    assert round(float(row["estimate"]), 2) == 0.81


@pytest.mark.parametrize(
    ("name", "told"),
    [("loss.csv", "scores xnli by accuracy"), ("lmeval.json", "lm-evaluation-harness, of one condition"),
     ("three.csv", "fit 2 pairs")],
)  # fmt: skip
def test_the_cases_that_are_refused(name, told):
    with pytest.raises(DataError, match=told):
        read_scores(case(name))


def test_the_wide_case_is_read_as_it_is():
    assert len(read_scores(case("wide.csv")).frame) == 12


def test_the_case_of_cells_that_weigh_alike():
    assert "There is no interaction" in analyze(case("xnli_de.csv"), benchmarks=PAIR).answer


@pytest.mark.parametrize("pair", [None, PAIR])
def test_the_case_of_five_columns(pair):
    assert len(headline(analyze(case("minimal.csv"), benchmarks=pair))) == 3


def test_a_table_for_a_formula_keeps_its_own_types(tmp_path):
    pd.DataFrame({"y": [1.5, 2.5], "g": ["a", "b"]}).to_csv(tmp_path / "t.tsv", sep="\t", index=False)
    assert tablefile.read(tmp_path / "t.tsv").dtypes.astype(str).tolist() == ["float64", "str"]
