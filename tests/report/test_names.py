"""Names of a user's in every output: never a template, a command, a path, or a character that moves what is shown."""

import re
import unicodedata
from pathlib import Path

import pandas as pd
import pytest
from tests.report.made_up import made_up
from tests.stats.simulated import analyzed, simulated_frame

from xtransfer_stats.report.escape import JOINERS, clean
from xtransfer_stats.report.write import folder_name, write_report
from xtransfer_stats.tasks.codes import in_language

BRACES = ("{b}", "{}", "{0}", "{count.__class__}", "{name", "}", "%s", "%(x)s", "${x}", "{{x}}")
HIDDEN = "\u2028\u2029\x00\x1b[31m\x7f\x85\u202e\u200b\ufeff\ufffe\ufdd0\u2066\U000e0001"


def named(text: str):
    """An analysis whose benchmarks, target tasks, languages, sets and backbone hold a text."""
    frame, benchmarks = simulated_frame(3, (3,), ("de", "fr", "sw"))
    tasks = {name: f"{name}{text}" for name in frame["target_task"].unique()}
    codes = {code: f"{code}{text}" for code in frame["language"].unique()}
    renamed = frame.assign(
        target_task=frame["target_task"].map(tasks),
        language=frame["language"].map(codes),
        backbone=text,
        study=f"study {text}",
        run=frame["run"] + text,
    )
    parts = {
        f"{name}{text}": {tasks[task]: tuple(codes.get(code, code) for code in spoken) for task, spoken in part.items()}
        for name, part in benchmarks.items()
    }
    return analyzed(renamed, parts)


@pytest.mark.parametrize("text", BRACES)
def test_braces_and_percent_signs_stand_as_they_were_typed(text):
    results = named(text).results
    contrasts = " ".join(results["contrast"])
    for part in (f"effect(3) @ xtreme-mini{text}", f"@ task xnli{text}", f"@ language sw{text}", f"without xnli{text}"):
        assert part in contrasts


def test_a_models_name_takes_the_language_alone():
    assert in_language("opus-{language}-{x}{}", "de") == "opus-de-{x}{}"


@pytest.fixture(scope="module")
def hidden(tmp_path_factory) -> Path:
    """A report whose names hold control and separator characters."""
    folder = tmp_path_factory.mktemp("hidden")
    names = {"xnli": f"a{HIDDEN}z", "de": f"b{HIDDEN}z", "sw": "c\u2028d"}
    write_report(made_up((3,), benchmarks=(f"x{HIDDEN}", "y\u2029"), rename=names), folder)
    return folder


def moves(text: str) -> set[str]:
    """Characters of a text that end a line, command the terminal, or hide and turn what stands by."""
    kinds = {one: unicodedata.category(one) for one in set(text)}
    return {one for one, kind in kinds.items() if kind in ("Cc", "Cf", "Cs", "Zl", "Zp") and one not in "\n\r\t"} - set(
        JOINERS
    )


@pytest.mark.parametrize("form", ["csv", "md", "tex", "docx.html", "json", "svg"])
def test_no_file_holds_a_character_that_moves_what_is_shown(hidden, form):
    files = [path for path in hidden.rglob(f"*.{form}") if path.name != "preamble.tex"]
    assert files
    for path in files:
        assert moves(path.read_text(encoding="utf-8")) == set(), path.name


def test_the_page_is_there_and_its_own_text_is_clean(hidden):
    page = (hidden / "report.html").read_text(encoding="utf-8")
    body = re.sub(r"<script.*?</script>", "", page, flags=re.DOTALL)
    assert moves(body) == set()


def test_every_hidden_character_is_taken_out_or_shown():
    assert clean(f"a{HIDDEN}\ud800z").isprintable()
    assert clean("क्\u200dष") == "क्\u200dष"  # scripts are spelled with joiners


@pytest.mark.parametrize(
    ("name", "folder"),
    [("../../evil", "evil"), ("/etc/evil", "etc-evil"), ("..", "study"), ("", "study"), ("[/]", "study"),
     ("a/b\\c", "a-b-c"), ("x" * 500, "x" * 60), ("~root", "root"), ("a\x00b", "a-b"), ("Größe 1", "Größe-1"),
     ("embedded", "embedded"), (".hidden", "hidden"), ("C:\\x", "C-x")],
)  # fmt: skip
def test_a_studys_name_is_a_folders_name_and_no_path(name, folder):
    assert folder_name(name) == folder


def test_results_keep_their_names_for_machines(hidden):
    rows = pd.read_parquet(hidden / "results.parquet")
    assert rows["contrast"].str.contains("\u2028").any()
