"""Run the command line as a user does, in processes of their own."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

TINY = Path(__file__).with_name("tiny.toml")
XSTATS = [sys.executable, "-m", "xtransfer_stats"]


def xstats(*arguments, check=True, **options):
    """Run a command; returns its completed process with text output."""
    done = subprocess.run([*XSTATS, *map(str, arguments)], capture_output=True, text=True, timeout=600, **options)
    if check and done.returncode:
        raise AssertionError(f"exit {done.returncode}\n{done.stdout}\n{done.stderr}")
    return done


def run(store, *options, **more):
    """Run the tiny study in a store."""
    return xstats("run", TINY, "--store", store, *options, **more)


def start(store, *options):
    """Start the tiny study in a process group of its own."""
    command = [*XSTATS, "run", str(TINY), "--store", str(store), *map(str, options)]
    told = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
    return subprocess.Popen(command, start_new_session=True, preexec_fn=_hear_interrupts, **told)


def _hear_interrupts():
    # A shell starts its background jobs deaf to Ctrl-C, and these tests may be part of one.
    signal.signal(signal.SIGINT, signal.SIG_DFL)


def kill_after(process, seconds):
    """Kill a whole process group with SIGKILL once `seconds` have passed, unless it ended before."""
    time.sleep(seconds)
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    finally:
        process.communicate()


def frame(store):
    """The exported frame, byte for byte."""
    return xstats("export", "--store", store, "--format", "csv").stdout


def published(store):
    """Published steps: folder -> inode and time of the manifest, which change when a step is done again."""
    return {
        path.parent.name: (path.stat().st_ino, path.stat().st_mtime_ns)
        for path in Path(store).glob("steps/*/*/manifest.json")
    }
