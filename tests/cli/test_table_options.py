"""trace, chart and claims take a table of conditions by the options of analyze."""

import json
from pathlib import Path

import pytest
from tests.conditionframes import run_means, table
from typer.testing import CliRunner

import xtransfer_stats as xs
from xtransfer_stats.base.errors import DataError, RecipeError
from xtransfer_stats.cli import app

THREE = {"full": 0.0, "lora": 3.0, "tiny": -0.2}
TOLD = (
    "--condition", "arm", "--baseline", "full", "--seed", "try", "--column", "score=nats", "--label", "lora=LoRA",
    "--better", "lower", "--unit", "nats",
)  # fmt: skip


def run(*arguments: object) -> "tuple[int, str]":
    told = CliRunner().invoke(app, [*map(str, arguments)], env={"COLUMNS": "200"})
    return told.exit_code, told.output


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("table") / "arms.csv"
    frame = table(THREE, tasks=("wiki", "news"))
    frame.rename(columns={"acc": "nats", "method": "arm", "seed": "try"}).to_csv(place, index=False)
    return place


def test_trace_names_a_result_by_its_contrast_and_speaks_its_words(file: Path) -> None:
    code, said = run("trace", "effect(lora) @ all-cells", file, *TOLD)
    assert code == 0, said
    means = run_means(table(THREE, tasks=("wiki", "news")))
    assert f"Estimate: {(means['lora'] - means['full']).mean() / 100:.2f} [" in said and "] nats," in said
    assert "what LoRA adds to the average of all-cells" in said and "Conditions: -1 x full +1 x lora" in said
    assert "the runs' numbers give the estimate" in said
    for word in ("intermediate", "task_set", "n_tasks", "Task counts", "points"):
        assert word not in said
    again = said.partition("Analyse again: xstats ")[2].split("\n")[0]
    assert all(part in again for part in ("--condition arm", "--seed try", "--column score=nats", "--label lora=LoRA"))
    assert "--baseline full" in again and "--better lower --unit nats" in again


def test_trace_takes_an_id_and_any_hypothesis_and_the_command_it_gives_has_it(file: Path) -> None:
    told = json.loads(run("trace", "effect(lora) - effect(tiny) @ task news", file, *TOLD, "--json")[1])
    number = told["number"]
    assert number["over_counts"] == {"lora": 1.0, "tiny": -1.0} or number["over_counts"] == {"lora": -1.0, "tiny": 1.0}
    assert {run["condition"] for run in number["runs"]} == {"lora", "tiny"} and "n_tasks" not in number["runs"][0]
    assert "--contrast 'effect(lora) - effect(tiny) @ task news'" in told["commands"]["analysis"]
    code, said = run("trace", number["id"], file, *TOLD, "--contrast", "effect(lora) - effect(tiny) @ task news")
    assert code == 0 and number["id"] in said


def test_trace_of_seeds_of_their_own_gives_the_estimate(tmp_path: Path) -> None:
    frame = table({"a": 0.0, "b": 1.0}, {"a": range(4), "b": range(9, 15)})
    found = xs.trace("effect(b) @ xnli", xs.read_scores(frame, baseline="a")).trace.number
    means = run_means(frame)
    assert found.reproduced == pytest.approx(means["b"].mean() - means["a"].mean())
    assert found.verdict.startswith("the runs' numbers give the estimate")
    with pytest.raises(DataError, match=r"did you mean .*effect\(b\) @ xnli"):
        xs.trace("effect(bb) @ xnli", xs.read_scores(frame, baseline="a"))


def test_trace_of_a_score_says_its_condition(file: Path) -> None:
    code, said = run("trace", "s0-lora:news:de", file, *TOLD)
    assert code == 0 and "condition lora" in said and "n_tasks" not in said and "enters the analysis" in said


def test_chart_draws_a_table_of_conditions(file: Path, tmp_path: Path) -> None:
    code, said = run("chart", "effects", file, *TOLD, "--format", "json", "--out", tmp_path)
    assert code == 0, said
    text = (tmp_path / "column" / "effects.json").read_text()
    assert "nats (condition minus full; lower is better)" in text and "LoRA" in text


CLAIMS = """
[[claim]]
name = "better"
text = "LoRA has more nats than full training"
source = "ours"
reading = "ours"
about = "contrast"
contrast = "effect(lora) @ all-cells"
test = "positive"

[[claim]]
name = "same"
text = "tiny is full training"
source = "ours"
reading = "ours"
about = "contrast"
contrast = "effect(tiny)"
test = "flat"
margin = 200.0

[[claim]]
name = "unknown"
text = "a condition that is not there"
source = "ours"
reading = "ours"
about = "contrast"
contrast = "effect(adapter)"
test = "positive"
"""


def test_claims_of_ones_own_speak_of_conditions(file: Path, tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(CLAIMS)
    code, said = run("claims", file, *TOLD, "--file", tmp_path / "own.toml", "--json")
    assert code == 0, said
    rows = {row["claim"]: row for row in json.loads(said)["claims"]}
    assert rows["better"]["verdict"] == "supported" and rows["same"]["verdict"] == "equivalent"
    assert "within 200 nats of 0" in rows["same"]["reason"]
    assert rows["unknown"]["verdict"] == "not testable" and "there are full, lora" in rows["unknown"]["reason"]
    means = run_means(table(THREE, tasks=("wiki", "news")))
    assert rows["better"]["estimate"] == pytest.approx((means["lora"] - means["full"]).mean() / 100)


def test_the_literatures_claims_are_refused_with_the_remedy() -> None:
    with pytest.raises(DataError, match='a file of your own with about = "contrast"'):
        xs.claims(xs.read_scores(table(THREE), baseline="full"))


def test_a_claim_on_a_contrast_needs_one(tmp_path: Path) -> None:
    (tmp_path / "own.toml").write_text(CLAIMS.replace('contrast = "effect(tiny)"\n', ""))
    with pytest.raises(RecipeError, match='about = "contrast" needs one'):
        xs.claims(xs.read_scores(table(THREE), baseline="full"), file=tmp_path / "own.toml")
