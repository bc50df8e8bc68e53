"""The door for any table of conditions: its columns, levels, scales, checks, and a report in its own words."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest
from tests.conditionframes import run_means, table
from typer.testing import CliRunner

import xtransfer_stats as xs
from xtransfer_stats.base.errors import DataError
from xtransfer_stats.cli import app
from xtransfer_stats.stats.runlevel.allpairs import letters
from xtransfer_stats.stats.runlevel.ranking import drawn_means

THREE = {"xlmr": 0.0, "mad-x": 3.0, "lora": 0.2}


def test_a_frame_of_other_names_is_read_as_it_is_told() -> None:
    frame = table({"a": 0.0, "b": 1.0}).rename(columns={"method": "arm", "seed": "try", "acc": "dev", "lang": "where"})
    scores = xs.read_scores(
        frame, condition="arm", baseline="b", seed="try", columns={"score": "dev", "language": "where"}
    )
    assert (scores.conditions.label(0), scores.conditions.treatment) == ("b", "arm")
    assert scores.frame["score"].between(50, 80).all() and set(scores.frame["language"]) == {"de", "fr", "sw", "tr"}
    assert "Column 'arm' was taken for condition." in scores.notes


@pytest.mark.parametrize(
    ("change", "asked", "message"),
    [
        ({}, {}, r"none of the 3 conditions is plainly one: 'xlmr' \(5 seeds\), 'mad-x' \(5 seeds\), 'lora'"),
        ({}, {"baseline": "xlm-r"}, "baseline 'xlm-r': no such condition; did you mean 'xlmr'"),
        ({}, {"condition": "methd"}, "condition 'methd': no column of frame; did you mean 'method'"),
        ({"seed": "n"}, {"condition": "method"}, "no column stands for seed; say which by seed=COLUMN"),
        ({}, {"baseline": "xlmr", "columns": {"tasks": "task"}}, "columns 'tasks': there are condition, seed, draw"),
        (
            {},
            {"baseline": "xlmr", "labels": {"madx": "MAD-X"}},
            "label 'madx': no such condition; did you mean 'mad-x'",
        ),
    ],
)
def test_what_cannot_be_known_is_refused_with_what_there_is(change, asked, message) -> None:
    with pytest.raises(DataError, match=message):
        xs.read_scores(table(THREE).rename(columns=change), **asked)


def test_conditions_of_two_scales_are_refused_and_fractions_are_told() -> None:
    frame = table({"base": 0.0, "b": 1.0})
    assert any("taken for fractions, times 100" in note for note in xs.read_scores(frame).notes)
    mixed = frame.assign(acc=frame["acc"].where(frame["method"] == "b", 100 * frame["acc"]))
    with pytest.raises(DataError, match="'b' lie between 0 and 1, 'base' do not"):
        xs.read_scores(mixed)
    kept = xs.read_scores(frame, scale=1)
    assert kept.frame["score"].max() < 1


def test_unknown_tasks_are_taken_as_they_are_with_the_nearest_known_name() -> None:
    notes = xs.read_scores(table({"base": 0.0, "b": 1.0}, tasks=("my-task", "xquadd"))).notes
    assert any("my-task, xquadd (did you mean xquad?)" in note for note in notes)


def test_a_benchmark_of_the_catalogue_keeps_its_own_cells() -> None:
    frame = table({"base": 0.0, "b": 1.0}, tasks=("xnli", "elsewhere"))
    scores = xs.read_scores(frame, benchmarks=("xtreme",))
    assert list(scores.benchmarks) == ["xtreme"]
    assert any("4 cells do not stand in xtreme and were left out" in note for note in scores.notes)
    result = xs.analyze(scores)
    means = run_means(frame[frame["task"] == "xnli"])
    assert result.frame()["estimate"].iloc[0] == pytest.approx((means["b"] - means["base"]).mean())


def test_one_line_compares_and_ranks_with_uncertainty() -> None:
    result = xs.compare_conditions(table({**THREE, "full": 3.1}), baseline="xlmr")
    ranking = result.analysis.ranking.set_index("condition")
    assert set(ranking["letters"][["mad-x", "full"]]) == {"a"} and set(ranking["letters"][["lora", "xlmr"]]) == {"b"}
    assert ranking["prob_best"].sum() == pytest.approx(1) and ranking.loc["lora", "prob_best"] < 0.01
    pairs = result.frame().query("term == 'pair'")
    assert len(pairs) == 6 and (pairs["p_adjusted"] >= pairs["p_value"]).all()
    assert "mean(lora) - mean(mad-x) @ xnli" in set(pairs["contrast"])


def test_letters_share_a_band_where_a_pair_is_not_told_apart() -> None:
    told = {(0, 1): False, (1, 2): False, (0, 2): True}
    assert letters([0, 1, 2], told) == {0: "a", 1: "ab", 2: "b"}
    assert letters([0, 1], {(0, 1): False}) == {0: "a", 1: "a"}
    assert letters([2, 0, 1], {(0, 1): True, (0, 2): True, (1, 2): True}) == {2: "a", 0: "b", 1: "c"}


def test_two_alike_conditions_are_best_as_often() -> None:
    scores = pd.DataFrame({"a": [1.0, 2, 3, 4], "b": [4.0, 3, 2, 1]}).to_numpy()
    draws = drawn_means(scores)
    assert (draws[:, 0] > draws[:, 1]).mean() == pytest.approx(0.5, abs=0.02)
    assert pd.isna(drawn_means(scores[:1])).all()


def test_lower_is_better_turns_the_verdict_and_the_ranking() -> None:
    frame = table({"base": 0.0, "b": 3.0}).assign(acc=lambda rows: 300 * rows["acc"]).rename(columns={"acc": "value"})
    scores = xs.read_scores(frame, better="lower", unit="perplexity")
    assert scores.frame["score"].max() > 100
    result = xs.analyze(scores)
    assert re.match(r"Over 5 seeds, b \(by [\d.]+ perplexity \[", result.answer)
    assert "is worse than base" in result.answer
    assert not result.frame()["term"].eq("log-odds sensitivity").any()


def run(*arguments: object) -> "tuple[int, str]":
    told = CliRunner().invoke(app, [*map(str, arguments)])
    return told.exit_code, told.stdout


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("table") / "methods.csv"
    table(THREE).drop(columns="task").to_csv(place, index=False)
    return place


def test_one_command_writes_a_report_whose_first_sentence_is_the_verdict(file: Path, tmp_path: Path) -> None:
    out = tmp_path / "report"
    code, said = run("analyze", file, "--condition", "method", "--baseline", "xlmr", "--pairs", "--out", out)
    assert code == 0
    assert " ".join(said.split()).startswith("Over 5 seeds, mad-x (by ")
    page = re.sub(r"<(script|style).*?</\1>", "", (out / "report.html").read_text(), flags=re.DOTALL)
    texts = [page, *(place.read_text() for place in out.glob("tables/*.md"))]
    texts += [(out / "results.csv").read_text()]
    for word in ("intermediate", "task count", "task set", "interaction"):
        assert not [text for text in texts if word in text], word
    assert not [text for text in texts if re.search(r"\bcount \d", text)]  # a condition goes by its name, not its code
    assert "Ranking of conditions" in page and not (out / "charts" / "interaction.svg").exists()


def test_every_door_takes_what_is_said_of_a_table(tmp_path: Path) -> None:
    """`xs.analyze` left better and unit out: the verdict said better for worse."""
    frame = table({"full": 0.0, "lora": -3.0}).rename(columns={"acc": "dev", "method": "arm", "seed": "try"})
    frame["dev"] = 5 - frame["dev"]
    said = {"condition": "arm", "baseline": "full", "seed": "try", "columns": {"score": "dev"}}
    said |= {"labels": {"lora": "LoRA"}, "unpaired": True, "better": "lower", "unit": "nats"}
    answers = {xs.analyze(frame, **said).answer, xs.compare_conditions(frame, **said).answer}
    answers.add(xs.analyze(xs.read_scores(frame, **said)).answer)
    assert len(answers) == 1
    answer = answers.pop()
    assert "nats" in answer and "LoRA" in answer and "worse than full" in answer


def test_a_check_that_is_not_shown_ends_with_one(file: Path, tmp_path: Path) -> None:
    asked = ("analyze", file, "--baseline", "xlmr", "--json")
    shown, said = run(*asked, "--check", "effect(mad-x) > -0.5")
    assert shown == 0 and json.loads(said)["checks"][0]["shown"]
    assert run(*asked, "--check", "effect(lora) > 2")[0] == 1
    with pytest.raises(DataError, match="write a hypothesis, < or >, and a number"):
        xs.analyze(file, baseline="xlmr", check=["effect(lora)"])


def test_a_file_of_own_benchmarks(tmp_path: Path) -> None:
    place = tmp_path / "benchmarks.toml"
    place.write_text('[easy]\nXNLI = ["de", "fra"]\n[whole]\nmy-task = "all"\n')
    frame = table({"base": 0.0, "b": 1.0}, tasks=("xnli", "my-task"))
    scores = xs.read_scores(frame, benchmarks=(str(place),))
    assert dict(scores.benchmarks) == {"easy": {"xnli": ("de", "fr")}, "whole": {"my-task": ("de", "fr", "sw", "tr")}}
    assert any(note.startswith("2 cells stand in neither easy nor whole") for note in scores.notes)
    found = xs.analyze(frame, benchmarks=(str(place),)).frame().set_index("contrast")
    part = frame[(frame["task"] == "xnli") & frame["lang"].isin(["de", "fr"])]
    means = run_means(part)
    assert found.loc["effect(b) @ easy", "estimate"].iloc[0] == pytest.approx((means["b"] - means["base"]).mean())


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('[a]\nxnlii = "all"', "target task 'xnlii' is not in the table; did you mean 'xnli'"),
        ('[a]\nxnli = ["xx"]', "xnli has no language 'xx' in the table; it has de, fr, sw, tr"),
        ("[a]\nxnli = 3", "give a list of languages"),
        ("a = 1", "no table of target tasks"),
        ("", "it is empty"),
    ],
)
def test_a_file_of_benchmarks_that_does_not_fit_is_refused_by_place(text: str, message: str, tmp_path: Path) -> None:
    place = tmp_path / "own.toml"
    place.write_text(text)
    with pytest.raises(DataError, match=message):
        xs.read_scores(table({"base": 0.0, "b": 1.0}), benchmarks=(str(place),))
