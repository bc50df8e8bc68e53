import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from xtransfer_stats.report.latex.escape import for_latex, needs_t1, scripts_in

MATHS = re.compile(r"\$\^?-?\$")  # commands gone
COMMAND = re.compile(r"\\(?:[A-Za-z]+|.)")


def test_every_special_character_becomes_a_command():
    assert for_latex(r"a&b%c$d#e_f{g}h~i^j\k<l>") == (
        r"a\&b\%c\$d\#e\_f\{g\}h\textasciitilde{}i\textasciicircum{}j\textbackslash{}k\textless{}l\textgreater{}"
    )


@pytest.mark.parametrize(
    ("text", "source"),
    [
        ("[x", "{}[x"),  # no option of the line above
        ("a--b", "a-{}-b"),  # no dash
        ("Türkçe", r"T\"{u}rk\c{c}e"),
        ("ệ", r"\^{\d{e}}"),
        ("x\u030c", r"\v{x}"),
        ("đą", r"\dj{}\k{a}"),
        ("a\nb\x00\u202ec", "a b c"),  # neither a control character nor a change of direction is left
        ("中", r"\xstatsscript{CJK}{中}"),
        ("اللغة العربية", r"\xstatsscript{Arabic}{اللغة العربية}"),  # one run, so that the words stand in its order
        ("عربي हिन्दी", r"\xstatsscript{Arabic}{عربي} \xstatsscript{Devanagari}{हिन्दी}"),
        ("ไทย x", r"\xstatsscript{Thai}{ไทย} x"),
        ("\N{GRINNING FACE}", "\\xstatsscript{Other}{\N{GRINNING FACE}}"),
    ],
)
def test_text_comes_out_as_itself(text, source):
    assert for_latex(text) == source


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_no_text_leaves_its_cell(text):
    source = for_latex(text)
    bare = MATHS.sub("", COMMAND.sub("", source))
    assert not set(bare) & set("&%#_$^\\\n\r\x00")
    depth = 0
    for sign in bare:
        depth += (sign == "{") - (sign == "}")
        assert depth >= 0
    assert depth == 0
    source.encode()  # no lone surrogate


@settings(max_examples=200, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=30))
def test_all_that_ascii_cannot_spell_is_marked_for_its_font(text):
    outside = re.sub(r"\\xstatsscript\{\w+\}\{[^}]*\}", "", for_latex(text))
    assert outside.isascii()


def test_a_table_says_what_it_needs():
    assert scripts_in(for_latex("ไทย x ไทย 中")) == ("CJK", "Thai")
    assert needs_t1(for_latex("đ")) and needs_t1(for_latex("ą"))
    assert not needs_t1(for_latex(r"é \k{a} \dj{}"))
