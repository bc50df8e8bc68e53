"""Whether the model hub answers, within bounded seconds."""

import os
import threading
import urllib.error
import urllib.request
from queue import Empty, Queue

from xtransfer_stats.verbs.health.finding import Finding, Grade

HUB = "https://huggingface.co"
OFF = ("1", "ON", "YES", "TRUE")  # as huggingface_hub reads HF_HUB_OFFLINE
WITHOUT = "xstats run --quick"  # runs without a network


def hub(seconds: float) -> Finding:
    """What the hub at HF_ENDPOINT (or the usual one) says to a request, which is given up after `seconds`."""
    address = os.environ.get("HF_ENDPOINT", "").rstrip("/") or HUB
    if os.environ.get("HF_HUB_OFFLINE", "").upper() in OFF:
        said = f"{address} is not asked: HF_HUB_OFFLINE is set; recipes of the hub need their files in its cache"
        return Finding("hub", said, Grade.OPTIONAL, "unset HF_HUB_OFFLINE")
    why = _refusal(address, seconds)
    if not why:
        return Finding("hub", f"{address} answers")
    said = f"{address} cannot be reached ({why}); studies on the embedded text and on local files need no hub"
    return Finding("hub", said, Grade.OPTIONAL, WITHOUT)


def _refusal(address: str, seconds: float) -> str:
    """Why there was no answer; "" where there was one. A thread asks, since names are looked up without a limit."""
    answers: Queue[str] = Queue()
    threading.Thread(target=lambda: answers.put(_asked(address, seconds)), daemon=True).start()
    try:
        return answers.get(timeout=seconds)
    except Empty:
        return f"no answer within {seconds:g} s"


def _asked(address: str, seconds: float) -> str:
    try:
        request = urllib.request.Request(f"{address}/api/models?limit=1", method="GET")
        with urllib.request.urlopen(request, timeout=seconds):
            return ""
    except urllib.error.HTTPError as error:
        # A mirror may not list models; below 500 somebody answers there.
        return "" if error.code < 500 and error.code != 407 else f"it answers {error.code}"
    except (OSError, ValueError) as error:
        return str(getattr(error, "reason", None) or error)
