"""Hostile text is named by its place, and only regular files are opened."""

import os

import pytest

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import Unreadable, parsed_json, parsed_toml, regular_file


@pytest.mark.parametrize("parse", [parsed_json, parsed_toml])
def test_deep_nesting_is_named_by_its_line(parse):
    text = "[" * 100_000 + "]" * 100_000
    with pytest.raises(Unreadable, match="nested more than 100 deep at line 1"):
        parse(text if parse is parsed_json else f"a = {text}")


def test_long_numbers_are_named_by_their_line():
    digits = "9" * 5000
    with pytest.raises(Unreadable, match="more than 400 digits at line 2: seeds = 9"):
        parsed_toml(f"[study]\nseeds = {digits}")
    with pytest.raises(Unreadable, match="more than 400 digits at line 1"):
        parsed_json(f'{{"a": {digits}}}')


def test_what_is_neither_json_nor_toml_is_named_by_its_place():
    with pytest.raises(Unreadable, match="not JSON at line 2, column 1"):
        parsed_json('{"a": 1,\n}')
    with pytest.raises(Unreadable, match="not TOML"):
        parsed_toml("a = ")
    with pytest.raises(Unreadable, match="byte 2 is not UTF-8"):
        parsed_json(b'"\xe9"')


def test_sound_text_is_read():
    assert parsed_json(b'{"a": [1]}') == {"a": [1]}
    assert parsed_toml("a = [1]") == {"a": [1]}


def test_only_regular_files_are_opened(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "link").symlink_to(tmp_path / "pipe")
    for name in ("pipe", "link", "."):
        with pytest.raises(DataError, match="not a regular file"):
            regular_file(tmp_path / name)
    (tmp_path / "file").write_text("12345", encoding="utf-8")
    assert regular_file(tmp_path / "file") == tmp_path / "file"
    with pytest.raises(DataError, match="more than the"):
        regular_file(tmp_path / "file", largest=4)
