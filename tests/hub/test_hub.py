"""The unchanged hub code path against a small hub on 127.0.0.1: data, models, a whole study, online and offline."""

import json
import os
import subprocess
import sys

import pytest

pytest.importorskip("datasets", reason="the train extra is not installed")
pytest.importorskip("torch", reason="the train extra is not installed")

from tests.hub.repositories import MODEL, write_repositories
from tests.hub.server import hub

RECIPE = f"""
[study]
name = "hub"
benchmarks = ["xtreme", "xtreme-r"]
targets = ["xnli", "panx", "tatoeba"]
languages = ["de", "en"]
seeds = 1
tasks = [2]

[backbone]
model = "{MODEL}"
max_length = 48

[source]
name = "hub"

[intermediate]
tasks = ["mnli", "qqp"]
settings = {{ steps = 2, evaluate_every = 2, batch_size = 4 }}

[target]
settings = {{ steps = 2, evaluate_every = 2, batch_size = 4 }}
"""
LOAD = """
import json, sys
from xtransfer_stats.sources.hub.pins import resolve
from xtransfer_stats.sources.hub.source import HubSource
names, asked = json.loads(sys.argv[1])
source = HubSource(resolve(names, {}))
split = source.load(*asked)
print(json.dumps([len(split.examples), split.labels, source.fingerprint(asked[0]), repr(split.examples[0])]))
"""


@pytest.fixture(scope="module")
def repositories(tmp_path_factory):
    root = tmp_path_factory.mktemp("repositories")
    write_repositories(root)
    return root


def environment(cache, address, **more):
    """The environment of a user whose hub is at `address` and whose cache is in `cache`."""
    kept = {key: value for key, value in os.environ.items() if not key.startswith("HF_")}
    return kept | {"HF_HOME": str(cache), "HF_ENDPOINT": address, "HF_HUB_DISABLE_TELEMETRY": "1"} | more


def python(code, *arguments, env):
    command = [sys.executable, "-c", code, *arguments]
    return subprocess.run(command, capture_output=True, text=True, timeout=120, env=env)


def load(env, names, *asked):
    done = python(LOAD, json.dumps([names, asked]), env=env)
    return json.loads(done.stdout) if done.returncode == 0 else done.stderr.strip().splitlines()[-1]


def xstats(*arguments, env):
    command = [sys.executable, "-m", "xtransfer_stats", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=300, env=env)


def test_a_data_set_is_read_online_and_offline_from_the_cache_it_left(repositories, tmp_path):
    with hub(repositories) as (address, heard):
        online = load(environment(tmp_path, address), ["facebook/xnli"], "xnli", "test", "de")
        assert heard
    offline = load(environment(tmp_path, address, HF_HUB_OFFLINE="1"), ["facebook/xnli"], "xnli", "test", "de")
    assert online == offline
    assert online[:2] == [9, ["entailment", "neutral", "contradiction"]]
    assert "@" in online[2]


def test_a_script_is_never_run_its_parquet_conversion_is_read(repositories, tmp_path):
    with hub(repositories) as (address, _):
        count, labels, version, first = load(environment(tmp_path, address), ["google/xtreme"], "panx", "test", "de")
    assert count == 9
    assert "B-LOC" in labels
    assert "refs/convert/parquet@" in version
    assert "B-LOC" in first


@pytest.mark.parametrize(
    ("names", "gated", "told"),
    [
        (["acme/none"], (), "is not on the hub, or is private"),
        (["facebook/xnli"], ("facebook/xnli",), "is gated. Accept its terms"),
    ],
)
def test_what_cannot_be_had_is_named_with_the_remedy(repositories, tmp_path, names, gated, told):
    with hub(repositories, gated) as (address, _):
        said = load(environment(tmp_path, address), names, "xnli", "test", "de")
    assert told in said


def test_another_commit_gives_other_data_also_offline(repositories, tmp_path):
    import shutil

    root = tmp_path / "repositories"
    shutil.copytree(repositories, root)
    asked = (["facebook/xnli"], "xnli", "test", "de")
    with hub(root) as (address, _):
        old = load(environment(tmp_path / "cache", address), *asked)
        path = root / "datasets/facebook/xnli/main/de/test-00000-of-00001.parquet"
        shutil.copy(root / "datasets/facebook/xnli/main/en/validation-00000-of-00001.parquet", path)
        new = load(environment(tmp_path / "cache", address), *asked)
    assert old[2] != new[2]
    assert old[3] != new[3]
    offline = LOAD.replace("resolve(names, {})", "{'facebook/xnli': sys.argv[2]}")
    env = environment(tmp_path / "cache", address, HF_HUB_OFFLINE="1")
    for known in (old, new):
        commit = known[2].rpartition("@")[2]
        done = python(offline, json.dumps([asked[0], asked[1:]]), commit, env=env)
        assert json.loads(done.stdout) == known


@pytest.fixture(scope="module")
def studied(repositories, tmp_path_factory):
    """A whole study from the served hub: the folder with recipe, cache and store."""
    place = tmp_path_factory.mktemp("studied")
    (place / "study.toml").write_text(RECIPE, encoding="utf-8")
    with hub(repositories) as (address, heard):
        env = environment(place / "cache", address)
        dry = xstats("run", place / "study.toml", "--store", place / "store", "--dry-run", env=env)
        assert dry.returncode == 0, dry.stderr
        assert heard  # planning asks for what it needs of the backbone, and for no data
        assert all(MODEL in path and not path.endswith(".safetensors") for _, path in heard)
        done = xstats("run", place / "study.toml", "--store", place / "store", "--workers", 2,
                      "--accept-licences", env=env)  # fmt: skip
        assert done.returncode == 0, done.stderr
    return place, address


def frame(place, store, env):
    return xstats("export", "--store", place / store, env=env).stdout


def test_a_study_trains_and_scores_from_the_hub(studied):
    place, address = studied
    text = frame(place, "store", environment(place / "cache", address))
    assert text.count(",done\n") + text.count(",collapsed\n") == 2 * (2 + 2 + 1)


def test_offline_the_cache_gives_a_new_store_the_same_scores(studied):
    place, address = studied
    env = environment(place / "cache", address, HF_HUB_OFFLINE="1")
    done = xstats("run", place / "study.toml", "--store", place / "other", "--accept-licences", env=env)
    assert done.returncode == 0, done.stderr
    assert frame(place, "other", env) == frame(place, "store", env)


def test_the_commits_are_recorded_and_a_later_commit_changes_nothing(studied, repositories):
    place, _ = studied
    recorded = json.loads((place / "store" / "studies" / "hub.json").read_text())["content"]["recipe"]
    assert recorded["source"]["revisions"].keys() == {"facebook/xnli", "google/xtreme", "nyu-mll/glue"}
    assert len(recorded["backbone"]["revision"]) == 40
    # No hub answers here: everything that a finished study needs is recorded.
    env = environment(place / "elsewhere", "http://127.0.0.1:9")
    again = xstats("run", place / "study.toml", "--store", place / "store", env=env)
    assert again.returncode == 0, again.stderr
    assert "Nothing was missing" in again.stderr


def test_without_a_network_the_error_says_what_to_do(tmp_path):
    (tmp_path / "study.toml").write_text(RECIPE, encoding="utf-8")
    env = environment(tmp_path / "cache", "http://127.0.0.1:9")
    done = xstats("run", tmp_path / "study.toml", "--store", tmp_path / "store", "--accept-licences", env=env)
    assert done.returncode == 2
    assert "the hub cannot be reached" in done.stderr
    assert "--source DIR" in done.stderr


def test_pin_writes_the_recorded_commits_into_the_recipe(studied):
    import tomllib

    place, _ = studied
    copy = place / "pinned.toml"
    env = environment(place / "elsewhere", "http://127.0.0.1:9")  # what is recorded needs no hub
    done = xstats("pin", place / "study.toml", "--store", place / "store", "--output", copy, env=env)
    assert done.returncode == 0, done.stderr
    recorded = json.loads((place / "store" / "studies" / "hub.json").read_text())["content"]["recipe"]
    table = tomllib.loads(copy.read_text())
    assert table["source"]["revisions"] == recorded["source"]["revisions"]
    assert table["backbone"]["revision"] == recorded["backbone"]["revision"]
    assert "Nothing to pin" in xstats("pin", "quick", env=env).stdout


def test_licences_are_asked_once_in_a_store(studied):
    place, _ = studied
    env = environment(place / "cache", "http://127.0.0.1:9", HF_HUB_OFFLINE="1")
    refused = xstats("run", place / "study.toml", "--store", place / "third", env=env)
    assert refused.returncode == 2
    assert "xnli: XNLI may be used for non-commercial purposes only" in refused.stderr
    assert not (place / "third" / "licences.json").exists()
    assert xstats("run", place / "study.toml", "--store", place / "store", env=env).returncode == 0
