"""Do two causes strengthen each other? The effect of their product on y, one lag later, within units.

x and z are standardised over the rows used, before they are multiplied: "0" is the average of all units and periods,
"1" one standard deviation above it. So the effect of x is the one at average z, and the *interaction* is what it gains
per standard deviation of z. A *corner* is a combination of low and high: one standard deviation below and above it.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.cluster_robust import linear_combinations
from helpers.stats.estimates import NotApplicable
from helpers.stats.lag_profile import require_clusters
from helpers.stats.panels import add_lags, lag_column, lagged_sample
from helpers.stats.power import least_detectable_effect
from helpers.stats.two_way import two_way_fit

X, Z, PRODUCT = "x", "z", "product"
CORNERS = {"low_low": (-1, -1), "high_low": (1, -1), "low_high": (-1, 1), "high_high": (1, 1)}
# A unit lies near a corner when both its values are this far out, in SD: half way there.
NEAR = 0.5
# A prediction where hardly any unit ever was is no finding of these data.
MIN_UNITS_AT_CORNER = 10
IN_SD = ("estimate", "se", "ci_low", "ci_high", "least_detectable")


@dataclass(frozen=True)
class JointSample:
    """Complete rows with ``x``, ``z`` (standardised, lagged) and ``product`` beside `y`, and the SD of all three."""

    rows: pd.DataFrame
    y: str
    sd_x: float
    sd_z: float
    sd_y: float


def joint_sample(panel: pd.DataFrame, *, x: str, z: str, y: str, lag: int) -> JointSample:
    """
    Rows on which y can be set against x and z of `lag` periods earlier.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x`, `z` and `y`; one row per entity and time.
    x, z, y : str
        Columns of the two causes claimed and the outcome.
    lag : int
        In periods.

    Returns
    -------
    JointSample

    Raises
    ------
    NotApplicable
        When no rows are left, or x or z is the same in all of them.
    """
    both = add_lags(panel, [z], [lag])
    together = both[y].where(both[lag_column(z, lag)].notna())
    rows, _ = lagged_sample(both.assign(**{y: together}), x=x, y=y, lags=[lag])
    if rows.empty:
        raise NotApplicable("{measures} are not seen together in enough periods.", measures=", ".join((x, z, y)))
    scaled = {}
    for name, column in ((X, x), (Z, z)):
        values = rows[lag_column(column, lag)]
        if not values.std() > 0:
            raise NotApplicable("{column} is the same in all units and periods.", column=column)
        scaled[name] = (values - values.mean()) / values.std()
    sds = {f"sd_{name}": float(rows[lag_column(column, lag)].std()) for name, column in ((X, x), (Z, z))}
    table = rows.assign(**scaled, **{PRODUCT: scaled[X] * scaled[Z]})
    return JointSample(table, y, **sds, sd_y=float(rows[y].std()))


def interaction_effects(sample: JointSample, *, cluster: str | None = None, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Effects of x, z and their product on y by two-way fixed effects, and y at the four corners.

    Parameters
    ----------
    sample : JointSample
        With N entities.
    cluster : str, optional
        Column of the clusters, each holding whole entities. Default: ``entity``.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (7, 17)
        `ESTIMATE_COLUMNS` for the terms ``x``, ``z``, ``product`` (in the unit of y per SD, at the average of the
        other) and the `CORNERS`: y there minus y at average x and z. ``least_detectable``; all `IN_SD` once more in SD
        of y (``estimate_sd`` …); ``n_units`` near the corner (empty for effects), whose estimate is empty below
        `MIN_UNITS_AT_CORNER`. ``attrs`` hold sd_x, sd_z, sd_y, n_entities, correlation (of x and z), first_period and
        last_period (times).

    Raises
    ------
    NotApplicable
        With too few clusters, or when x, z or their product does not vary within units.

    Notes
    -----
    ``y_it = a_i + d_t + b_x x_i,t-l + b_z z_i,t-l + b_xz x_i,t-l z_i,t-l + e_it``, errors CR2 with Satterthwaite df.
    The product of levels is demeaned, not the product of deviations: it also uses how an effect *within* units differs
    between units of high and low level (see `within_product`).

    References
    ----------
    L. Aiken, S. West (1991), *Multiple Regression: Testing and Interpreting Interactions*; M. Giesselmann, A.
    Schmidt-Catran (2022), *Sociological Methods & Research* 51(3), 1100-1127.
    """
    rows = sample.rows
    require_clusters(rows[cluster or "entity"].nunique())
    fit = two_way_fit(rows, sample.y, [X, Z, PRODUCT], cluster=cluster)
    weights = {X: (1, 0, 0), Z: (0, 1, 0), PRODUCT: (0, 0, 1)}
    weights |= {corner: (a, b, a * b) for corner, (a, b) in CORNERS.items()}
    combinations = pd.DataFrame(weights, index=[X, Z, PRODUCT], dtype=float).T
    table = in_sd_of_y(linear_combinations(fit, combinations, conf_level=conf_level), sample.sd_y)
    table["n_units"] = [np.nan if term not in CORNERS else _units_near(rows, *CORNERS[term]) for term in table["term"]]
    empty = table["n_units"] < MIN_UNITS_AT_CORNER
    figures = [column for column in table if column.startswith(("estimate", "se", "ci_", "least", "p_value"))]
    table.loc[empty, figures] = np.nan
    table.attrs = {"sd_x": sample.sd_x, "sd_z": sample.sd_z, "sd_y": sample.sd_y}
    table.attrs |= {"n_entities": int(rows["entity"].nunique()), "correlation": float(rows[X].corr(rows[Z]))}
    table.attrs |= {"first_period": int(rows["time"].min()), "last_period": int(rows["time"].max())}
    return table


def in_sd_of_y(table: pd.DataFrame, sd: float) -> pd.DataFrame:
    """Add ``least_detectable``, and `IN_SD` once more divided by the SD of y (``estimate_sd``, …)."""
    least = least_detectable_effect(table["se"], table["df"], conf_level=table["conf_level"].max())
    table = table.assign(least_detectable=least)
    return table.assign(**{f"{column}_sd": table[column] / sd for column in IN_SD})


def _units_near(rows: pd.DataFrame, side_x: int, side_z: int) -> int:
    near = (side_x * rows[X] > NEAR) & (side_z * rows[Z] > NEAR)
    return int(rows.loc[near, "entity"].nunique())
