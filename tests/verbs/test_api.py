"""The package as a Python user has it: light to import, whole, and spelled as the command line spells it."""

import inspect
import subprocess
import sys

import pytest
import typer

import xtransfer_stats as xs
from xtransfer_stats.cli import app
from xtransfer_stats.cli.tableoptions import OPTIONS
from xtransfer_stats.verbs.fitresult import FitResult

COMMANDS = typer.main.get_command(app).commands
VERBS = {
    "tasks": xs.catalogue,
    "status": xs.Study.status,
    "import": xs.import_results,
}  # called otherwise than their commands
# Options of the terminal alone: where output goes, and what chooses another verb or recipe.
OF_THE_TERMINAL = {"as_json", "quick", "every", "version", "quiet", "debug"}
RENAMED = {
    "place": "source",
    "form": "format",
    "wanted": "power",
    "first": "a",
    "second": "b",
    ("run", "name"): "study",
    ("compare", "out"): None,
    ("power", "out"): None,
    ("analyze", "out"): None,
    "column": "columns",
    "label": "labels",
    **{("status", option): None for option in ("place", "store", "study", "check", "watch")},  # of what Study has
    **{(command, "store"): "source" for command in ("analyze", "chart", "claims", "export", "power", "trace")},
    **{(command, "place"): "store" for command in ("clean", "doctor", "run", "verify")},
    ("clean", "yes"): None,
    ("init", "what"): "file",
    **{("init", option): None for option in ("condition", "baseline")},  # of first_commands
    ("import", "place"): "place",
    ("import", "mapped"): "map",
    ("import", "constants"): "set",
    ("import", "dry_run"): None,  # without an output nothing is written
}
OF_FIT = {"formula", "ml", "df", "residual", "weights", "offset", "against", "profile", "strict"}
READ_BEFORE = {"chart", "claims", "trace"}
# What a fitted formula is asked: methods of what `fit` returns.
OF_ITS_RESULT = {
    **{"tests": "anova", "means": "marginal_means", "slopes": "slopes", "predict": "predict", "rows": "residuals"},
    **dict.fromkeys(("contrasts", "adjust", "at", "average", "back"), "marginal_means"),
    **dict.fromkeys(("random", "interval", "level"), "predict"),
}


def test_importing_the_package_imports_nothing_heavy():
    code = (
        "import sys, xtransfer_stats\n"
        "heavy = 'numpy pandas scipy statsmodels altair pyarrow pydantic torch rich typer'.split()\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_a_stores_status_needs_no_statistics():
    code = (
        "import sys, xtransfer_stats as xs\n"
        "xs.Study, xs.run, xs.export\n"
        "heavy = 'pandas scipy statsmodels altair vl_convert torch'.split()\n"
        "print([name for name in heavy if name in sys.modules])\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() == "[]", done.stderr


def test_every_name_is_there_and_listed():
    assert set(xs.__all__) == {name for names in xs._HOMES.values() for name in names}
    assert set(xs.__all__) <= set(dir(xs))
    for name in xs.__all__:
        assert getattr(xs, name).__doc__, name
    with pytest.raises(AttributeError, match="no attribute 'analyse'"):
        _ = xs.analyse


@pytest.mark.parametrize("command", sorted(COMMANDS))
def test_a_verb_has_the_options_of_its_command(command):
    verb = VERBS.get(command) or getattr(xs, command)
    for option in (parameter.name for parameter in COMMANDS[command].params if parameter.name != "help"):
        name = RENAMED.get((command, option), RENAMED.get(option, option))
        if name is None or option in OF_THE_TERMINAL:
            continue
        if command == "analyze" and option in OF_ITS_RESULT:
            assert hasattr(FitResult, OF_ITS_RESULT[option])
            continue
        assert name in inspect.signature(_asked_of(command, option, verb)).parameters, (command, option)


def _asked_of(command, option, verb):
    """What takes an option of a command in Python: of a table's columns, where its verb takes what was read."""
    if command == "analyze" and option in OF_FIT:
        return xs.fit
    return xs.read_scores if command in READ_BEFORE and option in OPTIONS else verb
