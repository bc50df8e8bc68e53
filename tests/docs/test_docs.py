"""What the documents say is there, and what is there is documented."""

import re
from pathlib import Path

import pytest
import typer

from xtransfer_stats.cli import app

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").rglob("*.md"))]
COMMANDS = typer.main.get_command(app).commands


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_every_command_is_in_the_list_of_commands(command):
    page = (ROOT / "docs" / "commands.md").read_text(encoding="utf-8")
    assert f"| `xstats {command}" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_command_and_option_on_a_page_exists(page):
    for command, rest in re.findall(r"xstats ([a-z]+)([^`\n]*)", page.read_text(encoding="utf-8")):
        assert command in COMMANDS, command
        known = {
            option for parameter in COMMANDS[command].params for option in (*parameter.opts, *parameter.secondary_opts)
        }
        used = set(re.findall(r"(--[a-z-]+)", rest))
        assert used <= known | {"--debug", "--help"}, (command, used - known)


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\(([^)#:]+)\)", page.read_text(encoding="utf-8")):
        assert (page.parent / target).exists(), target


def test_make_targets_of_the_readme_exist():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"^make ([a-z-]+)", README, flags=re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, flags=re.MULTILINE), target
