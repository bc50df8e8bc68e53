"""Times glmm on one table: reads requests (JSON lines) from standard input, answers each with seconds."""

import json
import sys
import time

import numpy as np
import pandas as pd

started = time.perf_counter()
import glmm  # noqa: E402

imported = time.perf_counter() - started


def theta(fit: "glmm.Fit") -> list[float]:
    """Where a refit starts: the relative Cholesky factors of the fit, column by column."""
    out = []
    for values in fit.varcorr:
        k = int((np.sqrt(8 * len(values) + 1) - 1) / 2)
        matrix = np.zeros((k, k))
        matrix[np.tril_indices(k)] = values
        whole = matrix + np.tril(matrix, -1).T + 1e-12 * np.eye(k)
        out += list(np.linalg.cholesky(whole / fit.dispersion).T[np.triu_indices(k)])
    return out


data: dict[str, object] = {}
start: dict[str, object] = {}
for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "read":
        frame = pd.read_csv(request["path"])
        data = {name: frame[name].to_numpy() for name in frame}
        print(json.dumps({"seconds": imported}), flush=True)
        continue
    table = data if request["do"] == "fit" else {**data, "score": data[f"score_{request['replicate']}"]}
    # a refit gets all that makes it quick: the last estimates to start from, no degrees of freedom, cheap errors
    options = {} if request["do"] == "fit" else {"warm_start": start, "wald_se": "rx"}
    started = time.perf_counter()
    result = glmm.fit(table, request["formula"], satterthwaite=False, **options)
    seconds = time.perf_counter() - started
    if request["do"] == "fit":
        start = {"beta": list(result.beta), "theta": theta(result)}
    print(json.dumps({"seconds": seconds}), flush=True)
