"""The claims file: the shipped one reads, a wrong one is refused with claim, key and remedy."""

import pytest

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.stats.claims import evidence as fromstudy
from xtransfer_stats.stats.claims.claim import CONTRAST
from xtransfer_stats.stats.claims.rules import RULES
from xtransfer_stats.stats.claims.verdict import ARITHMETIC
from xtransfer_stats.stats.published import evidence as frompublished
from xtransfer_stats.verbs.recipes import ClaimEntry, load_claims

GOOD = '[[claim]]\nname = "a"\ntext = "t"\nsource = "s"\nreading = "read"\nabout = "set"\ntest = "positive"\n'


def test_every_shipped_claim_has_a_builder_and_a_rule():
    claims = load_claims()
    assert {claim.about for claim in claims} | {CONTRAST} == fromstudy.BUILDERS.keys() == frompublished.BUILDERS.keys()
    assert {claim.test for claim in claims} == {*RULES, ARITHMETIC}
    assert all(claim.source for claim in claims)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        (GOOD + 'at = "xtreme"\nsets = ["mnli"]\n', "claim a: unknown key 'sets': did you mean 'set'"),
        (GOOD.replace("positive", "flat"), "needs a margin above 0"),
        (GOOD + 'set = ["mnly"]\n', "did you mean 'mnli'"),
        (GOOD + 'tasks = ["xnly"]\n', "did you mean 'xnli'"),
        (GOOD + GOOD, "two claims are called 'a'"),
        ("", r"no \[\[claim\]\]"),
        (GOOD.replace('"read"', '"seen"'), "reading = 'seen'"),
    ],
)
def test_a_wrong_file_is_refused(tmp_path, text, told):
    path = tmp_path / "mine.toml"
    path.write_text(text)
    with pytest.raises(RecipeError, match=told):
        load_claims(path)


WRONG = {
    "whole number": "3",
    "number": "1.5",
    "truth": "true",
    "date": "1979-05-27",
    "list in a list": "[[]]",
    "list of numbers": "[1]",
    "table": "{ a = 1 }",
    "infinite": "inf",
    "no number": "nan",
    "longer than any number": "0x" + "f" * 5000,
    "text": '"x"',
}
TAKEN = {"number": ("value", "margin"), "whole number": ("value", "margin"), "text": ("name", "text", "source", "at")}
TAKEN["text"] += ("variant", "study")


@pytest.mark.parametrize("wrong", WRONG)
@pytest.mark.parametrize("key", ClaimEntry.model_fields)
def test_a_wrong_type_in_any_key_of_a_claim_names_claim_and_key(tmp_path, key, wrong):
    path = tmp_path / "mine.toml"
    lines = [line for line in GOOD.splitlines() if not line.startswith(f"{key} =")]
    path.write_text("\n".join([*lines, f"{key} = {WRONG[wrong]}"]))
    if key in TAKEN.get(wrong, ()):
        assert load_claims(path)
        return
    with pytest.raises(RecipeError, match=rf"mine\.toml(, claim |: claim\.0).*{key}"):
        load_claims(path)


@pytest.mark.parametrize("text", ["claim = 3", 'claim = "x"', "claim = [3]", "claim = [[]]", "[claim]\nname = 'x'"])
def test_claims_are_a_list_of_tables(tmp_path, text):
    (tmp_path / "mine.toml").write_text(text)
    with pytest.raises(RecipeError, match=r"give a (list|table)"):
        load_claims(tmp_path / "mine.toml")


@pytest.mark.parametrize(
    ("line", "told"),
    [("value = 1e300", "value = 1e\\+300"), ("margin = -1", "margin = -1"), ("margin = 500", "margin = 500")],
)
def test_points_of_a_claim_are_points(tmp_path, line, told):
    (tmp_path / "mine.toml").write_text(GOOD + line)
    with pytest.raises(RecipeError, match=f"claim a: {told}: give points on 0-100"):
        load_claims(tmp_path / "mine.toml")


@pytest.mark.parametrize("name", ["", "x" * 101])
def test_a_claims_name_can_be_shown(tmp_path, name):
    (tmp_path / "mine.toml").write_text(GOOD.replace('"a"', f'"{name}"'))
    with pytest.raises(RecipeError, match="name: give a name of 1 to 100 characters"):
        load_claims(tmp_path / "mine.toml")


def test_a_file_of_other_tables_is_no_file_of_claims(tmp_path):
    (tmp_path / "mine.toml").write_text(GOOD + "[[claims]]\nname = 'b'\n")
    with pytest.raises(RecipeError, match="unknown key 'claims': did you mean 'claim'"):
        load_claims(tmp_path / "mine.toml")
