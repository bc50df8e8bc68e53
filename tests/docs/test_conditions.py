"""The examples of docs/conditions.md run, from top to bottom."""

import re

from tests.places import ROOT

PAGE = (ROOT / "docs" / "conditions.md").read_text(encoding="utf-8")


def test_the_examples_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "examples").symlink_to(ROOT / "examples")
    names: dict[str, object] = {}
    for block in re.findall(r"```python\n(.*?)```", PAGE, flags=re.DOTALL):
        exec(compile(block, "docs/conditions.md", "exec"), names)
    assert capsys.readouterr().out.startswith("Over 5 seeds, mad-x (by ")
    assert names["scores"].conditions.called(1) == "MAD-X"
