"""`export` in the forms of other tools refuses what it cannot write, before it reads a store."""

import pytest

from xtransfer_stats.base import extras
from xtransfer_stats.base.errors import MissingExtra, RecipeError
from xtransfer_stats.verbs.export import export
from xtransfer_stats.verbs.instore import StudyInStore


@pytest.fixture
def place(tmp_path):
    return StudyInStore(tmp_path)


def test_event_files_need_a_folder(place):
    with pytest.raises(RecipeError, match="name it with output"):
        export(place, format="tensorboard")


def test_event_files_without_the_extra_name_the_command_that_installs_it(place, tmp_path, monkeypatch):
    monkeypatch.setattr(extras, "MODULES", {**extras.MODULES, "trackers": ("no_such_module",)})
    with pytest.raises(MissingExtra, match="no_such_module, not installed here: pip install"):
        export(place, format="tensorboard", output=tmp_path / "events")
