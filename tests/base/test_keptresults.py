"""Results kept from one command to the next: sealed, bounded, nobody else's."""

import os

import pytest

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.base.keptresults import VARIABLE, CacheWarning, KeptResults


@pytest.fixture
def kept(tmp_path, monkeypatch):
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    monkeypatch.setenv(VARIABLE, "on")
    return KeptResults("results", largest=2000)


def test_what_was_put_is_got(kept):
    assert kept.get("a", str) is None
    kept.put("a", "text é")
    assert kept.get("a", str) == "text é"


@pytest.mark.parametrize("at", [0, 30, 80, -1])
def test_any_changed_byte_is_found_and_told(kept, at):
    kept.put("a", "text" * 100)
    path = kept.files()[0]
    content = bytearray(path.read_bytes())
    content[at] ^= 255
    path.write_bytes(content)
    with pytest.warns(CacheWarning, match=r"cannot be used .*: made anew"):
        assert kept.get("a", str) is None
    kept.put("a", "new")
    assert kept.get("a", str) == "new"


@pytest.mark.parametrize("content", [b"", b"xtransfer-stats result\n", b"x" * 200])
def test_a_cut_file_is_found(kept, content):
    kept.put("a", "text")
    kept.files()[0].write_bytes(content)
    with pytest.warns(CacheWarning):
        assert kept.get("a", str) is None


def test_a_text_that_its_reader_refuses_is_told(kept):
    kept.put("a", "text")
    with pytest.warns(CacheWarning, match="invalid literal"):
        assert kept.get("a", int) is None


def test_the_least_lately_used_goes_first(kept):
    noise = {name: os.urandom(280).hex() for name in "abcd"}  # about 400 bytes each, packed
    for place, (name, text) in enumerate(noise.items()):
        kept.put(name, text)
        os.utime(kept.folder / f"{name}.kept", (place, place))
    kept.get("a", str)
    kept.put("e", os.urandom(280).hex())
    assert kept.get("a", str) == noise["a"]
    assert kept.get("b", str) is None
    assert sum(path.stat().st_size for path in kept.files()) <= 2000


def test_what_others_may_write_is_not_read(kept):
    kept.put("a", "text")
    kept.files()[0].chmod(0o666)
    with pytest.warns(CacheWarning, match="others may write it"):
        assert kept.get("a", str) is None
    kept.files()[0].chmod(0o600)
    kept.folder.chmod(0o777)
    with pytest.warns(CacheWarning, match="may be written by others"):
        assert kept.get("a", str) is None


def test_links_are_not_followed(kept, tmp_path):
    kept.put("a", "text")
    path = kept.files()[0]
    path.rename(tmp_path / "elsewhere")
    path.symlink_to(tmp_path / "elsewhere")
    with pytest.warns(CacheWarning):
        assert kept.get("a", str) is None


def test_off_means_off(kept, monkeypatch):
    kept.put("a", "text")
    monkeypatch.setenv(VARIABLE, "off")
    assert kept.get("a", str) is None
    kept.put("b", "text")
    monkeypatch.setenv(VARIABLE, "on")
    assert kept.get("b", str) is None
    monkeypatch.setenv(VARIABLE, "perhaps")
    with pytest.raises(RecipeError, match="say on or off"):
        kept.get("a", str)


def test_where_nothing_can_be_written_nothing_is_lost(kept, monkeypatch, tmp_path):
    (tmp_path / "file").write_text("")
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "file"))
    kept.put("a", "text")
    assert kept.get("a", str) is None
    assert kept.files() == []
