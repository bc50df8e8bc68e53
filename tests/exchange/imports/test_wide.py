"""Wide tables: a column a language, task, metric or seed, in every form of a file; what is no run is left aside."""

import gzip
import io

import pandas as pd
import pytest
from tests.exchange.imports.shapes import CSL, LANGUAGES, cells, expected, imported, point
from tests.places import beside

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.verbs.imports import import_results


def frame(conditions=("base", "mad-x"), seeds=(1, 2), languages=LANGUAGES):
    rows = [
        {"model": name, "seed": seed, **{code: point(c, s, k) for k, code in enumerate(languages)}}
        for c, name in enumerate(conditions)
        for s, seed in enumerate(seeds)
    ]
    return pd.DataFrame(rows)


def as_excel(table, sheet="results"):
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer) as book:
        table.to_excel(book, sheet_name=sheet, index=False)
    return buffer.getvalue()


WIDE = frame()
MARKDOWN = "| model | seed | de | en | sw |\n|:--|--:|--|--|--|\n" + "".join(
    "| " + " | ".join(map(str, row)) + " |\n" for row in WIDE.itertuples(index=False)
)
FORMS = {
    "w.csv": WIDE.to_csv(index=False),
    "indexed.csv": WIDE.to_csv(),
    "w.tsv": WIDE.to_csv(index=False, sep="\t"),
    "semicolons.csv": WIDE.to_csv(index=False, sep=";", decimal=","),
    "bom.csv": WIDE.to_csv(index=False).encode("utf-8-sig"),
    "sixteen.csv": WIDE.to_csv(index=False).encode("utf-16"),
    "w.csv.gz": gzip.compress(WIDE.to_csv(index=False).encode()),
    "w.md": f"# Results\n\nAccuracy of two models.\n\n{MARKDOWN}\nThat is all.\n",
    "bold.md": MARKDOWN.replace("| mad-x |", "| **mad-x** |").replace("50.01", "**50.01**"),
    "printed.txt": WIDE.to_string(),
    "indexed.txt": WIDE.set_index(["model", "seed"]).to_string(),
    "named.txt": WIDE.set_index(["model", "seed"]).rename_axis(columns="lang").to_string(),
    "w.json": WIDE.to_json(),
    "records.json": WIDE.to_json(orient="records"),
    "split.json": WIDE.to_json(orient="split"),
    "w.jsonl": WIDE.to_json(orient="records", lines=True),
    "percent.csv": WIDE.assign(**{code: WIDE[code].map("{:.2f}%".format) for code in LANGUAGES}).to_csv(index=False),
    "names.csv": WIDE.rename(columns={"de": "German", "en": "English", "sw": "Swahili"}).to_csv(index=False),
    "three.csv": WIDE.rename(columns={"de": "deu", "en": "eng", "sw": "swh"}).to_csv(index=False),
    "fractions.csv": WIDE.assign(**{code: WIDE[code] / 100 for code in LANGUAGES}).to_csv(index=False),
}


@pytest.mark.parametrize("name", FORMS)
def test_every_form_of_one_wide_table_gives_the_same_scores(name, tmp_path):
    assert cells(imported(tmp_path, {name: FORMS[name]}), *CSL) == expected()


def test_a_workbook_is_read_by_its_sheet(tmp_path):
    pytest.importorskip("openpyxl")
    assert cells(imported(tmp_path, {"w.xlsx": as_excel(WIDE)}), *CSL) == expected()
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer) as book:
        WIDE.to_excel(book, sheet_name="scores", index=False)
        pd.DataFrame({"note": ["a"], "author": ["b"]}).to_excel(book, sheet_name="notes", index=False)
    with pytest.raises(DataError, match=r"'scores', 'notes'; name one by sheet"):
        imported(tmp_path, {"two.xlsx": buffer.getvalue()})
    assert cells(import_results(tmp_path / "two.xlsx", sheet="scores"), *CSL) == expected()


def test_sheets_of_one_form_are_tasks(tmp_path):
    pytest.importorskip("openpyxl")
    buffer = io.BytesIO()
    with pd.ExcelWriter(buffer) as book:
        for task in ("XNLI", "PAWS-X"):
            WIDE.to_excel(book, sheet_name=task, index=False)
    found = imported(tmp_path, {"tasks.xlsx": buffer.getvalue()}).frame
    assert set(found["target_task"]) == {"xnli", "pawsx"} and len(found) == 24


def test_two_header_rows_are_tasks_and_languages(tmp_path):
    table = "model,seed,XNLI,,PAWS-X,\n,,de,en,de,en\n" + "".join(
        f"{name},{seed},{point(c, s, 0)},{point(c, s, 1)},{point(c, s, 0, 1)},{point(c, s, 1, 1)}\n"
        for c, name in enumerate(("base", "mad-x"))
        for s, seed in enumerate((1, 2))
    )
    found = imported(tmp_path, {"two.csv": table})
    assert cells(found, "target_task", *CSL)["pawsx", "mad-x", 2, "en"] == point(1, 1, 1, 1)
    assert len(found.frame) == 16


def test_two_header_rows_as_pandas_writes_them(tmp_path):
    columns = pd.MultiIndex.from_product([["xnli", "panx"], ["de", "sw"]], names=["task", "lang"])
    index = pd.MultiIndex.from_product([["base", "mad-x"], [1, 2]], names=["method", "seed"])
    table = pd.DataFrame([[point(i, j, k) for k in range(4)] for i in range(2) for j in range(2)], index, columns)
    for name, text in (("m.csv", table.to_csv()), ("m.txt", table.to_string())):
        found = cells(imported(tmp_path, {name: text}), "target_task", *CSL)
        assert found["panx", "mad-x", 1, "sw"] == point(1, 0, 3) and len(found) == 16


def test_methods_above_languages(tmp_path):
    table = "seed,base,,mad-x,\n,de,sw,de,sw\n1,50.1,51.1,60.1,61.1\n2,50.2,51.2,60.2,61.2\n"
    found = cells(imported(tmp_path, {"m.csv": table}), *CSL)
    assert found["mad-x", 2, "de"] == 60.2 and found["base", 1, "sw"] == 51.1


def test_averages_and_spreads_are_left_aside_by_name(tmp_path):
    table = frame().assign(Avg=1.0, std=0.5, seed=lambda x: x["seed"].astype(str))
    mean = {"model": "base", "seed": "mean", "de": 1.0, "en": 1.0, "sw": 1.0, "Avg": 1.0, "std": 0}
    spread = {"model": "base", "seed": "Std. dev", "de": 1.0, "en": 1.0, "sw": 1.0, "Avg": 1.0, "std": 0}
    result = imported(tmp_path, {"w.csv": pd.concat([table, pd.DataFrame([mean, spread])]).to_csv(index=False)})
    assert cells(result, *CSL) == expected()
    told = " ".join(result.account)
    assert "Avg, std: computed from other scores" in told and "(mean)" in told


def test_a_row_a_language_and_a_column_a_seed(tmp_path):
    rows = "".join(f"{code},{point(0, 0, k)},{point(0, 1, k)},9\n" for k, code in enumerate(LANGUAGES))
    for head in (",seed 1,seed 2,mean", "lang,1,2,avg", "Language,seed_1,seed_2,Average", "language,run1,run2,mean"):
        result = imported(tmp_path, {"xlmr.csv": f"{head}\n{rows}avg,1,1,1\n"}, set={"target_task": "xnli"})
        assert cells(result, *CSL) == {
            ("xlmr", s + 1, code): point(0, s, k) for s in (0, 1) for k, code in enumerate(LANGUAGES)
        }


def test_a_column_a_task_known_or_not(tmp_path):
    result = imported(tmp_path, {"t.csv": "method,seed,XNLI,PAWS-X,MyQuiz\na,1,70.1,80.1,33.3\na,2,70.2,80.2,33.4\n"})
    assert cells(result, "target_task", "seed")["MyQuiz", 2] == 33.4
    assert any("MyQuiz" in note for note in result.notes)


def test_metric_pairs_in_a_cell(tmp_path):
    told = imported(
        tmp_path,
        {"qa.csv": "seed,model,de (EM / F1),en (EM / F1)\n1,a,50.1 / 60.1,51.1/61.1\n2,a,50.2 / 60.2,51.2/61.2\n"},
    )
    assert cells(told, "seed", "language", "metric")[1, "en", "f1"] == 61.1
    assert cells(told, "seed", "language", "metric")[2, "de", "exact_match"] == 50.2
    bare = {"qa.csv": "seed,model,de,en\n1,a,60.1 / 50.1,61.1/51.1\n2,a,60.2 / 50.2,61.2/51.2\n"}
    by_order = imported(tmp_path, bare)
    assert cells(by_order, "seed", "language", "metric")[1, "en", "f1"] == 61.1
    assert any("taken for f1 and exact_match" in note for note in by_order.notes)
    crossed = {"qa.csv": "seed,model,de,en\n1,a,60.1 / 50.1,51.1/61.1\n"}
    with pytest.raises(DataError, match="metric=f1/exact_match"):
        imported(tmp_path, crossed)
    assert cells(imported(tmp_path, crossed, set={"metric": "f1/em"}), "language", "metric")["en", "f1"] == 51.1


@pytest.mark.parametrize(
    "cell", ["72.4 ± 0.3", "72.4±0.3", "72.4 +/- 0.3", "72.4 (0.3)", "$72.4_{0.3}$", "72.4 (±0.3)"]
)
def test_a_mean_with_a_spread_is_no_run(cell, tmp_path):
    with pytest.raises(DataError, match="is a mean with a spread, no single run"):
        imported(tmp_path, {"w.csv": f"model,de,en\na,{cell},70.1\nb,71.0,{cell}\n"}, number_seeds=True)


def test_the_seed_inside_a_name(tmp_path):
    for form in ("{name}-{seed}/best-model", "{name}_seed{seed}", "{name} (seed={seed})", "out/{name}/s{seed}"):
        table = frame(seeds=(1, 2, 3))
        table["model"] = [form.format(name=row.model, seed=row.seed) for row in table.itertuples()]
        result = imported(tmp_path, {"w.csv": table.drop(columns="seed").to_csv(index=False)})
        found = cells(result, *CSL)
        assert sorted({seed for _, seed, _ in found}) == [1, 2, 3], form
        assert len({name for name, _, _ in found}) == 2
        assert sorted(found.values()) == sorted(expected(seeds=(1, 2, 3)).values())


def test_two_numbers_in_a_name_are_two_readings(tmp_path):
    names = ["a-1-10", "a-1-20", "a-2-10", "a-2-20"]
    table = {"w.csv": "model,de,en\n" + "".join(f"{name},5{n}.5,6{n}.5\n" for n, name in enumerate(names))}
    with pytest.raises(DataError, match="seed_from REGEX"):
        imported(tmp_path, table)
    found = imported(tmp_path, table, seed_from=r"a-\d+-(\d+)").frame
    assert sorted(set(found["seed"])) == [10, 20]


def test_languages_that_are_words_or_unknown(tmp_path):
    text = "id,No.,lr,model,seed,de,en,sw,id,pcm,qxx\n"
    with pytest.raises(DataError, match="map"):
        imported(tmp_path, {"w.csv": "id,model,seed,no,it\n7,a,1,55.5,56.5\n9,a,2,55.1,56.1\n"})
    text = "No.,lr,model,seed,de,en,sw,id,pcm,qxx\n" + "".join(
        f"{n},0.0001,a,{n},{50 + n}.5,{51 + n}.5,{52 + n}.5,{53 + n}.5,{54 + n}.5,{55 + n}.5\n" for n in (1, 2)
    )
    result = imported(tmp_path, {"w.csv": text})
    assert set(result.frame["language"]) == {"de", "en", "sw", "id", "pcm", "qxx"}
    assert any("qxx" in note for note in result.notes)


def test_two_tags_of_one_language_stay_two(tmp_path):
    result = imported(
        tmp_path, {"w.csv": "model,seed,zh-Hans,zh-Hant,pt-BR,de\na,1,50.1,51.1,52.1,53.1\na,2,50.2,51.2,52.2,53.2\n"}
    )
    assert set(result.frame["language"]) == {"zh-Hans", "zh-Hant", "pt", "de"}


def test_two_public_tables_side_by_side(tmp_path):
    head = "seed,de,en,sw,avg\n"
    one, two = (
        "".join(f"{s},{point(c, s, 0)},{point(c, s, 1)},{point(c, s, 2)},1\n" for s in range(5)) for c in (0, 1)
    )
    (tmp_path / "xlmr.csv").write_text(head + one)
    (tmp_path / "mbert.csv").write_text(head + two)
    found = import_results(
        tmp_path / "xlmr.csv", tmp_path / "mbert.csv", set={"target_task": "panx", "metric": "f1"}
    ).frame
    means = found.groupby(["condition", "seed"])["score"].mean().unstack("condition")
    assert (means["mbert"] - means["xlmr"]).round(6).tolist() == [10.0] * 5


def test_a_wide_case_beside_the_project():
    found = cells(import_results(beside("cases", "results", "wide.csv")), *CSL)
    assert found["mnli", 2, "sw"] == 51.9 and len(found) == 12


TWO_TABLES = """{}

| model | seed | de | en |
|--|--|--|--|
| a | 1 | 70.1 | 80.1 |
| b | 1 | 71.1 | 81.1 |

{}

| model | seed | fr | sw |
|--|--|--|--|
| a | 1 | 60.1 | 50.1 |
| b | 1 | 61.1 | 51.1 |
"""


def test_tables_of_one_file_that_nothing_tells_apart_are_refused(tmp_path):
    told = imported(tmp_path, {"told.md": TWO_TABLES.format("### XNLI", "### PAN-X")})
    assert cells(told, "condition", "target_task", "language")["b", "panx", "sw"] == 51.1
    mute = {"mute.md": TWO_TABLES.format("Table 1", "Table 2")}
    with pytest.raises(DataError, match="map target_task=table"):
        imported(tmp_path, mute)
    assert set(imported(tmp_path, mute, map="target_task=table").frame["target_task"]) == {"Table 1", "Table 2"}


def test_rows_that_do_not_fit_their_headings(tmp_path):
    named = "method seed lang acc\n1 a 1 de 71.1\n2 a 2 de 72.1\n".replace(" ", "\t")
    assert cells(imported(tmp_path, {"r.tsv": named}), "condition", "seed") == {("a", 1): 71.1, ("a", 2): 72.1}
    with pytest.raises(DataError, match=r"ragged.csv: row 3 has 5 cells, and there are 4 headings"):
        imported(tmp_path, {"ragged.csv": "method,seed,lang,acc\na,1,de,71.1\na,2,de,72.1,9\n"})


def test_titles_and_remarks_above_a_table(tmp_path):
    result = imported(tmp_path, {"w.csv": "# of May 1st\n# by me\n" + FORMS["w.csv"]})
    assert cells(result, *CSL) == expected() and any("2 lines above" in note for note in result.notes)


def test_a_spanning_heading_of_a_workbook_keeps_its_last_columns(tmp_path):
    pytest.importorskip("openpyxl")
    table = WIDE.melt(["model", "seed"], var_name="lang").pivot(index="lang", columns=["model", "seed"], values="value")
    buffer = io.BytesIO()
    table.to_excel(buffer)
    assert cells(imported(tmp_path, {"p.xlsx": buffer.getvalue()}), *CSL) == expected()


def test_a_column_a_method_is_said_by_the_user(tmp_path):
    text = {"m.csv": "seed,lang,plan a,plan b\n1,de,60.1,70.1\n2,de,60.2,70.3\n"}
    with pytest.raises(DataError, match="map headings=target_task"):
        imported(tmp_path, text)
    assert cells(imported(tmp_path, text, map="headings=condition"), *CSL)["plan b", 2, "de"] == 70.3


@pytest.mark.parametrize(
    "names", [("bert-110", "bert-340", "xlmr-270", "xlmr-550"), ("opt-125", "opt-350", "opt-1300")]
)
def test_a_number_in_a_name_that_may_be_a_size_is_two_readings(names, tmp_path):
    text = {"w.csv": "model,de,sw\n" + "".join(f"{name},5{n}.1,4{n}.1\n" for n, name in enumerate(names))}
    with pytest.raises(DataError, match="a seed, or part of the condition"):
        imported(tmp_path, text)
    assert set(imported(tmp_path, text, number_seeds=True).frame["condition"]) == set(names)
    assert set(imported(tmp_path, text, seed_from=r"-(\d+)").frame["condition"]) == {
        name.split("-")[0] for name in names
    }


@pytest.mark.parametrize(
    "names", [("opt-7b", "opt-13b"), ("ckpt-1", "ckpt-2"), ("k=4", "k=8"), ("bert-layer-1", "bert-layer-2")]
)
def test_sizes_and_steps_are_conditions(names, tmp_path):
    text = {"w.csv": "model,de,sw\n" + "".join(f"{name},5{n}.1,4{n}.1\n" for n, name in enumerate(names))}
    assert set(imported(tmp_path, text).frame["condition"]) == set(names)
