"""A small hub on 127.0.0.1, in the protocol of the real one, as far as its clients ask: bounded in time and requests.

Repositories are folders: ROOT/models/NAMESPACE/NAME/REVISION/files and ROOT/datasets/...; REVISION is main or
refs/convert/parquet. A revision's commit is a hash of its files.
"""

import hashlib
import json
import re
import threading
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import unquote, urlsplit

SECONDS, REQUESTS = 240, 4000
REVISIONS = ("main", "refs/convert/parquet")
_RESOLVE = re.compile(r"/(?P<kind>datasets/)?(?P<name>[^/]+/[^/]+)/resolve/(?P<revision>.+?)/(?P<file>.+)")
_API = re.compile(r"/api/(?P<kind>models|datasets)/(?P<name>[^/]+/[^/]+)(?P<rest>/.*)?")


@contextmanager
def hub(root, gated=()):
    """Serve the folder; yields the address and the list of requests that were answered."""
    heard = []
    server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(Path(root), set(gated), heard))
    timer = threading.Timer(SECONDS, server.shutdown)
    timer.daemon = True
    timer.start()
    threading.Thread(target=server.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", heard
    finally:
        timer.cancel()
        server.shutdown()
        server.server_close()


class Repository:
    """One revision of a repository on disk."""

    def __init__(self, folder):
        self.files = {path.relative_to(folder).as_posix(): path for path in sorted(folder.rglob("*")) if path.is_file()}
        told = "".join(f"{name} {blob(path)}\n" for name, path in self.files.items())
        self.commit = hashlib.sha1(told.encode()).hexdigest()

    def info(self, name):
        return {"_id": "1", "id": name, "sha": self.commit, "private": False, "gated": False, "disabled": False,
                "tags": [], "downloads": 0, "likes": 0, "siblings": [{"rfilename": f} for f in self.files]}  # fmt: skip

    def entries(self, under, recursive):
        found, folders = [], set()
        for name, path in self.files.items():
            if under and not name.startswith(f"{under}/"):
                continue
            inner = name[len(under) + 1 :] if under else name
            if recursive or "/" not in inner:
                found.append({"type": "file", "path": name, "size": path.stat().st_size, "oid": blob(path)})
            parts = inner.split("/")[:-1]
            stems = ["/".join(parts[: i + 1]) for i in range(len(parts) if recursive else min(1, len(parts)))]
            folders.update(f"{under}/{stem}" if under else stem for stem in stems)
        return found + [{"type": "directory", "path": name, "size": 0, "oid": "0" * 40} for name in sorted(folders)]


def blob(path):
    """Git's hash of a file."""
    content = path.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(content) + content).hexdigest()


def _handler(root, gated, heard):
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def log_message(self, *told):
            pass

        def do_GET(self):
            heard.append((self.command, self.path))
            length = int(self.headers.get("Content-Length") or 0)
            self.body = self.rfile.read(length)
            if len(heard) > REQUESTS:
                self.refuse(503, "TooManyRequests")
                return
            path = unquote(urlsplit(self.path).path)
            for pattern, answer in ((_RESOLVE, self.resolve), (_API, self.api)):
                match = pattern.fullmatch(path)
                if match:
                    answer(match)
                    return
            self.refuse(404, "EntryNotFound")

        do_HEAD = do_POST = do_GET  # noqa: N815

        def repository(self, kind, name, revision):
            folder = root / kind / name
            if not folder.is_dir():
                return self.refuse(404, "RepoNotFound")
            if name in gated:
                return self.refuse(403, "GatedRepo")
            for known in REVISIONS:
                if (folder / known).is_dir():
                    found = Repository(folder / known)
                    if revision in (known, found.commit):
                        return found
            return self.refuse(404, "RevisionNotFound")

        def resolve(self, match):
            kind = "datasets" if match["kind"] else "models"
            revision, file = match["revision"], match["file"]
            for known in REVISIONS:  # a revision's name may hold slashes
                if f"{revision}/{file}".startswith(f"{known}/"):
                    revision, file = known, f"{revision}/{file}".removeprefix(f"{known}/")
            found = self.repository(kind, match["name"], revision)
            if found is None:
                return
            if file not in found.files:
                self.refuse(404, "EntryNotFound", {"X-Repo-Commit": found.commit})
                return
            self.file(found.files[file], found.commit)

        def file(self, path, commit):
            content, status, more = path.read_bytes(), 200, {}
            asked = re.fullmatch(r"bytes=(\d+)-(\d*)", self.headers.get("Range") or "")
            if asked:
                first, last = int(asked[1]), int(asked[2] or len(content) - 1)
                more = {"Content-Range": f"bytes {first}-{last}/{len(content)}"}
                content, status = content[first : last + 1], 206
            head = {"ETag": f'"{blob(path)}"', "X-Repo-Commit": commit, "Accept-Ranges": "bytes", **more}
            self.answer(status, content, head)

        def api(self, match):
            rest = match["rest"] or ""
            name = match["name"]
            tail = re.fullmatch(r"/(revision|tree|paths-info)/(.+)", rest)
            revision, under = "main", ""
            if tail:
                known = next((one for one in REVISIONS if f"{tail[2]}/".startswith(f"{one}/")), tail[2].split("/")[0])
                revision, under = known, tail[2][len(known) :].strip("/")
            found = self.repository(match["kind"], name, revision)
            if found is None:
                return
            recursive = "recursive=true" in self.path.lower()
            answers = {
                "revision": lambda: found.info(name),
                "tree": lambda: found.entries(under, recursive),
                "paths-info": lambda: [e for e in found.entries("", True) if e["path"] in self.asked()],
            }
            self.json(answers[tail[1]]() if tail else found.info(name))

        def asked(self):
            text = self.body.decode()
            if text.startswith("{"):
                return json.loads(text).get("paths", [])
            return [unquote(part.partition("=")[2]) for part in text.split("&") if part.startswith("paths=")]

        def json(self, content):
            self.answer(200, json.dumps(content).encode(), {"Content-Type": "application/json"})

        def refuse(self, status, code, more=None):
            head = {"X-Error-Code": code, "X-Error-Message": code, **(more or {})}
            self.answer(status, json.dumps({"error": code}).encode(), head)

        def answer(self, status, content, head):
            self.send_response(status)
            for key, value in {**head, "Content-Length": str(len(content))}.items():
                self.send_header(key, value)
            self.end_headers()
            if self.command != "HEAD":
                self.wfile.write(content)

    return Handler
