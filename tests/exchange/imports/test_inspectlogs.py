"""Logs of Inspect: JSON and .eval, plain and as Inspect packs them; what did not finish is left aside, and said."""

import io
import json
import struct
import zipfile
import zlib

import pyarrow as pa
import pytest
from tests.exchange.imports.shapes import cells, imported

from xtransfer_stats.base.errors import DataError


def inspect_log(model, score, seed, status="success"):
    metrics = {"accuracy": {"name": "accuracy", "value": score}, "stderr": {"name": "stderr", "value": 0.01}}
    return {
        "version": 2,
        "status": status,
        "eval": {
            "task": "xnli_de",
            "model": model,
            "task_args": {"seed": seed},
            "config": {"epochs": 2},
            "dataset": {"samples": 100},
        },
        "results": {"completed_samples": 200, "scores": [{"name": "choice", "metrics": metrics}]},
    }


def archive_of(log, compression=zipfile.ZIP_DEFLATED):
    """A .eval file, as zipfile packs it."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", compression) as archive:
        archive.writestr("_journal/start.json", "{}")
        archive.writestr("header.json", json.dumps(log))
    return buffer.getvalue()


def zstandard(log):
    """The same packed by Zstandard, which zipfile cannot write: its bytes are stored, then called packed."""
    text = json.dumps(log).encode()
    sink = pa.BufferOutputStream()
    with pa.CompressedOutputStream(sink, "zstd") as file:
        file.write(text)
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("_journal/start.json", "{}")
        archive.writestr("header.json", sink.getvalue().to_pybytes())
        local = archive.getinfo("header.json").header_offset
    content = bytearray(buffer.getvalue())
    central = content.rindex(b"PK\x01\x02")
    for place in (local + 8, central + 10):  # method; behind it, at +6 and +14, the text's checksum and size
        struct.pack_into("<H", content, place, 93)
        struct.pack_into("<I", content, place + 6, zlib.crc32(text))
        struct.pack_into("<I", content, place + 14, len(text))
    return bytes(content)


def test_logs_of_inspect(tmp_path):
    files = {f"{m}-{s}.json": inspect_log(m, 0.5 + s / 100, s) for m in ("openai/a", "openai/b") for s in (1, 2)}
    files |= {
        "third.eval": archive_of(inspect_log("openai/b", 0.53, 3)),
        "fourth.eval": zstandard(inspect_log("openai/b", 0.54, 4)),
        "bad.json": inspect_log("openai/a", 0.1, 4, "error"),
    }
    result = imported(tmp_path, files, ".")
    found = cells(result, "condition", "seed", "target_task", "language")
    assert found["openai/b", 3, "xnli", "de"] == 53 and found["openai/b", 4, "xnli", "de"] == 54 and len(found) == 6
    assert set(result.frame["n_examples"]) == {100}  # two epochs repeat the same examples
    assert any("its status is error" in one.why for one in result.left)


def damaged(content):
    """The packed file with a byte of its log changed, and one that is cut off."""
    local = content.index(b"header.json") + len(b"header.json")
    return content[: local + 20] + bytes([content[local + 20] ^ 255]) + content[local + 21 :]


@pytest.mark.parametrize("pack", [archive_of, zstandard])
def test_a_damaged_archive_is_named_with_the_remedy(tmp_path, pack):
    (tmp_path / "a.eval").write_bytes(damaged(pack(inspect_log("openai/b", 0.53, 3))))
    with pytest.raises(DataError, match=r"a\.eval: no log of Inspect .*`inspect log convert --to json`"):
        imported(tmp_path, {}, "a.eval")


def test_where_no_evaluation_finished_it_is_said_why_there_are_no_scores(tmp_path):
    with pytest.raises(DataError, match=r"no file with scores is there .*its status is error"):
        imported(tmp_path, {"bad.json": inspect_log("openai/a", 0.1, 4, "error")}, ".")
