"""Tables in LaTeX, for two-column papers; here the files beside them: a preamble, one document that shows them all."""

from collections.abc import Iterator, Mapping, Sequence

from xtransfer_stats.report.escape import asset
from xtransfer_stats.report.latex.escape import needs_t1, scripts_in
from xtransfer_stats.report.latex.scripts import BY_NAME, OTHER

ALL = r"""% Every table of this report in a two-column page like a conference's: cd tables && {engine} all.tex
\documentclass[11pt,twocolumn,a4paper]{{article}}
\usepackage[textwidth=6.3in,textheight=9.7in,columnsep=0.24in]{{geometry}}
\input{{preamble}}
\begin{{document}}
{inputs}
\end{{document}}
"""


def documents(sources: Mapping[str, str]) -> dict[str, str]:
    """File name -> text of preamble.tex and all.tex, for tables given as file stem -> LaTeX."""
    everything = "".join(sources.values())
    used = scripts_in(everything)
    inputs = "\n".join(rf"\input{{{name}}}" for name in sources)
    engine = "xelatex" if used else "pdflatex"
    return {"preamble.tex": preamble(used, needs_t1(everything)), "all.tex": ALL.format(engine=engine, inputs=inputs)}


def preamble(used: Sequence[str], t1: bool = False) -> str:
    """What a paper needs to show tables with names in these scripts (names of `scripts.BY_NAME`).

    t1: whether pdflatex needs font encoding T1; the paper's own encoding stays else.
    """
    encoding = [r"\ifpdftex\usepackage[T1]{fontenc}\fi"] if t1 else []
    return "\n".join([*_lines(used), *encoding, r"\makeatother"]) + "\n"


def _lines(used: Sequence[str]) -> Iterator[str]:
    yield asset("preamble.tex").rstrip()
    for name in used:
        script = BY_NAME[name]
        around = r"\xstats@rtl" if script.rtl else r"\xstats@ltr"
        options = "" if name == OTHER else f"Script={name}"
        yield rf"\xstatsfont{{{name}}}{{{around}}}{{{options}}}{{{','.join(script.fonts)}}}"
