"""A headless browser without a network, for tests of pages opened from disk."""

import html
import json
import re
import shutil
import subprocess

import pytest

CHROMIUM = next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)
needs_chromium = pytest.mark.skipif(CHROMIUM is None, reason="chromium is not installed")

OPTIONS = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--host-resolver-rules=MAP * ~NOTFOUND",
    "--virtual-time-budget=10000",
    "--enable-logging=stderr",
    "--v=0",
)
PROBE = """<script>window.addEventListener("load", () => setTimeout(async () => {{
  const told = document.createElement("pre");
  told.id = "probe";
  try {{ told.textContent = JSON.stringify(await (async () => {{ {script} }})()); }}
  catch (error) {{ told.textContent = JSON.stringify(String(error)); }}
  document.body.append(told);
}}, 3000));</script></body></html>"""


def browse(path, tmp_path, *options):
    """The finished process of the browser on a file."""
    command = [CHROMIUM, *OPTIONS, f"--user-data-dir={tmp_path / 'profile'}", *options, path.as_uri()]
    return subprocess.run(command, capture_output=True, text=True, errors="replace", timeout=300, check=False)


def opened(path, tmp_path, *options):
    """(DOM after the scripts ran, console lines) of a page opened from disk."""
    done = browse(path, tmp_path, *options, "--dump-dom")
    return done.stdout, [line for line in done.stderr.splitlines() if "CONSOLE" in line]


def probed(page, script, tmp_path, *options):
    """(what the script returns once the charts are drawn, console lines)."""
    copy = tmp_path / "probed.html"
    text = page.read_text(encoding="utf-8").rpartition("</body>")[0]
    copy.write_text(text + PROBE.format(script=script.replace("</script", "<\\/script")), encoding="utf-8")
    dom, console = opened(copy, tmp_path, *options)
    return json.loads(html.unescape(re.search('<pre id="probe">(.*?)</pre>', dom, re.DOTALL).group(1))), console
