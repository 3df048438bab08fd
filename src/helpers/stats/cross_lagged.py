"""Do changes of x within a unit come before changes of y, or the other way round? Both ways in one model.

The cross-lagged panel model with random intercepts splits each series into a lasting level of the unit and what moves
around it, and lets the moving parts act on each other. Unlike fixed effects by least squares it has no bias of short
panels, and unlike difference GMM it uses the levels; the price is many units in few waves, all of them seen throughout.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.cross_lagged_fit import Fit, fit_covariance, jackknife, scaling
from helpers.stats.cross_lagged_model import Model, X, Y
from helpers.stats.cross_lagged_waves import Waves, complete_waves
from helpers.stats.estimates import NotApplicable, check_conf_level, with_intervals
from helpers.stats.lag_profile import IN_SD, in_sd, sd_ratio
from helpers.stats.own_past import whole_responses

PATHS = {"forward": (Y, X), "reverse": (X, Y), "own x": (X, X), "own y": (Y, Y)}
ERRORS = ("jackknife", "information")


def cross_lagged(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    lag: int = 1,
    conf_level: float = 0.95,
    cluster: str | None = None,
    errors: str = "jackknife",
) -> pd.DataFrame:
    """
    Effects of x on y and of y on x over time within units, beside lasting levels of each.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x`, `y` and `cluster` if named.
    x, y : str
        Columns of the cause claimed and the outcome.
    lag : int
        Lag claimed, in periods, 1 or more; the model holds all lags up to it, of both, both ways.
    conf_level : float
        Between 0 and 1.
    cluster : str, optional
        Column of the clusters, each holding whole entities, such as the country of teams. Default: ``entity``.
    errors : {"jackknife", "information"}
        Errors from leaving out each cluster and χ² after Satorra and Bentler; or what holds when all units are normal,
        alike and independent, as other programs print.

    Returns
    -------
    DataFrame, shape (5 lag, 18)
        `ESTIMATE_COLUMNS` for ``forward lag 1``, … (x on y), ``reverse lag 1``, … (y on x), ``own x lag 1``, …,
        ``own y lag 1``, …, ``response lag 1``, … (of y to x, see `own_past.whole_responses`), in points per point; df
        is clusters - 1; ``path``, ``lag``, ``least_detectable``, in SD ``estimate_sd`` and so on. ``attrs`` hold x, y,
        lag, errors, n_entities, n_left_out (units not seen in all waves), periods, sd_ratio, level_correlation, and
        fit: chi2, df, scaling, p_value (of chi2 / scaling) and rmsea.

    Raises
    ------
    ValueError
        For a lag below 1, other errors than those named, or an entity in two clusters.
    NotApplicable
        With fewer than lag + 2 waves, a wave missing in between, fewer than `cross_lagged_waves.UNITS_PER_WAVE` units
        per wave, too few clusters, x and y that do not vary, no solution, or one with impossible variances.

    Notes
    -----
    ``x_it = a_t + κ_i + p_it``, ``y_it = b_t + ω_i + q_it``, and after the first `lag` waves, whose p and q covary
    freely, ``p_it = Σ_l (own_x_l p_i,t-l + reverse_l q_i,t-l) + u_it``, ``q_it = Σ_l (own_y_l q_i,t-l + forward_l
    p_i,t-l) + v_it``; paths and shocks are the same in all waves, levels (κ, ω) and shocks (u, v) may correlate. What
    x and y share within a period is in the shocks.

    References
    ----------
    E. Hamaker, R. Kuiper, R. Grasman (2015), *Psychological Methods* 20(1), 102-116; J. Mulder, E. Hamaker (2021),
    *Structural Equation Modeling* 28(4), 638-648.
    """
    check_conf_level(conf_level)
    if lag < 1:
        raise ValueError(f"lag must be 1 or more; found {lag}. Effects within a period are in the shocks.")
    if errors not in ERRORS:
        raise ValueError(f"errors must be one of {', '.join(ERRORS)}; found {errors!r}.")
    waves = complete_waves(panel, x=x, y=y, lag=lag, cluster=cluster)
    model = Model(len(waves.periods), lag)
    fit = _proper_fit(model, waves, x=x, y=y)
    ratio = sd_ratio(panel, x=x, y=y)
    table = _in_sd(with_intervals(_effects(model, waves, fit, errors), conf_level), ratio)
    table.attrs = {"x": x, "y": y, "lag": lag, "errors": errors, "n_entities": len(waves.centred)}
    table.attrs |= {"n_left_out": waves.n_left_out, "periods": waves.periods, "sd_ratio": ratio}
    levels = model.levels(fit.parameters)
    table.attrs["level_correlation"] = float(levels[X, Y] / np.sqrt(levels[X, X] * levels[Y, Y]))
    table.attrs["fit"] = _goodness(model, waves, fit, errors)
    return table


def _proper_fit(model: Model, waves: Waves, *, x: str, y: str) -> Fit:
    """The fit, unless there is none or its variances cannot be."""
    fit = fit_covariance(model, waves.covariance, model.start(waves.covariance))
    if fit is not None:
        levels = model.levels(fit.parameters)
        for place, measure in ((X, x), (Y, y)):
            if levels[place, place] <= 0:
                raise NotApplicable(
                    "The cross-lagged model fails here: lasting differences in {column} get a variance below zero.",
                    column=measure,
                )
        if np.linalg.eigvalsh(levels)[0] <= 0:
            raise NotApplicable(
                "The cross-lagged model fails here: lasting {x} and lasting {y} get a correlation beyond one.",
                x=x,
                y=y,
            )
    if fit is None or np.linalg.eigvalsh(model.sources(fit.parameters))[0] <= 0:
        raise NotApplicable("The cross-lagged model of {x} and {y} finds no possible solution.", x=x, y=y)
    return fit


def _effects(model: Model, waves: Waves, fit: Fit, errors: str) -> pd.DataFrame:
    """Paths in points per point, with their errors."""
    n, rows = len(waves.centred), []
    is_textbook = errors == "information"
    covariance = fit.covariance / n if is_textbook else jackknife(model, waves.centred, waves.cluster, fit)
    if covariance is None:
        raise NotApplicable("The cross-lagged model hangs on few units: without some of them it finds no solution.")
    for path, (to, of) in PATHS.items():
        for lag in range(1, model.lag + 1):
            place, points = model.paths.index((to, of, lag)), waves.scale[to] / waves.scale[of]
            figures = {"estimate": fit.parameters[place] * points, "se": np.sqrt(covariance[place, place]) * points}
            rows.append({"term": f"{path} lag {lag}", **figures, "path": path, "lag": lag})
    rows += _responses(model, fit, covariance, waves.scale[Y] / waves.scale[X])
    n_clusters = int(waves.cluster.max()) + 1
    return pd.DataFrame(rows).assign(df=n_clusters - 1.0, n=n * model.n_waves, n_clusters=n_clusters)


def _responses(model: Model, fit: Fit, covariance: np.ndarray, points: float) -> list[dict[str, object]]:
    """Whole responses of y to x, by way of its own past as well; errors by the delta method."""
    places = {of: [model.paths.index((Y, of, lag)) for lag in range(1, model.lag + 1)] for of in (Y, X)}
    own, effects = fit.parameters[places[Y]], dict(enumerate(fit.parameters[places[X]], start=1))
    responses, gradient = whole_responses(own, effects)
    used = places[Y] + places[X]
    variance = gradient @ covariance[np.ix_(used, used)] @ gradient.T
    return [
        {
            **{"term": f"response lag {lag}", "estimate": responses[lag] * points},
            **{"se": np.sqrt(variance[lag, lag]) * points, "path": "response", "lag": lag},
        }
        for lag in effects
    ]


def _in_sd(table: pd.DataFrame, ratio: float) -> pd.DataFrame:
    """Figures in SD: x on y times the ratio, y on x over it, own paths as they are."""
    by_path = table["path"].map({"forward": ratio, "response": ratio, "reverse": 1 / ratio}).fillna(1.0)
    table = in_sd(table, 1.0)
    return table.assign(**{f"{column}_sd": table[column] * by_path for column in IN_SD})


def _goodness(model: Model, waves: Waves, fit: Fit, errors: str) -> dict[str, float]:
    n = len(waves.centred)
    chi2 = n * fit.distance
    factor = 1.0 if errors == "information" else scaling(model, waves.centred, waves.cluster, fit)
    rmsea = np.sqrt(max(chi2 - factor * model.df, 0.0) / (model.df * n))
    p_value = float(stats.chi2.sf(chi2 / factor, model.df))
    return {"chi2": chi2, "df": model.df, "scaling": factor, "p_value": p_value, "rmsea": float(rmsea)}
