"""The terms of the result frame: every kind of row, and all that is said of it anywhere, once.

A new kind of row is an entry here and the function that makes it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType

EFFECT, STEP, INTERACTION = "effect", "step", "interaction"
TASK, SHRUNKEN_TASK = "task effect", "task effect, shrunken"
LANGUAGE, SHRUNKEN_LANGUAGE = "language effect", "language effect, shrunken"
LANGUAGE_MEAN, COMPOSITION = "language mean effect", "language composition"
LEAVE_ONE_OUT, DECOMPOSITION = "leave one task out", "decomposition"
LANGUAGE_GROUP = "language group effect"  # of groups that a user's file of benchmarks names
GROUP, FAMILY, SCRIPT, SLOPE = "group effect", "family effect", "script effect", "covariate slope"
CONTRAST, EQUIVALENCE, NON_INFERIORITY, CLAIM = "contrast", "equivalence", "non-inferiority", "claim"
HETEROGENEITY, OWN_DATA, ADDITIVE, IDENTITY = "heterogeneity", "own data", "additive tasks", "task identity"
COLLAPSE, GIVEN, PREDICTION = "collapse", "effect given no collapse", "prediction"
LOG_ODDS = "log-odds sensitivity"
PAIR = "pair"  # two conditions, where all pairs are asked for
LEVEL = "level"  # the average score itself, in a comparison of two studies
AVERAGE_GAIN, TARGET_GAIN, SETTING_GAIN, SHRUNKEN_SETTING = (
    "average gain", "target gain", "setting gain", "setting gain, shrunken"
)  # fmt: skip
TRAINED_GAIN, UNTRAINED_GAIN = "average gain without untrained tasks", "average gain of untrained tasks"
SHARE, SETTING_TRAINED_GAIN = "share", "gain without untrained tasks"
VARIANT, MEAN_GAIN = "variant", "mean gain"

HEADLINE = (EFFECT, STEP, INTERACTION)  # what every route answers
AT_MARGIN = (EFFECT, INTERACTION, TASK)  # what equivalence is tested of
ON_REQUEST = (CONTRAST, EQUIVALENCE, NON_INFERIORITY)  # rows that a reader asked for
THESE, SUCH, SUCH_TASKS = "these", "such", "such tasks"  # scopes
SCOPES: Mapping[str, str] = MappingProxyType(
    {
        THESE: "for these languages and tasks",
        SUCH: "for languages such as these",
        SUCH_TASKS: "for target tasks such as these",
    }
)

RUN_LEVEL, CELL_LEVEL, ADDITIVE_TASKS, TWO_WAY = "run level", "cell level", "additive tasks", "two-way table"
ADDITIVE_FORMULA = "g ~ 0 + count + (1 | seed) + (1 | mm(task_set))"  # of the model of additive tasks
SEEDS, COUNTS, ALL = "seeds", "counts", "all"


@dataclass(frozen=True)
class Term:
    """One kind of row.

    words: what its number is; {n} task count, {added} a condition in words, {s} its verb's ending, {benchmark}, {task},
    {language}, {first} and {second} benchmark.
    family: of tests, whose correction is in stats.core.inference; "" for none. model: which fit the number comes from.
    modelled: why the runs' plain mean need not give the estimate; "" where it does. runs: which runs enter, those of
    the seeds that have every count, all of the row's counts, or all. between: a row without a benchmark compares two.
    """

    name: str
    words: str
    family: str = ""
    model: str = RUN_LEVEL
    modelled: str = ""
    runs: str = SEEDS
    between: bool = False


_ADDED = "the effect of {added}"
_ALL = (
    Term(EFFECT, "what {added} add{s} to the average of {benchmark}, against the baseline"),
    Term(STEP, "what going on to {added} adds to the average of {benchmark}"),
    Term(INTERACTION, f"{_ADDED} on {{second}} less that on {{first}}", family="primary", between=True),
    Term(TASK, f"{_ADDED} on {{task}}, plain mean of its languages", family="target tasks"),
    Term(
        SHRUNKEN_TASK,
        f"{_ADDED} on {{task}}, drawn towards the tasks' mean",
        model=CELL_LEVEL,
        modelled="the cell-level model draws target tasks towards their mean",
        runs=COUNTS,
    ),
    Term(LANGUAGE, f"{_ADDED} in language {{language}} within its target tasks", family="languages"),
    Term(
        SHRUNKEN_LANGUAGE,
        f"{_ADDED} in language {{language}}, drawn towards the languages' mean",
        model=CELL_LEVEL,
        modelled="the cell-level model draws languages towards their mean",
        runs=COUNTS,
    ),
    Term(LANGUAGE_MEAN, f"{_ADDED} in language {{language}}, plain mean over its target tasks"),
    Term(COMPOSITION, "what the choice of target tasks adds to the plain mean of language {language} at {added}"),
    Term(LEAVE_ONE_OUT, "the same result with target task {task} left out of the averages", between=True),
    Term(
        DECOMPOSITION,
        "the part of the interaction at {added} that these target tasks make",
        between=True,
    ),
    Term(GROUP, f"{_ADDED} on a group of target tasks, plain mean of its tasks", family="groups"),
    Term(
        FAMILY,
        f"{_ADDED} on languages of one family within target tasks, mean of its languages",
        family="language families",
    ),
    Term(SCRIPT, f"{_ADDED} on languages of one script within target tasks", family="scripts"),
    Term(
        LANGUAGE_GROUP,
        f"{_ADDED} on a group of languages within target tasks, mean of its languages",
        family="language groups",
    ),
    Term(SLOPE, "how the effect of {added} grows with what is known of a language"),
    Term(CLAIM, "the hypothesis that decides a claim of the literature"),
    Term(CONTRAST, "a hypothesis asked for by name"),
    Term(EQUIVALENCE, "whether the result lies within the margin on both sides"),
    Term(NON_INFERIORITY, "whether the result lies above minus the margin"),
    Term(
        HETEROGENEITY,
        "how much languages differ in the effect of {added}: sd between languages",
        model=TWO_WAY,
        modelled="a standard deviation between languages",
        runs=COUNTS,
    ),
    Term(
        OWN_DATA,
        "what the target task's own training data in the set may have added",
        modelled="the scores were adjusted for own-task data by the cell-level model",
    ),
    Term(
        LOG_ODDS,
        f"{_ADDED} on the mean log-odds of the scores, no points",
        modelled="log-odds of the scores are averaged, which no weighted sum of scores gives",
        between=True,
    ),
    Term(
        ADDITIVE,
        "the interaction at {added}, sets being sums of their tasks' effects",
        model=ADDITIVE_TASKS,
        modelled="REML of additive tasks weighs the runs by their precision",
        runs=ALL,
    ),
    Term(
        IDENTITY,
        "one intermediate task's part in the interaction of a set that holds it",
        model=ADDITIVE_TASKS,
        modelled="a random effect's conditional mean, from all runs",
        runs=ALL,
    ),
    Term(
        COLLAPSE,
        "per cent of the trainings at {added} that stayed at chance level",
        model="counts of trainings",
        modelled="trainings are counted, no score enters",
        runs=COUNTS,
    ),
    Term(
        GIVEN,
        f"{_ADDED} in runs whose trainings did not collapse",
        modelled="runs with a collapsed training are left out",
        between=True,
    ),
    Term(PAIR, "the mean of one condition less that of another on {benchmark}", family="pairs"),
    Term(PREDICTION, f"{_ADDED} that the next seed, or the next language, would show", between=True),
    Term(LEVEL, "the average score at {added} on {benchmark}"),
    Term(AVERAGE_GAIN, "the mean gain of single intermediate tasks over all target tasks", family="primary"),
    Term(TRAINED_GAIN, "the same over target tasks that have a training of their own"),
    Term(UNTRAINED_GAIN, "the same over target tasks that have none"),
    Term(TARGET_GAIN, "the mean gain of single intermediate tasks on {task}", family="target tasks"),
    Term(SETTING_GAIN, "the average gain of one setting, a single run"),
    Term(SHRUNKEN_SETTING, "the same, drawn towards the mean of all settings", model="crossed mixed model"),
    Term(SHARE, "per cent of a setting's summed gain that target tasks without training of their own supply"),
    Term(SETTING_TRAINED_GAIN, "the average gain of one setting without these target tasks"),
    Term(VARIANT, "plain English less a variant, average gain over pairs of settings"),
    Term(MEAN_GAIN, "the mean gain of such intermediate tasks on such target tasks", model="crossed mixed model"),
)
TERMS: Mapping[str, Term] = MappingProxyType({term.name: term for term in _ALL})
