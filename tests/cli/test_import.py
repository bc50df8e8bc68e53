"""`xstats import` on the terminal: what is written, what a dry run writes not, how a refusal reads."""

import json
import subprocess
import sys

import pytest

TABLE = "method,run_id,lang,acc\na,1,de,0.71\na,2,de,0.72\nb,1,de,0.74\nb,2,de,0.75\n"


def xstats(folder, *words):
    done = subprocess.run([sys.executable, "-m", "xtransfer_stats", *words], cwd=folder, capture_output=True, text=True)
    return done.returncode, done.stdout, done.stderr


def test_a_dry_run_writes_nothing_and_says_all(tmp_path):
    (tmp_path / "t.csv").write_text(TABLE)
    code, said, errors = xstats(tmp_path, "import", "t.csv", "--dry-run")
    assert (code, errors) == (0, "") and "4. 2 conditions (a, b)" in said and "--set target_task=NAME" in said
    assert [path.name for path in tmp_path.iterdir()] == ["t.csv"]
    account = json.loads(xstats(tmp_path, "import", "t.csv", "--dry-run", "--json")[1])
    assert account["rows"] == 4 and account["columns"]["language"] == "lang"


@pytest.mark.parametrize(
    ("text", "words", "told"),
    [
        ("method,lang,acc\na,de,1\na,de,2\n", (), "--number-seeds"),
        (TABLE, ("--map", "seed=nothing"), "--map seed=nothing: no column 'nothing'"),
        (TABLE, ("--map", "sed=run_id"), "did you mean 'seed'?"),
        (TABLE, ("--set", "xnli"), "--set 'xnli': write COLUMN=WHAT"),
        (TABLE, ("--scale", "f1=100"), "--scale f1=100: no metric or target task of that name"),
        (TABLE, ("--seed-from", "("), "--seed-from '(': no regular expression"),
        (TABLE, ("--output", "x.pdf"), "--output 'x.pdf': give a name ending in .csv, .parquet, .json"),
        ("a;b\n", (), "t.csv: nothing stands below its headings"),
    ],
)
def test_a_refusal_is_one_sentence_that_names_the_option(text, words, told, tmp_path):
    (tmp_path / "t.csv").write_text(text)
    code, said, errors = xstats(tmp_path, "import", "t.csv", *words)
    assert code == 2 and said == "" and told in errors and "Traceback" not in errors
    assert not (tmp_path / "scores.csv").exists()
