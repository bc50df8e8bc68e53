"""Notes on the state of a study's runs: not finished yet, looked at before, at chance level."""

import pandas as pd


def status_notes(frame: pd.DataFrame, looks: int | None) -> list[str]:
    """Sentences on what is still to come, on earlier looks at the scores, and on runs at chance level."""
    return [*_unfinished(frame, looks), *_collapsed(frame)]


def _unfinished(frame: pd.DataFrame, looks: int | None) -> list[str]:
    coming = int((frame["status"] == "missing").sum())
    notes = []
    if coming:
        asked = int((frame["status"] != "not_in_benchmark").sum())
        notes.append(f"The study is not finished: {coming} of {asked} scores are still to come.")
    if looks is not None and looks > 1:
        notes.append(
            f"This is look {looks} at the study's growing scores. Going on until a test pleases raises its error rate: "
            "fix the number of seeds beforehand, or count the last look alone."
        )
    return notes


def _collapsed(frame: pd.DataFrame) -> list[str]:
    rows = frame[frame["status"] == "collapsed"]
    notes = []
    for kept, verb in ((True, "kept"), (False, "left out")):
        runs = rows[rows["score"].notna() == kept].groupby("run")["target_task"].unique()
        if len(runs):
            names = "; ".join(f"{run} ({', '.join(tasks)})" for run, tasks in runs.items())
            notes.append(f"Runs at chance level on their English dev data, {verb} as the recipe fixed: {names}.")
    return notes
