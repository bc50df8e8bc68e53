"""The reference: pages of docs/reference, each made from the code that it describes.

`python -m tools.reference` writes them anew; tests/docs/test_reference.py holds them to the code.
"""

from collections.abc import Callable, Mapping
from pathlib import Path

from tools.reference import catalogue, commands, frames, python, recipes, terms

FOLDER = Path(__file__).resolve().parents[2] / "docs" / "reference"
PAGES: Mapping[str, Callable[[], str]] = {
    "commands.md": commands.page,
    "recipe.md": recipes.page,
    "frames.md": frames.page,
    "tasks.md": catalogue.tasks_page,
    "languages.md": catalogue.languages_page,
    "terms.md": terms.page,
    "python.md": python.page,
}
