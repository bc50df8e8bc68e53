"""The claims file: the shipped one reads, a wrong one is refused with claim, key and remedy."""

import pytest

from xtransfer_stats.base.errors import RecipeError
from xtransfer_stats.stats.claims import evidence as fromstudy
from xtransfer_stats.stats.claims.rules import RULES
from xtransfer_stats.stats.claims.verdict import ARITHMETIC
from xtransfer_stats.stats.published import evidence as frompublished
from xtransfer_stats.verbs.recipes import load_claims

GOOD = '[[claim]]\nname = "a"\ntext = "t"\nsource = "s"\nreading = "read"\nabout = "set"\ntest = "positive"\n'


def test_every_shipped_claim_has_a_builder_and_a_rule():
    claims = load_claims()
    assert {claim.about for claim in claims} == fromstudy.BUILDERS.keys() == frompublished.BUILDERS.keys()
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
