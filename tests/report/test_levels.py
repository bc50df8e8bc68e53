"""Codes have their names beside them in tables and charts."""

import pandas as pd
from tests.report.made_up import made_up

from xtransfer_stats.report import levels
from xtransfer_stats.report.charts import specification
from xtransfer_stats.report.tables import tables
from xtransfer_stats.tasks.listing import languages


def named():
    analysis = made_up((3,))
    names = {"sw": "Swahili", "de": "German"}
    analysis.language_facts["name"] = [names.get(code, "") for code in analysis.language_facts["language"]]
    return analysis


def test_a_language_stands_with_its_name_where_that_is_known():
    analysis = named()
    rows = [row[0] for row in tables(analysis)["languages"].panels[0].rows]
    assert {"Swahili (sw)", "German (de)", "tr"} <= set(rows)
    drawn = str(specification(analysis, "languages")["datasets"])
    assert "Swahili (sw)" in drawn and "'label': 'tr'" in drawn


def test_families_and_scripts_have_names():
    facts = pd.DataFrame({"language": ["lt"], "name": ["Lithuanian"], "family": ["IE: Baltic"], "script": ["Latn"]})
    analysis = named()
    object.__setattr__(analysis, "language_facts", facts)
    names = levels.group_names(analysis)
    assert (names["ie-baltic"], names["latn"]) == ("IE: Baltic", "Latin")


def test_every_script_of_the_catalogue_has_a_name():
    known = {str(row["script"]) for row in languages() if row["script"]}
    assert known <= set(levels.SCRIPTS)
