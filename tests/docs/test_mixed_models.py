"""Every example of docs/mixed-models.md runs, from top to bottom."""

import re

from tests.places import ROOT

PAGE = (ROOT / "docs" / "mixed-models.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL)


def test_the_examples_run(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    names: dict[str, object] = {}
    for block in BLOCKS:
        exec(compile(block, "docs/mixed-models.md", "exec"), names)
    assert {"result", "pairs", "ratios"} <= names.keys()
