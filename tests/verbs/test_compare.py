"""Studies to compare, named as files; the command line from names to JSON and report."""

import json

import numpy as np
import pandas as pd
import pytest
from tests.cli.test_cli import xstats
from tests.stats.comparison.studies import alike

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.study.recipe import load_recipe
from xtransfer_stats.study.versions import tolerant
from xtransfer_stats.verbs.compare import compare, settings_of, side_of
from xtransfer_stats.verbs.instore import StudyInStore

# Neither XQuAD in French nor PAN-X in Haitian is in the catalogue.
STRANGERS = ["xquadfr", "panxht"]


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("frames")
    for one, name in zip(alike(counts=(3,)), ("base", "large"), strict=True):
        frame = one.frame[~(one.frame["target_task"] + one.frame["language"]).isin(STRANGERS)]
        frame.to_csv(folder / f"{name}.csv", index=False, na_rep="NaN")
    frame.to_parquet(folder / "large.parquet", index=False)
    return folder


def test_files_are_compared_under_their_names(files):
    made = compare(files / "base.csv", str(files / "large.csv"), store=files / "no-store").comparison
    assert (made.a.name, made.b.name) == ("base", "large")
    assert made.a.facts.benchmarks == ("xtreme", "xtreme-r")
    assert made.paired and made.seeds == (0, 1, 2, 3, 4)
    swapped = compare(files / "large.parquet", files / "base.csv", unpaired=True).comparison
    assert not swapped.paired
    first, second = (one.results.query("contrast == 'interaction(3)' and side == 'B - A'") for one in (made, swapped))
    assert first["estimate"].item() == pytest.approx(-second["estimate"].item())


def test_two_studies_of_one_name_are_told_apart(files, tmp_path):
    (tmp_path / "base.csv").write_bytes((files / "large.csv").read_bytes())
    made = compare(files / "base.csv", tmp_path / "base.csv", store=tmp_path).comparison
    assert (made.a.name, made.b.name) == ("base (A)", "base (B)")


def test_a_name_that_is_nothing_is_refused(tmp_path):
    with pytest.raises(DataError, match="'sixty': no study of that name in store 'absent'") as refused:
        side_of("sixty", tmp_path / "absent")
    assert "in --store 'absent' (it holds none), and no file or store; name a study" in refused.value.in_options()


def test_the_command_writes_a_report_and_json(files, tmp_path):
    pair = (files / "base.csv", files / "large.csv")
    told = xstats("compare", *pair, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    assert (tmp_path / "reports" / "compare-base-large" / "tables" / "effects.tex").is_file()
    machine = json.loads(xstats("compare", *pair, "--json", cwd=tmp_path).stdout)
    assert machine["answer"] in told.stdout
    assert machine["paired"] is True
    assert {row["side"] for row in machine["results"]} == {"A", "B", "B - A"}
    apart = json.loads(xstats("compare", *pair, "--json", "--unpaired", cwd=tmp_path).stdout)
    assert apart["paired"] is False and "as asked" in apart["notes"][0]


def test_a_study_of_the_store_goes_before_a_file(tmp_path):
    (tmp_path / "studies").mkdir()
    (tmp_path / "studies" / "base.csv.json").write_text("{}")
    assert isinstance(side_of("base.csv", tmp_path).place, StudyInStore)


def test_settings_of_two_recipes_are_flat_and_without_what_the_frame_says(tmp_path):
    recipe = load_recipe("quick", {"target": {"settings": {"steps": 24, "evaluate_every": 12, "learning_rate": 3e-4}}})
    plain, longer = (StudyInStore(tmp_path, recipe=one, versions=tolerant) for one in (load_recipe("quick"), recipe))
    first, second = (dict(settings_of(one, set())) for one in (plain, longer))
    assert {key: (first[key], second[key]) for key in first if first[key] != second[key]} == {
        "target.settings.steps": ("12", "24")
    }
    assert "study.name" not in first and "backbone.model" not in first


def test_three_files_are_averaged_by_the_command(files, tmp_path):
    third = pd.read_csv(files / "large.csv", keep_default_na=False, na_values=["NaN"])
    shifted = third.assign(score=third["score"] + np.random.default_rng(0).normal(0, 1, len(third)), backbone="small")
    shifted.to_csv(tmp_path / "small.csv", index=False, na_rep="NaN")
    third.assign(backbone="large").to_csv(tmp_path / "large.csv", index=False, na_rep="NaN")
    three = (files / "base.csv", tmp_path / "large.csv", tmp_path / "small.csv")
    told = xstats("compare", *three, cwd=tmp_path)
    assert told.returncode == 0, told.stderr
    report = tmp_path / "reports" / "compare-base-large-small"
    assert {"effects.tex", "spread.md"} <= {path.name for path in (report / "tables").iterdir()}
    assert (report / "charts" / "several.svg").is_file()
    machine = json.loads((report / "several.json").read_text(encoding="utf-8"))
    assert machine["answer"] in told.stdout
    assert (machine["crossed"], machine["factor"]) == (True, "checkpoints")
    assert {row["side"] for row in machine["results"]} == {"base", "large", "small", "mean"}
    made = compare(*three, unpaired=True)
    assert made.names == ("base", "large", "small") and not made.several.crossed
    assert set(made.key_rows["scope"]) == {"such checkpoints"}
