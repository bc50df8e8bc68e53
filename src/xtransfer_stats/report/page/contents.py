"""What stands on a page: charts and tables under their headings, readers' questions and where each is answered."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from typing import Any

from xtransfer_stats.report import escape, words


@dataclass(frozen=True)
class Section:
    """id: the anchor. lead: a sentence under the heading. Charts come before tables.

    shown: those charts and tables that stand open; the others are folded. A section that shows none is folded itself.
    """

    id: str
    heading: str
    charts: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    lead: str = ""
    shown: tuple[str, ...] = ()


@dataclass(frozen=True)
class Chapter:
    """A question that a reader has, in the order of reading, with the sections that answer it."""

    id: str
    heading: str
    sections: tuple[Section, ...]


KEY = Section("key-numbers", "Key numbers", tables=("effects", "prediction"), shown=("effects",))
MISSING = Section("missing", "Missing cells", tables=("missing",))
PROVENANCE = Section("provenance", "Provenance", tables=("runs",))

CHAPTERS: tuple[Chapter, ...] = (
    Chapter(
        "effects-chapter",
        "Effects",
        (
            KEY,
            Section("ranking", "Ranking of conditions", tables=("ranking", "pairs"), shown=("ranking",)),
            Section("asked", "Hypotheses asked for", tables=("asked",), shown=("asked",)),
            Section("claims", "Claims of the literature", tables=("claims",), shown=("claims",)),
            Section("effects", "Effects{by benchmark}{unit}", ("effects", "interaction"), ("paper",)),
            Section("effect-sizes", "Effect sizes", tables=("effect_sizes",)),
        ),
    ),
    Chapter(
        "tasks-chapter",
        "Tasks",
        (
            Section("target-tasks", "Target tasks", ("tasks",), ("tasks", "paper_tasks"), shown=("tasks",)),
            Section(
                "singles",
                "Single intermediate tasks",
                ("singles",),
                ("singles", "best_single", "sets_and_singles"),
                "Each intermediate task trained alone for every seed, beside the sets. Which task is best is chosen by "
                "the scores; no gain below is judged by the seeds that chose it, but where it says plain.",
                shown=("best_single",),
            ),
            Section("task-groups", "Task groups", ("groups",), ("groups",)),
        ),
    ),
    Chapter(
        "languages-chapter",
        "Languages",
        (
            Section(
                "languages",
                "Each language",
                ("languages", "heatmap", "composition", "language_runs"),
                ("languages", "paper_languages", "heterogeneity", "composition"),
                "Exploratory. A language's effect is taken within target tasks: its distance from each task's mean, "
                "averaged over its tasks, on the level of {of benchmarks}.{composition} Choose a language above the "
                "chart of its runs, or click it in the heat map or in the sorted chart.",
                shown=("languages",),
            ),
            Section(
                "covariates",
                "Languages against size, distance from English, family and script",
                ("wikipedia", "distance", "families", "scripts"),
                ("covariates", "families", "scripts"),
                "Exploratory. Languages are compared within target tasks; families, scripts, sizes and distances go "
                "together, and none of these is shown to be a cause.",
            ),
            Section("language-groups", "Language groups", tables=("language_groups",)),
        ),
    ),
    Chapter(
        "drivers-chapter",
        "What drives it",
        (
            Section(
                "leave-one-out", "Leave one task out", ("leave_one_out",), ("leave_one_out",), shown=("leave_one_out",)
            ),
            Section("decomposition", "Decomposition of the interaction", ("decomposition",), ("decomposition",)),
            Section("collapse", "Collapsed trainings", tables=("collapse", "given_no_collapse")),
            Section(
                "task-identity",
                "Which intermediate tasks a set holds",
                ("identity",),
                ("identity", "additive"),
                "Sensitivity: the sets of a study share tasks, and this asks what each task would add by itself.",
            ),
            Section("own-data", "Sensitivity to own-task data", tables=("own_data",)),
        ),
    ),
    Chapter(
        "trust-chapter",
        "Can I trust it?",
        (
            Section("spread", "Spread of seeds{and draws}", ("runs", "seeds"), shown=("runs",)),
            MISSING,
            Section("variance", "Variance shares", tables=("variance",)),
            Section("routes", "Other routes to the same numbers", tables=("routes", "posterior")),
            Section(
                "log-odds",
                "Sensitivity to the scale",
                tables=("log_odds",),
                lead="The same runs in log-odds: {scale}.",
            ),
            Section("terms", "{terms}", tables=("terms",)),
            Section(
                "diagnostics", "Diagnostics", ("influence", "residuals", "normality"), ("influence", "convergence")
            ),
        ),
    ),
)

# Of a published table, between the answer and the methods.
PUBLISHED: tuple[Section, ...] = (
    Section("numbers", "Key numbers", tables=("means",), shown=("means",)),
    Section("claims", "Claims", tables=("claims",), shown=("claims",)),
    Section("sources", "Where the gain comes from", ("sources",), ("settings",), shown=("sources",)),
    Section("tasks", "Target tasks", ("gains",), ("targets",), shown=("gains",)),
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
