"""Which charts and which tables stand under which heading of the page, in the page's order."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Section:
    """id: the anchor. lead: a sentence under the heading. Charts come before tables."""

    id: str
    heading: str
    charts: tuple[str, ...] = ()
    tables: tuple[str, ...] = ()
    lead: str = ""


KEY = Section("key-numbers", "Key numbers", tables=("effects",))

SECTIONS: tuple[Section, ...] = (
    Section("effects", "Effects by benchmark and task count", ("effects", "interaction")),
    Section("asked", "Hypotheses asked for", tables=("asked",)),
    Section("claims", "Claims of the literature", tables=("claims",)),
    Section(
        "languages",
        "Languages",
        ("heatmap", "languages", "language_runs"),
        ("languages", "heterogeneity"),
        "Choose a language above the chart of its runs, or click it in the heat map or in the sorted chart.",
    ),
    Section(
        "covariates",
        "Languages against size, distance from English, family and script",
        ("wikipedia", "distance", "families", "scripts"),
        ("covariates", "families", "scripts"),
        "Exploratory. A language's effect is the mean over its target tasks, and languages stand in different ones; "
        "families, scripts, sizes and distances go together too. None of these is shown to be a cause.",
    ),
    Section("target-tasks", "Target tasks", ("tasks",), ("tasks",)),
    Section("task-groups", "Task groups", ("groups",), ("groups",)),
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
    Section("spread", "Spread of seeds and task sets", ("runs", "seeds")),
    Section("variance", "Variance shares", tables=("variance",)),
    Section("effect-sizes", "Effect sizes", tables=("effect_sizes",)),
    Section("routes", "Other routes to the same numbers", tables=("routes",)),
    Section("terms", "The seven terms", tables=("terms",)),
    Section("diagnostics", "Diagnostics", ("influence", "residuals", "normality"), ("influence", "convergence")),
)
