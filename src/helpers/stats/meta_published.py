"""What can be worked out from the few figures that are published of a meta-analysis, and what those come to."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.stats.bare_bones import sampling_variance


def recomputed(published: pd.DataFrame) -> pd.DataFrame:
    """
    Work out what published means of correlations imply.

    Parameters
    ----------
    published : DataFrame, one row per outcome
        ``observed`` and ``corrected`` (mean correlations), ``k`` (studies), ``n`` (units in all); NaN where unknown.

    Returns
    -------
    DataFrame
        `published` with ``factor`` (what artifacts leave: observed / corrected), ``sd_chance`` (SD of observed
        correlations of studies of n / k units if chance alone set them apart) and ``se_least`` (standard error of their
        mean then, the least it can be). NaN where the figures for it are not published.

    Notes
    -----
    ``sd_chance = (1 - r²) / sqrt(n / k - 1)``, ``se_least = sd_chance / sqrt(k)``.

    References
    ----------
    F. Schmidt, J. Hunter (2015), *Methods of Meta-Analysis*, 3rd ed., ch. 3.
    """
    table = published.copy()
    table["factor"] = table["observed"] / table["corrected"]
    size = (table["n"] / table["k"]).where(table["n"] > table["k"])
    table["sd_chance"] = np.sqrt(sampling_variance(table["observed"], size))
    table["se_least"] = table["sd_chance"] / np.sqrt(table["k"])
    return table


def besd_correlation(ratio: float) -> float:
    """
    Correlation of which a ratio of success rates is the binomial effect size display: (ratio - 1) / (ratio + 1).

    Raises
    ------
    ValueError
        For a ratio that is not above 0.
    """
    if not ratio > 0:
        raise ValueError(f"ratio must be above 0; found {ratio}.")
    return (ratio - 1) / (ratio + 1)
