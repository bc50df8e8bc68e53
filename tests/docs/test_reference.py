"""docs/reference is what the code is now, and every command, option, key, column and name has its place in it."""

import re

import pytest
import typer
from tools.reference import FOLDER, PAGES, recipes
from tools.reference.frames import RESULTS, SCORES
from tools.reference.recipewords import WORDS

import xtransfer_stats as xs
from xtransfer_stats.cli import app
from xtransfer_stats.stats.core.frame import COLUMNS, OPTIONAL
from xtransfer_stats.stats.core.results import RESULT_COLUMNS
from xtransfer_stats.stats.core.termtable import TERMS

GROUP = typer.main.get_command(app)


def text(name):
    return (FOLDER / name).read_text(encoding="utf-8")


def section(page, title, level="##"):
    """What stands under a heading, up to the next of its level or above."""
    return re.split(rf"^#{{1,{len(level)}}} ", page.split(f"\n{level} {title}\n", 1)[1], flags=re.MULTILINE)[0]


@pytest.mark.parametrize("name", PAGES)
def test_a_page_is_what_the_code_says(name, monkeypatch, tmp_path):
    monkeypatch.chdir(tmp_path)  # a user's own tasks may lie in the working directory
    assert text(name) == PAGES[name](), "stale: `make reference` writes it anew"


def test_the_folder_has_these_pages_alone():
    assert {path.name for path in FOLDER.iterdir()} == set(PAGES)


@pytest.mark.parametrize("command", GROUP.commands)
def test_every_option_and_argument_has_its_place(command):
    said = section(text("commands.md"), f"xstats {command}")
    rows = [line for line in said.splitlines() if line.startswith("| `")]
    for one in GROUP.commands[command].params:
        names = one.opts if one.param_type_name == "option" else [one.metavar or one.name.upper()]
        for name in (*names, *one.secondary_opts):
            assert any(f"`{name}`" in row.split(" | ")[0] for row in rows), name


def test_a_command_without_a_help_text_would_show():
    for command in GROUP.commands:
        assert re.match(r"\n[A-Z`]", section(text("commands.md"), f"xstats {command}")), command


def test_every_key_of_a_recipe_has_words():
    keys = {
        f"{'settings' if part.endswith('.settings') else part}.{row[0].strip('`')}"
        for part, rows in recipes.tables().items()
        for row in rows
    }
    assert keys <= set(WORDS), "tools/reference/recipewords.py has the words"


def test_every_column_and_term_has_words():
    assert set(SCORES) == {*COLUMNS, *OPTIONAL}
    assert set(RESULTS) == set(RESULT_COLUMNS)
    assert all(f"| `{term}` |" in text("terms.md") for term in TERMS)


def test_every_name_of_the_package_has_its_place():
    page = text("python.md")
    assert not [name for name in xs.__all__ if f"### xs.{name}\n" not in page and f"| `xs.{name}` |" not in page]


def test_every_task_and_language_has_its_place():
    catalogue = xs.catalogue()
    for kind in ("intermediate", "trainings", "targets"):
        assert all(f"| `{row['name']}` |" in text("tasks.md") for row in catalogue[kind])
    assert all(f"| `{row['code']}` | {row['name']} |" in text("languages.md") for row in xs.languages())
