"""Does x precede y in any unit? The panel test of Granger non-causality after Dumitrescu and Hurlin.

Each unit has a regression of its own: y on its own last K periods and on those of x (K is the *order*). The Wald
statistics of the lags of x are averaged over units. The textbook p-values take units as independent; units that share
good and bad years make them far too small. Against that, what all units share in a year is taken away first, and the
p-value comes from a bootstrap under the null that draws whole periods of residuals: what some units share stays shared.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.cluster_robust import MIN_CLUSTERS
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.granger_draws import Series, null_draws, wald_statistics
from helpers.stats.panels import check_panel
from helpers.stats.two_way import RANK_TOLERANCE, free_of_effects

DEFAULT_DRAWS = 1999
STATISTICS = ("Wbar", "Zbar", "Ztilde")


def panel_granger(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    order: int = 1,
    period_effects: bool = True,
    rng: np.random.Generator,
    n_draws: int = DEFAULT_DRAWS,
) -> pd.DataFrame:
    """
    Test that x precedes y in no unit at all.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x` and `y`; units may have different periods, gaps stay gaps.
    x, y : str
        Columns of the cause claimed and the outcome.
    order : int
        Lags K of both, in periods, 1 or more.
    period_effects : bool
        Whether x and y are freed of unit and period effects first, as in `lag_profile`; the authors leave them in.
    rng : Generator
        Source of the periods drawn.
    n_draws : int
        Bootstrap draws.

    Returns
    -------
    DataFrame, shape (3, 13)
        `ESTIMATE_COLUMNS` for the statistics ``Wbar``, ``Zbar`` and ``Ztilde`` (no error, no interval), ``p_value`` by
        bootstrap, the same for all three because each rises with the mean of the others; ``p_normal`` (two-sided,
        empty for Wbar), ``order``, ``n_draws``. ``attrs`` hold x, y, order, period_effects, n_entities, n_left_out.

    Raises
    ------
    ValueError
        For an order or a number of draws below 1.
    NotApplicable
        With fewer than `MIN_CLUSTERS` units of more than 5 + 3 K periods and changes of their own in x and y.

    Notes
    -----
    With n_i the rows of unit i after its lags (its periods minus K, when it has no gap), d_i = n_i - 2K - 1 and
    W_i = d_i (RSS_0 - RSS_1) / RSS_1, W_i / K is taken as F(K, d_i)::

        Zbar   = sqrt(N / 2K) (Wbar - K)
        Ztilde = Σ (W_i - E_i) / sqrt(Σ V_i),   E_i = K d_i / (d_i - 2),
                 V_i = 2K d_i² (n_i - K - 3) / ((d_i - 2)² (d_i - 4))

    The null is that no unit has an effect; a rejection says that some have one, not how many, nor how large it is.

    References
    ----------
    E.-I. Dumitrescu, C. Hurlin (2012), *Economic Modelling* 29(4), 1450-1460; L. Lopez, S. Weber (2017), *Stata
    Journal* 17(4), 972-984.
    """
    _check(order, n_draws)
    units = _units(panel, x=x, y=y, order=order, period_effects=period_effects)
    drawn = {"period_effects": period_effects, "n_draws": n_draws, "rng": rng}
    draws = null_draws(units.series, order=order, **drawn)
    n_far = (~(draws < units.wald.mean() * (1 - 1e-9))).sum()
    table = pd.DataFrame({"term": STATISTICS, "estimate": _statistics(units, order)})
    table["p_value"] = (n_far + 1) / (n_draws + 1)
    table["n"], table["n_clusters"] = int(units.series.rows.sum()), len(units.wald)
    table = table.reindex(columns=ESTIMATE_COLUMNS)
    normal = 2 * stats.norm.sf(table["estimate"].abs())
    table = table.assign(p_normal=np.where(table["term"] == "Wbar", np.nan, normal), order=order, n_draws=n_draws)
    table.attrs = {"x": x, "y": y, "order": order, "period_effects": period_effects}
    table.attrs |= {"n_entities": len(units.wald), "n_left_out": units.n_left_out}
    return table


def unit_granger(panel: pd.DataFrame, *, x: str, y: str, order: int = 1, period_effects: bool = True) -> pd.DataFrame:
    """
    Wald statistics of the lags of x, unit by unit.

    Parameters
    ----------
    panel, x, y, order, period_effects
        As for `panel_granger`.

    Returns
    -------
    DataFrame, shape (N, 5)
        ``entity``, ``n`` (rows), ``wald``, ``df`` (d_i) and ``p_value`` (W_i / K against F(K, d_i)), by name; units
        that bear no regression of their own are left out.

    Raises
    ------
    ValueError, NotApplicable
        As for `panel_granger`.

    References
    ----------
    E.-I. Dumitrescu, C. Hurlin (2012), *Economic Modelling* 29(4), 1450-1460.
    """
    _check(order, n_draws=1)
    units = _units(panel, x=x, y=y, order=order, period_effects=period_effects)
    n = units.series.rows.sum(axis=1)
    df = n - 2 * order - 1
    p_value = stats.f.sf(units.wald / order, order, df)
    return pd.DataFrame({"entity": units.names, "n": n, "wald": units.wald, "df": df, "p_value": p_value})


@dataclass(frozen=True)
class _Units:
    """Units with a regression of their own: names and Wald statistics (N,), and their series."""

    names: np.ndarray
    wald: np.ndarray
    series: Series
    n_left_out: int


def _units(panel: pd.DataFrame, *, x: str, y: str, order: int, period_effects: bool) -> _Units:
    check_panel(panel, [x, y])
    if period_effects:
        panel = panel.assign(**{column: _without_effects(panel, column) for column in (x, y)})
    found = 0
    if len(panel):
        series, names = _on_calendar(panel, x, y, order)
        long = series.rows.sum(axis=1) > 2 * order + 5
        wald = np.full(len(names), np.nan)
        wald[long] = wald_statistics(series.of(long), series.y[long], order=order)
        kept = np.isfinite(wald)
        found = int(kept.sum())
    if found < MIN_CLUSTERS:
        wanted = {"needed": MIN_CLUSTERS, "periods": 5 + 3 * order, "x": x, "y": y, "found": found}
        raise NotApplicable(
            "A Granger test needs {needed} units with over {periods} periods of {x} and {y} that vary; found {found}.",
            **wanted,
        )
    return _Units(names[kept], wald[kept], series.of(kept), int((~kept).sum()))


def _without_effects(panel: pd.DataFrame, column: str) -> pd.Series:
    """A column without unit and period effects; zero where these are all there is."""
    known = panel[panel[column].notna()]
    if known.empty:
        return panel[column]
    free = free_of_effects(known.reset_index(drop=True), [column])[column].to_numpy()
    spread = np.linalg.norm(known[column] - known[column].mean())
    found = np.full(len(panel), np.nan)
    found[panel[column].notna().to_numpy()] = np.where(np.linalg.norm(free) > RANK_TOLERANCE * spread, free, 0.0)
    return pd.Series(found, index=panel.index)


def _on_calendar(panel: pd.DataFrame, x: str, y: str, order: int) -> tuple[Series, np.ndarray]:
    calendar = pd.RangeIndex(panel["time"].min(), panel["time"].max() + 1)
    wide = {name: panel.pivot(index="entity", columns="time", values=name).reindex(columns=calendar) for name in (x, y)}
    cause, outcome = (wide[name].to_numpy(float) for name in (x, y))
    rows = np.isfinite(outcome)
    for lag in range(1, order + 1):
        rows[:, :lag] = False
        rows[:, lag:] &= np.isfinite(outcome[:, :-lag]) & np.isfinite(cause[:, :-lag])
    return Series(cause, outcome, rows), wide[x].index.to_numpy()


def _statistics(units: _Units, order: int) -> list[float]:
    n = units.series.rows.sum(axis=1).astype(float)
    d = n - 2 * order - 1
    mean = order * d / (d - 2)
    variance = 2 * order * d**2 * (n - order - 3) / ((d - 2) ** 2 * (d - 4))
    z_bar = np.sqrt(len(n) / (2 * order)) * (units.wald.mean() - order)
    return [units.wald.mean(), z_bar, (units.wald - mean).sum() / np.sqrt(variance.sum())]


def _check(order: int, n_draws: int) -> None:
    if order < 1:
        raise ValueError(f"order must be 1 or more; found {order}.")
    if n_draws < 1:
        raise ValueError(f"n_draws must be 1 or more; found {n_draws}.")
