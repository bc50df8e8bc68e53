"""Tatoeba: aligned or sorted is seen in the English side, and a pair is one row."""

import pytest

from xtransfer_stats.sources.files.bitext import read_tatoeba

FOREIGN = ["Eins.", "Zwei.", "Drei.", "Vier.", "Elf."]  # too few letters to tell a script
ENGLISH = ["One.", "Two.", "Three.", "Four.", "Eleven."]


def write(path, lines, end="\n"):
    path.write_bytes("".join(line + end for line in lines).encode("utf-8"))
    return path


def pair(folder, stem, foreign, english, mine=FOREIGN, theirs=ENGLISH):
    write(folder / f"{stem}.{english}", theirs)
    return write(folder / f"{stem}.{foreign}", mine)


@pytest.mark.parametrize(
    ("code", "language"),
    [("deu", "de"), ("swh", "sw"), ("cmn", "zh"), ("ara", "ar"), ("pes", "fa"), ("nob", "no"), ("ber", "ber")],
)
def test_laser_pairs_are_aligned_line_by_line(tmp_path, code, language):
    (found,) = read_tatoeba(pair(tmp_path, f"tatoeba.{code}-eng", code, "eng"))
    about = (found.task, found.language, found.split, found.examples, found.labelled, found.problems)
    assert about == ("tatoeba", language, "test", 5, True, ())
    made = found.read()
    assert [(query.passage.text, query.gold) for query in made.examples][1] == ("Zwei.", ("en:1",))
    assert made.candidates[1].text == "Two."


def test_the_english_side_has_no_row_of_its_own(tmp_path):
    pair(tmp_path, "tatoeba.deu-eng", "deu", "eng")
    assert read_tatoeba(tmp_path / "tatoeba.deu-eng.eng") == []


@pytest.mark.parametrize(("stem", "foreign", "english"), [("de-en", "de", "en"), ("tatoeba.deu-eng", "deu", "eng")])
def test_a_sorted_english_side_is_unlabelled_whatever_the_name(tmp_path, stem, foreign, english):
    (found,) = read_tatoeba(pair(tmp_path, stem, foreign, english, theirs=sorted(ENGLISH)))
    assert (found.language, found.examples, found.labelled) == ("de", 5, False)
    assert "5 English sentences are in alphabetical order" in found.problems[0]
    made = found.read()
    assert (made.unlabelled, len(made.candidates), {query.gold for query in made.examples}) == (5, 5, {()})


def test_an_unsorted_pair_under_the_downloads_name_is_aligned(tmp_path):
    (found,) = read_tatoeba(pair(tmp_path, "de-en", "de", "en"))
    assert (found.labelled, found.problems) == (True, ())


def test_few_sentences_tell_nothing_by_their_order(tmp_path):
    few = {"mine": FOREIGN[:2], "theirs": ENGLISH[:2]}
    assert read_tatoeba(pair(tmp_path, "tatoeba.deu-eng", "deu", "eng", **few))[0].labelled
    (found,) = read_tatoeba(pair(tmp_path, "de-en", "de", "en", **few))
    assert not found.labelled
    assert "too few" in found.problems[0]


def test_another_number_of_lines_or_a_missing_side_is_a_problem(tmp_path):
    (found,) = read_tatoeba(pair(tmp_path, "tatoeba.deu-eng", "deu", "eng", theirs=ENGLISH[:4]))
    assert (found.labelled, found.problems[0].split(":")[0]) == (
        False, "tatoeba.deu-eng.deu has 5 lines and tatoeba.deu-eng.eng 4",
    )  # fmt: skip
    (alone,) = read_tatoeba(write(tmp_path / "tatoeba.tam-eng.tam", FOREIGN))
    assert (alone.examples, alone.labelled) == (5, False)
    assert "tatoeba.tam-eng.eng is missing" in alone.problems[0]
    (english,) = read_tatoeba(write(tmp_path / "tatoeba.tel-eng.eng", ENGLISH))
    assert (english.language, english.examples) == ("te", 0)
    assert "tatoeba.tel-eng.tel is missing" in english.problems[0]


def test_sentences_in_another_script_than_the_name_says_are_told(tmp_path):
    (found,) = read_tatoeba(pair(tmp_path, "tatoeba.tam-eng", "tam", "eng", mine=[*FOREIGN[:4], "Zwölf."]))
    assert found.problems == ("the name says 'ta', but the text is in Latin letters",)


def test_only_line_feeds_end_a_line(tmp_path):
    write(tmp_path / "tatoeba.deu-eng.eng", ENGLISH, end="\r\n")
    foreign = ["Eins\u2028noch eins.", *FOREIGN[1:]]
    (found,) = read_tatoeba(write(tmp_path / "tatoeba.deu-eng.deu", foreign, end="\r\n"))
    assert found.labelled
    assert found.read().examples[0].passage.text == "Eins\u2028noch eins."
    assert found.read().candidates[-1].text == "Eleven."


def test_bytes_that_are_no_text_are_a_problem(tmp_path):
    pair(tmp_path, "tatoeba.deu-eng", "deu", "eng")
    (tmp_path / "tatoeba.deu-eng.deu").write_bytes(b"\xff\xfe\n")
    (found,) = read_tatoeba(tmp_path / "tatoeba.deu-eng.deu")
    assert (found.examples, "UTF-8" in found.problems[0]) == (0, True)


@pytest.mark.parametrize("name", ["zh-en.dev.zh", "de-en.fr", "notes.txt", "tatoeba.deu-eng.fra", "en-en.en"])
def test_other_names_are_not_its_format(tmp_path, name):
    assert read_tatoeba(write(tmp_path / name, FOREIGN)) is None
