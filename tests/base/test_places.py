"""Names that no file can have are told before the system is asked."""

import pytest

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.places import expanded, is_file, named


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("x" * 256, "model 'xxx.*: a name of 256 bytes, and the system takes 255"),
        ("ü" * 128, "a name of 256 bytes"),
        ("a/" * 2500, "a path of 5,000 bytes"),
        ("a\0b", "the character of code 0"),
    ],
)
def test_a_name_that_no_file_can_have_is_named(text, told):
    with pytest.raises(DataError, match=told) as refused:
        named(text, "model")
    assert refused.value.in_options().startswith("--model ")
    assert len(str(refused.value)) < 300


def test_the_longest_name_is_taken(tmp_path):
    (tmp_path / ("x" * 255)).touch()
    assert named(tmp_path / ("x" * 255), "file").is_file()
    assert not is_file(tmp_path / ("x" * 256))


def test_nobodys_home_is_named():
    with pytest.raises(DataError, match="source '~nobody-here/data': nobody of that name has a home here"):
        expanded("~nobody-here/data", "source")
