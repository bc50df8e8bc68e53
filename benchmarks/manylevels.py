"""Slopes on thousands of levels beside lme4: real children in schools, and ten thousand people.

egsingle of R's mlmRev (Bates, Maechler & Bolker: 1,721 children in 60 schools) is asked of R; where R or the package is
not here, a table of the same shape is drawn.
"""

import subprocess
import sys
from pathlib import Path

import numpy as np
import pandas as pd

FORMULAS = {
    "egsingle": "math ~ year * size + female + (1 + year | childid) + (1 + year | schoolid)",
    "10,000 people": "score ~ count + (1 + count | person) + (1 | item)",
}
ASK = 'data(egsingle, package = "mlmRev"); write.csv(egsingle, "{path}", row.names = FALSE)'
PEAK = """
import resource, numpy as np, pandas as pd
from xtransfer_stats.mixedmodels.formula import fit_formula
fit = fit_formula({formula!r}, pd.read_csv({path!r})).fit
fit.kenward_roger(np.eye(len(fit.names)))
print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
"""


def tables(folder: Path) -> dict[str, tuple[Path, str]]:
    """Path and source of the table of each name."""
    school, people = folder / "egsingle.csv", folder / "people.csv"
    try:
        asked = subprocess.run(["Rscript", "-e", ASK.format(path=school)], capture_output=True, check=False)
        source = "mlmRev" if asked.returncode == 0 else "drawn"
    except FileNotFoundError:
        source = "drawn"
    table = pd.read_csv(school) if source == "mlmRev" else _children()
    for name in ("childid", "schoolid"):
        table[name] = name[0] + table[name].astype(str)  # both engines take them for texts
    table.to_csv(school, index=False)
    _people().to_csv(people, index=False)
    return {"egsingle": (school, source), "10,000 people": (people, "drawn")}


def _lines(rng: np.random.Generator, codes: np.ndarray, x: np.ndarray, sds: tuple[float, float]) -> np.ndarray:
    """Intercepts and slopes of each level, at x."""
    effects = rng.normal(0, sds, (codes.max() + 1, 2))[codes]
    return effects[:, 0] + effects[:, 1] * x


def _children() -> pd.DataFrame:
    """Of the shape of egsingle: 7,230 yearly tests."""
    rng = np.random.default_rng(1721)
    child = np.sort(np.concatenate([np.arange(1721), rng.integers(0, 1721, 7230 - 1721)]))
    school, size = rng.integers(0, 60, 1721)[child], rng.integers(100, 1500, 60)
    year = rng.integers(-2, 4, len(child)) - 0.5
    math = 0.8 * year + _lines(rng, child, year, (0.8, 0.1)) + _lines(rng, school, year, (0.4, 0.1))
    math += rng.normal(0, 0.55, len(child))
    female = rng.choice(["Female", "Male"], 1721)[child]
    return pd.DataFrame(
        {"math": math, "year": year, "size": size[school], "female": female, "childid": child, "schoolid": school}
    )


def _people() -> pd.DataFrame:
    """Five scores of each of 10,000 people on some of 100 items."""
    rng = np.random.default_rng(10_000)
    person, item = np.repeat(np.arange(10_000), 5), rng.integers(0, 100, 50_000)
    count = rng.normal(size=50_000)
    score = 1 + 0.5 * count + _lines(rng, person, count, (1, 0.5)) + rng.normal(0, 0.7, 100)[item]
    score += rng.normal(size=50_000)
    names = {"person": np.char.add("p", person.astype(str)), "item": np.char.add("i", item.astype(str))}
    return pd.DataFrame({"score": score, "count": count, **names})


def peak(path: Path, formula: str) -> float:
    """MB that a fresh process needs at most for our fit and Kenward-Roger's quantities."""
    code = PEAK.format(formula=formula, path=str(path))
    return float(subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout)
