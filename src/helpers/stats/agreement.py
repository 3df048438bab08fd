"""Do people of one unit agree, and do units differ? ICC(1), ICC(2), r_wg and the answers that a unit needs.

ICC(1) is the share of the variance of answers that lies between units; ICC(2) the reliability of the mean of a unit of
average size. r_wg looks at one unit: how much less its answers vary than answers given at random would.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.alignment import check_same_rows
from helpers.stats.estimates import NotApplicable, check_conf_level
from helpers.stats.reliability import RELIABLE, spearman_brown

# Answers to a five-point item by people who lean a little to the friendly side (James, Demaree and Wolf 1984).
SLIGHT_SKEW = (0.05, 0.15, 0.20, 0.35, 0.25)
NULLS = ("uniform", "slightly_skewed")


def icc(answers: pd.DataFrame, *, value: str, unit: str, conf_level: float = 0.95) -> pd.DataFrame:
    """
    ICC(1) and ICC(2) of answers within units, from one-way analysis of variance.

    Parameters
    ----------
    answers : DataFrame, one row per answer
        `value` (missing: dropped) and `unit`.
    value, unit : str
        Columns.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (2, 12)
        ``term`` ("icc1", "icc2"), ``estimate``, ``ci_low``, ``ci_high``, ``conf_level``, ``n``, ``n_clusters`` (units),
        ``size`` (average), ``ms_between``, ``ms_within``, ``f``, ``p_value`` (no differences between units). ICC(1)
        below zero is left as it is: units differ less than chance alone would make them.

    Raises
    ------
    NotApplicable
        With a single unit, one answer in each, or no differences within units.

    Notes
    -----
    ``size = (N - Σn²/N) / (G - 1)``, ``icc1 = (MSB - MSW) / (MSB + (size - 1) MSW)``, ``icc2 = (MSB - MSW) / MSB``. For
    the interval the means of units count equally, at their harmonic size h (Thomas and Hultquist): with
    ``F = h var(means) / MSW``, the ratio of variances lies between ``(F / F_upper - 1) / h`` and
    ``(F / F_lower - 1) / h``.

    References
    ----------
    P. Bliese (2000), in *Multilevel Theory, Research, and Methods in Organizations*, 349-381; J. Thomas, R. Hultquist
    (1978), *Annals of Statistics* 6(3), 582-587.
    """
    check_conf_level(conf_level)
    by_unit = answers.dropna(subset=[value]).groupby(unit)[value]
    n, means = by_unit.size().to_numpy(float), by_unit.mean().to_numpy(float)
    total, df = n.sum(), (len(n) - 1, n.sum() - len(n))
    _check_units(len(n), df[1])
    within = float((by_unit.var(ddof=1).fillna(0).to_numpy() * (n - 1)).sum() / df[1])
    if not within > 0:
        raise NotApplicable("Within units all answers are alike, so there is no error to compare with.")
    between = float((n * (means - (n @ means) / total) ** 2).sum() / df[0])
    size, harmonic = (total - (n**2).sum() / total) / df[0], len(n) / (1 / n).sum()
    level, f = 0.5 + conf_level / 2, harmonic * means.var(ddof=1) / within
    ratios = [(f / stats.f.ppf(q, *df) - 1) / harmonic for q in (level, 1 - level)]
    rows = {"icc1": [(between - within) / (between + (size - 1) * within), *(r / (1 + r) for r in ratios)]}
    rows["icc2"] = [1 - within / between if between > 0 else -np.inf, *(_of_mean(r, size) for r in ratios)]
    table = pd.DataFrame(rows, index=["estimate", "ci_low", "ci_high"]).T.rename_axis("term").reset_index()
    table = table.assign(conf_level=conf_level, n=int(total), n_clusters=len(n), size=size)
    f_test = between / within
    return table.assign(ms_between=between, ms_within=within, f=f_test, p_value=stats.f.sf(f_test, *df))


def answers_needed(iccs: pd.DataFrame, *, reliability: float = RELIABLE) -> pd.DataFrame:
    """
    Answers that a unit needs for its mean to have a given reliability.

    Parameters
    ----------
    iccs : DataFrame
        As `icc` gives it.
    reliability : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (1, 5)
        ``term`` ("answers_needed"), ``estimate``, ``ci_low``, ``ci_high`` (infinite where ICC(1) may be zero),
        ``reliability``. Not rounded.

    Raises
    ------
    ValueError
        For a reliability outside (0, 1).
    NotApplicable
        Where ICC(1) is not above zero.

    Notes
    -----
    `reliability.spearman_brown` solved for the length: ``r / (1 - r) · (1 - icc1) / icc1``.
    """
    if not 0 < reliability < 1:
        raise ValueError(f"reliability must lie between 0 and 1; found {reliability}.")
    row = iccs[iccs["term"] == "icc1"].iloc[0]
    if row["estimate"] <= 0:
        raise NotApplicable("Units do not differ beyond chance, so no number of answers makes their figures reliable.")
    odds = reliability / (1 - reliability)
    needed = {to: odds * (1 - row[of]) / row[of] if row[of] > 0 else np.inf for to, of in _TURNED.items()}
    return pd.DataFrame([{"term": "answers_needed", **needed, "reliability": reliability}])


def within_group_agreement(
    items: pd.DataFrame, unit: pd.Series, *, n_options: int, null: str = "uniform"
) -> pd.DataFrame:
    """
    r_wg of one item or r_wg(j) of several, for each unit.

    Parameters
    ----------
    items : DataFrame, shape (people, j)
        Answers 1 to `n_options`, all turned the same way; people who left an item out are not counted.
    unit : Series, shape (people,)
        Unit of each row, with the index of `items`.
    n_options : int
        Answers that an item offers.
    null : {"uniform", "slightly_skewed"}
        How people would answer at random: every option alike, or leaning a little to the friendly side.

    Returns
    -------
    DataFrame, one row per unit
        ``unit``, ``estimate`` (0 to 1; missing with one answer), ``n``, ``n_items``, ``null``, ``null_variance``.

    Raises
    ------
    ValueError
        For another null, fewer than two options, or units with another index.
    NotApplicable
        For a slightly skewed null with another number of options than five.

    Notes
    -----
    With s² the mean variance of the items (n - 1) and σ² that of the null, ``q = 1 - s²/σ²`` and
    ``r_wg(j) = j q / (j q + s²/σ²)``; 0 where answers vary more than at random. σ² is ``(A² - 1) / 12`` for the uniform
    null and 1.34 for the slightly skewed one. r_wg(j) grows with j: with many items it is high for any unit.

    References
    ----------
    L. James, R. Demaree, G. Wolf (1984), *Journal of Applied Psychology* 69(1), 85-98.
    """
    expected, j = null_variance(n_options, null), items.shape[1]
    check_same_rows("unit", unit, items)
    complete = items.notna().all(axis=1).to_numpy()
    by_unit = items[complete].reset_index(drop=True).groupby(unit[complete].reset_index(drop=True))
    share = by_unit.var(ddof=1).mean(axis=1, skipna=False) / expected
    agreement = spearman_brown(1 - share, j).where(share < 1, 0.0).where(share.notna())
    table = pd.DataFrame({"estimate": agreement, "n": by_unit.size()}).rename_axis("unit").reset_index()
    return table.assign(n_items=j, null=null, null_variance=expected)


def null_variance(n_options: int, null: str) -> float:
    """Variance of answers 1 to `n_options` given at random, see `within_group_agreement`."""
    if null not in NULLS:
        raise ValueError(f"null must be one of {', '.join(NULLS)}; found {null!r}.")
    if n_options < 2:
        raise ValueError(f"n_options must be 2 or more; found {n_options}.")
    if null == "uniform":
        return (n_options**2 - 1) / 12
    if n_options != len(SLIGHT_SKEW):
        raise NotApplicable("The slightly skewed null is known for items of 5 options; these have {n}.", n=n_options)
    options = np.arange(1, len(SLIGHT_SKEW) + 1)
    return float(options**2 @ np.array(SLIGHT_SKEW) - (options @ np.array(SLIGHT_SKEW)) ** 2)


# More differences between units mean fewer answers, so the bounds change places.
_TURNED = {"estimate": "estimate", "ci_low": "ci_high", "ci_high": "ci_low"}


def _of_mean(ratio: float, size: float) -> float:
    """Reliability of a mean of `size` answers, from the ratio of the variances between and within units."""
    return size * ratio / (1 + size * ratio) if size * ratio > -1 else -np.inf


def _check_units(n_units: int, df_within: float) -> None:
    if n_units < 2:
        raise NotApplicable("Comparing units needs two of them; found {found}.", found=n_units)
    if df_within < 1:
        raise NotApplicable("Every unit has one answer, so agreement within units cannot be told.")
