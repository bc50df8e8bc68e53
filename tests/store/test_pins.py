"""Commits written into a recipe leave every other byte alone."""

import tomllib

import pytest

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.store.pins import with_pins

RECIPE = '# mine\n[study]\nname = "x"  # a comment\n\n[backbone]\nmodel = "a/b"\n\n[source]\nname = "hub"\n'


def test_a_table_is_added_at_the_end():
    text = with_pins(RECIPE, {"a/data": "c" * 40}, None)
    assert text.startswith(RECIPE)
    assert tomllib.loads(text)["source"] == {"name": "hub", "revisions": {"a/data": "c" * 40}}


def test_the_backbones_commit_stands_in_its_table():
    text = with_pins(RECIPE, {}, "d" * 40)
    assert text == RECIPE.replace('model = "a/b"\n', f'model = "a/b"\nrevision = "{"d" * 40}"\n')


def test_an_old_commit_is_replaced_its_comment_stays():
    before = RECIPE + '\n[source.revisions]  # pins\n"a/data" = "old"  # why\n"a/other" = "kept"\n\n[target]\n'
    text = with_pins(before, {"a/data": "new", "a/more": "too"}, None)
    assert text == before.replace('"old"', '"new"').replace('"kept"\n', '"kept"\n"a/more" = "too"\n')


def test_line_ends_of_windows_and_a_missing_last_one_are_kept():
    text = with_pins('[study]\r\nname = "x"', {"a/b": "c"}, None)
    assert text == '[study]\r\nname = "x"\r\n\r\n[source.revisions]\r\n"a/b" = "c"\r\n'


def test_written_twice_nothing_changes():
    once = with_pins(RECIPE, {"a/data": "c"}, "d")
    assert with_pins(once, {"a/data": "c"}, "d") == once


def test_an_inline_table_is_refused_with_the_remedy():
    inline = RECIPE.replace('name = "hub"\n', 'name = "hub"\nrevisions = { "a/data" = "old" }\n')
    with pytest.raises(RecipeError, match=r"\[source\.revisions\]"):
        with_pins(inline, {"a/data": "new"}, None)
