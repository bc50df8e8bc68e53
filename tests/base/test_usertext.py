"""Hostile text is named by its place, and only regular files are opened."""

import os

import pytest

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import Unreadable, parsed_json, parsed_toml, regular_file, shown


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


@pytest.mark.parametrize(
    "text", ["a" + ".a" * 100_000 + " = 1", "[" + "a . " * 5000 + "a]", 'x = { "a"' + '."b"' * 5000 + " = 1 }"]
)
def test_a_key_of_many_parts_is_named_before_it_is_read(text):
    with pytest.raises(Unreadable, match="nested more than 100 deep at line 2"):
        parsed_toml(f"b = 1\n{text}")


def test_points_within_a_text_are_no_key():
    assert parsed_toml(f'a = "{"b." * 500}"')["a"].count(".") == 500


def test_a_value_is_shown_in_short():
    assert shown("a") == "'a'"
    assert shown("x" * 1000).endswith("… (1,000 characters)")
    assert len(shown("x" * 1000)) < 100
    assert shown(16**5000) == "what is too long to be shown"
