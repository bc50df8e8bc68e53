"""Error rates of differences over test examples, through the product's path: files written, `xs.score(against=)`.

`python -m benchmarks.calibration.examples` draws two systems' predictions on test sets that languages share, and counts
how often the 95 % interval of a difference misses the true one, and how often any language is found by Holm where the
systems are equally good. A world is a file: a stop loses none; `make calibration ARGS=--table-only` writes them into
docs/calibration.md.
"""

import tempfile
from dataclasses import asdict, dataclass
from functools import partial
from itertools import product
from pathlib import Path

import numpy as np
from benchmarks.calibration.cellfiles import fill, options, part, share, there
from benchmarks.calibration.table import line
from numpy.typing import NDArray
from scipy import stats

import xtransfer_stats as xs
from xtransfer_stats.tasks.benchmarks import cells_of

OUT = Path(__file__).with_name("example-cells")
LANGUAGES = cells_of("xtreme")["xnli"]
LABELS = np.array(["entailment", "neutral"])
TAGS = np.array(["B-PER", "B-LOC"])
HEADINGS = ("test examples", "true difference", "studies", "a language", "mean over 15 languages", "any language, Holm",
            "span F1")  # fmt: skip
TITLE = "## Two systems on the same test examples"
NOTE = """Of `xstats score --against`, in %: how often the 95 % interval of a difference misses the true one, and how
often any of 15 languages is found by Holm where there is none. XNLI: an example's difficulty (sd 1) is shared by its
languages and both systems, whose own luck on it has sd 1; accuracies near 60 %. Span F1: PAN-X in one language, one
or two entities a sentence, systems equally good. `python -m benchmarks.calibration.examples`."""
ROOT, STUDIES = 2018, 2000
BASE = 0.36  # threshold of an accuracy of 60 %: difficulty and luck together have sd sqrt(2)


@dataclass(frozen=True)
class ExampleWorld:
    """examples: of a test set. shift: how much lower the first system's threshold is."""

    examples: int
    shift: float

    @property
    def name(self) -> str:
        """Its file's name."""
        return f"{self.examples}-{self.shift:g}"

    @property
    def truth(self) -> float:
        """The true difference of accuracies, points."""
        return 100 * float(np.diff(stats.norm.cdf(np.array([BASE, BASE + self.shift]) / np.sqrt(2)))[0])


def worlds() -> list[ExampleWorld]:
    """Small, usual and large test sets; no difference, and one of eight points."""
    return [ExampleWorld(examples, shift) for examples, shift in product((50, 200, 1000), (0.0, 0.3))]


def write_xnli(folder: Path, world: ExampleWorld, rng: np.random.Generator) -> None:
    """Gold and both systems' labels, in all languages."""
    shape = (2, len(LANGUAGES), world.examples)
    right = BASE + world.shift * np.array([1, 0])[:, None, None] + rng.normal(size=world.examples) > rng.normal(
        size=shape
    )
    gold = rng.integers(0, 2, size=world.examples)
    for place, language in enumerate(LANGUAGES):
        _write(folder / "gold", "xnli", language, LABELS[gold])
        for number, system in enumerate(("ours", "theirs")):
            _write(folder / system, "xnli", language, LABELS[np.where(right[number, place], gold, 1 - gold)])


def write_panx(folder: Path, examples: int, rng: np.random.Generator) -> None:
    """Gold and both systems' tags of sentences of one or two entities; systems equally good."""
    two, types = rng.random(examples) < 0.5, rng.integers(0, 2, size=(examples, 2))
    hard = rng.normal(size=examples)[:, None]
    for system in ("gold", "ours", "theirs"):
        luck = rng.normal(size=(examples, 2))
        kind = np.zeros((examples, 2)) if system == "gold" else np.where(hard + luck > 0.5, 1 + (luck > 1), 0)
        tags = np.where(
            kind == 0, TAGS[types], np.where(kind == 1, "O", TAGS[1 - types])
        )  # right, none, the other type
        lines = [f"{first}\nO\n{second if both else 'O'}\n" for (first, second), both in zip(tags, two, strict=True)]
        _write(folder / system, "panx", "en", lines)


def _write(folder: Path, task: str, language: str, lines: NDArray | list[str]) -> None:
    path = folder / task / f"test-{language}.tsv"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def answers(folder: Path, world: ExampleWorld) -> dict[str, list[bool]]:
    """What one study misses or finds, by heading."""
    board = xs.score(folder / "ours", folder / "gold", "xtreme", against=folder / "theirs")
    rows = {(one.task, one.language): one for one in board.differences}
    languages = [rows["xnli", code] for code in LANGUAGES]
    missed = {key: not one.conf_low <= world.truth <= one.conf_high for key, one in rows.items() if key[0] == "xnli"}
    found = {
        "a language": [missed["xnli", code] for code in LANGUAGES],
        "mean over 15 languages": [missed["xnli", ""]],
    }
    if not world.shift:
        span = rows["panx", "en"]
        found["any language, Holm"] = [any(one.p_adjusted <= 0.05 for one in (*languages, span))]
        found["span F1"] = [not span.conf_low <= 0 <= span.conf_high]
    return found


def computed(world: ExampleWorld, studies: int) -> dict:
    """A world's record; the same each time."""
    rng = np.random.default_rng(np.random.SeedSequence([ROOT, *world.name.encode()]))
    hits: dict[str, list[bool]] = {}
    with tempfile.TemporaryDirectory() as place:
        folder = Path(place)
        for _ in range(studies):
            write_xnli(folder, world, rng)
            write_panx(folder, world.examples, rng)
            for name, some in answers(folder, world).items():
                hits.setdefault(name, []).extend(some)
    shares = {name: {"found": 100 * float(np.mean(some)), "tests": len(some)} for name, some in hits.items()}
    return {"world": asdict(world), "studies": studies, "shares": shares}


def section(folder: Path = OUT) -> str:
    """The part of docs/calibration.md, of the worlds that are finished; "" where none is."""
    lines = [_line(record) for record in there(path_of(world, folder) for world in worlds())]
    return part(TITLE, NOTE, HEADINGS, lines, len(worlds()))


def path_of(world: ExampleWorld, folder: Path = OUT) -> Path:
    """The world's file."""
    return folder / f"{world.name}.json"


def _line(record: dict) -> str:
    world, shares = ExampleWorld(**record["world"]), record["shares"]
    cells = [share(shares[name]) if name in shares else "–" for name in HEADINGS[3:]]
    return line([f"{world.examples:,}", f"{world.truth:.1f}", f"{record['studies']:,}", *cells])


def main() -> None:
    """Compute the worlds that have no file yet, and print all."""
    parser = options(__doc__, OUT)
    parser.add_argument("--studies", type=int, default=STUDIES)
    asked = parser.parse_args()
    fill({path_of(world, asked.out): partial(computed, world, asked.studies) for world in worlds()}, _line)


if __name__ == "__main__":
    main()
