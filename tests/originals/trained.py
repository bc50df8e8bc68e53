"""English training and dev data of the intermediate tasks and of the targets, in their releases' formats."""

import csv
import io
import json
from pathlib import Path

from tests.originals.files import lines, write
from tests.originals.words import PLACES, THINGS, context, sentence

NLI = ("entailment", "neutral", "contradiction")
SIZES = {"train": 24, "dev": 9}


def write_training(root: Path) -> None:
    """All files under `root`."""
    for split, size in SIZES.items():
        _nli(root, split, size)
        _pairs(root, split, size)
        _choices(root, split, size)
        _questions(root, split, size)
        _tags(root, split, size)


def _nli(root: Path, split: str, size: int) -> None:
    rows = [(sentence("en", n), sentence("en", n + n % 3), NLI[n % 3]) for n in range(size)]
    columns = (
        "gold_label sentence1_binary_parse sentence2_binary_parse sentence1_parse sentence2_parse sentence1 sentence2"
    )
    snli = [f"{label}\t\t\t\t\t{one}\t{two}\tc{n}\tp{n}\t{label}" for n, (one, two, label) in enumerate(rows)]
    head = f"{columns} captionID pairID label1".replace(" ", "\t")
    write(root / "snli_1.0" / f"snli_1.0_{split}.txt", lines([head, *snli, "-\t\t\t\t\ta\tb\tc\tp\t"]))
    mnli = [f"{label}\t\t\t\t\t{one}\t{two}\t{n}\t{n}\tfiction\t{label}" for n, (one, two, label) in enumerate(rows)]
    head = f"{columns} promptID pairID genre label1".replace(" ", "\t")
    name = {"train": "train", "dev": "dev_matched"}[split]
    write(root / "multinli_1.0" / f"multinli_1.0_{name}.txt", lines([head, *mnli]))
    for turn in ("R1", "R2", "R3"):
        anli = [
            {"uid": f"{turn}{split}{n}", "context": one, "hypothesis": two, "label": label[0], "reason": ""}
            for n, (one, two, label) in enumerate(rows)
        ]
        write(root / "anli_v0.1" / turn / f"{split}.jsonl", lines(map(json.dumps, anli)))


def _pairs(root: Path, split: str, size: int) -> None:
    rows = [(sentence("en", n), sentence("en", n + n % 2), n % 2) for n in range(size)]
    qqp = [f"{n}\t{n}\t{n}\t{one}?\t{two}?\t{same}" for n, (one, two, same) in enumerate(rows)]
    write(root / "QQP" / f"{split}.tsv", lines(["id\tqid1\tqid2\tquestion1\tquestion2\tis_duplicate", *qqp]))
    name = {"train": "train", "dev": "dev_2k"}[split]
    paws = [f"{n}\t{one}\t{two}\t{same}" for n, (one, two, same) in enumerate(rows)]
    write(root / "x-final" / "en" / f"{name}.tsv", lines(["id\tsentence1\tsentence2\tlabel", *paws]))


def _choices(root: Path, split: str, size: int) -> None:
    things = THINGS["en"]
    hellaswag = [
        {"ind": n, "activity_label": "a", "ctx_a": sentence("en", n), "ctx_b": "then", "split": split,
         "ctx": f"{sentence('en', n)} then", "endings": list(things[:4]), "label": n % 4, "source_id": f"s{n}"}
        for n in range(size)
    ]  # fmt: skip
    name = {"train": "train", "dev": "val"}[split]
    write(root / "hellaswag" / f"hellaswag_{name}.jsonl", lines(map(json.dumps, hellaswag)))
    table = io.StringIO()
    writer = csv.writer(table, lineterminator="\n")
    writer.writerow(["id", "context", "question", "answer0", "answer1", "answer2", "answer3", "label"])
    for n in range(size):
        writer.writerow([f"c{n}", f'A "{things[n % 6]}", it seems', "What is it?", *things[:4], n % 4])
    write(root / "cosmosqa" / f"{ {'train': 'train', 'dev': 'valid'}[split] }.csv", table.getvalue())
    choices = [{"label": label, "text": thing} for label, thing in zip("ABCDE", things, strict=False)]
    stems = [f"What is {things[n % 5]}?" for n in range(size)]
    commonsense = [
        {
            "answerKey": "ABCDE"[n % 5],
            "id": f"q{n}",
            "question": {"question_concept": "x", "choices": choices, "stem": stem},
        }
        for n, stem in enumerate(stems)
    ]
    write(root / "commonsenseqa" / f"{split}_rand_split.jsonl", lines(map(json.dumps, commonsense)))
    siqa = [
        {
            "context": sentence("en", n),
            "question": "Why?",
            "answerA": things[0],
            "answerB": things[1],
            "answerC": things[2],
        }
        for n in range(size)
    ]
    write(root / "socialiqa-train-dev" / f"{split}.jsonl", lines(map(json.dumps, siqa)))
    write(root / "socialiqa-train-dev" / f"{split}-labels.lst", lines(str(1 + n % 3) for n in range(size)))
    copa = [
        {"premise": sentence("en", n), "choice1": things[n % 6], "choice2": things[(n + 1) % 6], "label": n % 2,
         "question": ("cause", "effect")[n // 2 % 2], "idx": n}
        for n in range(size)
    ]  # fmt: skip
    write(root / "COPA" / f"{ {'train': 'train', 'dev': 'val'}[split] }.jsonl", lines(map(json.dumps, copa)))


def squad(language: str, name: str, size: int, version: str = "1.1", unanswerable: bool = False) -> dict:
    """A file of SQuAD's schema; every third question has no answer where `unanswerable`."""
    paragraphs = []
    for n in range(size):
        text, question, answer, start = context(language, n)
        asked = {"id": f"{name}{n}", "question": question, "answers": [{"text": answer, "answer_start": start}]}
        if unanswerable:
            empty = n % 3 == 2
            asked |= {"is_impossible": empty} | ({"answers": []} if empty else {})
        paragraphs.append({"context": text, "qas": [asked]})
    return {"version": version, "data": [{"title": "made up", "paragraphs": paragraphs}]}


def _questions(root: Path, split: str, size: int) -> None:
    write(root / "squad" / f"{split}-v1.1.json", json.dumps(squad("en", f"s1{split}", size)))
    content = squad("en", f"s2{split}", size, "v2.0", unanswerable=True)
    write(root / "squad" / f"{split}-v2.0.json", json.dumps(content))
    if split == "train":
        write(root / "tydiqa" / "tydiqa.goldp.en.train.json", json.dumps(squad("en", "english-", size, "tydiqa-1.1")))


def _tags(root: Path, split: str, size: int) -> None:
    write(root / "panx" / f"{split}-en.tsv", panx("en", size))
    write(root / "UD_English-EWT" / f"en_ewt-ud-{split}.conllu", conllu("en", size))
    write(root / "ccg" / f"{split}.conll", "".join(_supertags(n) for n in range(size)))


def _supertags(number: int) -> str:
    """A sentence of the Parallel Meaning Bank's columns."""
    words = ((THINGS["en"][number % 6], "n"), ("in", "(n\\n)/np"), (PLACES["en"][number % 6], "np"))
    rows = [f"{word}\t{word}\t{word}\tCON\t{category}\tO\t[]" for word, category in words]
    layers = "# tok:gold\ttok:gold\tsym:gold\tsem:gold\tcat:gold\tsns:gold\trol:gold"
    return lines([f"# newdoc id = p00/d{number:04d}", "# layer:statuses =", layers, "# raw sent = made up", *rows, ""])


def panx(language: str, size: int) -> str:
    """Named entities in XTREME's layout, with labels."""
    rows = [f"{THINGS[language][n % 6]}\tO\n{PLACES[language][n % 6]}\tB-LOC\n{n}\tI-LOC\n" for n in range(size)]
    return "\n".join(rows) + "\n"


def conllu(language: str, size: int) -> str:
    """Universal Dependencies with a range in every third sentence."""
    blocks = []
    for n in range(size):
        fused = "2-3\tdel\t_\t_\t_\t_\t_\t_\t_\t_\n" if n % 3 == 0 else ""
        words = (
            (1, THINGS[language][n % 6], "NOUN"),
            (2, "de", "ADP"),
            (3, "el", "DET"),
            (4, PLACES[language][n % 6], "PROPN"),
        )
        lines_ = [f"{i}\t{form}\t{form}\t{tag}\t_\t_\t0\troot\t_\t_" for i, form, tag in words]
        blocks.append(f"# sent_id = {n}\n{lines_[0]}\n{fused}" + "\n".join(lines_[1:]) + "\n")
    return "\n".join(blocks) + "\n"
