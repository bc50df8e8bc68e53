"""Ten questions that readers ask of a study, and where on the page each is answered."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass

from xtransfer_stats.report import escape


@dataclass(frozen=True)
class Question:
    """places: anchor -> what the link says. also: what to do where the page alone is not enough."""

    text: str
    places: dict[str, str]
    also: str = ""


QUESTIONS = (
    Question(
        "How sure is the interaction?",
        {"answer": "the answer", "chart-interaction": "its chart with intervals", "table-effects": "its adjusted p"},
    ),
    Question("Which languages lose?", {"chart-languages": "sorted chart", "table-languages": "table with stars"}),
    Question(
        "Is XNLI flat?",
        {"chart-tasks": "each target task's interval", "table-tasks": "its table", "claims": "the claim on XNLI"},
    ),
    Question(
        "What drives the average?",
        {"chart-leave_one_out": "leave one task out", "chart-decomposition": "parts of the interaction"},
    ),
    Question("How many more seeds do I need?", {"attainability": "what these seeds can show"}, "xstats power"),
    Question(
        "Can I believe the stars?",
        {"attainability": "what is attainable", "diagnostics": "diagnostics", "routes": "other routes"},
    ),
    Question("What ran and what is missing?", {"provenance": "runs", "missing": "missing cells"}),
    Question("How do I cite this?", {"cite": "how to cite", "methods": "methods paragraph"}),
    Question("What is in the table's caption?", {"table-effects": "caption of the key numbers"}),
    Question("Which checkpoint made this number?", {"provenance": "the runs' ids"}, "xstats trace ID"),
)


def questions(known: Collection[str]) -> str:
    """The list of questions; only places whose anchors are on the page are linked."""
    return "<ol>\n" + "\n".join(_item(question, known) for question in QUESTIONS) + "\n</ol>"


def _item(question: Question, known: Collection[str]) -> str:
    return f"<li>{escape.for_html(question.text)} {'; '.join(_answers(question, known)) or 'Not in this study.'}</li>"


def _answers(question: Question, known: Collection[str]) -> Iterator[str]:
    for anchor, words in question.places.items():
        if anchor in known:
            yield f'<a href="#{anchor}">{escape.for_html(words)}</a>'
    if question.also:
        yield f"<code>{escape.for_html(question.also)}</code>"
