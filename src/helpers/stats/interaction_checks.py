"""What an interaction may be besides one: curvature, differences between units, and a weak product of noisy scores."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd

from helpers.stats.cluster_robust import linear_combinations
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.interaction import PRODUCT, JointSample, X, Z, in_sd_of_y
from helpers.stats.shared_shocks import shared_shock_fit
from helpers.stats.two_way import TwoWayFit, free_of_effects, two_way_fit

SQUARES = ("x_squared", "z_squared")
CHECKS = ("headline", "beside_squares", "within_units", "shared_shocks")


def interaction_checks(sample: JointSample, *, cluster: str | None = None, conf_level: float = 0.95) -> pd.DataFrame:
    """
    The interaction under other choices.

    Parameters
    ----------
    sample : JointSample
        From `interaction.joint_sample`.
    cluster : str, optional
        Column of the clusters, each holding whole entities. Default: ``entity``.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DataFrame, shape (4, 17)
        `ESTIMATE_COLUMNS` (``term`` is always ``product``), ``least_detectable``, both in SD of y too, and ``variant``:
        ``headline``; ``beside_squares`` (x² and z² beside it, which a curved effect of correlated x and z would need);
        ``within_units`` (product of deviations from the unit's own means); ``shared_shocks`` (effects of each period
        within each cluster). One that these data do not bear is empty.

    References
    ----------
    Y. Ganzach (1997), *Psychological Methods* 2(3), 235-247 (squares); M. Giesselmann, A. Schmidt-Catran (2022),
    *Sociological Methods & Research* 51(3), 1100-1127 (deviations).
    """
    rows = sample.rows
    squared = rows.assign(x_squared=rows[X] ** 2, z_squared=rows[Z] ** 2)
    means = rows.groupby("entity")[[X, Z]].transform("mean")
    deviations = (rows[X] - means[X]) * (rows[Z] - means[Z])
    recipes = {
        "headline": (rows, (), two_way_fit),
        "beside_squares": (squared, SQUARES, two_way_fit),
        "within_units": (rows.assign(**{PRODUCT: deviations}), (), two_way_fit),
        "shared_shocks": (rows, (), shared_shock_fit),
    }
    found = [
        _variant(table, sample.y, beside, partial(fit, cluster=cluster), conf_level).assign(variant=variant)
        for variant, (table, beside, fit) in recipes.items()
    ]
    return in_sd_of_y(pd.concat(found, ignore_index=True), sample.sd_y)


def product_reliability(sample: JointSample, panel: pd.DataFrame, *, x: str, z: str, lag: int) -> dict[str, float]:
    """
    Share of the movement of x, of z and of their product within units that is not sampling error.

    Parameters
    ----------
    sample : JointSample
    panel : DataFrame, shape (n, ...)
        With the standard errors of the scores as ``<x>_se`` and ``<z>_se``.
    x, z : str
    lag : int
        In periods.

    Returns
    -------
    dict
        ``x``, ``z``, ``product``, from 0 to 1.

    Raises
    ------
    NotApplicable
        When the errors of x or z are not known.

    Notes
    -----
    With s the standard errors in SD, the error of a product of measured x and z has the variance
    ``x² s_z² + z² s_x² - s_x² s_z²``, given that errors are independent. A reliability is 1 minus the mean of the error
    variances, times the share of rows that both effects leave, over the variance that is left. An interaction is
    attenuated by about that share, so it needs far larger samples than an effect of x alone.

    References
    ----------
    G. Bohrnstedt, A. Goldberger (1969), *Journal of the American Statistical Association* 64(328), 1439-1442 (variance
    of products); G. Bohrnstedt, G. Marwell (1978), *Sociological Methodology* 9, 254-273.
    """
    rows, noise = sample.rows, {}
    for name, column, sd in ((X, x, sample.sd_x), (Z, z, sample.sd_z)):
        errors = _lagged_errors(rows, panel, f"{column}_se", lag)
        if errors is None:
            raise NotApplicable("The sampling errors of {x} are not known.", x=column)
        noise[name] = (errors.to_numpy() / sd) ** 2
    noise[PRODUCT] = rows[X] ** 2 * noise[Z] + rows[Z] ** 2 * noise[X] - noise[X] * noise[Z]
    left = 1 - (rows["entity"].nunique() + rows["time"].nunique() - 1) / len(rows)
    free = (free_of_effects(rows, [X, Z, PRODUCT]) ** 2).mean()
    return {name: max(0.0, 1 - float(np.nanmean(noise[name])) * left / float(free[name])) for name in noise}


def _variant(
    rows: pd.DataFrame, y: str, beside: tuple[str, ...], fit: Callable[..., TwoWayFit], conf_level: float
) -> pd.DataFrame:
    columns = [X, Z, PRODUCT, *beside]
    try:
        fitted = fit(rows, y, columns)
    except NotApplicable:
        return pd.DataFrame([dict.fromkeys(ESTIMATE_COLUMNS, np.nan) | {"term": PRODUCT, "conf_level": conf_level}])
    chosen = pd.DataFrame([[float(name == PRODUCT) for name in columns]], index=[PRODUCT], columns=columns)
    return linear_combinations(fitted, chosen, conf_level=conf_level)


def _lagged_errors(rows: pd.DataFrame, panel: pd.DataFrame, column: str, lag: int) -> pd.Series | None:
    if column not in panel or panel[column].isna().all():
        return None
    moved = panel[["entity", "time", column]].assign(time=panel["time"] + lag)
    merged = rows[["entity", "time"]].merge(moved, on=["entity", "time"], how="left")
    return merged[column] if merged[column].notna().any() else None
