"""Inputs by route: what a user could hand over, most of it wrong in one place or two."""

import json
import random
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

import pandas as pd
from benchmarks.fuzz import damage, material


@dataclass(frozen=True)
class Input:
    """route: a key of ROUTES. files: path -> content, in a folder of their own. words: of the command, or the text."""

    route: str
    words: tuple[str, ...]
    files: Mapping[str, bytes] = field(default_factory=dict)

    def shown(self) -> str:
        """The input in one line."""
        files = ", ".join(f"{name} ({len(content)} bytes): {content[:300]!r}" for name, content in self.files.items())
        return f"{self.route}: {' '.join(map(repr, self.words))[:1500]} [{files[:1500]}]"


def _formula(rng: random.Random, depth: int = 0) -> str:
    """A right-hand side."""
    leaves = ("x", "z", "f", "g", "h", "`my col`", "1", "0", "y", "sets", damage.text(rng), str(damage.number(rng)))
    if depth > 3 or rng.random() < 0.3:
        return rng.choice(leaves)
    one, two = _formula(rng, depth + 1), _formula(rng, depth + 1)
    shapes = (
        *(f"{one} {sign} {two}" for sign in ("+", "-", "*", ":", "/", "**", "|", "==", "%in%", "^")),
        *(
            f"{name}({one})"
            for name in ("I", "log", "exp", "C", "S", "center", "scale", "np.sqrt", "offset", "foo", "")
        ),
        *(f"bs({one}, df={rng.choice((3, 5, 10**5, -1))})", f"poly({one}, {rng.choice((2, 10**6))})", f"C({one}, Sum)"),
        *(f"({one} | {two})", f"({one} || g)", "(1 | mm(sets))", "(1 | g)", "(1 + x | g/h)", f"I({one} {two})"),
        *(f"-{one}", f"{{{one}}}", f"{one}[{two}]", f"{one}, {two}", f"({one}", f"{one})"),
        " + ".join([one] * rng.choice((2, 60, 400))),
    )
    return rng.choice(shapes)


def formulas(rng: random.Random) -> Input:
    """A formula on a sound table, or on one with wild numbers."""
    made = material.table()
    if rng.random() < 0.3:
        made = made.astype(object)
        for _ in range(rng.randrange(1, 4)):
            made.iloc[rng.randrange(len(made)), rng.randrange(made.shape[1])] = damage.value(rng)
    left = rng.choice(("y",) * 12 + ("log(y)", "x", "f", "y - x", "", damage.text(rng)))
    options = rng.choice(((), (), ("--ml",), ("--df", damage.text(rng)), ("--residual", rng.choice(("f", "q", "x")))))
    formula = f"{left}{rng.choice((' ~ ',) * 20 + ('~', '', '~~'))}{_formula(rng)}"
    words = ("analyze", "t.csv", "--json", "--formula", formula, *options)
    return Input("formulas", words, {"t.csv": material.as_csv(made)})


def contrasts(rng: random.Random) -> Input:
    """A hypothesis by name."""
    counts = (*("3",) * 8, "0", "9", "3->3", "0->3", "", "x", "9" * 5000)
    places = ("xtreme-mini", "xtreme-r-mini", "task xnli", "language de", "group classification", "script latn", "q")

    def term() -> str:
        function = rng.choice((*("effect", "mean") * 6, "step", "interaction", "trend", damage.text(rng)))
        factor = rng.choice((*("", "0.5*", "2 * ") * 4, "0*", "1e9*", "0.0000001*", f"{damage.text(rng)}*"))
        place = rng.choice((*places * 3, damage.text(rng)))
        return f"{factor}{function}({rng.choice(counts)}){rng.choice((*(' @ ', '@') * 6, '', ' '))}{place}"

    text = rng.choice((*(" + ", " - ") * 6, "+", " ")).join(term() for _ in range(rng.choice((1, 1, 2, 2, 3, 200))))
    return Input("contrasts", (text,))


def _less_sound(table: pd.DataFrame, rng: random.Random) -> pd.DataFrame:
    """The table with a column of other values, one other cell, a column gone or renamed, or rows gone."""
    name = rng.choice(list(table))
    ways: tuple[Callable[[], pd.DataFrame], ...] = (
        lambda: table.assign(**{name: [damage.value(rng) for _ in range(len(table))]}),
        lambda: table.assign(**{name: [damage.value(rng), *table[name].iloc[1:]]}),
        lambda: table.drop(columns=name),
        lambda: table.rename(columns={name: damage.text(rng)}),
        lambda: table[[rng.random() < 0.7 for _ in range(len(table))]],
    )
    return rng.choice(ways)()


def frames(rng: random.Random) -> Input:
    """A score frame with cells, columns or bytes that are wrong."""
    table = material.frame().astype(object)
    for _ in range(rng.randrange(4)):
        if table.shape[1] > 1 and len(table):
            table = _less_sound(table, rng)
    content = material.as_csv(table)
    if rng.random() < 0.3:
        content = damage.damaged(content, rng)
    name = rng.choice(("s.csv", "s.csv", "s.csv", "s.json", "s.parquet", "s.tsv", "s"))
    more = rng.choice(((), (), ("--benchmarks", "xtreme-mini,xtreme-r-mini"), ("--study", damage.text(rng))))
    return Input("frames", ("analyze", name, "--json", *more), {name: content})


def _damaged_files(files: Mapping[str, bytes], rng: random.Random) -> dict[str, bytes]:
    made = dict(files)
    for name in rng.sample(sorted(made), rng.randrange(1, 3)):
        content = damage.damaged(made.pop(name), rng)
        folder, _, own = name.rpartition("/")
        elsewhere = (own, f"{rng.choice(('de', '3-th', 'x', 'test'))}/{own}", f"{folder}/plain")
        made[rng.choice((*[name] * 5, *elsewhere))] = content
    return made


def data_files(rng: random.Random) -> Input:
    """A folder of data sets, some of whose files are damaged or elsewhere."""
    kept = rng.sample(sorted(material.data_files()), rng.randrange(1, 4))
    files = _damaged_files({name: material.data_files()[name] for name in kept} | {"README": b"x"}, rng)
    return Input("data files", ("data", "d", "--json"), {f"d/{name}": content for name, content in files.items()})


def predictions(rng: random.Random) -> Input:
    """Gold labels and predictions, one side damaged."""
    sides = {"gold": dict(material.GOLD), "ours": dict(material.PREDICTIONS)}
    side = rng.choice(("gold", "ours"))
    sides[side] = _damaged_files(sides[side], rng)
    files = {f"{folder}/{name}": content for folder, own in sides.items() for name, content in own.items()}
    benchmark = rng.choice(("xtreme", "xtreme", "xtreme-r", damage.text(rng)))
    words = ("score", "--predictions", "ours", "--labels", "gold", "--benchmark", benchmark, "--json")
    return Input("prediction folders", words, files)


RECIPE_KEYS = {
    "study": "name benchmarks targets languages root_seed seeds tasks sets cross tatoeba baselines control variant "
    "keep collapsed",
    "backbone": "model revision freeze max_length retrieval_layer retrieval_pooling",
    "source": "name by_dataset revisions train dev test",
    "intermediate": "tasks settings by_task checkpoints mlm translated",
    "target": "settings by_training",
    "costs": "accelerator peak_tflops utilisation parameters examples choices token_bytes prediction_bytes",
}
RECIPE = {
    ("study", "name"): '"f"',
    ("study", "benchmarks"): '["xtreme-mini", "xtreme-r-mini"]',
    ("study", "targets"): '["xnli", "pawsx", "xcopa"]',
    ("study", "languages"): '["de", "et"]',
    ("backbone", "model"): '"e5-small-q4"',
    ("backbone", "freeze"): "8",
}


def recipes(rng: random.Random) -> Input:
    """A recipe whose keys have wrong values, shown as what would run."""
    made = dict(RECIPE)
    for _ in range(rng.randrange(1, 4)):
        part = rng.choice(sorted(RECIPE_KEYS))
        key = rng.choice((*RECIPE_KEYS[part].split(), "nonsense"))
        made[part, key] = rng.choice((damage.toml(rng), str(rng.choice((1, 2, 10**6, 10**9)))))
    parts = dict.fromkeys(part for part, _ in made)
    lines = [[f"[{part}]", *(f"{key} = {text}" for (own, key), text in made.items() if own == part)] for part in parts]
    if rng.random() < 0.1:
        lines = [[f"{part} = {damage.toml(rng)}" for part in parts]]
    content = "\n".join(line for part in lines for line in part).encode("utf-8", "replace")
    if rng.random() < 0.15:
        content = damage.damaged(content, rng)
    return Input("recipes", ("run", "r.toml", "--dry-run", "--store", "s"), {"r.toml": content})


ENTRY_KEYS = (
    "name family title corpora after labels hub files file_splits aside licence restricted sizes note metrics group "
    "training benchmarks dataset normalisation nonsense"
).split()


def own_tasks(rng: random.Random) -> Input:
    """A file of own tasks with wrong values."""
    made = {"name": '"mine"', "family": '"classification"', "labels": '["a", "b"]'}
    kind = rng.choice(("intermediate", "training", "target"))
    if kind == "target":
        made |= {"group": '"retrieval"', "benchmarks": '{ own = ["de"] }'}
    for _ in range(rng.randrange(1, 3)):
        key = rng.choice(ENTRY_KEYS)
        inner = '{ test = "test" }' if rng.random() < 0.5 else damage.toml(rng, 1)
        usual = ('"x"', '["a"]', '{ test = "test" }', f'[{{ repository = "me/x", splits = {inner} }}]', "{ test = 3 }")
        made[key] = rng.choice(usual) if rng.random() < 0.6 else damage.toml(rng)
    head = rng.choice((f"[[{kind}]]",) * 8 + (f"[{kind}]", f"[[{damage.text(rng)[:20]}]]"))
    content = "\n".join([head, *(f"{key} = {text}" for key, text in made.items())]).encode("utf-8", "replace")
    return Input(
        "own tasks", (), {"xstats-tasks.toml": damage.damaged(content, rng) if rng.random() < 0.1 else content}
    )


CLAIM = {"name": '"c"', "text": '"t"', "source": '"s"', "reading": '"ours"', "about": '"set"', "test": '"positive"'}
ABOUT = ("set", "best count", "tasks against others", "tasks at each count", "interaction", "variants", "printed")


def claims(rng: random.Random) -> Input:
    """A file of claims with wrong values."""
    made = CLAIM | {"about": json.dumps(rng.choice(ABOUT)), "set": '["mnli", "qqp", "squad1"]', "tasks": '["xnli"]'}
    made |= {"test": json.dumps(rng.choice(("positive", "value", "flat", "differs", "printed"))), "margin": "1.0"}
    for _ in range(rng.randrange(3)):
        keys = (*made, "at", "variant", "value", "study", "nonsense")
        made[rng.choice(keys)] = damage.toml(rng)
    head = rng.choice(("[[claim]]",) * 8 + ("[claim]", "[[claims]]", "claim = 3"))
    content = "\n".join([head, *(f"{key} = {text}" for key, text in made.items())]).encode("utf-8", "replace")
    return Input("claims", (), {"c.toml": damage.damaged(content, rng) if rng.random() < 0.1 else content})


COMMANDS = {
    "analyze": "model formula bootstrap seed study benchmarks contrast margin engine prior draws df residual against "
    "replicates workers",
    "trace": "study model benchmarks contrast margin",
    "chart": "width format study benchmarks out",
    "claims": "study benchmarks beside file",
    "power": "effect estimand seeds sets tasks baselines languages sd-seed sd-set sd-run sd-baseline power alpha "
    "studies seed recipe hours-run hours-baseline study benchmarks",
    "run": "seeds tasks sets cross baselines targets languages model source control variant study store workers "
    "devices devices-per-step engine max-hours keep",
    "tasks": "family",
    "export": "store study format output",
    "status": "store study",
    "compare": "store benchmarks",
    "score": "predictions labels benchmark",
    "data": "",
}


WRITTEN = ("out", "output", "replicates")  # never outside the input's own folder


def options(rng: random.Random) -> Input:
    """A command on a sound frame with options that nobody means."""
    command = rng.choice(sorted(COMMANDS))
    place = rng.choice(("scores.csv", "scores.csv", damage.text(rng)))
    first = {
        "trace": (damage.text(rng), place),
        "chart": (rng.choice(("effects", "nonsense", damage.text(rng))), place),
    }
    first |= {"run": ("quick", "--dry-run"), "tasks": (damage.text(rng),), "compare": (place, damage.text(rng))}
    first |= dict.fromkeys(("export", "status", "score"), ())
    words = [command, *first.get(command, (place,))]
    for _ in range(rng.randrange(1, 3)):
        known = COMMANDS[command].split() or ["json"]
        option = rng.choice(known)
        said = rng.choice((damage.text(rng), str(damage.number(rng)), "3", "3,5", "10" * 11))
        words += [f"--{option}", "here" if option in WRITTEN and ("/" in said or "~" in said) else said]
    if command in ("analyze", "claims", "power", "trace", "compare"):
        words.append("--json")
    usable = tuple(word.replace("\x00", "") for word in words)  # no argument of a process holds one
    return Input("options", usable, {"scores.csv": material.as_csv(material.frame())})


def stores(rng: random.Random) -> Input:
    """A command on a copy of a store of which one file is damaged: which one and how, the words say."""
    command = rng.choice(
        (("export",), ("status",), ("verify",), ("analyze", "s", "--json"), ("run", "quick", "--dry-run"))
    )
    where = () if command[0] == "analyze" else ("--store", "s")
    way = rng.choice(("cut", "flip", "empty", "delete", "folder", "link", "json", "text"))
    return Input("stores", (str(rng.randrange(10**6)), way, *command, *where))


ROUTES: Mapping[str, Callable[[random.Random], Input]] = MappingProxyType(
    {
        "formulas": formulas,
        "contrasts": contrasts,
        "frames": frames,
        "data files": data_files,
        "prediction folders": predictions,
        "recipes": recipes,
        "own tasks": own_tasks,
        "claims": claims,
        "options": options,
        "stores": stores,
    }
)
