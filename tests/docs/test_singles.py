"""The examples of docs/singles.md run, from top to bottom."""

import re

from tests.places import ROOT
from tests.stats.simulated import simulated_frame

PAGE = (ROOT / "docs" / "singles.md").read_text(encoding="utf-8")


def test_the_examples_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    frame, _ = simulated_frame(seeds=4, counts=(3, 9), singles=True)
    scored = ~(frame["target_task"] + frame["language"]).isin(["xquadfr", "panxht"])  # the catalogue lacks these
    frame[scored].to_csv("scores.csv", index=False)
    for block in re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL):
        exec(compile(block, "docs/singles.md", "exec"), {})
    told = capsys.readouterr().out
    assert "\\toprule" in told
    assert "each target task's own" in told
