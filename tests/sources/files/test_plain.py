"""Plain text for multilingual masked LM: one file a language."""

from xtransfer_stats.sources.files.source import FilesSource
from xtransfer_stats.sources.files.survey import recognise


def test_a_sentence_a_line_in_a_folder_of_that_name(tmp_path):
    (tmp_path / "mlm").mkdir()
    (tmp_path / "mlm" / "de.txt").write_text("Ein Satz.\n\nNoch einer.\n", encoding="utf-8")
    (tmp_path / "mlm" / "swh.txt").write_text("Habari.\n", encoding="utf-8")
    (row,) = recognise(tmp_path / "mlm" / "swh.txt")
    assert (row.task, row.language, row.split, row.examples, row.labelled) == ("mlm", "sw", "train", 1, True)
    split = FilesSource(tmp_path).load("mlm", "train", "de")
    assert [example.text for example in split.examples] == ["Ein Satz.", "Noch einer."]


def test_a_name_that_is_no_language_is_told(tmp_path):
    (tmp_path / "mlm").mkdir()
    (tmp_path / "mlm" / "wiki.txt").write_text("A sentence.\n", encoding="utf-8")
    (row,) = recognise(tmp_path / "mlm" / "wiki.txt")
    assert row.examples == 0
    assert "no language's code" in row.problems[0]


def test_text_elsewhere_is_nothing_that_is_known(tmp_path):
    (tmp_path / "notes.txt").write_text("A sentence.\n", encoding="utf-8")
    assert recognise(tmp_path / "notes.txt")[0].task == ""
