"""Who answered, and what weighting for it changes.

*Before* is the estimate from the answers as they came, *after* the one with weights from `weighting`. The difference is
told with its own error: both rest on the same answers. It shows non-response that the strata explain, and no other.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.alignment import check_known, check_same_rows, check_weights
from helpers.stats.estimates import NotApplicable, check_conf_level
from helpers.stats.intervals import score_intervals
from helpers.stats.nps import adjusted_wald
from helpers.stats.weighting import response_cells

KINDS = ("nps", "mean")
# Share of the squared mean below which a variance is rounding: all answers were alike.
NO_VARIANCE = 1e-12


def response_by_stratum(
    answers: pd.DataFrame, invited: pd.DataFrame, strata: Sequence[str], *, conf_level: float = 0.95
) -> pd.DataFrame:
    """
    Response rate of each stratum.

    Parameters
    ----------
    answers : DataFrame, one row per answer
        The `strata`.
    invited : DataFrame
        The `strata` and ``n_invited``.
    strata : sequence of str
        Columns.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, one row per stratum
        The strata, ``n``, ``n_invited``, ``estimate`` (0 to 1), ``ci_low``, ``ci_high`` (Wilson), ``conf_level``,
        ``share_answers`` and ``share_invited`` of all.

    Raises
    ------
    NotApplicable
        Where more people answered than were invited.
    """
    cells = response_cells(answers, invited, list(strata))
    rates = cells.assign(
        kind="rate", estimate=cells["n"] / cells["n_invited"], n_effective=cells["n_invited"], se=np.nan
    )
    table = score_intervals(rates, conf_level=conf_level).drop(columns=["kind", "n_effective", "se"])
    shares = {f"share_{to}": table[of] / table[of].sum() for to, of in (("answers", "n"), ("invited", "n_invited"))}
    return table.assign(**shares)


def weighting_effect(
    answers: pd.DataFrame,
    weights: pd.Series,
    *,
    value: str,
    kind: str,
    margins: Sequence[str] | None = None,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """
    Estimate before and after weighting, and the change.

    Parameters
    ----------
    answers : DataFrame, one row per answer
        `value` (missing: dropped) and the `margins`.
    weights : Series, shape (answers,)
        Above zero, with the index of `answers`.
    value : str
        Column: 100, 0 or -100 for an NPS, any number for a mean.
    kind : {"nps", "mean"}
    margins : sequence of str, optional
        Columns that the weights were fitted to; for post-stratification one column, the cell. Without them the weights
        count as known.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (3, 9)
        ``term`` ("before", "after", "change"), ``estimate``, ``se``, ``df``, ``ci_low``, ``ci_high``, ``conf_level``,
        ``n``, ``weights`` ("known", "fitted").

    Raises
    ------
    ValueError
        For an unknown kind, a weight that is not positive, weights with another index, or an unknown margin.
    NotApplicable
        With fewer than two answers.

    Notes
    -----
    An answer's linearised value is ``(y - mean) / n`` before and ``w e / Σw`` after, and the difference of the two for
    the change; ``se² = n / (n - 1) Σ z²``. e is the deviation from the weighted mean where weights are known, else the
    residual of the weighted regression of y on dummies of the margins: fitting takes out what the margins explain.
    Intervals of an NPS are adjusted Wald at ``n / design_effect``; those of a mean and of the change t(n - 1).

    References
    ----------
    J. Deville, C. Särndal, O. Sautory (1993), Generalized Raking Procedures in Survey Sampling, *JASA* 88, 1013-1020.
    """
    check_conf_level(conf_level)
    check_same_rows("weights", weights, answers)
    known, own = (table[answers[value].notna().to_numpy()] for table in (answers, weights))
    _check(kind, own)
    check_known(known, list(margins or ()))
    y, w = known[value].to_numpy(float), own.to_numpy(float)
    n, after = len(y), float(w @ y / w.sum())
    residuals = y - after if margins is None else _residuals(known[list(margins)], y, w)
    before_z, after_z = (y - y.mean()) / n, w * residuals / w.sum()
    rows = pd.DataFrame({"term": ["before", "after", "change"], "estimate": [y.mean(), after, after - y.mean()]})
    rows["se"] = [np.sqrt(n / (n - 1) * (z**2).sum()) for z in (before_z, after_z, after_z - before_z)]
    half = stats.t.ppf(0.5 + conf_level / 2, n - 1) * rows["se"]
    rows = rows.assign(df=n - 1, ci_low=rows["estimate"] - half, ci_high=rows["estimate"] + half)
    if kind == "nps":
        limits = [_nps_limits(y, own, se, conf_level) for own, se in zip((np.ones(n), w), rows["se"], strict=False)]
        rows.loc[[0, 1], ["ci_low", "ci_high"]] = np.array(limits)
    elif not rows["se"].iloc[0] > 0:
        rows.loc[[0, 1], ["ci_low", "ci_high"]] = np.nan
    return rows.assign(conf_level=conf_level, n=n, weights="known" if margins is None else "fitted")


def _nps_limits(y: np.ndarray, w: np.ndarray, se: float, conf_level: float) -> tuple[float, float]:
    p, d = ((w * (y == answer)).sum() / w.sum() for answer in (100, -100))
    spread, kish = p + d - (p - d) ** 2, len(w) * (w**2).sum() / w.sum() ** 2
    effect = (len(y) - 1) * (se / 100) ** 2 / spread if spread > NO_VARIANCE and se > 0 else kish
    return adjusted_wald(p, d, len(y) / effect, conf_level=conf_level)


def _residuals(margins: pd.DataFrame, y: np.ndarray, w: np.ndarray) -> np.ndarray:
    design = np.hstack([pd.get_dummies(margins[name].astype(str)).to_numpy(float) for name in margins])
    root = np.sqrt(w)
    return y - design @ np.linalg.lstsq(design * root[:, None], y * root)[0]


def _check(kind: str, weights: pd.Series) -> None:
    if kind not in KINDS:
        raise ValueError(f"kind must be one of {', '.join(KINDS)}; found {kind!r}.")
    if len(weights) < 2:
        raise NotApplicable("Weighting needs two answers; found {found}.", found=len(weights))
    check_weights(weights)
