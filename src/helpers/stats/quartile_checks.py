"""The quartile gap looked at in other ways, one row per outcome and check, in SD of all units."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

HEADLINE, SLOPE = "headline", "slope"
CHECKS = (HEADLINE, "pooled", "same_wave", "by_n", "by_precision", SLOPE, "adjusted")


def gap_checks(headline: pd.DataFrame, others: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """
    Put the gap beside what other cuts, weights and models give.

    Parameters
    ----------
    headline : DataFrame
        ``outcome``, ``scale``, ``estimate``, ``ci_low``, ``ci_high`` and ``verdict``, see `verdicts.gap_verdicts`.
    others : mapping of check to DataFrame
        The same columns by a name in `CHECKS`.

    Returns
    -------
    DataFrame, one row per outcome and check, ...
        Rows of scale "sd" with ``check`` and ``agrees``: whether the verdict is that of the headline (NA without an
        interval). Sorted by outcome and check; rows without an estimate are left out.

    Raises
    ------
    ValueError
        For a check that is not in `CHECKS`.

    References
    ----------
    D. Campbell, D. Kenny (1999), *A Primer on Regression Artifacts*, ch. 3 (extreme groups cut on a noisy measure).
    """
    unknown = [name for name in others if name not in CHECKS]
    if unknown:
        raise ValueError(f"others must be among {', '.join(CHECKS)}; found {', '.join(unknown)}.")
    tables = {HEADLINE: headline, **others}
    rows = pd.concat([table[table["scale"] == "sd"].assign(check=name) for name, table in tables.items()])
    rows["check"] = pd.Categorical(rows["check"], CHECKS, ordered=True)
    rows = rows[rows["estimate"].notna()].sort_values(["outcome", "check"], ignore_index=True)
    said = headline.drop_duplicates("outcome").set_index("outcome")["verdict"]
    agrees = (rows["verdict"] == rows["outcome"].map(said)).astype("boolean")
    has_interval = rows["ci_low"].notna()
    return rows.assign(check=rows["check"].astype("str"), agrees=agrees.where(has_interval))


def without_interval(gaps: pd.DataFrame, estimate: pd.Series) -> pd.DataFrame:
    """Put another estimate in the place of a gap, with no interval of its own."""
    return gaps.assign(estimate=estimate, se=np.nan, df=np.nan, ci_low=np.nan, ci_high=np.nan)


def in_sd(adjusted: pd.DataFrame, gaps: pd.DataFrame) -> pd.DataFrame:
    """
    Put gaps in outcome units on the scales raw and sd.

    Parameters
    ----------
    adjusted : DataFrame
        Answer of `quartile_contrasts.adjusted_gaps`.
    gaps : DataFrame
        Answer of `quartiles.quartile_gaps`: the SD of all units, and which end is better.

    Returns
    -------
    DataFrame, shape (outcomes * 2, ...)
        `adjusted` with ``scale`` and ``higher_is_better``.
    """
    about = gaps.drop_duplicates("outcome").set_index("outcome")
    sd = adjusted["outcome"].map(about["sd"])
    better = adjusted["outcome"].map(about["higher_is_better"]).astype(bool)
    figures = ["estimate", "se", "ci_low", "ci_high"]
    scaled = adjusted.assign(**{name: adjusted[name] / sd for name in figures}, scale="sd")
    return pd.concat([adjusted.assign(scale="raw"), scaled], ignore_index=True).assign(
        higher_is_better=[*better, *better]
    )
