"""The sound inputs that damage starts from: a small score frame, a table, gold and predictions, data files."""

import io
import json
from functools import cache

import numpy as np
import pandas as pd

from xtransfer_stats.tasks.benchmarks import cells_of

BENCHMARKS = ("xtreme-mini", "xtreme-r-mini")
PAIR = "+".join(BENCHMARKS)
TARGETS, LANGUAGES = ("xnli", "pawsx", "xcopa", "panx"), ("de", "fr", "et", "sw")
SETS = ("mnli+qqp+squad1", "ccg+cosmosqa+mnli", "commonsenseqa+hellaswag+squad2")


@cache
def frame() -> pd.DataFrame:
    """The score frame of three seeds with a baseline and one task set each."""
    rng = np.random.default_rng(14)
    tables = [cells_of(name, targets=TARGETS, languages=LANGUAGES) for name in BENCHMARKS]
    cells = sorted({(task, language) for table in tables for task, spoken in table.items() for language in spoken})
    rows = []
    for seed, name in enumerate(SETS):
        for count, task_set in ((0, ""), (3, name)):
            head = (
                "made-up",
                f"s{seed}-{task_set or 'baseline'}",
                "m",
                "none",
                "none",
                seed,
                0,
                count,
                task_set,
                9,
                PAIR,
            )
            for task, language in cells:
                metric = "f1" if task == "panx" else "accuracy"
                rows.append((*head, task, language, metric, round(60 + count + rng.normal(0, 2), 3), 500, "done"))
    from xtransfer_stats.stats.core.frame import COLUMNS

    return pd.DataFrame(rows, columns=list(COLUMNS))


def as_csv(table: pd.DataFrame) -> bytes:
    """A table as a file's bytes."""
    return table.to_csv(index=False, na_rep="NaN").encode("utf-8", "replace")


@cache
def table() -> pd.DataFrame:
    """A table for formulas: numbers, categories, a gap."""
    rng, n = np.random.default_rng(5), 60
    numbers = {name: rng.normal(size=n).round(4) for name in ("y", "x", "z")}
    groups = {"g": [f"g{i % 6}" for i in range(n)], "h": [f"h{i // 12}" for i in range(n)], "f": list("abc") * 20}
    made = pd.DataFrame({**numbers, **groups, "my col": rng.normal(size=n), "sets": ["a+b", "b+c", "a+c", ""] * 15})
    made.loc[3, "x"] = np.nan
    return made


def _squad(answer: str) -> bytes:
    qas = [{"id": f"q{i}", "question": "Wo?", "answers": [{"text": answer, "answer_start": 0}]} for i in range(3)]
    return json.dumps(
        {"version": "1.1", "data": [{"title": "t", "paragraphs": [{"context": answer, "qas": qas}]}]}
    ).encode()


TAGGED = b"Rom\tB-LOC\nist\tO\n\nAnna\tB-PER\nLee\tI-PER\n"
GOLD = {
    "xnli/test-de.tsv": b"neutral\nentailment\ncontradiction\n",
    "pawsx/test-de.tsv": b"1\n0\n1\n",
    "xcopa/test-et.tsv": b"0\n1\n1\n",
    "panx/test-de.tsv": b"B-PER\nI-PER\nO\n\nB-LOC\n",
    "xquad/test-de.json": _squad("Rom"),
    "tatoeba/test-de.tsv": b"3\n1\n2\n",
}
PREDICTIONS = {**GOLD, "xquad/test-de.json": b'{"q0": "Rom", "q1": "Rom", "q2": "Bonn"}'}


def _rows() -> list[dict[str, str]]:
    return [
        {"premise": "Ein Hund bellt.", "hypothesis": f"Es ist laut {i}.", "label": label}
        for i, label in enumerate(("neutral", "entailment", "contradiction"))
    ]


@cache
def data_files() -> dict[str, bytes]:
    """Small files of known data sets in the formats that are read."""
    rows = _rows()
    buffer = io.BytesIO()
    pd.DataFrame(rows).to_parquet(buffer)
    tabbed = "\n".join("\t".join(row.values()) for row in rows).encode()
    conllu = b"# sent_id = 1\n1\tHund\tHund\tNOUN\t_\t_\t0\troot\t_\t_\n2\tbellt\tbellen\tVERB\t_\t_\t1\tdep\t_\t_\n\n"
    return {
        "xnli/test-de.tsv": tabbed,
        "xnli/xnli.test.fr.jsonl": "\n".join(map(json.dumps, rows)).encode(),
        "xnli/de/test-00000-of-00001.parquet": buffer.getvalue(),
        "mnli/train.csv": pd.DataFrame(rows).to_csv(index=False).encode(),
        "panx/de/test.tsv": TAGGED,
        "PAN-X.fr/dev.txt": TAGGED,
        "xquad/xquad.de.json": _squad("Rom"),
        "udpos/de_gsd-ud-test.conllu": conllu,
        "pawsx/de/test_2k.tsv": b"id\tsentence1\tsentence2\tlabel\n1\tEins.\tZwei.\t0\n2\tDrei.\tDrei.\t1\n",
        "xcopa/et/test.et.jsonl": b'{"premise": "A", "choice1": "B", "choice2": "C", "question": "cause", "label": 1}',
    }
