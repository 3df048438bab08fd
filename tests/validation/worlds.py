"""One simulated company, from its answers to its verdicts: what the notebooks would say, beside what is true."""

from __future__ import annotations

import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from helpers.datasets.dataset import open_dataset
from helpers.datasets.demo import Truth, make_demo
from helpers.datasets.panels import quartile_frame, unit_panel
from helpers.stats.lag_profile import lag_profile, lag_row
from helpers.stats.quartiles import quartile_gaps
from helpers.stats.verdicts import gap_verdicts, lag_verdict

CLAIMED_LAG = 2
N_BOOT = 499
SMALLEST_EFFECT = 0.1


def look(world: str, truth: Truth, seed: int, scale: float) -> pd.DataFrame:
    """
    Make a company, score its answers, and estimate as the notebooks 02 and 04 do.

    Parameters
    ----------
    world : str
        Name put into the answer.
    truth : Truth
    seed : int
    scale : float
        Size of the company.

    Returns
    -------
    DataFrame
        ``world``, ``seed``, ``quantity``, ``estimate``, ``se``, ``ci_low``, ``ci_high``, ``verdict``, ``because``,
        ``expected``: the gap in expected outcomes between the same units, without the noise of the outcomes.
    """
    with tempfile.TemporaryDirectory(prefix="excx-validate-") as folder:
        dataset = open_dataset(make_demo(Path(folder) / "company", truth, seed=seed, scale=scale))
        expected = pd.read_parquet(dataset.folder / "truth" / "expected.parquet")
        rows = pd.concat([_lag(dataset), _gaps(dataset, expected, np.random.default_rng(seed))])
    return rows.assign(world=world, seed=seed)


def _lag(dataset) -> pd.DataFrame:
    panel = unit_panel(dataset, ["enps", "nps"])
    forward = lag_profile(panel, x="enps", y="nps")
    verdict = lag_verdict(forward, lag=CLAIMED_LAG, smallest_effect=SMALLEST_EFFECT)
    row = lag_row(forward, CLAIMED_LAG)
    kept = {name: row[name] for name in ("estimate", "se", "ci_low", "ci_high")}
    return pd.DataFrame([kept | {"quantity": "lag 2", "verdict": verdict.verdict, "because": verdict.because}])


def _gaps(dataset, expected: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    frame = quartile_frame(dataset)
    gaps = gap_verdicts(quartile_gaps(frame, rng=rng, n_boot=N_BOOT), smallest_effect=SMALLEST_EFFECT)
    truths = _expected_gaps(frame, expected)
    kept = gaps[gaps["scale"].isin(["raw", "percent"]) & gaps["estimate"].notna()]
    quantity = kept["outcome"] + " gap, " + kept["scale"]
    columns = ["estimate", "se", "ci_low", "ci_high", "verdict", "because"]
    return kept[columns].assign(quantity=quantity, expected=quantity.map(truths))


def _expected_gaps(frame: pd.DataFrame, expected: pd.DataFrame) -> dict[str, float]:
    """Gap in expected outcomes between the units that the estimator puts into its quartiles."""
    known = frame.dropna(subset=["engagement", "value"])
    truth = expected.rename(columns={"unit_id": "entity", "measure": "outcome"})
    units = known.merge(truth, on=["entity", "period", "outcome"], how="inner", validate="one_to_one")
    gaps = {}
    for outcome, rows in units.groupby("outcome"):
        low, high = np.quantile(rows["engagement"], [0.25, 0.75])
        top = rows.loc[rows["engagement"] >= high, "expected"].mean()
        bottom = rows.loc[rows["engagement"] <= low, "expected"].mean()
        gaps |= {f"{outcome} gap, raw": top - bottom, f"{outcome} gap, percent": 100 * (top / bottom - 1)}
    return gaps
