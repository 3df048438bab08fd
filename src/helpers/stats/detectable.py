"""The least detectable effect by simulation, for the units, periods, gaps and autocorrelation of this very panel.

The observed x stays; errors of y are drawn anew from a model fitted to the residuals, and each draw goes through the
test that the headline uses (CR2, Satterthwaite). The design is the same for all draws, so a draw is a few sums by
cluster; and as y is linear in the effect, a draw's errors say from which effect on the test would find it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable

import numpy as np
import pandas as pd
from scipy import optimize, special

from helpers.stats.cluster_robust import adjusted_regressors, satterthwaite_df
from helpers.stats.estimates import check_conf_level
from helpers.stats.lag_profile import CUMULATIVE, headline_lags, lag_fit, lag_term, require_clusters, sd_ratio
from helpers.stats.panels import lagged_sample
from helpers.stats.power import POWER, check_power
from helpers.stats.two_way import TwoWayFit

DEFAULT_DRAWS = 9999
# Autocorrelation searched; beyond, errors of a short panel look like a trend of their own.
AUTOCORRELATION_RANGE = (-0.95, 0.95)
# A ratio that no autocorrelation moves by this share of the squares is the same for all, up to rounding.
NO_SIGNAL = 1e-9
# Share of the mean variance below which a unit's own is not believed: a unit that repeats itself is rounded data.
LEAST_VARIANCE = 1e-3
# The quantile's Monte Carlo error needs draws beyond the quantile.
MIN_DRAWS = 100
# Cells of one block of draws (draws × units × periods): 16 MB an array.
BLOCK_CELLS = 2_000_000


def detectable_effect(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    lag: int | str,
    rng: np.random.Generator,
    lags: Iterable[int] | None = None,
    conf_level: float = 0.95,
    power: float = POWER,
    n_draws: int = DEFAULT_DRAWS,
) -> pd.DataFrame:
    """
    Smallest true effect of the lag profile that its test finds with the given power, by simulation.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x` and `y`.
    x, y : str
        Columns of the cause claimed and the outcome.
    lag : int or "cumulative"
        The effect: one of the lags, in periods, or their sum.
    rng : Generator
        Source of the errors.
    lags : iterable of int, optional
        Lags that the model holds, see `lag_profile.headline_lags`.
    conf_level : float
        Between 0 and 1; the test's level is ``1 - conf_level``.
    power : float
        Chance of a significant result, above ``1 - conf_level`` and below 1.
    n_draws : int
        Simulated panels, `MIN_DRAWS` or more.

    Returns
    -------
    DataFrame, shape (1, 14)
        ``term``; ``least_detectable`` in points of y per point of x and ``least_detectable_sd`` in SD within units,
        each with its Monte Carlo error (``…_mc_se``); ``size``, the share of panels without an effect in which the test
        finds one, and ``size_mc_se``; ``autocorrelation`` of the errors; ``df``, ``power``, ``conf_level``, ``n``,
        ``n_clusters``, ``n_draws``.

    Raises
    ------
    ValueError
        For a lag that the model does not hold, a power that is not a share, or fewer than `MIN_DRAWS` draws.
    NotApplicable
        When the panel bears no profile, see `lag_profile.lag_profile`.

    Notes
    -----
    With z the error of the estimate in a draw and s its CR2 standard error, an effect β is found (on its own side of
    zero) when ``β + z > t(1 - alpha/2, df) s``. So the draw needs β above ``t s - z``, and the least detectable effect
    is the `power` quantile of that over the draws. See `error_process` for the errors.

    References
    ----------
    H. Bloom (1995), *Evaluation Review* 19(5), 547-556; S. Burlig, L. Preonas, M. Woerman (2020), *Journal of
    Development Economics* 144, 102458.
    """
    lags = headline_lags(panel, x=x, y=y, lags=lags)
    _check(lag, lags, conf_level, power, n_draws)
    sample, _ = lagged_sample(panel, x=x, y=y, lags=lags)
    require_clusters(sample["entity"].nunique())
    fit, combinations = lag_fit(sample, x=x, y=y, lags=lags)
    row = combinations.loc[[CUMULATIVE if lag == CUMULATIVE else lag_term(lag)]]
    autocorrelation, sds = error_process(sample, fit)
    errors, ses = _simulated(sample, fit, row.to_numpy()[0], autocorrelation, sds, rng, n_draws)
    df = satterthwaite_df(fit, row).iloc[0]
    threshold = special.stdtrit(df, 0.5 + conf_level / 2)
    effect, mc_se = _quantile(threshold * ses - errors, power)
    size = np.mean(np.abs(errors) > threshold * ses)
    ratio = sd_ratio(panel, x=x, y=y)
    table = {"term": row.index[0], "least_detectable": effect, "least_detectable_mc_se": mc_se}
    table |= {"least_detectable_sd": effect * ratio, "least_detectable_sd_mc_se": mc_se * ratio}
    table |= {"size": size, "size_mc_se": np.sqrt(size * (1 - size) / n_draws), "autocorrelation": autocorrelation}
    table |= {"df": df, "power": power, "conf_level": conf_level, "n": fit.n, "n_clusters": fit.n_clusters}
    return pd.DataFrame([table | {"n_draws": n_draws}])


def error_process(sample: pd.DataFrame, fit: TwoWayFit) -> tuple[float, pd.Series]:
    """
    Autocorrelation and SD by unit of the errors, freed of the bias that the unit effects bring.

    Parameters
    ----------
    sample : DataFrame, shape (n, ...)
        The rows of `fit`.
    fit : TwoWayFit
        With residuals (n,).

    Returns
    -------
    autocorrelation : float
        First-order, the same for all units.
    sds : Series, shape (N,)
        SD of the errors of y by entity.

    Notes
    -----
    Errors are AR(1) on the calendar with covariance ``σ_i² ρ^|s - t|``. Demeaned over the rows of a unit (D), their sum
    of squares is expected to be ``σ_i² tr(D R D)``, their sum of products of neighbours ``σ_i² tr(S D R D)``: far below
    ρ times the former in short panels. ρ is the value at which the pooled ratio of the two equals that of the
    residuals; then σ_i² follows from unit i's squares, times what periods and regressors took
    (rows - units over rows - all parameters). Their logs are shrunk to the mean by the share of the spread between
    units that sampling alone explains (as χ² with df matched to the variance). With two periods a unit, ρ cannot be
    told from scale and is 0.

    References
    ----------
    S. Nickell (1981), *Econometrica* 49(6), 1417-1426 (bias); G. Smyth (2004), *Statistical Applications in Genetics
    and Molecular Biology* 3(1), article 3 (variances).
    """
    names, cells, times = _grid(sample, fit)
    residuals = np.zeros((len(names), len(times)))
    residuals[cells] = fit.residuals
    rows = np.zeros_like(residuals)
    rows[cells] = 1.0
    next_to = (np.abs(times[:, None] - times) == 1).astype(float)
    squares = (residuals**2).sum(axis=1)
    products = np.einsum("it,ts,is->", residuals, next_to, residuals)

    def excess(rho: float) -> float:
        covariance = _demeaned_covariance(rows, times, rho)
        expected = np.einsum("its,ts->i", covariance, next_to) / np.trace(covariance, axis1=1, axis2=2)
        return float((squares * expected).sum() - products)

    rho = _root(excess, float(squares.sum()))
    covariance = _demeaned_covariance(rows, times, rho)
    expected = np.trace(covariance, axis1=1, axis2=2)
    variances = squares / expected * (fit.n - fit.n_absorbed) / (fit.n - fit.n_absorbed - fit.basis.shape[1])
    relative = 2 * (covariance**2).sum(axis=(1, 2)) / expected**2
    return rho, pd.Series(np.sqrt(_shrunk(variances, relative)), index=names, name="sd")


def _grid(sample: pd.DataFrame, fit: TwoWayFit) -> tuple[pd.Index, tuple[np.ndarray, np.ndarray], np.ndarray]:
    """Names of the units in an order that no name can alter, unit and period of each row, and the times."""
    names, times = pd.Index(sample["entity"].unique()), np.unique(sample["time"])
    cells = names.get_indexer(sample["entity"]), np.searchsorted(times, sample["time"])
    columns = [fit.coefficients.name, *fit.coefficients.index]
    values = np.full((len(names), len(times), len(columns)), np.nan)
    values[cells] = sample[columns]
    order = np.lexsort(values.reshape(len(names), -1).T)
    return names[order], (np.argsort(order)[cells[0]], cells[1]), times


def _correlation(times: np.ndarray, rho: float) -> np.ndarray:
    return rho ** np.abs(times[:, None] - times).astype(float)


def _demeaned_covariance(rows: np.ndarray, times: np.ndarray, rho: float) -> np.ndarray:
    """D R D of each unit, shape (N, T, T)."""
    share = rows / rows.sum(axis=1, keepdims=True)
    demean = rows[:, :, None] * (np.eye(len(times)) - share[:, None, :])
    return demean @ _correlation(times, rho) @ demean


def _root(excess: Callable[[float], float], scale: float) -> float:
    """Where the expected ratio meets the one found; the nearer end where it is beyond, 0 where rho makes no odds."""
    ends = [excess(rho) for rho in AUTOCORRELATION_RANGE]
    if max(map(abs, ends)) <= NO_SIGNAL * scale:
        return 0.0
    if ends[0] * ends[1] > 0:
        return AUTOCORRELATION_RANGE[int(abs(ends[1]) < abs(ends[0]))]
    return float(optimize.brentq(excess, *AUTOCORRELATION_RANGE))


def _shrunk(variances: np.ndarray, relative: np.ndarray) -> np.ndarray:
    """Variances drawn together as logs, mean kept; `relative` is the sampling variance of each by its square."""
    half_df = 1 / relative
    logs = np.log(np.maximum(variances, LEAST_VARIANCE * variances.mean())) - special.digamma(half_df) + np.log(half_df)
    sampling, spread = special.polygamma(1, half_df).mean(), logs.var(ddof=1)
    kept = max(0.0, 1 - sampling / spread) if spread > 0 else 0.0
    shrunk = np.exp(kept * (logs - logs.mean()))
    return variances.mean() * shrunk / shrunk.mean()


def _simulated(
    sample: pd.DataFrame,
    fit: TwoWayFit,
    combination: np.ndarray,
    autocorrelation: float,
    sds: pd.Series,
    rng: np.random.Generator,
    n_draws: int,
) -> tuple[np.ndarray, np.ndarray]:
    """Errors of the estimate and their CR2 standard errors, (n_draws,); errors of y are independent shocks, mixed."""
    names, cells, times = _grid(sample, fit)
    along = fit.bread @ combination
    weights = np.column_stack([fit.regressors @ along, adjusted_regressors(fit) @ along, fit.basis])
    mixed = np.zeros((len(names), len(times), weights.shape[1]))
    mixed[cells] = weights
    mixed = sds[names].to_numpy()[:, None, None] * (np.linalg.cholesky(_correlation(times, autocorrelation)).T @ mixed)
    taken = np.zeros((len(names), fit.basis.shape[1]))
    np.add.at(taken, cells[0], fit.basis * weights[:, [1]])
    flat = mixed.reshape(-1, weights.shape[1])[:, [0, *range(2, weights.shape[1])]]
    block = max(1, BLOCK_CELLS // mixed[..., 0].size)
    found = []
    for start in range(0, n_draws, block):
        shocks = rng.standard_normal((min(block, n_draws - start), *mixed.shape[:2]))
        sums = shocks.reshape(len(shocks), -1) @ flat
        scores = np.einsum("bnt,nt->bn", shocks, mixed[..., 1]) - sums[:, 1:] @ taken.T
        found.append(np.stack([sums[:, 0], np.sqrt((scores**2).sum(axis=1))]))
    errors, ses = np.hstack(found)
    return errors, ses


def _quantile(values: np.ndarray, share: float) -> tuple[float, float]:
    """Quantile and its Monte Carlo error, from the quantiles one binomial error below and above."""
    margin = np.sqrt(share * (1 - share) / len(values))
    low, middle, high = np.quantile(values, [share - margin, share, min(share + margin, 1.0)])
    return float(middle), float(high - low) / 2


def _check(lag: int | str, lags: tuple[int, ...], conf_level: float, power: float, n_draws: int) -> None:
    check_conf_level(conf_level)
    check_power(power, conf_level)
    if lag not in (*lags, CUMULATIVE):
        raise ValueError(f"lag must be one of {', '.join(map(str, lags))}, {CUMULATIVE}; found {lag!r}.")
    if n_draws < MIN_DRAWS:
        raise ValueError(f"n_draws must be {MIN_DRAWS} or more; found {n_draws}.")
