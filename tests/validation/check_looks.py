"""Looks at made panels of known truth: each gives the figures that the checks of a lag claim are measured by.

20 units; x and the errors of y are AR(.4) with equal SD. Scripts in tests/reference use the same functions.
"""

from __future__ import annotations

import numpy as np
import pandas as pd
from check_panels import with_regions
from lag_panels import AUTOCORRELATION, CLAIMED, LAGS, N_UNITS
from made_panels import made_panel, with_feedback

from helpers.stats.cross_section_dependence import AFTER, BEFORE, cross_section_dependence
from helpers.stats.dynamic_panel import dynamic_panel
from helpers.stats.estimates import NotApplicable
from helpers.stats.half_panel import half_panel
from helpers.stats.lag_search import lag_search
from helpers.stats.local_projections import local_projections
from helpers.stats.own_past import dynamic_sample
from helpers.stats.panel_granger import panel_granger
from helpers.stats.specification_curve import curve_test
from helpers.stats.two_way import two_way_fit

LEVEL = 0.05
SEARCH_DRAWS, GRANGER_DRAWS, CURVE_DRAWS = 399, 199, 99
COLUMNS = {"x": "x", "y": "y"}
OWN, EFFECT = "own lag 1", "lag 1"
DYNAMIC_TRUTH = {OWN: 0.4, EFFECT: 0.0}
DYNAMIC_MODEL = COLUMNS | {"lags": [1]}
LEAST_SQUARES, ONE_STEP, JACKKNIFE = "least squares", "GMM, one step", "half-panel jackknife"
PROJECTED = (0.0, 0.3)
Row = dict[str, object]


def search(rng: np.random.Generator, *, n_times: int, effects: tuple[float, ...] = (0.0,)) -> Row:
    """What a search over the lags finds, by model: names are those of `search_rows` after the model."""
    rows = search_rows(made_panel(rng, N_UNITS, n_times, effects), rng, SEARCH_DRAWS)
    return {f"{row['model']}_{name}": value for row in rows for name, value in row.items() if name != "model"}


def search_rows(panel: pd.DataFrame, rng: np.random.Generator, n_draws: int) -> list[Row]:
    """
    Search a panel in which lag 2 is right.

    Returns
    -------
    list of dict
        One per ``model``: whether some lag is significant (``size``), also without correction (``uncorrected``), and
        whether the lag with the largest t is ``right``, ``identified``, both, or ``identified_wrong``.
    """
    rows, table = [], lag_search(panel, **COLUMNS, lags=LAGS, rng=rng, n_draws=n_draws)
    for model, lags in table.groupby("model"):
        winner = lags.loc[lags["statistic"].abs().idxmax()]
        row = {"model": model, "size": winner["p_value"] <= LEVEL, "right": winner["lag"] == CLAIMED}
        row |= {"uncorrected": lags["p_uncorrected"].min() <= LEVEL, "identified": winner["identified"]}
        row |= {"identified_right": row["identified"] and row["right"]}
        rows.append(row | {"identified_wrong": row["identified"] and not row["right"]})
    return rows


def granger(
    rng: np.random.Generator,
    *,
    n_times: int,
    order: int = 1,
    effects: tuple[float, ...] = (0.0,),
    share_kept: float = 1.0,
) -> Row:
    """Whether each p-value of `granger_p_values` rejects."""
    panel = made_panel(rng, N_UNITS, n_times, effects, share_kept)
    return {name: p <= LEVEL for name, p in granger_p_values(panel, order, rng, GRANGER_DRAWS).items()}


def granger_p_values(panel: pd.DataFrame, order: int, rng: np.random.Generator, n_draws: int) -> dict[str, float]:
    """p by bootstrap without shared shocks (the default) and with them (`raw`); Zbar, Ztilde as published."""
    choices = COLUMNS | {"order": order, "rng": rng, "n_draws": n_draws}
    free = panel_granger(panel, **choices).set_index("term")
    raw = panel_granger(panel, **choices, period_effects=False).set_index("term")
    normal = {name.lower(): raw.loc[name, "p_normal"] for name in ("Zbar", "Ztilde")}
    return {"bootstrap": free.loc["Wbar", "p_value"], "raw": raw.loc["Wbar", "p_value"]} | normal


def curve(rng: np.random.Generator, *, n_times: int, effect: float = 0.0) -> Row:
    """Whether each statistic of a specification curve rejects; lag 1 claimed, lags up to 2 in the headline."""
    panel = made_panel(rng, N_UNITS, n_times, (0.0, effect))
    return curve_rejections(panel, rng, CURVE_DRAWS)


def curve_rejections(panel: pd.DataFrame, rng: np.random.Generator, n_draws: int) -> Row:
    """Whether the permutation rejects, by statistic."""
    found = curve_test(panel, **COLUMNS, lag=1, max_lag=2, rng=rng, n_draws=n_draws)
    return (found.set_index("term")["p_value"] <= LEVEL).to_dict()


def dynamics(rng: np.random.Generator, *, n_times: int) -> Row:
    """Errors of the own lag and of x beside it by estimator, and whether intervals hold the truth (``…, covered``)."""
    found = {}
    for name, table in estimators(with_feedback(rng, N_UNITS, n_times)).items():
        for term, row in table.set_index("term").loc[list(DYNAMIC_TRUTH)].iterrows():
            error = row["estimate"] - DYNAMIC_TRUTH[term]
            found[f"{name}, {term}"] = error
            if "ci_low" in row:
                found[f"{name}, {term}, covered"] = float(row["ci_low"] <= DYNAMIC_TRUTH[term] <= row["ci_high"])
    return found


def estimators(panel: pd.DataFrame) -> dict[str, pd.DataFrame]:
    """Table of each estimator of `DYNAMIC_MODEL` that applies; least squares without intervals."""
    sample, _, _ = dynamic_sample(panel, **DYNAMIC_MODEL)
    plain = two_way_fit(sample, "y", ["y_lag1", "x_lag1"]).coefficients
    found = {LEAST_SQUARES: pd.DataFrame({"term": list(DYNAMIC_TRUTH), "estimate": plain.to_numpy()})}
    for name, estimate in (
        (ONE_STEP, lambda: dynamic_panel(panel, **DYNAMIC_MODEL).estimates),
        ("GMM, two steps", lambda: dynamic_panel(panel, **DYNAMIC_MODEL, steps=2).estimates),
        (JACKKNIFE, lambda: half_panel(panel, **DYNAMIC_MODEL).query("model == 'half_panel'")),
    ):
        try:
            found[name] = estimate()
        except NotApplicable:
            continue
    return found


def projections(rng: np.random.Generator, *, n_times: int) -> Row:
    """Error at each horizon (``error_0``, …), and whether the interval holds the true course (``covered_0``, …)."""
    found: Row = {}
    for row in local_projections(made_panel(rng, N_UNITS, n_times, PROJECTED), **COLUMNS).itertuples():
        truth = course(row.horizon)
        found[f"error_{row.horizon}"] = row.estimate - truth
        found[f"covered_{row.horizon}"] = row.ci_low <= truth <= row.ci_high
    return found


def course(horizon: int) -> float:
    """True change of y so many periods after a rise of x, of which AR(.4) leaves less each period."""
    return sum(effect * AUTOCORRELATION ** (horizon - lag) for lag, effect in enumerate(PROJECTED) if lag <= horizon)


def dependence(rng: np.random.Generator, *, n_times: int, shock_sd: float = 0.0, regional: bool = False) -> Row:
    """CD before and after period effects: ``…_cd``, ``…_rejects``, also above zero; mean ``…_size`` of correlations."""
    panel = made_panel(rng, N_UNITS, n_times, (0.0,), shock_sd=shock_sd)
    table = cross_section_dependence(with_regions(panel, rng) if regional else panel, **COLUMNS, lags=LAGS)
    found: Row = {}
    for name, term in (("before", BEFORE), ("after", AFTER)):
        row = table.set_index("term").loc[term]
        rejects, cd = row["p_value"] <= LEVEL, row["statistic"]
        found |= {f"{name}_cd": cd, f"{name}_rejects": rejects, f"{name}_above": rejects and cd > 0}
        found[f"{name}_size"] = row["mean_size"]
    return found
