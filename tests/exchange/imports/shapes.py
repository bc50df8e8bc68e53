"""Results in many shapes, made small: numbers that say where they stand, so that one read from elsewhere is seen."""

import json

from xtransfer_stats.verbs.imports import import_results

LANGUAGES = ("de", "en", "sw")


def point(condition=0, seed=0, language=0, task=0):
    """A score on 0-100 that no other cell has."""
    return round(40 + 10 * condition + 2 * task + 0.5 * seed + 0.07 * language + 0.01, 2)


def write(folder, files):
    """Write files by their paths: texts, bytes, or what is written as JSON; the folder."""
    for name, content in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        data = content if isinstance(content, bytes | str) else json.dumps(content)
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
    return folder


def imported(folder, files, place=None, **options):
    """What `import_results` makes of files; place: within the folder, all of it where none is named."""
    write(folder, files)
    if place is None:
        place = next(iter(files)) if len(files) == 1 else "."
    return import_results(folder / place, **options)


def cells(result, *names, column="score"):
    """(values of the columns) -> score, of an import; every such cell stands once."""
    frame = result.frame
    assert not frame.duplicated(list(names)).any()
    return {tuple(row[name] for name in names): round(float(row[column]), 6) for _, row in frame.iterrows()}


CSL = ("condition", "seed", "language")


def expected(conditions=("base", "mad-x"), seeds=(1, 2), languages=LANGUAGES):
    """The scores of `point` under the columns CSL."""
    return {
        (condition, seed, language): point(c, s, k)
        for c, condition in enumerate(conditions)
        for s, seed in enumerate(seeds)
        for k, language in enumerate(languages)
    }
