"""What stands on a page: charts and tables under their headings, readers' questions and where each is answered."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from xtransfer_stats.report import escape, words


@dataclass(frozen=True)
class Section:
    """id: the anchor. lead: a sentence under the heading. Charts come before tables."""

    id: str
    heading: str
    charts: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    lead: str = ""


KEY = Section("key-numbers", "Key numbers", tables=("effects", "prediction"))
MISSING = Section("missing", "Missing cells", tables=("missing",))
PROVENANCE = Section("provenance", "Provenance", tables=("runs",))

SECTIONS: tuple[Section, ...] = (
    Section("effects", "Effects{by benchmark}{unit}", ("effects", "interaction"), ("paper",)),
    Section("ranking", "Ranking of conditions", tables=("ranking", "pairs")),
    Section(
        "singles",
        "Single intermediate tasks",
        ("singles",),
        ("singles", "best_single", "sets_and_singles"),
        "Each intermediate task trained alone for every seed, beside the sets. Which task is best is chosen by the "
        "scores; no gain below is judged by the seeds that chose it, but where it says plain.",
    ),
    Section("asked", "Hypotheses asked for", tables=("asked",)),
    Section("claims", "Claims of the literature", tables=("claims",)),
    Section(
        "languages",
        "Languages",
        ("heatmap", "languages", "composition", "language_runs"),
        ("languages", "paper_languages", "heterogeneity", "composition"),
        "Exploratory. A language's effect is taken within target tasks: its distance from each task's mean, averaged "
        "over its tasks, on the level of {of benchmarks}.{composition} Choose a language above the chart of its runs, "
        "or click it in the heat map or in the sorted chart.",
    ),
    Section(
        "covariates",
        "Languages against size, distance from English, family and script",
        ("wikipedia", "distance", "families", "scripts"),
        ("covariates", "families", "scripts"),
        "Exploratory. Languages are compared within target tasks; families, scripts, sizes and distances go together, "
        "and none of these is shown to be a cause.",
    ),
    Section("language-groups", "Language groups", tables=("language_groups",)),
    Section("target-tasks", "Target tasks", ("tasks",), ("tasks", "paper_tasks")),
    Section("task-groups", "Task groups", ("groups",), ("groups",)),
    Section("collapse", "Collapsed trainings", tables=("collapse", "given_no_collapse")),
    Section("leave-one-out", "Leave one task out", ("leave_one_out",), ("leave_one_out",)),
    Section("decomposition", "Decomposition of the interaction", ("decomposition",), ("decomposition",)),
    Section(
        "task-identity",
        "Which intermediate tasks a set holds",
        ("identity",),
        ("identity", "additive"),
        "Sensitivity: the sets of a study share tasks, and this asks what each task would add by itself.",
    ),
    Section("own-data", "Sensitivity to own-task data", tables=("own_data",)),
    Section(
        "log-odds",
        "Sensitivity to the scale",
        tables=("log_odds",),
        lead="The same runs in log-odds: {scale}.",
    ),
    Section("spread", "Spread of seeds{and draws}", ("runs", "seeds")),
    Section("variance", "Variance shares", tables=("variance",)),
    Section("effect-sizes", "Effect sizes", tables=("effect_sizes",)),
    Section("routes", "Other routes to the same numbers", tables=("routes", "posterior")),
    Section("terms", "{terms}", tables=("terms",)),
    Section("diagnostics", "Diagnostics", ("influence", "residuals", "normality"), ("influence", "convergence")),
)

# Of a published table, between the answer and the methods.
PUBLISHED: tuple[Section, ...] = (
    Section("numbers", "Key numbers", tables=("means",)),
    Section("claims", "Claims", tables=("claims",)),
    Section("sources", "Where the gain comes from", ("sources",), ("settings",)),
    Section("tasks", "Target tasks", ("gains",), ("targets",)),
    Section("variance", "Variance shares", tables=("variance",)),
)


@dataclass(frozen=True)
class ReaderQuestion:
    """places: anchor -> what the link says. also: what to do where the page alone is not enough."""

    text: str
    places: dict[str, str]
    also: str = ""
    ours: bool = False  # of a study of intermediate tasks alone


QUESTIONS = (
    ReaderQuestion(
        "How sure is the {primary}?",
        {"answer": "the answer", "chart-{primary}": "its chart with intervals", "table-effects": "its adjusted p"},
    ),
    ReaderQuestion(
        "Which languages lose?",
        {
            "chart-languages": "sorted chart",
            "table-languages": "table with stars",
            "table-heterogeneity": "whether they differ at all",
            "chart-composition": "which target tasks they have",
        },
    ),
    ReaderQuestion(
        "Is XNLI flat?",
        {"chart-tasks": "each target task's interval", "table-tasks": "its table", "claims": "the claim on XNLI"},
        ours=True,
    ),
    ReaderQuestion(
        "What drives the average?",
        {"chart-leave_one_out": "leave one task out", "chart-decomposition": "parts of the interaction"},
    ),
    ReaderQuestion(
        "How many more seeds do I need?", {"attainability": "what these seeds can show"}, "xstats power", True
    ),
    ReaderQuestion(
        "Can I believe the stars?",
        {"attainability": "what is attainable", "diagnostics": "diagnostics", "routes": "other routes"},
    ),
    ReaderQuestion("What ran and what is missing?", {"provenance": "runs", "missing": "missing cells"}),
    ReaderQuestion("How do I cite this?", {"cite": "how to cite", "methods": "methods paragraph"}),
    ReaderQuestion("What is in the table's caption?", {"table-effects": "caption of the key numbers"}),
    ReaderQuestion("Which checkpoint made this number?", {"provenance": "the runs' ids"}, "xstats trace ID", True),
)


def questions(known: Collection[str], analysis: Any) -> str:
    """The list of questions; only places whose anchors are on the page are linked.

    Of a study of task counts all are listed; another has those that it answers.
    """
    counted = words.conditions_of(analysis).counted
    asked = [(words.spoken(one.text, analysis), [*_answers(one, known, analysis)], one) for one in QUESTIONS]
    items = [_item(text, found) for text, found, one in asked if counted or (found and not one.ours)]
    return "<ol>\n" + "\n".join(items) + "\n</ol>"


def _item(text: str, answers: Collection[str]) -> str:
    return f"<li>{escape.for_html(text)} {'; '.join(answers) or 'Not in this study.'}</li>"


def _answers(question: ReaderQuestion, known: Collection[str], analysis: Any) -> Iterator[str]:
    for place, said in question.places.items():
        anchor = _anchor(words.spoken(place, analysis))
        if anchor in known:
            yield f'<a href="#{anchor}">{escape.for_html(said)}</a>'
    if question.also:
        yield f"<code>{escape.for_html(question.also)}</code>"


def _anchor(place: str) -> str:
    """The chart of effects is called so, whatever it is of."""
    return "chart-effects" if place == "chart-effect" else place
