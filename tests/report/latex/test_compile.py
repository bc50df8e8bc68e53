"""The LaTeX that is written compiles, fits its columns and shows the names as they are."""

import functools
import re
import shutil
import subprocess

import pytest
from tests.report import made_up, nasty

from xtransfer_stats.report.latex import documents
from xtransfer_stats.report.latex.escape import for_latex, needs_t1
from xtransfer_stats.report.tables import tables

MANY = ("languages", tuple(f"{a}{b}" for a in "abcde" for b in "klmnopqrst"))
POINTS_OVER = 3.0
BOOKTABS_ALONE = "\\documentclass[twocolumn]{article}\n\\usepackage{booktabs}\n\\begin{document}\n%s\n\\end{document}\n"

needs_pdflatex = pytest.mark.skipif(shutil.which("pdflatex") is None, reason="pdflatex is not installed")
needs_xelatex = pytest.mark.skipif(shutil.which("xelatex") is None, reason="xelatex is not installed")
needs_pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext is not installed")


def compiled(folder, sources, engine="pdflatex", document="all.tex"):
    """Compile a document over these tables; its log."""
    for name, text in {**{f"{name}.tex": text for name, text in sources.items()}, **documents(sources)}.items():
        (folder / name).write_text(text, encoding="utf-8")
    if document != "all.tex":
        inputs = "\n".join(rf"\input{{{name}}}\clearpage" for name in sources)
        (folder / "alone.tex").write_text(document % inputs, encoding="utf-8")
    stem = "all" if document == "all.tex" else "alone"
    command = [engine, "-interaction=nonstopmode", "-halt-on-error", f"{stem}.tex"]
    done = subprocess.run(command, cwd=folder, capture_output=True, timeout=120, check=False)
    log = (folder / f"{stem}.log").read_text(encoding="utf-8", errors="replace")
    assert done.returncode == 0, log[-2000:]
    return log


def assert_fits(log):
    over = [float(points) for points in re.findall(r"Overfull \\[hv]box \(([\d.]+)pt too", log)]
    assert max(over, default=0.0) <= POINTS_OVER
    assert "Float too large" not in log


@functools.cache
def sources(case):
    names = {**nasty.NASTY, **nasty.LONG}
    scripts = {language: name for language, (name, _) in nasty.SCRIPTS.items()}
    made = {
        "nasty": lambda: made_up.made_up((3,), benchmarks=nasty.BENCHMARKS, rename=names),
        "latin": lambda: made_up.made_up((1, 3, 5, 7, 9), rename=nasty.LATIN),
        "scripts": lambda: made_up.made_up((3, 5), rename=scripts),
        "many": lambda: made_up.made_up((1, 3, 5, 7, 9, 12)),
    }
    return {name: table.to_latex() for name, table in tables(made[case]()).items()}


@needs_pdflatex
def test_tables_with_nasty_names_fit_two_columns(tmp_path):
    assert_fits(compiled(tmp_path, sources("nasty")))


@needs_pdflatex
def test_tables_need_booktabs_alone_and_shrink_with_the_type(tmp_path):
    assert_fits(compiled(tmp_path, sources("nasty"), document=BOOKTABS_ALONE))


@needs_pdflatex
def test_latin_letters_of_any_language_compile_with_pdflatex(tmp_path):
    assert_fits(compiled(tmp_path, sources("latin")))


@needs_pdflatex
@pytest.mark.parametrize("t1", [False, True])
def test_every_character_said_to_need_no_font_compiles_with_pdflatex(tmp_path, t1):
    letters = {chr(code): for_latex(chr(code)) for code in range(32, 0x2300) if chr(code).isprintable()}
    plain = [source for source in letters.values() if "xstatsscript" not in source and (t1 or not needs_t1(source))]
    assert len(plain) > 500
    encoding = r"\usepackage[T1]{fontenc}" if t1 else ""
    text = rf"\documentclass{{article}}{encoding}\begin{{document}}{' '.join(plain)}\end{{document}}"
    (tmp_path / "letters.tex").write_text(text, encoding="utf-8")
    command = ["pdflatex", "-interaction=nonstopmode", "-halt-on-error", "letters.tex"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout[-1500:].decode(errors="replace")


@needs_pdflatex
def test_fifty_languages_and_six_counts_fit(tmp_path, monkeypatch):
    monkeypatch.setattr(made_up, "LANGUAGES", MANY[1])
    monkeypatch.setattr(made_up, "TASKS", {f"task{i}": (50, 50 if i % 3 else 0, 0.5) for i in range(8)})
    many = sources("many")
    assert many["languages"].count(r"\begin{table*}") > 2
    assert many["languages"].count(r"\label{") == 1
    assert_fits(compiled(tmp_path, many))


@needs_pdflatex
@needs_pdftotext
def test_names_can_be_read_in_the_pdf(tmp_path):
    compiled(tmp_path, sources("nasty"))
    read = subprocess.run(["pdftotext", "-layout", "all.pdf", "-"], cwd=tmp_path, capture_output=True, check=True)
    shown = re.sub(r"\s", "", read.stdout.decode()).replace("˜", "~").replace("ˆ", "^")
    for name in (*nasty.NASTY.values(), *nasty.BENCHMARKS):
        assert re.sub(r"[\s_]", "", name) in shown.replace("_", "")  # a rule is drawn where `_` stands


@needs_xelatex
def test_scripts_compile_with_xelatex(tmp_path):
    families = subprocess.run(["fc-list", ":", "family"], capture_output=True, text=True, check=False).stdout
    text = "".join(sources("scripts").values())
    assert {script for _, script in nasty.SCRIPTS.values()} == set(re.findall(r"\\xstatsscript\{(\w+)\}", text))
    preamble = documents(sources("scripts"))["preamble.tex"]
    lists = re.findall(r"\\xstatsfont\{(\w+)\}\{\S+?\}\{\S*?\}\{(.*?)\}\n", preamble)
    lacking = [script for script, fonts in lists if not any(font in families for font in fonts.split(","))]
    if lacking:
        pytest.skip(f"no font for {', '.join(lacking)}")
    log = compiled(tmp_path, sources("scripts"), "xelatex")
    assert_fits(log)
    assert "Missing character" not in log


@needs_pdflatex
def test_pdflatex_says_which_engine_a_script_needs(tmp_path):
    with pytest.raises(AssertionError, match=r"text\.|Compile with xelatex"):
        compiled(tmp_path, sources("scripts"))
