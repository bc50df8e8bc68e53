"""What is kept in the user's cache is made once, and only seconds are lost where nothing can be kept."""

import pytest

from xtransfer_stats.base import cache


@pytest.fixture
def made(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    return []


def make(made):
    made.append("made")
    return "über\n"


def test_a_text_is_made_once(made):
    assert [cache.kept("text-1.js", lambda: make(made)) for _ in range(3)] == ["über\n"] * 3
    assert made == ["made"]
    assert [path.name for path in cache.folder().iterdir()] == ["text-1.js"]


def test_another_version_is_made_anew(made):
    assert cache.kept("text-1.js", lambda: make(made)) == cache.kept("text-2.js", lambda: make(made))
    assert len(made) == 2


def test_without_a_cache_the_text_is_made_each_time(made, tmp_path):
    (tmp_path / "cache").write_text("a file where the folder should be")
    assert [cache.kept("text-1.js", lambda: make(made)) for _ in range(2)] == ["über\n"] * 2
    assert len(made) == 2


def test_a_file_that_is_no_text_is_made_anew(made):
    cache.folder().mkdir(parents=True)
    (cache.folder() / "text-1.js").write_bytes(b"\xff\xfe\xff")
    assert [cache.kept("text-1.js", lambda: make(made)) for _ in range(2)] == ["über\n"] * 2
    assert len(made) == 1


def test_the_cache_is_in_the_home_folder_where_the_environment_names_none(monkeypatch, tmp_path):
    monkeypatch.delenv("XDG_CACHE_HOME", raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    assert cache.folder() == tmp_path / ".cache" / "xtransfer-stats"
