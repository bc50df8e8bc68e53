"""Speed of the mixed-model engine beside lme4, glmm and statsmodels, all in one run: see docs/benchmarks.md.

PEERS_PYTHON=.../python python benchmarks/stats.py [--sizes small|all] [--repeats 3] [--limit 120] [--write FILE]
"""

import argparse
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from statistics import median

import manylevels
import numpy as np
import pandas as pd
from peers import HERE, Peer, available
from scores import simulate

FORMULAS = {
    "M1": "score ~ count + (1 | seed) + (1 | task_set) + (1 | task) + (1 | language)",
    "M2": "score ~ count + (1 | seed) + (1 | task_set) + (1 + count | task) + (1 + count | language)",
}
CORES = 2
SIZES = {"small": ("6k",), "all": ("6k", "60k", "500k")}
PAUSE = """
import time; a = time.perf_counter()
from xtransfer_stats.mixedmodels.formula import fit_formula
import pandas as pd; d = pd.read_csv({path!r}); b = time.perf_counter(); fit_formula({formula!r}, d)
c = time.perf_counter(); fit_formula({formula!r}, d); print(b - a, (c - b) - (time.perf_counter() - c))
"""
Times = dict[tuple[str, str], list[float | None]]  # (engine, what) -> seconds, None past the limit


def timed(work: Callable[[], object]) -> tuple[float, object]:
    started = time.perf_counter()
    out = work()
    return time.perf_counter() - started, out


def responses(fit, repeats: int) -> Iterator[np.ndarray]:
    """Responses (n,) drawn row by row from a fit: every engine refits the same ones."""
    rng = np.random.default_rng(7)
    for _ in range(repeats):
        y = fit.X @ fit.beta + rng.normal(0, np.sqrt(fit.sigma2), fit.n)
        for term, covariance in zip(fit.terms, fit.covariances, strict=True):
            effects = rng.multivariate_normal(np.zeros(len(covariance)), covariance, term.levels)
            y += np.sum(effects[term.codes] * term.covariates, axis=1)
        yield y


def ours(formula: str, table: pd.DataFrame, times: Times) -> object:
    from xtransfer_stats.mixedmodels.formula import fit_formula

    seconds, result = timed(lambda: fit_formula(formula, table))
    times.setdefault(("xstats", "fit"), []).append(seconds)
    fit = result.fit
    seconds, _ = timed(lambda: fit.kenward_roger(np.eye(len(fit.names))))
    times.setdefault(("xstats", "Kenward-Roger"), []).append(seconds)
    return fit


def bootstrap(fit, replicates: int, times: Times) -> None:
    """1,000 replicates in this process; more on both cores, the start of the processes included."""
    from xtransfer_stats.mixedmodels.resampling.bootstrap import parametric_bootstrap

    workers = 1 if replicates <= 1000 else CORES
    seconds, _ = timed(lambda: parametric_bootstrap(fit, replicates, seed=1, workers=workers))
    times.setdefault(("xstats", f"{replicates} replicates"), []).append(seconds)


def peers_for(model: str, size: str, commands: dict[str, list[str]]) -> dict[str, list[str]]:
    statsmodels = {"statsmodels": [sys.executable, str(HERE / "peer_statsmodels.py")]}
    return {**commands, **(statsmodels if (model, size) == ("M1", "6k") else {})}


def measure(model: str, size: str, options: argparse.Namespace, commands: dict[str, list[str]], folder: Path) -> Times:
    """Fits, refits, replicates and Kenward-Roger of one model at one size, engine after engine in each round."""
    table, formula, times = simulate(size), FORMULAS[model], {}
    fit = ours(formula, table, {})  # warm: the first call's pause is reported apart
    path = folder / f"{size}.csv"
    drawn = {f"score_{i}": y for i, y in enumerate(responses(fit, options.repeats))}
    table.assign(**drawn).to_csv(path, index=False)
    live = {name: Peer(name, command) for name, command in peers_for(model, size, commands).items()}
    for name, peer in live.items():
        times[(name, "import")] = [peer.ask(options.limit, do="read", path=str(path))]
    for i in range(options.repeats):
        fit = ours(formula, table, times)
        bootstrap(fit, 1000, times)
        for name, peer in live.items():
            times.setdefault((name, "fit"), []).append(peer.ask(options.limit, do="fit", formula=formula))
            if name != "statsmodels":
                refit = peer.ask(options.limit, do="refit", formula=formula, replicate=i)
                times.setdefault((name, "refit"), []).append(refit)
    bootstrap(fit, 10_000, times)
    for peer in live.values():
        peer.stop()
    return times


def many_levels(options: argparse.Namespace, commands: dict[str, list[str]], folder: Path) -> Iterator[dict[str, str]]:
    """One row a table and engine: slopes on thousands of levels."""
    for name, (path, source) in manylevels.tables(folder).items():
        table, formula, times = pd.read_csv(path), manylevels.FORMULAS[name], {}
        ours(formula, table, {})
        lme4 = Peer("lme4", commands["lme4"]) if "lme4" in commands else None
        if lme4:
            lme4.ask(options.limit, do="read", path=str(path))
        for _ in range(options.repeats):
            ours(formula, table, times)
            if lme4:
                times.setdefault(("lme4", "fit"), []).append(lme4.ask(options.limit, do="fit", formula=formula))
        if lme4:
            lme4.stop()
        for engine in dict.fromkeys(engine for engine, _ in times):
            yield {
                "table": f"{name} ({source})", "rows": f"{len(table):,}", "engine": engine,
                "fit, s": shown(typical(times, engine, "fit")),
                "Kenward-Roger, s": shown(typical(times, engine, "Kenward-Roger")),
                "peak, MB": f"{manylevels.peak(path, formula):.0f}" if engine == "xstats" else "-",
            }  # fmt: skip


def typical(times: Times, engine: str, what: str) -> float | None:
    seconds = [value for value in times.get((engine, what), []) if value is not None]
    return median(seconds) if seconds else None


def rows(model: str, size: str, times: Times, limit: float) -> Iterator[dict[str, str]]:
    """One row an engine; a peer's replicates are its refit scaled."""
    for engine in dict.fromkeys(name for name, _ in times):
        refit = typical(times, engine, "refit")
        many = {
            count: typical(times, engine, f"{count} replicates") or (refit and refit * count)
            for count in (1000, 10_000)
        }
        fit = typical(times, engine, "fit")
        yield {
            "model": model, "rows": size, "engine": engine,
            "fit, s": shown(fit) if fit else f"> {limit:g}",
            "1,000 replicates, s": shown(many[1000]), "10,000 replicates, s": shown(many[10_000]),
            "Kenward-Roger, s": shown(typical(times, engine, "Kenward-Roger")),
            "import, s": shown(typical(times, engine, "import")),
        }  # fmt: skip


def shown(seconds: float | None) -> str:
    return "-" if seconds is None else f"{seconds:.3g}"


def targets(every: dict[tuple[str, str], Times]) -> Iterator[str]:
    """Each target with the figure and the ratio; what was not measured says so."""
    yield from (_refits(every, peer, factor) for peer, factor in (("lme4", 500), ("glmm", 10)))
    for model in FORMULAS:
        times = every.get((model, "500k"), {})
        fit, glmm, kr = (
            typical(times, *key) for key in (("xstats", "fit"), ("glmm", "fit"), ("xstats", "Kenward-Roger"))
        )
        yield _line(f"{model} 500k: fit over glmm's fit", fit, glmm, "at most 1")
        yield _line(f"{model} 500k: Kenward-Roger over the fit", kr, fit, "at most 10")


def _refits(every: dict[tuple[str, str], Times], peer: str, factor: int) -> str:
    times = every.get(("M2", "6k"), {})
    peers, many, one = (
        typical(times, *key) for key in ((peer, "refit"), ("xstats", "10000 replicates"), ("xstats", "1000 replicates"))
    )
    both = _line(f"M2 6k: {peer}'s refit over ours, two processes", peers, many and many / 10_000, f"at least {factor}")
    alone = _line(f"M2 6k: {peer}'s refit over ours, one process", peers, one and one / 1000, f"at least {factor}")
    return f"{both}\n{alone}"


def _line(what: str, above: float | None, below: float | None, target: str) -> str:
    if above is None or below is None:
        return f"- {what}: not measured (target {target})"
    return f"- {what}: {above:.4g} s / {below:.4g} s = {above / below:.3g} (target {target})"


def pause(folder: Path) -> str:
    """What a fresh process waits for: our imports, and how much longer the first fit takes than the second."""
    import subprocess

    path = folder / "pause.csv"
    simulate("6k").to_csv(path, index=False)
    code = PAUSE.format(path=str(path), formula=FORMULAS["M2"])
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    imports, first = map(float, done.stdout.split())
    return f"- first call: imports and reading {imports:.2f} s, first fit over second +{first:.3f} s (target under 1)"


def markdown(table: list[dict[str, str]]) -> str:
    head = list(table[0])
    lines = [head, ["---"] * len(head), *(list(row.values()) for row in table)]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def write(path: Path, text: str) -> None:
    """Put the measured part between the page's own marks."""
    mark, end = "<!-- measured: make bench-stats -->", "<!-- end of make bench-stats -->"
    before, _, after = (path.read_text() if path.exists() else "").partition(mark)
    path.write_text(f"{before}{mark}\n\n{text}\n\n{end}{after.partition(end)[2]}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sizes", choices=SIZES, default="small")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--limit", type=float, default=120, help="seconds a peer may take for one fit or refit")
    parser.add_argument("--write", type=Path, help="page whose measured part is replaced")
    options = parser.parse_args()
    commands, missing = available()
    every: dict[tuple[str, str], Times] = {}
    with tempfile.TemporaryDirectory() as name:
        for size in SIZES[options.sizes]:
            for model in FORMULAS:
                every[model, size] = measure(model, size, options, commands, Path(name))
                print(markdown(list(rows(model, size, every[model, size], options.limit))), flush=True)
        levels = markdown(list(many_levels(options, commands, Path(name))))
        print(levels, flush=True)
        ends = [*targets(every), pause(Path(name)), *(f"- {line}" for line in missing)]
    table = [row for (model, size), times in every.items() for row in rows(model, size, times, options.limit)]
    print("\n".join(ends))
    if options.write:
        write(options.write, "\n\n".join([markdown(table), levels, "\n".join(ends)]))


if __name__ == "__main__":
    main()
