"""Tables for formulas: what is a number, what a level, what a gap."""

import numpy as np
import pandas as pd
import pytest

from xtransfer_stats.exchange.anytable import read


def table(tmp_path, text, name="t.csv"):
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    return read(path)


def test_words_are_levels_and_empty_cells_gaps(tmp_path):
    rows = table(tmp_path, "a,b\nNone,na\nNA,null\n,nan\nmixup,de\n").rows
    assert [None if pd.isna(x) else x for x in rows["a"]] == ["None", "NA", None, "mixup"]
    assert list(rows["b"]) == ["na", "null", "nan", "de"]


def test_na_among_numbers_is_a_gap(tmp_path):
    rows = table(tmp_path, "x,y\n1.5,1\nNA,NaN\n-2e3,3\n,\n").rows
    assert rows["x"].tolist()[:1] + rows["x"].tolist()[2:3] == [1.5, -2000.0]
    assert rows["x"].isna().tolist() == [False, True, False, True] == rows["y"].isna().tolist()


@pytest.mark.parametrize("gap", ["", "NA"])
def test_long_whole_numbers_stay_apart_beside_gaps(tmp_path, gap):
    ids = [1234567890123456001 + i for i in range(3)]
    rows = table(tmp_path, "id,y\n" + "".join(f"{i},1\n" for i in ids) + f"{gap},2\n").rows
    assert rows["id"].dropna().tolist() == ids
    longer = table(tmp_path, "id,y\n" + "".join(f"{i}{i},1\n" for i in ids) + f"{gap},2\n").rows
    assert longer["id"].nunique() == 3


def test_decimal_commas_and_separators_are_said(tmp_path):
    read = table(tmp_path, "g;y\na;1,5\nb;-2,25\n")
    assert read.rows["y"].tolist() == [1.5, -2.25]
    assert any("semicolon" in note for note in read.notes) and any("Decimal commas" in note for note in read.notes)


def test_one_stray_cell_makes_a_text_of_a_column(tmp_path):
    assert table(tmp_path, "x,y\n1,1\nn/d,2\n").rows["x"].tolist() == ["1", "n/d"]


def test_whole_numbers_are_whole(tmp_path):
    rows = table(tmp_path, "x,z\n1,01\n2,10\n").rows
    assert rows.dtypes.tolist() == [np.dtype("int64")] * 2
