"""Set before anything loads: one thread a process, as two of them share two cores, and no kept analyses."""

import os

for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ[name] = "1"
os.environ["XSTATS_CACHE"] = "off"  # a test sees the code, not what an earlier run of it gave
