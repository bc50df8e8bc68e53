"""`xstats doctor`: in an empty folder, with a damaged store, without extras, without a network."""

import json
import os
import shlex
import subprocess
import sys
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest
from tests.store.small_study import run_small

from xtransfer_stats.base import extras
from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.verbs.doctor import doctor
from xtransfer_stats.verbs.health.finding import Grade

UNREACHABLE = "http://127.0.0.1:9"
ENVIRONMENT = os.environ | {"HF_ENDPOINT": UNREACHABLE, "HF_HUB_OFFLINE": "", "http_proxy": "", "no_proxy": "*"}


@pytest.fixture(autouse=True)
def no_network(monkeypatch):
    for name in ("HF_ENDPOINT", "HF_HUB_OFFLINE", "http_proxy", "no_proxy"):
        monkeypatch.setenv(name, ENVIRONMENT[name])


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    """A small study's store, made once: a test that changes it works on a copy."""
    with pytest.MonkeyPatch.context() as patch:
        root = tmp_path_factory.mktemp("whole") / "store"
        run_small(patch, root)
    return root


def found(health, subject):
    return [one for one in health.findings if one.subject.startswith(subject)]


def run(code_or_words, folder, *, blocked=()):
    """Exit code and output of `xstats doctor --json`, some modules shut out."""
    code = (
        "import sys\n"
        f"for name in {list(blocked)!r}: sys.modules[name] = None\n"
        "from xtransfer_stats.cli import main\n"
        f"sys.argv = ['xstats', *{list(code_or_words)!r}]\n"
        "main()\n"
    )
    return subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=120, cwd=folder, env=ENVIRONMENT
    )


def test_an_empty_folder_is_sound_and_the_first_study_is_named(tmp_path):
    done = run(["doctor", "--seconds", "2", "--json"], tmp_path)
    assert done.returncode == 0, done.stderr + done.stdout
    told = json.loads(done.stdout)
    assert told["sound"]
    by_subject = {one["subject"]: one for one in told["findings"]}
    assert by_subject["store 'xstats-store'"]["command"] == "xstats run --quick"
    assert by_subject["hub"]["grade"] == "optional"
    assert list(tmp_path.iterdir()) == []  # to look changes nothing


def test_for_people_every_command_stands_below_what_it_mends(tmp_path):
    done = run(["doctor", "nowhere", "--seconds", "2"], tmp_path)
    assert done.returncode == 0
    assert "\n    xstats run --quick --store nowhere\n" in done.stdout
    assert "Nothing is to mend." in done.stdout


def test_without_the_extras_one_command_installs_each(tmp_path):
    gone = [module for names in extras.MODULES.values() for module in names]
    done = run(["doctor", "--seconds", "2", "--json"], tmp_path, blocked=gone)
    told = {one["subject"]: one for one in json.loads(done.stdout)["findings"]}
    assert done.returncode == 0
    for extra, modules in extras.MODULES.items():
        one = told[f"extra {extra}"]
        assert one["grade"] == "optional"
        assert all(module in one["said"] for module in modules)
        assert shlex.split(one["command"])[:2] == ["pip", "install"]
        assert one["command"] == extras.install(extra)
    assert "torch" in told["GPUs"]["said"]


def test_half_an_extra_is_to_mend(tmp_path):
    done = run(["doctor", "--seconds", "2", "--json"], tmp_path, blocked=["tokenizers"])
    told = {one["subject"]: one for one in json.loads(done.stdout)["findings"]}
    assert done.returncode == 1
    assert told["extra train"]["grade"] == "mend"
    assert "not installed: tokenizers;" in told["extra train"]["said"]


def test_a_dependency_of_another_version_is_to_mend(monkeypatch, tmp_path):
    monkeypatch.setattr(extras, "requirements", lambda: {"": ("numpy>=99", "no-such-package-here>=1", "rich>=1")})
    one = next(one for one in doctor(tmp_path / "none", seconds=1).findings if one.subject == "dependencies")
    assert one.grade is Grade.MEND
    assert "numpy>=99 is needed" in one.said
    assert "no-such-package-here is not installed" in one.said
    assert shlex.split(one.command) == ["pip", "install", "numpy>=99", "no-such-package-here>=1"]


class Silent(BaseHTTPRequestHandler):
    def log_message(self, *told):
        """Nothing."""

    def do_GET(self):
        self.send_response(self.server.code)
        self.end_headers()


@pytest.fixture
def hub(monkeypatch):
    """A hub on this machine; its code is that of all its answers."""
    server = HTTPServer(("127.0.0.1", 0), Silent)
    server.code = 200
    threading.Thread(target=server.serve_forever, daemon=True).start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_port}/")
    yield server
    server.shutdown()


@pytest.mark.parametrize(("code", "answers"), [(200, True), (404, True), (401, True), (503, False), (407, False)])
def test_a_hub_answers_or_says_why_not(hub, tmp_path, code, answers):
    hub.code = code
    (one,) = found(doctor(tmp_path / "none", seconds=5), "hub")
    assert (one.grade is Grade.GOOD) == answers, one
    assert answers or f"it answers {code}" in one.said


def test_a_hub_that_hangs_is_given_up(monkeypatch, tmp_path):
    import socket

    with socket.create_server(("127.0.0.1", 0)) as mute:  # takes the connection and says nothing
        monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{mute.getsockname()[1]}")
        (one,) = found(doctor(tmp_path / "none", seconds=0.5), "hub")
    assert one.grade is Grade.OPTIONAL
    assert "cannot be reached" in one.said


@pytest.mark.parametrize("address", [UNREACHABLE, "http://no-such-host.invalid", "not an address", "http://["])
def test_without_a_network_the_hub_is_said_to_be_out_of_reach(monkeypatch, tmp_path, address):
    monkeypatch.setenv("HF_ENDPOINT", address)
    (one,) = found(doctor(tmp_path / "none", seconds=5), "hub")
    assert (one.grade, one.command) == (Grade.OPTIONAL, "xstats run --quick")
    assert address in one.said


def test_an_offline_hub_is_not_asked(monkeypatch, tmp_path):
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    (one,) = found(doctor(tmp_path / "none", seconds=5), "hub")
    assert one.command == "unset HF_HUB_OFFLINE"


def copied(store, tmp_path):
    place = tmp_path / "store"
    subprocess.run(["cp", "-a", str(store), str(place)], check=True)
    return place


def test_a_sound_store_is_complete(store):
    health = doctor(store, seconds=0.2)
    assert not [one for one in found(health, "st") if one.grade is Grade.MEND]
    assert "complete" in found(health, "study")[0].said


def test_damaged_steps_have_the_command_that_makes_them_anew(store, tmp_path):
    place = copied(store, tmp_path)
    next((place / "steps" / "evaluation").glob("*/scores.json")).write_text("{}")
    (one,) = [one for one in doctor(place, seconds=0.2).findings if one.grade is Grade.MEND]
    assert "1 step damaged" in one.said
    assert one.command.startswith("xstats run ")
    assert one.command.endswith(f"--store {place}")


@pytest.mark.parametrize(
    "name", ["register.json", "studies/quick.json", "looks/quick.json", "licences.json", "steps", "locks", "deleted"]
)
def test_the_command_for_a_file_beside_the_steps_works(store, tmp_path, name):
    place = copied(store, tmp_path)
    if name == "deleted":
        (place / "studies" / "quick.json").unlink()
    elif (place / name).is_dir():
        (place / name).rename(tmp_path / "elsewhere")
        (place / name).write_text("x")
    else:
        (place / name).parent.mkdir(exist_ok=True)
        (place / name).write_text("{")
    for _ in range(3):  # one mend may bring another to light
        mends = [one for one in doctor(place, seconds=0.2).findings if one.grade is Grade.MEND]
        for one in mends:
            assert shlex.split(one.command)[0] == "rm", one
            subprocess.run(shlex.split(one.command), check=True)
    assert not mends


def test_a_store_of_nothing_gets_the_first_study(tmp_path):
    (one,) = [one for one in doctor(tmp_path, seconds=0.2).findings if one.subject.startswith("store")]
    assert (one.grade, one.command) == (Grade.OPTIONAL, f"xstats run --quick --store {tmp_path}")


def test_seconds_are_seconds(tmp_path):
    for seconds in (0, -1, float("nan"), 10_000):
        with pytest.raises(RecipeError, match="give seconds above 0"):
            doctor(tmp_path, seconds=seconds)
