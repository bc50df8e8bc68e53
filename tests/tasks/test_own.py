"""A user's own entries: one table in a file of their own, and the entry is everywhere."""

import json
import os
import subprocess
import sys

import pytest

TARGET = """
[[target]]
name = "nli2"
family = "classification"
title = "More NLI"
group = "classification"
training = "xnli"
labels = ["entailment", "neutral", "contradiction"]
files = ["nli2"]
licence = "CC0"
benchmarks = { "xtreme-mini" = ["German", "tr"], "mine" = ["iw", "de"] }
hub = [{ repository = "me/nli2", splits = { test = "test" }, config = "{language}", codes = { de = "ger" } }]
"""
TRAINING = '[[training]]\nname = "sst"\nfamily = "classification"\ncorpora = ["sst"]\nlabels = ["0", "1"]\n'
INTERMEDIATE = '[[intermediate]]\nname = "tenth"\nfamily = "tagging"\nlabels = ["A", "B"]\nfiles = ["tenth"]\n'


def python(code, folder, text=None, **environment):
    """Run Python in a folder with a file of own entries; returns the completed process."""
    if text is not None:
        (folder / "xstats-tasks.toml").write_text(text)
    clean = {key: value for key, value in os.environ.items() if key != "XSTATS_TASKS"}
    return subprocess.run(
        [sys.executable, "-c", code], cwd=folder, env=clean | environment, capture_output=True, text=True, timeout=120
    )


SHOWN = """
import json
from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS
from xtransfer_stats.tasks.catalogue import TARGET_TASKS, TARGET_TRAININGS
from xtransfer_stats.tasks.benchmarks import cells_of
target = TARGET_TASKS.get("nli2")
added = [list(INTERMEDIATE_TASKS)[9:], list(TARGET_TRAININGS)[9:]]
print(json.dumps([*added, target and dict(target.benchmarks), cells_of("mine")]))
"""


def test_without_a_file_the_catalogue_is_the_shipped_one(tmp_path):
    assert json.loads(python(SHOWN, tmp_path).stdout) == [[], [], None, {}]


def test_all_three_kinds_are_read(tmp_path):
    done = python(SHOWN, tmp_path, TARGET + TRAINING + INTERMEDIATE)
    assert done.returncode == 0, done.stderr
    spoken = {"xtreme-mini": ["de", "tr"], "mine": ["de", "he"]}
    assert json.loads(done.stdout) == [["tenth"], ["sst"], spoken, {"nli2": ["de", "he"]}]


def test_the_variable_names_the_file_and_a_wrong_one_is_told(tmp_path):
    (tmp_path / "elsewhere.toml").write_text(TARGET)
    found = python(SHOWN, tmp_path, XSTATS_TASKS=str(tmp_path / "elsewhere.toml"))
    assert json.loads(found.stdout)[2]["mine"] == ["de", "he"]
    assert "XSTATS_TASKS='nowhere.toml': no file there" in python(SHOWN, tmp_path, XSTATS_TASKS="nowhere.toml").stderr


def test_what_lies_in_the_place_of_the_file_is_told(tmp_path):
    (tmp_path / "folder" / "xstats-tasks.toml").mkdir(parents=True)
    (tmp_path / "xstats-tasks.toml").symlink_to("nowhere")
    for folder in (tmp_path, tmp_path / "folder"):
        assert "xstats-tasks.toml is no file" in python(SHOWN, folder).stderr
    long = python(SHOWN, tmp_path / "folder", XSTATS_TASKS="x" * 300)
    assert "XSTATS_TASKS='xxx" in long.stderr
    assert "no file there" in long.stderr


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (TARGET.replace('"nli2"\nfamily', '"xnli"\nfamily'), "target 'xnli': a shipped entry has this name"),
        (TARGET + TARGET, "target 'nli2': the name stands twice"),
        (TARGET.replace("licence =", "license ="), "target 'nli2': unknown key 'license': did you mean 'licence'?"),
        (TARGET.replace('"classification"\ntitle', '"clasification"\ntitle'), "did you mean 'classification'?"),
        (TARGET.replace('training = "xnli"', 'training = "xnly"'), "training 'xnly' is unknown: did you mean 'xnli'?"),
        (TARGET + 'metrics = ["f1"]\n', "metrics 'f1' is unknown: Known: accuracy"),
        (TARGET.replace('group = "classification"', 'group = "retreival"'), "did you mean 'retrieval'?"),
        (TARGET + 'normalisation = "mlq"\n', "normalisation 'mlq' is unknown: did you mean 'mlqa'?"),
        (TARGET.replace("benchmarks =", "# "), "target 'nli2': the key 'benchmarks' is missing: add it"),
        (TARGET.replace("{ de =", '"iso4", columns = { x ='), "codes 'iso4' is unknown: did you mean 'iso3'?"),
        (TARGET.replace("{ de =", '"iso3", languages = "xx", columns = { x ='), "languages 'xx' is unknown"),
        (TARGET.replace("repository =", "repo ="), "unknown key 'hub.0.repo': Known here: repository"),
        (TARGET.replace("{ test =", "{ tset ="), "splits 'tset' is unknown: did you mean 'test'?"),
        ("[[targets]]\nname = 'x'\n", "unknown table 'targets': did you mean 'target'?"),
        ("[target]\nname = 'x'\n", "'target' is no list of tables: write [[target]]"),
        ("[[intermediate]]\nname = 'x'\n", "intermediate 'x': the key 'family' is missing: add it"),
        (INTERMEDIATE.replace("tenth", "xnli"), "intermediate 'xnli': a shipped entry has this name"),
        (TRAINING.replace('"sst"\nfamily', '"xquad"\nfamily'), "training 'xquad': a shipped entry has this name"),
        (TRAINING + 'after = "sqa"\n', "after 'sqa' is unknown: did you mean 'siqa'?"),
        ("[[target\n", "xstats-tasks.toml is not valid TOML"),
    ],
)
def test_a_mistake_names_file_entry_key_and_remedy(text, told, tmp_path):
    done = python(
        "from xtransfer_stats.cli import main\nimport sys\nsys.argv = ['xstats', 'tasks']\nmain()", tmp_path, text
    )
    assert done.returncode == 2
    assert "xstats-tasks.toml" in done.stderr
    assert told in done.stderr
    assert "Traceback" not in done.stderr


SHORT = """
[[target]]
name = "qa2"
family = "span_qa"
group = "question answering"
normalisation = "mlqa"
aside = ["mixed"]
benchmarks = { mine = "iw de" }
hub = [{ repository = "me/qa2", splits = { test = "test" }, codes = "english", languages = "de he" }]

[[target]]
name = "qa3"
family = "span_qa"
group = "question answering"
dataset = "qa2"
benchmarks = { mine = "de" }
"""


def test_own_entries_say_all_that_the_shipped_ones_say(tmp_path):
    code = (
        "import json\n"
        "from xtransfer_stats.tasks.catalogue import TARGET_TASKS\n"
        "task, other = TARGET_TASKS['qa2'], TARGET_TASKS['qa3']\n"
        "facts = [task.normalisation, task.data.aside, task.benchmarks['mine'], task.data.hub[0].codes]\n"
        "print(json.dumps([*facts, other.data is task.data, other.normalisation]))\n"
    )
    done = python(code, tmp_path, SHORT)
    assert done.returncode == 0, done.stderr
    codes = {"de": "German", "he": "Hebrew"}
    assert json.loads(done.stdout) == ["mlqa", ["mixed"], ["de", "he"], codes, True, "squad"]


def test_tables_of_the_working_directory_do_not_stand_for_the_shipped_ones(tmp_path):
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "tasks.toml").write_text("[[target]]\nname = 'x'\n")
    (tmp_path / "data" / "languages.csv").write_text("code\nde\n")
    assert json.loads(python(SHOWN, tmp_path).stdout) == [[], [], None, {}]


SHARED = """
[[target]]
name = "nli2"
family = "classification"
group = "classification"
training = "xnli"
dataset = "xnli"
benchmarks = { "xtreme-mini" = ["German", "tr"], "mine" = ["iw", "de"] }
"""


def test_an_own_target_of_another_entrys_data_is_had_where_that_is(tmp_path):
    code = (
        "from xtransfer_stats.tasks.catalogue import TARGET_TASKS\n"
        "print(TARGET_TASKS['nli2'].data is TARGET_TASKS['xnli'].data)\n"
    )
    assert python(code, tmp_path, SHARED).stdout.strip() == "True"
    done = python(code, tmp_path, SHARED + 'files = ["x"]\n')
    assert "the data set 'xnli' has an entry, so ['files'] cannot stand here" in done.stderr


STUDY = """
import json
from pathlib import Path
from xtransfer_stats.store.scores import score_frame
from xtransfer_stats.store.store import Store
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.study.recipe import parse_recipe
from xtransfer_stats.tasks.catalogue import own_data

table = {
    "study": {
        "name": "s", "benchmarks": ["mine", "xtreme-mini"], "targets": ["nli2", "pawsx"], "seeds": 1, "tasks": [1],
    },
    "backbone": {"model": "e5-small-q4", "freeze": 8},
    "intermediate": {"tasks": ["mnli", "qqp"]},
}
plan = make_plan(parse_recipe(table, "x"))
frame = score_frame(plan, Store(Path("store")).create())
own = frame[(frame["target_task"] == "nli2") & (frame["status"] == "missing")]
steps = sorted({step.name.rsplit("/", 1)[0] for step in plan.of_kind("evaluation") if step.args["target"] == "nli2"})
print(json.dumps([steps, sorted(set(own["language"])), sorted(own_data()["nli2"])]))
"""


def test_an_own_target_is_in_plan_and_frame_by_its_entry_alone(tmp_path):
    pytest.importorskip("hassil", reason="the embedded extra is not installed")
    done = python(STUDY, tmp_path, SHARED)
    assert done.returncode == 0, done.stderr
    assert json.loads(done.stdout) == [["nli2/de", "nli2/he", "nli2/tr"], ["de", "he", "tr"], ["anli_plus", "mnli"]]


def test_an_own_intermediate_task_is_drawn_where_a_recipe_names_it(tmp_path):
    code = (
        "from xtransfer_stats.study.recipe import parse_recipe\n"
        "study = {'name': 's', 'benchmarks': ['xtreme', 'xtreme-r'], 'tasks': [10]}\n"
        "base = {'study': study, 'backbone': {'model': 'm'}}\n"
        "from xtransfer_stats.tasks.catalogue import INTERMEDIATE_TASKS\n"
        "recipe = parse_recipe(base | {'intermediate': {'tasks': list(INTERMEDIATE_TASKS)}}, 'x')\n"
        "print(len(recipe.intermediate.tasks))\n"
        "parse_recipe(base, 'x')\n"
    )
    done = python(code, tmp_path, INTERMEDIATE)
    assert done.stdout.strip() == "10"
    assert "there are 9 intermediate tasks" in done.stderr


def test_names_by_which_own_files_go_have_their_family(tmp_path):
    code = "from xtransfer_stats.tasks.ownfile import corpora\nimport json\nprint(json.dumps(corpora()))\n"
    found = json.loads(python(code, tmp_path, TARGET + TRAINING + INTERMEDIATE).stdout)
    assert found == {"nli2": "classification", "sst": "classification", "tenth": "tagging"}


FILES = """
import json
from xtransfer_stats.sources.registry import source_at
from xtransfer_stats.study.plan import make_plan
from xtransfer_stats.study.recipe import parse_recipe

table = {
    "study": {"name": "s", "benchmarks": ["mine", "xtreme-mini"], "targets": ["nli2", "pawsx"], "tasks": [1]},
    "backbone": {"model": "e5-small-q4", "freeze": 8},
    "intermediate": {"tasks": ["mnli", "qqp"]},
    "source": {"name": "embedded", "by_dataset": {"nli2": "data"}},
}
plan = make_plan(parse_recipe(table, "x"))
sources = {step.args["source"] for step in plan.of_kind("features") if step.args["dataset"] == "nli2"}
found = source_at({"kind": "files", "directory": "data"}).load("nli2", "test", "de")
print(json.dumps([sorted(sources), found.labels, [example.label for example in found.examples]]))
"""


def test_an_own_targets_json_lines_are_recognised_and_read(tmp_path):
    pytest.importorskip("hassil", reason="the embedded extra is not installed")
    (tmp_path / "data" / "nli2").mkdir(parents=True)
    rows = [("Ein Hund bellt.", "entailment"), ("Ein Hund bellt laut.", "contradiction")]
    lines = [json.dumps({"premise": text, "hypothesis": "Es ist laut.", "label": label}) for text, label in rows]
    for language in ("de", "tr", "he"):
        (tmp_path / "data" / "nli2" / f"test-{language}.jsonl").write_text("\n".join(lines) + "\n")
    done = python(FILES, tmp_path, TARGET)
    assert done.returncode == 0, done.stderr
    sources, labels, read = json.loads(done.stdout)
    assert sources == ["files"]
    assert labels == ["entailment", "neutral", "contradiction"]
    assert read == ["entailment", "contradiction"]


def test_the_listing_marks_what_is_yours(tmp_path):
    code = "from xtransfer_stats.cli import main\nimport sys\nsys.argv = ['xstats', 'tasks', *sys.argv[1:]]\nmain()"
    shown = python(code, tmp_path, TARGET).stdout
    assert "nli2 (yours)" in shown
    rows = json.loads(python(code.replace("*sys.argv[1:]", "'nli2', '--json'"), tmp_path).stdout)
    assert rows["targets"]["yours"] is True
    assert rows["targets"]["sources"] == ["hub", "files"]
    assert rows["targets"]["data"]["hub"][0]["codes"] == {"de": "ger"}


def score_files(folder):
    for side, labels in (("gold", "0 1 1 0"), ("ours", "0 1 0 0")):
        for language in ("de", "he"):
            path = folder / side / "nli2" / f"test-{language}.tsv"
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text("\n".join(labels.split()) + "\n")


def test_an_own_benchmark_is_scored(tmp_path):
    score_files(tmp_path)
    code = (
        "from pathlib import Path\n"
        "from xtransfer_stats.exchange.leaderboard import score_benchmark\n"
        "print(score_benchmark(Path('ours'), Path('gold'), 'mine').average)\n"
    )
    done = python(code, tmp_path, TARGET)
    assert done.stdout.strip() == "75.0", done.stderr
