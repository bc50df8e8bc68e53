"""What stands around the code for a release: the container, the checks at a commit, CI."""

import importlib.util
import re
import shlex
import tomllib

import pytest
from typer.testing import CliRunner

from tests.places import ROOT
from xtransfer_stats.cli import app

yaml = pytest.importorskip("yaml", reason="PyYAML, of the train and docs extras, is not installed")
PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
MAKEFILE = (ROOT / "Makefile").read_text(encoding="utf-8")
DOCKERFILE = re.sub(r"\\\n", " ", (ROOT / "Dockerfile").read_text(encoding="utf-8"))
STEPS = re.findall(r"^([A-Z]+) +(.+)$", DOCKERFILE, flags=re.MULTILINE)


def given(step):
    return [words for name, words in STEPS if name == step]


def test_the_container_copies_what_there_is_and_all_that_the_build_needs():
    copied = {name for words in given("COPY") for name in words.split()[:-1]}
    assert all((ROOT / name).exists() for name in copied)
    included = PYPROJECT["tool"]["hatch"]["build"]["targets"]["wheel"]["force-include"]
    needed = {"pyproject.toml", "constraints.txt", "README.md", "LICENSE", "src", *included}
    assert needed <= copied
    let_in = set(re.findall(r"^!(.+)$", (ROOT / ".dockerignore").read_text(encoding="utf-8"), flags=re.MULTILINE))
    assert let_in == copied


def test_the_container_has_a_python_that_the_project_takes_and_extras_that_it_has():
    (base,) = given("FROM")
    (install,) = [words for words in given("RUN") if "pip install" in words]
    version = re.search(r"python:(3\.\d+)", base)[1]
    assert PYPROJECT["project"]["requires-python"] == f">={version}"
    extras = re.search(r"'\.\[([\w,]+)\]'", install)[1].split(",")
    assert set(extras) <= set(PYPROJECT["project"]["optional-dependencies"]) and "-c constraints.txt" in install


def test_the_container_runs_the_demo_of_the_makefile():
    (command,) = given("CMD")
    ran = yaml.safe_load(command)[2].split(" && ")
    demo = re.search(r"^demo:.*\n((?:\t.+\n)+)", MAKEFILE, flags=re.MULTILINE)[1]
    made = [
        line.replace("$(BIN)/", "").replace("--store $(STORE)", "").replace(" $(STORE)", "")
        for line in demo.split("\n\t")
    ]
    assert [shlex.split(line) for line in ran] == [shlex.split(line.strip()) for line in made]
    done = CliRunner().invoke(app, [*shlex.split(ran[0])[1:], "--dry-run"])
    assert done.exit_code == 0, done.output


def test_the_checks_at_a_commit_are_tools_of_the_dev_extra():
    text = (ROOT / ".pre-commit-config.yaml").read_text(encoding="utf-8")
    hooks = [hook for place in yaml.safe_load(text)["repos"] for hook in place["hooks"]]
    assert {hook["id"] for hook in hooks} == {"ruff-check", "ruff-format", "mypy", "reference"}
    brought = {re.match(r"[\w-]+", one)[0] for one in PYPROJECT["project"]["optional-dependencies"]["dev"]}
    for hook in hooks:
        tool, *words = hook["entry"].split()
        assert hook["language"] == "system"  # nothing is fetched
        assert tool in brought or importlib.util.find_spec(words[1])


@pytest.mark.parametrize("extra", PYPROJECT["project"]["optional-dependencies"])
def test_every_requirement_is_pinned(extra):
    pins = {
        re.sub(r"[-_.]+", "-", name).lower()
        for name in re.findall(
            r"^([\w.-]+)==", (ROOT / "constraints.txt").read_text(encoding="utf-8"), flags=re.MULTILINE
        )
    }
    wanted = [*PYPROJECT["project"]["dependencies"], *PYPROJECT["project"]["optional-dependencies"][extra]]
    assert not {re.sub(r"[-_.]+", "-", re.match(r"[\w-]+", one)[0]).lower() for one in wanted} - pins


def test_ci_installs_what_the_test_of_the_site_needs():
    assert re.search(r"^extras=.*\bdocs\b", (ROOT / ".ci" / "run").read_text(encoding="utf-8"), flags=re.MULTILINE)
    assert re.search(r"^docs:.*reference", MAKEFILE, flags=re.MULTILINE)
