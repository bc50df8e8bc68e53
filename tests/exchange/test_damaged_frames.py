"""Damaged score frames: numbers without end, text that is no text, files that unpack to more than memory holds."""

import gzip
import io
import json
import os
import zipfile

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from tests.exchange.score_frames import PAIR, minimal, small

from xtransfer_stats.base.errors import DataError, FitError
from xtransfer_stats.exchange.scoreframe import tablefile
from xtransfer_stats.exchange.scoreframe.understood import understood
from xtransfer_stats.verbs.analyze import analyze
from xtransfer_stats.verbs.fit import fit
from xtransfer_stats.verbs.scores import ScoreSheet

DIGITS = "9" * 30


@pytest.mark.parametrize("column", ["seed", "replicate", "n_tasks", "catalogue", "n_examples", "score"])
@pytest.mark.parametrize("ending", [".csv", ".json", ".jsonl"])
def test_a_number_of_thirty_digits_is_named_by_column_and_row(column, ending, tmp_path):
    rows = small().assign(replicate=0, catalogue=9, n_examples=10).to_dict("records")
    rows[4][column] = int(DIGITS)
    if ending == ".csv":
        names = list(rows[0])
        text = "\n".join([",".join(names), *(",".join(str(row[name]) for name in names) for row in rows)])
    else:
        text = json.dumps(rows) if ending == ".json" else "\n".join(map(json.dumps, rows))
    (tmp_path / f"f{ending}").write_text(text)
    with pytest.raises(DataError, match=rf"column {column}: .* row 5 "):
        analyze(tmp_path / f"f{ending}", benchmarks=PAIR)


@pytest.mark.parametrize("value", ["1.5", "", "x", "1e3", "True", "0x10", "\u0661", "1_0", "nan", "inf"])
def test_a_seed_that_is_no_whole_number_is_named(value):
    rows = small().astype({"seed": object})
    rows.loc[4, "seed"] = value
    with pytest.raises(DataError, match=r"column seed: .* row 5 "):
        understood(rows, "frame")


@pytest.mark.parametrize("value", ["6O.1", "1_0", "60.1.2", "60,1", "0x3c", "[]", "True"])
def test_a_score_that_is_no_number_is_named(value):
    rows = small().astype({"score": object})
    rows.loc[4, "score"] = value
    with pytest.raises(DataError, match=r"column score: .* in row 5 \(line 6 of a CSV\) is no number"):
        understood(rows, "frame")


def test_blanks_of_any_kind_around_a_score_are_no_part_of_it():
    rows = small().astype({"score": object})
    rows.loc[4, "score"] = "\x1e 61.5\x1f"
    assert understood(rows, "frame").frame["score"][4] == 61.5


@pytest.mark.parametrize("value", [1e300, -0.1, 100.5, float("inf")])
def test_a_score_outside_its_range_is_named(value):
    rows = minimal()
    rows.loc[4, "score"] = value
    with pytest.raises(DataError, match=r"column score: .* in row 5 .*from 0 to 100"):
        analyze(rows, benchmarks=PAIR)


def parquet(path, table, **options):
    pq.write_table(table, path, **options)
    return path


@pytest.mark.parametrize("column", ["task_set", "language", "run"])
def test_text_of_a_parquet_file_that_is_not_utf8_is_named_by_column_and_row(column, tmp_path):
    rows = small().assign(run="r")
    table = pa.Table.from_pandas(rows)
    broken = [b"\xff\xfe" if row == 4 else str(text).encode() for row, text in enumerate(rows[column])]
    bad = pa.Array.from_buffers(pa.string(), len(rows), pa.array(broken, pa.binary()).buffers())
    table = table.set_column(table.column_names.index(column), column, bad)
    with pytest.raises(DataError, match=rf"column {column}, row 5: text that is not UTF-8"):
        _ = ScoreSheet(parquet(tmp_path / "f.parquet", table)).frame


def test_twenty_million_rows_in_a_small_parquet_file_are_counted_before_they_are_read(tmp_path):
    many = pa.table({"seed": pa.repeat(pa.scalar(1), 20_000_000)})
    path = parquet(tmp_path / "f.parquet", many, compression="zstd")
    assert path.stat().st_size < 10_000_000
    with pytest.raises(
        DataError, match=r"has 20,000,000 rows, more than the 2,000,000 of a score frame; keep the rows"
    ):
        _ = ScoreSheet(path).frame


def test_long_text_repeated_in_a_small_parquet_file_is_measured_before_it_is_unpacked(tmp_path):
    coded = pa.DictionaryArray.from_arrays(pa.array(np.zeros(1_000_000, dtype="int32")), ["x" * 10_000])
    path = parquet(tmp_path / "f.parquet", pa.table({"study": coded.slice(0, 100_000)}))
    with pytest.raises(DataError, match=r"unpacks to 954 MB of text, more than 150 MB"):
        _ = ScoreSheet(path).frame


def test_a_packed_file_is_unpacked_to_a_limit(tmp_path):
    path = tmp_path / "f.csv.gz"
    with gzip.open(path, "wb", compresslevel=1) as file:
        for _ in range(151):
            file.write(b"\n" * 2**20)
    with pytest.raises(DataError, match=r"unpacks to more than 150 MB"):
        _ = ScoreSheet(path).frame


def test_a_workbook_is_measured_before_it_is_unpacked(tmp_path):
    pytest.importorskip("openpyxl", reason="the extra excel is not installed")
    with zipfile.ZipFile(tmp_path / "f.xlsx", "w", zipfile.ZIP_DEFLATED) as book, book.open("x.xml", "w") as part:
        for _ in range(501):
            part.write(b" " * 2**20)
    with pytest.raises(DataError, match=r"unpacks to 501 MB, more than 500 MB"):
        _ = ScoreSheet(tmp_path / "f.xlsx").frame


@pytest.mark.parametrize(
    "name", ["f.csv", "f.tsv", "f.json", "f.jsonl", "f.parquet", "f.xlsx", "f.csv.gz", "f.json.gz"]
)
@pytest.mark.parametrize(
    "content",
    [b"", b"\x00" * 50, b"\xff\xfe\x00s", b"\xe9t\xe9", b"PK\x03\x04", b"PAR1xxPAR1", b"\x1f\x8b\x08", b"[" * 100_000,
     b'{"a":' * 100_000, b'[{"seed": ' + b"9" * 5000 + b"}]", b'"', b"seed,seed\n1,2\n", b"[1, 2]", b"a,b\n1,2,3\n"],
)  # fmt: skip
def test_what_is_no_table_is_refused_by_name(name, content, tmp_path):
    if name.endswith(".xlsx"):
        pytest.importorskip("openpyxl", reason="the extra excel is not installed")
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match="f"):
        _ = ScoreSheet(tmp_path / name).frame


def test_bytes_that_are_not_utf8_are_named_by_place(tmp_path):
    (tmp_path / "f.csv").write_bytes(
        minimal().to_csv(index=False).encode() + "1,0,xnli,fran\xe7ais,60\n".encode("cp1252")
    )
    with pytest.raises(DataError, match=r"byte \d+ \(0xe7, line 86\) is not UTF-8: save it as UTF-8"):
        _ = ScoreSheet(tmp_path / "f.csv").frame


@pytest.mark.parametrize("column", ["task_set", "language", "study"])
def test_half_a_pair_of_surrogates_is_named_by_row(column, tmp_path):
    rows = small().assign(study="s").to_dict("records")
    rows[9][column] = "\ud800x+y"
    (tmp_path / "f.json").write_text(json.dumps(rows))
    with pytest.raises(DataError, match=rf"column {column}: .*row 10 \(line 11 of a CSV\) holds half of a pair"):
        _ = ScoreSheet(tmp_path / "f.json").frame


def test_a_frame_without_any_score_is_refused():
    with pytest.raises(DataError, match="column score: empty in every row"):
        understood(minimal(score=np.nan), "frame")


def test_json_beyond_its_own_limit_says_which_form_to_take(tmp_path):
    (tmp_path / "f.jsonl").write_bytes(b"\n" * (65 * 2**20))
    with pytest.raises(DataError, match=r"65 MB, more than 64 MB of JSON: write .csv or .parquet"):
        _ = ScoreSheet(tmp_path / "f.jsonl").frame


def test_pipes_and_folders_are_not_read(tmp_path):
    os.mkfifo(tmp_path / "f.csv")
    with pytest.raises(DataError, match="not a regular file"):
        _ = ScoreSheet(tmp_path / "f.csv").frame


def test_a_column_of_endless_numbers_is_named():
    rng = np.random.default_rng(0)
    rows = pd.DataFrame({"g": list("abcdef") * 5, "x": rng.normal(size=30), "y": rng.normal(size=30)})
    for name in ("x", "y"):
        with pytest.raises(FitError, match=rf"column '{name}' holds .*e\+30\d in row \d+ .*rescale it"):
            fit("y ~ x + (1 | g)", rows.assign(**{name: rows[name] * 1e300}))
        with pytest.raises(FitError, match=rf"column '{name}' has no value beyond .*rescale it"):
            fit("y ~ x + (1 | g)", rows.assign(**{name: rows[name] * 1e-300}))
    with pytest.raises(FitError, match="rescale it"):
        fit("y ~ I(x**2) + (1 | g)", rows.assign(x=rows["x"] * 1e90))


def test_rows_beyond_the_most_are_refused_in_every_form(tmp_path, monkeypatch):
    monkeypatch.setattr(tablefile, "MOST_ROWS", 10)
    for ending in (".csv", ".json", ".parquet"):
        path = tmp_path / f"f{ending}"
        rows = minimal()
        content = {".csv": rows.to_csv(index=False).encode(), ".json": rows.to_json(orient="records").encode()}
        buffer = io.BytesIO()
        rows.to_parquet(buffer)
        path.write_bytes(content.get(ending, buffer.getvalue()))
        with pytest.raises(DataError, match=r"rows?, (more than|the most of) .*score frame"):
            _ = ScoreSheet(path).frame
