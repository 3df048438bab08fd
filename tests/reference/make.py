"""Make the answers of the reference cases again: `python tests/reference/make.py [case …]`. Needs R, see README.md."""

import subprocess
import sys
from pathlib import Path

import pandas as pd

HERE = Path(__file__).parent


def grunfeld() -> pd.DataFrame:
    """Grunfeld's investment data as bundled with statsmodels: 11 firms, 1935-1954."""
    from statsmodels.datasets import grunfeld

    data = grunfeld.load_pandas().data.rename(columns={"firm": "entity", "year": "time"})
    return data.astype({"time": int})


def wage_holes() -> pd.DataFrame:
    """The first 60 persons of linearmodels' wage panel without every seventh row, so that the calendar has gaps."""
    from linearmodels.datasets import wage_panel

    data = wage_panel.load().rename(columns={"nr": "entity", "year": "time"})
    data = data[data["entity"].isin(data["entity"].drop_duplicates().head(60))].reset_index(drop=True)
    kept = data[(data.index * 5 + data["entity"]) % 7 != 0].copy()
    kept["group"] = kept["entity"] % 12
    return kept[["entity", "group", "time", "lwage", "hours", "union"]].astype({"time": int})


DATA = {
    "grunfeld_lags": grunfeld,
    "cross_section_dependence": grunfeld,
    "local_projections": grunfeld,
    "wage_holes": wage_holes,
}


def make(case: str) -> None:
    folder = HERE / case
    made = folder / "bundled.csv"
    if case in DATA:
        DATA[case]().to_csv(made, index=False)
    try:
        subprocess.run(["Rscript", "make.R"], cwd=folder, check=True)
    finally:
        made.unlink(missing_ok=True)


if __name__ == "__main__":
    for name in sys.argv[1:] or sorted(path.parent.name for path in HERE.glob("*/make.R")):
        make(name)
