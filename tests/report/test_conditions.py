"""Reports of studies of conditions speak their own words: none of intermediate tasks, of other units, of codes."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pandas as pd
import pytest
from tests.conditionframes import run_means, table

import xtransfer_stats as xs
from xtransfer_stats.report.charts import specifications
from xtransfer_stats.report.charts.export import pictures
from xtransfer_stats.report.page import page
from xtransfer_stats.report.tables import tables

THREE = {"xlmr": 0.0, "mad-x": 3.0, "lora": 0.2}
OURS = r"intermediate|task[ _]counts?\b|task[ _]sets?\b|n_tasks|\bcount\b|xtreme|mewsli|squad|English dev|\bchains?\b"


def perplexities() -> pd.DataFrame:
    frame = table({"full": 0.0, "lora": 2.0, "tiny": -2.0}, tasks=("wiki", "news"))
    return frame.assign(ppl=60 * frame["acc"]).drop(columns="acc")


def prompts(name: str, seed: int) -> list[str]:
    return [""] if name == "base" else ["p1", "p2", "p3"]


def benchmarks(names: dict[str, str]) -> pd.DataFrame:
    """Three conditions on target tasks, each in the benchmark that is named."""
    return table(THREE, tasks=tuple(names)).assign(benchmark=lambda rows: rows["task"].map(names))


def numbers_alone() -> pd.DataFrame:
    """One number a run."""
    return table({"a": 0.0, "b": 1.0}, languages=("de",)).drop(columns=["lang", "task"])


def groups() -> pd.DataFrame:
    """Conditions with seeds of their own."""
    return table({"a": 0.0, "b": 1.0, "c": 1.5}, {"a": range(4), "b": range(9, 15), "c": range(20, 25)})


LOWER = {"columns": {"score": "ppl"}, "unit": "perplexity", "better": "lower", "baseline": "full"}
STUDIES: dict[str, tuple[Any, dict[str, Any]]] = {
    "named": (lambda: table(THREE).drop(columns="task"), {"baseline": "xlmr", "labels": {"mad-x": "MAD-X"}}),
    "numbers": (lambda: table({"100": 0.0, "1000": 1.0, "9000": 2.0}, tasks=("a", "b")), {"condition": "method"}),
    "draws": (lambda: table({"base": 0.0, "few": 1.0, "many": 1.5}, draws=prompts), {"draw": "prompt"}),
    "no languages": (numbers_alone, {}),
    "perplexity": (perplexities, LOWER),
    "two benchmarks": (lambda: benchmarks({"a": "A", "b": "A", "c": "B", "d": "B"}), {"baseline": "xlmr"}),
    "three benchmarks": (lambda: benchmarks({"a": "A", "b": "B", "c": "C", "d": "C"}), {"baseline": "xlmr"}),
    "no baseline": (lambda: table({"alpha": 0.0, "beta": 1.0}), {"margin": 1.0, "contrast": ["effect(beta)"]}),
    "groups of seeds": (groups, {"baseline": "a", "pairs": True}),
}  # fmt: skip


@dataclass(frozen=True)
class Said:
    """Everything that a study's report says, by where it is said."""

    result: Any

    @cached_property
    def specs(self) -> dict[str, Any]:
        return specifications(self.result.analysis)

    @cached_property
    def page(self) -> str:
        """The page with its glossary, tooltips and labels; without its style and the library of charts."""
        analysis = self.result.analysis
        whole = page(analysis, pictures(self.specs), tables(analysis))
        return re.sub(r"<style>.*?</style>|<script type=\"module\">.*?</script>", "", whole, flags=re.DOTALL)

    def texts(self) -> Iterator[tuple[str, str]]:
        analysis = self.result.analysis
        yield "page", self.page
        yield "json", json.dumps(self.result.to_dict(), ensure_ascii=False)
        yield "said", "\n".join((analysis.answer, *analysis.notes, analysis.methods, analysis.signature))
        yield "results.csv", self.result.frame().to_csv()
        for name, one in tables(analysis).items():
            forms = (one.to_markdown(), one.to_latex(), one.to_csv(), one.to_word())
            yield from ((f"table {name}", form) for form in forms)
        for name, spec in self.specs.items():
            yield f"chart {name}", json.dumps(spec, ensure_ascii=False)


@pytest.fixture(scope="module")
def said() -> Any:
    """Study name -> what its report says, made once."""
    made: dict[str, Said] = {}

    def of(name: str) -> Said:
        if name not in made:
            frame, asked = STUDIES[name]
            made[name] = Said(xs.analyze(frame(), **asked))
        return made[name]

    return of


def found(pattern: str, text: str) -> list[str]:
    return [text[max(0, hit.start() - 40) : hit.end() + 40] for hit in re.finditer(pattern, text, re.IGNORECASE)]


@pytest.mark.parametrize("name", STUDIES)
def test_no_output_speaks_of_what_the_study_has_none_of(name, said) -> None:
    wrong = OURS if "benchmarks" in name else OURS + r"|\binteraction"
    hits = [(where, hit) for where, text in said(name).texts() for hit in found(wrong, text)]
    assert not hits, hits[:5]


def test_another_unit_is_named_everywhere_and_points_nowhere(said) -> None:
    ours = said("perplexity")
    vega = r'"type": "point"|"point":|data point|each point alone|aria-roledescription="point'
    for where, text in ours.texts():
        plain = re.sub(vega, "", text.replace('"type":"point"', ""))
        assert not found(r"\bpoints?\b", re.sub(r"for each\s+point alone", "", plain)), where
    titles = {str(hit) for spec in ours.specs.values() for hit in re.findall(r'"title": "([^"]*)"', json.dumps(spec))}
    assert {"perplexity (condition minus full; lower is better)", "average score (perplexity)"} <= titles
    assert "Perplexity, 95 % intervals. Lower is better." in tables(ours.result.analysis)["effects"].caption
    assert "Scores in perplexity; lower is better." in ours.page


def test_where_lower_is_better_blue_is_lower_and_the_best_stand_first(said) -> None:
    lower, higher = said("perplexity").specs, said("named").specs
    ranges = [json.dumps(specs["heatmap"]).split('"range": ')[1].split("]")[0] for specs in (lower, higher)]
    assert json.loads(ranges[0] + "]") == json.loads(ranges[1] + "]")[::-1]
    assert "blue: better than the baseline, orange: worse. Lower is better." in json.dumps(lower["heatmap"])
    for specs, sign in ((lower, 1), (higher, -1)):
        rows = next(iter(specs["languages"]["datasets"].values()))
        first = [row["estimate"] * sign for row in rows if "conf_low" in row]
        assert first == sorted(first)


def test_labels_stand_in_every_chart_that_names_conditions(said) -> None:
    specs = said("named").specs
    for name in ("effects", "runs", "heatmap", "languages", "seeds", "language_runs", "influence"):
        text = json.dumps(specs[name])
        assert "MAD-X" in text and '"mad-x"' not in text, name


def test_draws_stand_in_tooltips_where_there_are_any(said) -> None:
    assert '"field": "draw"' in json.dumps(said("draws").specs["runs"])
    assert '"field": "draw"' not in json.dumps(said("named").specs["runs"])
    assert "(0 + sampled | draw)" in said("draws").result.analysis.methods


def test_what_a_study_has_none_of_has_no_section_and_no_column(said) -> None:
    ours = said("no languages")
    assert not {"language_runs", "heatmap", "languages", "leave_one_out"} & set(ours.specs)
    made = tables(ours.result.analysis)
    assert not {"languages", "paper_languages", "paper_tasks", "scripts", "families"} & set(made)
    assert "without one task" not in made["effects"].panels[0].header
    assert "next language" not in " ".join(made["prediction"].panels[0].header)
    assert not [panel for one in made.values() for panel in one.panels if not panel.rows]
    assert "Differences between languages" not in ours.page and "residual:" not in set(
        made["variance"].frame["component"]
    )
    assert "composition" not in said("numbers").specs and "composition" not in said("numbers").page


def test_a_paper_s_table_has_both_means_by_hand(said) -> None:
    frame = STUDIES["named"][0]()
    one = tables(said("named").result.analysis)["paper"]
    means = run_means(frame)
    rows = one.frame.set_index("condition")
    assert rows.loc["mad-x", "baseline"] == pytest.approx(means["xlmr"].mean())
    assert rows.loc["mad-x", "treated"] == pytest.approx(means["mad-x"].mean())
    assert one.panels[0].header == ("condition", "mean, xlmr", "mean", "difference [95 %]", "p", "adjusted p")
    assert [row[0] for row in one.panels[0].rows] == ["MAD-X", "lora"]
    by_language = tables(said("named").result.analysis)["paper_languages"].frame.set_index(["language", "condition"])
    swahili = frame[frame["lang"] == "sw"]
    assert by_language.loc[("sw", "lora"), "treated"] == pytest.approx(run_means(swahili)["lora"].mean())
    assert "Benjamini-Hochberg (exploratory) within the family languages (8 tests)" in one_caption(
        said, "paper_languages"
    )
    assert "Holm within the family primary (2 tests)" in one_caption(said, "paper")
    assert r"\label{tab:paper}" in one.to_latex() and "xlmr" in one.to_latex() and "| MAD-X |" in one.to_markdown()
    assert "Means and differences" in said("named").page


def one_caption(said: Any, name: str) -> str:
    text: str = tables(said("named").result.analysis)[name].full_caption()
    return text


@pytest.mark.parametrize("name", ["named", "draws", "groups of seeds", "three benchmarks", "numbers", "perplexity"])
def test_the_means_of_a_paper_s_table_differ_by_its_difference(name, said) -> None:
    made = tables(said(name).result.analysis)
    for key in {"paper", "paper_tasks", "paper_languages"} & set(made):
        rows = made[key].frame
        assert (rows["treated"] - rows["baseline"]).to_numpy() == pytest.approx(rows["estimate"].to_numpy()), key


def test_each_condition_is_beside_the_baseline_runs_that_it_is_compared_with() -> None:
    frame = table({"a": 0.0, "b": 1.0, "c": 1.0}, {"a": range(8), "b": range(3), "c": range(8)})
    rows = tables(xs.analyze(frame, baseline="a").analysis)["paper"].frame.set_index("condition")
    means = run_means(frame)["a"]
    assert rows.loc["b", "baseline"] == pytest.approx(means.loc[0:2].mean())
    assert rows.loc["c", "baseline"] == pytest.approx(means.mean())


def test_the_answer_says_of_every_pair_of_benchmarks_what_it_hangs_on() -> None:
    frame = benchmarks({"a": "A", "b": "A", "c": "B", "d": "B", "e": "C", "f": "C"})
    frame = frame[frame["method"] != "lora"]
    frame.loc[(frame["task"] == "d") & (frame["method"] == "mad-x"), "acc"] += 0.08
    result = xs.analyze(frame, baseline="xlmr")
    told = result.answer.partition("Without one target task at a time ")[2]
    moved = result.analysis.diagnostics.influence
    tasks = moved[(moved["kind"] == "target task") & (moved["contrast"] == "interaction(mad-x), C less B")]
    assert set(tasks["level"]) == {"c", "d", "e", "f"}  # the other two are of neither
    for pair in (("A", "B"), ("A", "C"), ("B", "C")):
        assert f"interaction(mad-x), {pair[1]} less {pair[0]} is " in told
    own = frame[frame["benchmark"].isin(["B", "C"]) & (frame["task"] != "d")]
    gaps = [run_means(own[own["benchmark"] == name]) for name in ("C", "B")]
    by_hand = [(one["mad-x"] - one["xlmr"]).mean() for one in gaps]
    without = tasks.set_index("level").loc["d", "estimate"]
    assert without == pytest.approx(by_hand[0] - by_hand[1])
    assert (
        "interaction(mad-x), B less A: its sign and its verdict" in told
        or "interaction(mad-x), B less A: its verdict" in told
    )
    assert moved.groupby("contrast")["id"].nunique().sum() == moved["id"].nunique()


def test_two_benchmarks_keep_the_one_sentence_and_conditions_go_by_name() -> None:
    result = xs.analyze(STUDIES["two benchmarks"][0](), baseline="xlmr", labels={"mad-x": "MAD-X"})
    assert re.search(r"Without one target task at a time the difference is \S+ to \S+ for MAD-X; ", result.answer)
    assert not np.any(["contrast" in result.analysis.diagnostics.influence])
