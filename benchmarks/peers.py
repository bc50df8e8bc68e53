"""The engines that are timed beside ours, each in a process of its own that stays alive between requests."""

import json
import os
import selectors
import shutil
import subprocess
from pathlib import Path

HERE = Path(__file__).parent


class Peer:
    """Another engine, asked over pipes for the seconds of one fit or refit."""

    def __init__(self, name: str, command: list[str]) -> None:
        self.name = name
        self.process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, limit: float, **request: object) -> float | None:
        """Seconds the engine took, or None when it needed more than `limit` (and was stopped) or failed."""
        if self.process.poll() is not None:
            return None
        self.process.stdin.write(json.dumps(request) + "\n")
        self.process.stdin.flush()
        with selectors.DefaultSelector() as ready:
            ready.register(self.process.stdout, selectors.EVENT_READ)
            answer = self.process.stdout.readline() if ready.select(limit) else ""
        if not answer:
            self.stop()
            return None
        return float(json.loads(answer)["seconds"])

    def stop(self) -> None:
        self.process.kill()
        self.process.wait()


def available() -> tuple[dict[str, list[str]], list[str]]:
    """Commands of the peers that are here, and a line for each that is missing."""
    commands, missing = {}, []
    rscript, python = shutil.which("Rscript"), os.environ.get("PEERS_PYTHON")
    if rscript and _runs([rscript, "-e", "library(lme4); library(jsonlite)"]):
        commands["lme4"] = [rscript, str(HERE / "peer_lme4.R")]
    else:
        missing.append("lme4 skipped: Rscript with lme4 and jsonlite is not here")
    if python and _runs([python, "-c", "import glmm, pandas"]):
        commands["glmm"] = [python, str(HERE / "peer_glmm.py")]
    else:
        missing.append("glmm skipped: set PEERS_PYTHON to an interpreter that has glmm 0.6.2 and pandas")
    return commands, missing


def _runs(command: list[str]) -> bool:
    return subprocess.run(command, capture_output=True, check=False).returncode == 0
