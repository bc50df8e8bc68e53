"""Test data of every target task in a few languages, in their releases' formats, with labels."""

import json
from pathlib import Path

from tests.originals.files import lines, write
from tests.originals.trained import NLI, conllu, panx, squad
from tests.originals.words import PLACES, THINGS, context, sentence

SIZE = 8
TREEBANKS = {"en": "en_ewt", "de": "de_gsd", "tr": "tr_imst", "ru": "ru_gsd"}
TATOEBA = {"de": "deu", "tr": "tur", "ru": "rus"}


def write_scored(root: Path) -> None:
    """All files under `root`."""
    _xnli(root)
    _pawsx(root)
    _tags(root)
    _answers(root)
    _tatoeba(root)
    _bucc(root)
    _xcopa(root)
    _mewslix(root)


def _xnli(root: Path) -> None:
    columns = ["language", "gold_label", "sentence1_binary_parse", "sentence2_binary_parse", "sentence1_parse",
               "sentence2_parse", "sentence1", "sentence2", "promptID", "pairID", "genre"]  # fmt: skip
    rows = [
        f"{language}\t{NLI[n % 3]}\t\t\t\t\t{sentence(language, n)}\t{sentence(language, n + n % 3)}\t{n}\t{n}\tfiction"
        for n in range(SIZE + 1)
        for language in THINGS
    ]
    write(root / "XNLI-1.0" / "xnli.test.tsv", lines(["\t".join(columns), *rows]))


def _pawsx(root: Path) -> None:
    for language in ("en", "de"):
        rows = [f"{n}\t{sentence(language, n)}\t{sentence(language, n + n % 2)}\t{n % 2}" for n in range(SIZE)]
        write(root / "x-final" / language / "test_2k.tsv", lines(["id\tsentence1\tsentence2\tlabel", *rows]))


def _tags(root: Path) -> None:
    for language, treebank in TREEBANKS.items():
        write(root / "panx" / f"test-{language}.tsv", panx(language, SIZE))
        write(root / f"UD_{treebank}" / f"{treebank}-ud-test.conllu", conllu(language, SIZE))


def _answers(root: Path) -> None:
    for language in THINGS:
        write(root / "xquad" / f"xquad.{language}.json", json.dumps(squad(language, "xquad", SIZE)))
        write(root / "lareqa" / "xquad-r" / f"{language}.json", json.dumps(_xquad_r(language)))
    for language in ("en", "de"):
        content = json.dumps(squad(language, "mlqa", SIZE, "1.0"))
        name = f"test-context-{language}-question-{language}.json"
        write(root / "MLQA_V1" / "test" / name, content)
    for language, word in (("en", "english-"), ("ru", "russian-")):
        write(
            root / "tydiqa" / f"tydiqa.goldp.{language}.dev.json", json.dumps(squad(language, word, SIZE, "tydiqa-1.1"))
        )


def _xquad_r(language: str) -> dict:
    paragraphs = []
    for n in range(SIZE):
        text, question, answer, start = context(language, n)
        border = text.index(". ") + 1
        paragraphs.append(
            {
                "context": text,
                "sentences": [text[:border], text[border + 1 :]],
                "sentence_breaks": [[0, border], [border + 1, len(text)]],
                "qas": [{"id": f"r{n}", "question": question, "answers": [{"text": answer, "answer_start": start}]}],
            }
        )
    return {"version": "1.1", "data": [{"title": "made up", "paragraphs": paragraphs}]}


def _tatoeba(root: Path) -> None:
    for language, code in TATOEBA.items():
        for side, spoken in ((code, language), ("eng", "en")):
            rows = lines(sentence(spoken, (5 * n) % 36) for n in range(SIZE))
            write(root / "tatoeba" / f"tatoeba.{code}-eng.{side}", rows)


def _bucc(root: Path) -> None:
    for language in ("de", "ru"):
        for split, first in (("dev", 0), ("test", 10)):
            stem = root / "bucc2018" / f"{language}-en.{split}"
            for side in (language, "en"):
                rows = [f"{side}-{n:09d}\t{sentence(side, first + n)}" for n in range(SIZE)]
                write(stem.with_name(f"{stem.name}.{side}"), lines(rows))
            gold = [f"{language}-{n:09d}\ten-{n:09d}" for n in range(0, SIZE, 2)]
            write(stem.with_name(f"{stem.name}.gold"), lines(gold))


def _xcopa(root: Path) -> None:
    for language in ("tr",):
        things = THINGS[language]
        rows = [
            {"premise": sentence(language, n), "choice1": things[n % 6], "choice2": things[(n + 1) % 6],
             "question": ("cause", "effect")[n % 2], "label": n // 2 % 2, "idx": n, "changed": False}
            for n in range(SIZE)
        ]  # fmt: skip
        write(
            root / "xcopa" / language / f"test.{language}.jsonl", lines(json.dumps(r, ensure_ascii=False) for r in rows)
        )


def _mewslix(root: Path) -> None:
    for split, languages in (("test", ("en", "de", "tr")),):
        rows = [_article(language, n) for language in languages for n in range(SIZE)]
        write(
            root / "mewslix" / f"wikinews_mentions-{split}.jsonl",
            lines(json.dumps(r, ensure_ascii=False) for r in rows),
        )
    for split, size in (("train", 24), ("dev", 8)):
        rows = [_pair(n) for n in range(size)]
        write(root / "mewslix" / f"wikipedia_pairs-{split}.jsonl", lines(map(json.dumps, rows)))
    rows = [
        {"entity_id": f"Q{place}", "description": f"{PLACES[language][place]} (city)", "description_language": language}
        for place in range(6)
        for language in (("en", "de", "tr")[place % 3],)
    ]
    write(root / "mewslix" / "candidate_set_entities.jsonl", lines(json.dumps(r, ensure_ascii=False) for r in rows))


def _article(language: str, number: int) -> dict:
    text = f"{THINGS[language][number % 6]}: {PLACES[language][number % 6]}."
    start = text.index(": ") + 2
    name = f"{language}-{number}"
    return {
        "context": {"document_title": "made up", "document_url": "", "document_id": name, "language": language,
                    "text": text, "sentence_spans": [{"start": 0, "end": len(text)}]},
        "mentions": [
            {"example_id": name, "entity_id": f"Q{number % 6}", "metadata": {},
             "mention_span": {"start": start, "end": len(text) - 1, "text": text[start:-1]}}
        ],
    }  # fmt: skip


def _pair(number: int) -> dict:
    article = _article("en", number)
    mention = article["mentions"][0]
    place = PLACES["en"][number % 6]
    entity = {"entity_id": mention["entity_id"], "title": place, "description": f"{place} (city)",
              "description_language": "en"}  # fmt: skip
    return {"context": article["context"], "mention": mention, "entity": entity}
