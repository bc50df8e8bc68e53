"""A user's script starts our workers without a guard: they do not run it again."""

import subprocess
import sys

SCRIPT = """
from multiprocessing import get_context

from xtransfer_stats.base.processes import without_main

print("script", flush=True)
process = get_context("spawn").Process(target=print, args=("worker",))
with without_main():
    process.start()
process.join()
print(process.exitcode, __file__ is not None)
"""


def test_a_script_without_a_guard_runs_once(tmp_path):
    path = tmp_path / "script.py"
    path.write_text(SCRIPT, encoding="utf-8")
    done = subprocess.run([sys.executable, path], capture_output=True, text=True, check=True, timeout=60)
    assert done.stdout.split("\n") == ["script", "worker", "0 True", ""]
