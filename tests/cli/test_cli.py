"""The command line: quick to start, helpful when asked, clear when wrong."""

import json
import subprocess
import sys

import pytest
import typer
from tests.stats.simulated import catalogue_frame

from xtransfer_stats.cli import app

XSTATS = [sys.executable, "-m", "xtransfer_stats"]


def xstats(*arguments, **options):
    return subprocess.run([*XSTATS, *map(str, arguments)], capture_output=True, text=True, timeout=300, **options)


def test_help_imports_nothing_heavy():
    code = (
        "import sys, atexit\n"
        "heavy = 'numpy pandas scipy statsmodels pingouin altair pyarrow pydantic formulae torch'.split()\n"
        "atexit.register(lambda: print('IMPORTED', [name for name in heavy if name in sys.modules]))\n"
        "sys.argv = ['xstats', '--help']\n"
        "from xtransfer_stats.cli import main\n"
        "main()\n"
    )
    told = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60).stdout
    assert "analyze" in told
    assert "IMPORTED []" in told


@pytest.mark.parametrize("command", sorted(typer.main.get_command(app).commands))
def test_every_command_has_help_with_an_example(command):
    told = xstats(command, "--help").stdout
    assert "Example" in told
    assert f"xstats {command}" in told


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["run", "--tasks", "12"], "tasks = 12: there are 9 intermediate tasks"),
        (["run", "--tasks", "three"], "--tasks 'three': give task counts"),
        (["run", "--seeds", "0"], "study.seeds = 0"),
        (["run", "--targets", "xnly"], "unknown target task 'xnly': did you mean 'xnli'?"),
        (["run", "--languages", "de,xx"], "unknown language 'xx'"),
        (["run", "nowhere.toml"], "no file 'nowhere.toml'"),
        (["run", "--workers", "0"], "--workers 0"),
        (["run", "--control", "overlp"], "study.control = 'overlp'"),
        (
            ["run", "--source", "nowhere"],
            "no folder there: give a folder of data sets, or embedded or hub",
        ),
        (["data", "nowhere"], "'nowhere': no folder there"),
        (["run", "other", "--quick"], "--quick names a recipe of its own"),
        (["analyze", "nowhere.csv"], "no file 'nowhere.csv'"),
        (["analyze", "--model", "magic"], "no file 'magic', and none of that name in analyses/"),
        (["compare", "x.csv", "y.csv", "--benchmarks", "one"], "--benchmarks 'one'"),
        (
            ["score", "--predictions", "p", "--labels", ".", "--benchmark", "xtreme"],
            "--predictions 'p': no folder there",
        ),
        (["score", "--predictions", ".", "--labels", ".", "--benchmark", "glue"], "--benchmark 'glue'"),
        (["status", "--store", "nowhere"], "no store there"),
        (["trace", "ruuayt7a", "nowhere.csv"], "no file 'nowhere.csv'"),
        (["trace", "ruuayt7a"], "no file 'xstats-store': give a store, or a table"),
        (["power", "nowhere.csv"], "no file 'nowhere.csv'"),
        (["power", "--sd-set", "1"], "--sd-set and --sd-run: give both"),
        (["power", "--sd-set", "1", "--sd-run", "1", "--seeds", "1"], "--seeds 1: power needs 2 or more"),
        (["chart", "efects"], "no chart 'efects': did you mean 'effects'?"),
        (["chart", "effects", "--width", "wide"], "--width 'wide'"),
        (["chart", "effects", "--format", "gif"], "--format 'gif'"),
        (["chart", "effects", "nowhere.csv"], "no file 'nowhere.csv'"),
        (["tasks", "mlqq"], "no entry 'mlqq': did you mean 'mlqa'?"),
        (["export", "--store", "nowhere"], "no store there"),
        (["compare", "nowhere.csv", "other.csv"], "no file 'nowhere.csv'"),
        (["compare", "one", "two"], "'one': no study of that name in --store 'xstats-store'"),
    ],
)
def test_a_mistake_is_named_with_its_remedy_and_no_traceback(arguments, told, tmp_path):
    done = xstats(*arguments, cwd=tmp_path)
    assert done.returncode != 0
    assert told in done.stderr
    assert "Traceback" not in done.stderr


def test_debug_shows_the_traceback(tmp_path):
    assert "Traceback" in xstats("run", "--tasks", "12", "--debug", cwd=tmp_path).stderr


def test_a_read_only_place_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    done = xstats("run", "--quick", "--store", tmp_path / "file" / "store")
    assert done.returncode == 1
    assert "choose another place with --store" in done.stderr


def test_a_missing_extra_is_named(tmp_path):
    code = (
        "import sys\n"
        "from xtransfer_stats.base import extras\n"
        "extras.MODULES['train'] = ('no_such_module_at_all',)\n"
        "from xtransfer_stats.cli import main\n"
        "sys.argv = ['xstats', 'run', '--quick']\n"
        "main()\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60, cwd=tmp_path)
    assert done.returncode == 2
    assert "no_such_module_at_all, not installed here: pip install" in done.stderr
    assert "'torch>=" in done.stderr


def test_an_exported_frame_is_analyzed_to_json(tmp_path):
    frame = catalogue_frame(seeds=3)
    frame.to_csv(tmp_path / "scores.csv", index=False, na_rep="NaN")
    done = xstats("analyze", tmp_path / "scores.csv", "--model", "mixed", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    contrasts = {row["contrast"] for row in found["effects"]}
    assert {"interaction(3)", "effect(3) @ xtreme", "effect(3) @ xtreme-r"} <= contrasts


def test_languages_of_a_frame_may_be_in_any_dialect(tmp_path):
    frame = catalogue_frame(seeds=3)
    frame.to_csv(tmp_path / "a.csv", index=False, na_rep="NaN")
    frame["language"] = frame["language"].replace({"de": "deu", "zh": "zh_Hans", "sw": "swh"})
    frame.to_csv(tmp_path / "b.csv", index=False, na_rep="NaN")
    first, second = (xstats("analyze", tmp_path / name, "--json") for name in ("a.csv", "b.csv"))
    assert second.returncode == 0, second.stderr
    assert json.loads(first.stdout)["effects"] == json.loads(second.stdout)["effects"]


def test_the_catalogue_is_listed_for_people_and_machines():
    shown = xstats("tasks").stdout
    for told in ("anli_plus", "tatoeba_squad", "Licences", "plain mean over its languages"):
        assert told in shown
    found = json.loads(xstats("tasks", "--json").stdout)
    assert [len(found[kind]) for kind in ("intermediate", "trainings", "targets")] == [9, 9, 13]
    entry = json.loads(xstats("tasks", "lareqa", "--json").stdout)["targets"]
    assert entry["sources"] == ["embedded", "files"]
    assert "sentence boundaries" in xstats("tasks", "lareqa").stdout


def test_languages_are_listed_with_script_and_benchmarks():
    rows = {row["code"]: row for row in json.loads(xstats("languages", "--json").stdout)}
    assert len([row for row in rows.values() if "xtreme" in row["benchmarks"]]) == 40
    assert len([row for row in rows.values() if "xtreme-r" in row["benchmarks"]]) == 50
    assert (rows["jv"]["script"], rows["kk"]["script"], rows["ht"]["family"]) == ("Latn", "Cyrl", "Creole")
    assert "udpos" in rows["wo"]["tasks"]
    assert "Quechuan" in xstats("languages").stdout


def test_a_formula_is_fitted_to_any_table(tmp_path):
    rows = ["y,x,g"] + [f"{2 * x + group + (x * group) % 3},{x},{group}" for group in range(6) for x in range(5)]
    (tmp_path / "t.csv").write_text("\n".join(rows))
    done = xstats("analyze", tmp_path / "t.csv", "--formula", "y ~ x + (1 | g)", "--bootstrap", "0", "--json")
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    assert [row["term"] for row in found["fixed"]][1] == "x"
    assert found["bootstrap"] is None
    assert {"formula", "n", "criterion", "state", "fixed", "random", "residual_variance"} <= found.keys()


def test_the_papers_recipe_is_planned_without_torch_network_or_data(tmp_path):
    code = (
        "import socket, sys\n"
        "def refuse(*told, **more): raise AssertionError('a dry run asked the network')\n"
        "socket.socket.connect = refuse\n"
        "from xtransfer_stats.cli import main\n"
        "sys.argv = ['xstats', 'run', 'phang2020', '--dry-run']\n"
        "try:\n    main()\n"
        "finally:\n    print('LOADED', [m for m in ('torch', 'transformers', 'datasets') if m in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=tmp_path)
    assert done.returncode == 0, done.stderr
    told = done.stdout
    assert "LOADED []" in told
    for said in ("serve more than one run or benchmark", "GPU hours", "GB of disk", "35% of 312 TFLOP/s"):
        assert said in told
    assert "8 of 9 intermediate tasks can be had" in told
    assert "- anli_plus: ANLI, a part of ANLI+, may be used for non-commercial purposes only." in told
