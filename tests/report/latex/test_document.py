from xtransfer_stats.report.latex import documents
from xtransfer_stats.report.latex.escape import for_latex


def test_the_preamble_names_fonts_for_the_scripts_in_use_and_no_others():
    preamble = documents({"a": for_latex("العربية"), "b": for_latex("हिन्दी")})["preamble.tex"]
    fonts = [line for line in preamble.splitlines() if line.startswith(r"\xstatsfont{")]
    assert [line.split("}")[0] for line in fonts] == [r"\xstatsfont{Arabic", r"\xstatsfont{Devanagari"]
    assert r"\xstats@rtl" in fonts[0] and r"\xstats@ltr" in fonts[1]
    assert "Noto Sans Devanagari" in fonts[1]


def test_the_preamble_asks_for_t1_only_where_a_letter_needs_it():
    assert "fontenc" not in documents({"a": for_latex("é")})["preamble.tex"]
    assert "[T1]{fontenc}" in documents({"a": for_latex("đ")})["preamble.tex"]


def test_one_document_takes_in_every_table_and_names_its_engine():
    text = documents({"effects": "", "languages": for_latex("ไทย")})["all.tex"]
    assert r"\input{effects}" in text and r"\input{languages}" in text
    assert "xelatex all.tex" in text
