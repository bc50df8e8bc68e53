"""Times statsmodels MixedLM, crossed intercepts as variance components of one group: JSON lines in and out."""

import json
import sys
import time

import pandas as pd

started = time.perf_counter()
import statsmodels.formula.api as smf  # noqa: E402

imported = time.perf_counter() - started
data = pd.DataFrame()
for line in sys.stdin:
    request = json.loads(line)
    if request["do"] == "read":
        data = pd.read_csv(request["path"])
        print(json.dumps({"seconds": imported}), flush=True)
        continue
    parts = {name: f"0 + C({name})" for name in ("seed", "task_set", "language", "task")}
    started = time.perf_counter()
    smf.mixedlm("score ~ count", data, groups=[1] * len(data), vc_formula=parts, use_sparse=True).fit()
    print(json.dumps({"seconds": time.perf_counter() - started}), flush=True)
