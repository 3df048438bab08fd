"""Which of two constructs moves first? y on x of the wave before, of the same wave and of the wave after, together."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd

from helpers.stats.cluster_robust import linear_combinations
from helpers.stats.estimates import NotApplicable
from helpers.stats.panels import add_lags, lag_column
from helpers.stats.shared_shocks import in_groups, shared_shock_fit
from helpers.stats.two_way import TwoWayFit, two_way_fit
from helpers.stats.verdicts import claimed_limits

Limits = tuple[float, float]
STEPS = {1: "before", 0: "same", -1: "after"}


def chain_order(
    panel: pd.DataFrame,
    links: Sequence[tuple[str, str]],
    *,
    signs: Sequence[int] | None = None,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """
    Set y against x of the wave before, the same wave and the wave after.

    Parameters
    ----------
    panel : DataFrame, one row per entity and time
        ``entity``, integer ``time``, ``cluster`` and the constructs.
    links : sequence of (str, str)
        From x to y.
    signs : sequence of {1, -1}, optional
        Whether y is claimed to be higher or lower where x is higher; 1 for all by default.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, three rows per link
        ``x``, ``y``, ``step`` ("before", "same", "after": the wave of x against that of y), `ESTIMATE_COLUMNS` in SD of
        y per SD of x, both measured and free of the effects; ``order`` ("first", "last", "against", "same_wave",
        "unclear", see Notes). Links that these data do not bear are left out.

    Raises
    ------
    NotApplicable
        When none is left.

    Notes
    -----
    ``y_it = a_i + d_t + b_1 x_i,t-1 + b_0 x_it + b_-1 x_i,t+1 + e_it``, with effects of periods within each cluster
    where clusters are groups; CR2. With all b times the sign claimed, ``order`` is "first" where ``b_1`` and
    ``b_1 - b_-1`` lie above zero with their whole interval, "last" where ``b_-1`` and ``b_-1 - b_1`` do, else "against"
    where ``b_1`` or ``b_-1`` lies below zero, "same_wave" where neither lies above, and else "unclear". Luck in x of
    the same wave leaks into both neighbours alike, so that only their difference tells an order.

    References
    ----------
    C. Granger (1969), *Econometrica* 37(3), 424-438; J. Pustejovsky, E. Tipton (2018), *Journal of Business & Economic
    Statistics* 36(4), 672-683.
    """
    tables = []
    for (x, y), sign in zip(links, signs or [1] * len(links), strict=True):
        try:
            tables.append(_steps(panel, x, y, sign, conf_level))
        except NotApplicable:
            continue
    if not tables:
        raise NotApplicable("Which comes first needs three waves in a row of the same units.")
    return pd.concat(tables, ignore_index=True)


def _steps(panel: pd.DataFrame, x: str, y: str, sign: int, conf_level: float) -> pd.DataFrame:
    columns = [lag_column(x, step) for step in STEPS]
    rows = add_lags(panel[["entity", "time", "cluster", x, y]], [x], STEPS).dropna(subset=[y, *columns])
    fit = _fit(in_groups(rows, ("entity", "time")), y, columns)
    chosen = pd.DataFrame(np.vstack([np.eye(3), [1, 0, -1]]), index=[*columns, "difference"], columns=columns)
    table = linear_combinations(fit, chosen, conf_level=conf_level)
    before, _, after, ahead = (claimed_limits(row, sign) for row in table.to_dict("records"))
    order = _order(before, after, ahead)
    table = table.head(3)
    scale = fit.regressors.std(axis=0) / fit.outcome.std()
    figures = {column: table[column] * scale for column in ("estimate", "se", "ci_low", "ci_high")}
    return table.assign(**figures, x=x, y=y, step=list(STEPS.values()), order=order)


def _order(before: Limits, after: Limits, ahead: Limits) -> str:
    """Tell the order from the limits of the wave before, of the wave after and of their difference."""
    if before[0] > 0 and ahead[0] > 0:
        return "first"
    if after[0] > 0 and ahead[1] < 0:
        return "last"
    if before[1] < 0 or after[1] < 0:
        return "against"
    return "unclear" if before[0] > 0 or after[0] > 0 else "same_wave"


def _fit(rows: pd.DataFrame, y: str, columns: list[str]) -> TwoWayFit:
    if rows.empty:
        raise NotApplicable("Which comes first needs three waves in a row of the same units.")
    if rows["cluster"].nunique() < rows["entity"].nunique():
        return shared_shock_fit(rows, y, columns, cluster="cluster")
    return two_way_fit(rows, y, columns, cluster="cluster")
