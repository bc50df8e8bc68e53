"""`xstats init` and `xstats recipes`: what they write is run and analysed as it stands."""

import json
import shlex
import subprocess
import sys
import tomllib

import pytest
from tests.stats.simulated import catalogue_frame

import xtransfer_stats as xs
from xtransfer_stats.base import resources
from xtransfer_stats.base.errors import RecipeError, XstatsError
from xtransfer_stats.study.recipe import load_recipe

XSTATS = [sys.executable, "-m", "xtransfer_stats"]
SHIPPED = sorted(path.stem for path in resources.folders("runners")[0].glob("*.toml"))


def xstats(folder, *words):
    command = [*XSTATS, *map(str, words)]
    return subprocess.run(command, capture_output=True, text=True, timeout=200, cwd=folder, stdin=subprocess.DEVNULL)


@pytest.fixture(autouse=True)
def own_cache(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))


@pytest.mark.parametrize("like", SHIPPED)
def test_begun_from_any_recipe_it_says_the_same_but_for_its_name(tmp_path, like):
    made = xs.init(tmp_path / "own.toml", like=like)
    mine, theirs = (load_recipe(one).model_dump() for one in (tmp_path / "own.toml", like))
    assert mine["study"].pop("name") == "own"
    theirs["study"].pop("name")
    assert mine == theirs
    assert made.recipe.study.name == "own"
    text = (tmp_path / "own.toml").read_text()
    study = text.partition("[study]")[2].partition("\n[")[0].strip().splitlines()
    assert all("#" in line for line in study if " = " in line and not line.endswith("["))


def test_what_it_writes_is_planned(tmp_path):
    done = xstats(tmp_path, "init", "my study.toml", "--like", "quick", "--seeds", "3", "--tasks", "3,5")
    assert done.returncode == 0, done.stderr
    assert "    xstats run 'my study.toml' --dry-run\n" in done.stdout
    planned = xstats(tmp_path, "run", "my study.toml", "--dry-run")
    assert planned.returncode == 0, planned.stderr
    assert "my-study: 3 seeds, task counts 0,3,5" in planned.stdout


def test_options_are_keys_of_the_recipe(tmp_path):
    xs.init(
        tmp_path / "a.toml",
        like="quick",
        study="named",
        targets=("xnli", "panx"),
        languages=("de", "en"),
        benchmarks=("xtreme", "xtreme-r"),
        model="xlm-roberta-base",
        source="hub",
    )
    study = tomllib.loads((tmp_path / "a.toml").read_text())
    assert study["study"]["name"] == "named"
    assert study["study"]["targets"] == ["xnli", "panx"]
    assert study["study"]["benchmarks"] == ["xtreme", "xtreme-r"]
    assert (study["backbone"]["model"], study["source"]["name"]) == ("xlm-roberta-base", "hub")


def test_nothing_is_overwritten(tmp_path):
    (tmp_path / "my-study.toml").write_text("precious")
    done = xstats(tmp_path, "init")
    assert done.returncode == 2
    assert "is there already, and nothing is overwritten" in done.stderr
    assert (tmp_path / "my-study.toml").read_text() == "precious"


@pytest.mark.parametrize(
    ("given", "told"),
    [
        ({"seeds": 0}, "study.seeds = 0"),
        ({"tasks": (12,)}, "tasks = 12: there are 9"),
        ({"targets": ("xnly",)}, "did you mean 'xnli'"),
        ({"like": "embeded"}, "did you mean 'embedded'"),
        ({"study": "a/b"}, "study.name"),
    ],
)
def test_a_value_that_no_study_has_is_refused_and_nothing_is_written(tmp_path, given, told):
    with pytest.raises(RecipeError, match=told):
        xs.init(tmp_path / "own.toml", **given)
    assert not (tmp_path / "own.toml").exists()


def test_results_get_the_command_that_analyses_them(tmp_path):
    catalogue_frame(seeds=3).to_csv(tmp_path / "my scores.csv", index=False, na_rep="NaN")
    found = xs.first_commands(tmp_path / "my scores.csv")
    assert found.commands == (shlex.join(["xstats", "analyze", str(tmp_path / "my scores.csv")]),)


def test_a_table_of_conditions_gets_the_options_it_needs(tmp_path):
    rows = [f"{m},{s},{60 + s + 2 * (m == 'b')}" for m in "ab" for s in range(4)]
    (tmp_path / "t.csv").write_text("method,seed,acc\n" + "\n".join(rows) + "\n")
    done = xstats(tmp_path, "init", "t.csv", "--condition", "method", "--baseline", "a", "--json")
    assert done.returncode == 0, done.stderr
    (command,) = json.loads(done.stdout)["commands"]
    assert command == "xstats analyze t.csv --condition method --baseline a"
    analysed = xstats(tmp_path, *shlex.split(command)[1:], "--json")
    assert analysed.returncode == 0, analysed.stderr


def test_results_that_cannot_be_read_are_refused_with_the_remedy(tmp_path):
    (tmp_path / "t.csv").write_text("a,b\n1,2\n")
    with pytest.raises(XstatsError, match="column"):
        xs.first_commands(tmp_path / "t.csv")
    assert xstats(tmp_path, "init", "t.csv", "--seeds", "3").returncode == 2
    assert "no results there" in xstats(tmp_path, "init", "nowhere.csv").stderr


def test_recipes_lists_shipped_and_own_ones_and_a_broken_one_by_its_trouble(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    xs.init("own.toml", like="quick", seeds=7)
    (tmp_path / "broken.toml").write_text("[study]\nname = 'x'\n")
    (tmp_path / "pyproject.toml").write_text("[project]\n")
    rows = {row["name"]: row for row in xs.recipes()}
    assert set(SHIPPED) | {"own.toml", "broken.toml"} == set(rows)
    assert rows["own.toml"]["own"]
    assert not rows["quick"]["own"]
    assert (rows["own.toml"]["seeds"], rows["own.toml"]["runs"]) == (7, 14)
    assert "benchmarks" in rows["broken.toml"]["trouble"]
    assert rows["phang2020"]["accelerator"]
    assert rows["quick"]["steps"] == 253
    assert rows == {row["name"]: row for row in xs.recipes()}  # from the cache
    xs.init("own2.toml", like="own.toml", seeds=8)
    assert {row["name"]: row for row in xs.recipes()}["own2.toml"]["runs"] == 16


def test_recipes_are_listed_for_people_and_machines(tmp_path):
    shown = xstats(tmp_path, "recipes")
    assert shown.returncode == 0, shown.stderr
    assert "GPU" in shown.stdout
    assert "The demo: a real encoder" in shown.stdout
    assert json.loads(xstats(tmp_path, "recipes", "--json").stdout)[0]["steps"]
