"""Tiny hand-made files in the leaderboard's layout."""

import json

from tests.places import needs_beside

from xtransfer_stats.tasks.benchmarks import cells_of
from xtransfer_stats.tasks.catalogue import TARGET_TASKS

needs_shared = needs_beside("real-data")


def squad(questions):
    """A file in SQuAD's format from (id, answers) pairs."""
    asked = [{"id": key, "question": "?", "answers": [{"text": a, "answer_start": 0} for a in answers]}
             for key, answers in questions]  # fmt: skip
    return json.dumps({"version": "1.1", "data": [{"title": "t", "paragraphs": [{"context": "c", "qas": asked}]}]})


# Of each task: gold, predictions, task score (0-100) worked by hand.
CONTENT = {
    "xnli": ("neutral\nentailment\n", "neutral\nneutral\n", 50.0),
    "pawsx": ("1\n0\n1\n0\n", "1\n0\n1\n1\n", 75.0),
    "xcopa": ("0\n1\n", "0\n1\n", 100.0),
    "udpos": ("NOUN\nVERB\n", "NOUN\nNOUN\n", 0.0),
    "panx": ("B-PER\nI-PER\nO\n\nB-LOC\n", "B-PER\nI-PER\nO\n\nB-ORG\n", 50.0),
    # EM (100 + 0) / 2, F1 (100 + 200/3) / 2
    "xquad": (squad([("q1", ["Rome"]), ("q2", ["big cat"])]), '{"q1": "Rome", "q2": "cat"}', (50 + 250 / 3) / 2),
    "mlqa": (squad([("q1", ["Rome"])]), '{"q1": "Rome"}', 100.0),
    "tydiqa": (squad([("q1", ["Rome"])]), '{"q1": "Oslo"}', 0.0),
    "bucc2018": ("a\tx\nb\ty\nc\tz\n", "a\tx\n", 50.0),
    "tatoeba": ("3\n1\n2\n", "3\n2\n1\n", 100 / 3),
    "mewslix": ('{"m1": ["Q1"]}', '{"m1": ["Q5", "Q1"]}', 50.0),
    "lareqa": ('{"q1": ["de_1_0", "en_1_0"]}', '{"q1": ["en_1_0", "fr_1_0", "de_1_0"]}', 100 * (1 + 2 / 3) / 2),
}  # fmt: skip
JSON_TASKS = {"xquad", "mlqa", "tydiqa", "mewslix", "lareqa"}


def path_of(folder, task, language):
    return folder / task / f"test-{language}.{'json' if task in JSON_TASKS else 'tsv'}"


def written(folder, task, language, content, newline="\n"):
    path = path_of(folder, task, language)
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content.replace("\n", newline).encode())
    return path


def one(tmp_path, task, gold, predictions, language="en"):
    """Folders of predictions and of labels with one file each."""
    written(tmp_path / "labels", task, language, gold)
    written(tmp_path / "predictions", task, language, predictions)
    return tmp_path / "predictions", tmp_path / "labels"


def whole(tmp_path, benchmark):
    """Folders with every task and language of a benchmark, alike in all languages."""
    for name, languages in cells_of(benchmark).items():
        task = TARGET_TASKS[name].dataset
        for language in languages:
            one(tmp_path, task, *CONTENT[task][:2], language)
    return tmp_path / "predictions", tmp_path / "labels"
