"""Logs of Inspect, .eval and JSON: the scores of a finished evaluation, its model, task and metrics."""

import io
import struct
import zipfile
import zlib
from collections.abc import Mapping
from typing import Any

from xtransfer_stats.base.errors import DataError
from xtransfer_stats.base.usertext import parsed_json
from xtransfer_stats.exchange.imports.harness import task_and_language
from xtransfer_stats.exchange.imports.raw import Heading, LeftAside, RawTable, of_records
from xtransfer_stats.exchange.scoreframe.headings import ERROR, EXAMPLES, LANGUAGE, METRIC, SCORE, SEED, TASK

KIND = "a log of Inspect"
HEADER = "header.json"  # of the archive that a .eval file is
MOST_UNPACKED = 64 * 2**20
ZSTANDARD, LOCAL_HEADER = 93, 30  # a packing's number, and a header's bytes, in the ZIP format (APPNOTE 4.3.7, 4.4.5)


def is_log(value: Any) -> bool:
    """Whether a JSON value is a log of Inspect."""
    return (
        isinstance(value, Mapping) and isinstance(value.get("eval"), Mapping) and {"status", "version"} <= value.keys()
    )


def packed(source: str, content: bytes) -> list[RawTable]:
    """The table of a .eval file; raises DataError where it is none."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            header = archive.getinfo(HEADER)
            if header.file_size > MOST_UNPACKED:
                raise DataError(f"{source}: its {HEADER} unpacks to more than {MOST_UNPACKED / 2**20:g} MB")
            packed_so = header.compress_type == ZSTANDARD
            text = _unpacked(content, header) if packed_so else archive.read(header)
    except (zipfile.BadZipFile, KeyError, OSError, NotImplementedError, RuntimeError, zlib.error) as error:
        raise DataError(
            f"{source}: no log of Inspect ({error}); write it anew by `inspect log convert --to json`"
        ) from None
    return [log(source, parsed_json(text))]


def _unpacked(content: bytes, member: zipfile.ZipInfo) -> bytes:
    """A member packed by Zstandard, as Inspect writes them; zipfile reads it from Python 3.14 on.

    Its bytes stand behind a local header of 30 bytes, a name and an extra field, whose lengths are the header's last.
    """
    import pyarrow as pa

    name, extra = struct.unpack_from("<HH", content, member.header_offset + LOCAL_HEADER - 4)
    start = member.header_offset + LOCAL_HEADER + name + extra
    with pa.CompressedInputStream(pa.py_buffer(content[start : start + member.compress_size]), "zstd") as file:
        text: bytes = file.read(MOST_UNPACKED)
    if zlib.crc32(text) != member.CRC:
        raise zipfile.BadZipFile(f"Bad CRC-32 for file {member.filename!r}")
    return text


def log(source: str, value: Mapping[str, Any]) -> RawTable:
    """A row a scorer and metric; an evaluation that did not finish gives none, and epochs are no runs.

    The mean over epochs of one evaluation is one score: its epochs share the model, and are repeated answers.
    """
    about, results = value["eval"], value.get("results") or {}
    if value["status"] != "success":
        return of_records(source, KIND, [], [LeftAside("the evaluation", f"its status is {value['status']}", source)])
    task, language = task_and_language(str(about.get("task", "")).rsplit("/", 1)[-1])
    arguments = about.get("task_args") or {}
    run: dict[Heading, Any] = {("model",): about.get("model", ""), (TASK,): task}
    run[(LANGUAGE,)] = arguments.get("language") or arguments.get("lang") or language
    epochs = (about.get("config") or {}).get("epochs") or 1
    answered = results.get("completed_samples")
    run[(EXAMPLES,)] = answered // epochs if answered else (about.get("dataset") or {}).get("samples")
    seed = arguments.get("seed", (value.get("plan", {}).get("config") or {}).get("seed"))
    run |= {(SEED,): seed} if seed is not None else {}
    scores = results.get("scores") or []
    records = []
    for scorer in scores:
        figures = {name: one.get("value") for name, one in scorer.get("metrics", {}).items()}
        for name, figure in figures.items():
            if name not in ("stderr", "std", "var") and isinstance(figure, int | float):
                named = name if len(scores) == 1 else f"{name} ({scorer.get('name', '')})"
                records.append(run | {(METRIC,): named, (SCORE,): figure, (ERROR,): figures.get("stderr")})
    left = (
        [LeftAside(f"{epochs} epochs", "they are repeated answers of one run, whose mean is its score", source)]
        if epochs > 1
        else []
    )
    return of_records(source, KIND, records, left)
