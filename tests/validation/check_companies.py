"""What every check of a lag claim says of panels like the demo's in which x does nothing to y."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

import numpy as np
import pandas as pd
from check_looks import (
    COLUMNS,
    CURVE_DRAWS,
    GRANGER_DRAWS,
    JACKKNIFE,
    LEAST_SQUARES,
    SEARCH_DRAWS,
    Row,
    granger_p_values,
)
from check_panels import company_panel
from lag_panels import CLAIM, CLAIMED, LAGS, N_DRAWS, N_STUDY_DRAWS

from helpers.stats.claimed_lag import headline
from helpers.stats.cluster_robust import linear_combinations
from helpers.stats.dynamic_panel import dynamic_panel
from helpers.stats.estimates import NotApplicable
from helpers.stats.half_panel import half_panel
from helpers.stats.joint_test import joint_test
from helpers.stats.lag_profile import lag_fit
from helpers.stats.lag_search import lag_search
from helpers.stats.local_projections import local_projections
from helpers.stats.randomisation import randomisation_test
from helpers.stats.specification_curve import curve_test
from helpers.stats.wild_bootstrap import wild_bootstrap

P_VALUES = dict[str, float]


def company(rng: np.random.Generator, *, feedback: float = 0.0, regional: bool = False) -> Row:
    """p of each check by name; what refuses is left out."""
    panel, found = company_panel(rng, feedback=feedback, regional=regional), {}
    for check in (headline_tests, permutation, searches, granger_tests, curve_tests, halves, moments, projected):
        found |= _tried(partial(check, panel, rng))
    return found


def headline_tests(panel: pd.DataFrame, rng: np.random.Generator) -> P_VALUES:
    """The lag claimed beside the others, by both errors, and all lags at once."""
    base = headline(panel, **CLAIM, lags=LAGS)
    fit, _ = lag_fit(base.sample, **COLUMNS, lags=LAGS)
    return {
        "lag claimed, CR2": linear_combinations(fit, base.chosen)["p_value"].iloc[0],
        "lag claimed, wild bootstrap": wild_bootstrap(fit, base.chosen, rng=rng, n_draws=N_DRAWS)["p_value"].iloc[0],
        "all lags at once, HTZ": joint_test(fit, base.columns)["p_value"].iloc[0],
    }


def permutation(panel: pd.DataFrame, rng: np.random.Generator) -> P_VALUES:
    """The lag claimed, histories exchanged."""
    found = randomisation_test(panel, **CLAIM, lags=LAGS, rng=rng, n_draws=N_STUDY_DRAWS)
    return {"lag claimed, histories permuted": found["p_value"].iloc[0]}


def searches(panel: pd.DataFrame, rng: np.random.Generator) -> P_VALUES:
    """Any lag, corrected for the search and not."""
    table = lag_search(panel, **COLUMNS, lags=LAGS, rng=rng, n_draws=SEARCH_DRAWS)
    least = table.groupby("model")[["p_value", "p_uncorrected"]].min()
    found = {f"any lag, max-t, {model}": row["p_value"] for model, row in least.iterrows()}
    return found | {"any lag, not corrected, together": least.loc["together", "p_uncorrected"]}


def granger_tests(panel: pd.DataFrame, rng: np.random.Generator) -> P_VALUES:
    """Dumitrescu and Hurlin with lags up to the one claimed."""
    found = granger_p_values(panel, CLAIMED, rng, GRANGER_DRAWS)
    return {f"Granger, {name}": found[key] for name, key in GRANGER_NAMES.items()}


def curve_tests(panel: pd.DataFrame, rng: np.random.Generator) -> P_VALUES:
    """The curve of the lag claimed."""
    table = curve_test(panel, **CLAIM, max_lag=LAGS[-1], rng=rng, n_draws=CURVE_DRAWS).set_index("term")
    return {f"specification curve, {name}": table.loc[key, "p_value"] for name, key in CURVE_NAMES.items()}


def halves(panel: pd.DataFrame, _: np.random.Generator) -> P_VALUES:
    """Beside y's own lag, with and without the jackknife."""
    table = half_panel(panel, **COLUMNS, lags=LAGS)
    return _by_lag(table[table["model"] == "half_panel"], JACKKNIFE) | _by_lag(
        table[table["model"] == "lsdv"], LEAST_SQUARES
    )


def moments(panel: pd.DataFrame, _: np.random.Generator) -> P_VALUES:
    """Beside y's own lag by difference GMM."""
    return _by_lag(dynamic_panel(panel, **COLUMNS, lags=LAGS).estimates, "Arellano–Bond")


def projected(panel: pd.DataFrame, _: np.random.Generator) -> P_VALUES:
    """The course of y after a rise of x."""
    table = local_projections(panel, **COLUMNS)
    return {f"local projection, {row.term}": row.p_value for row in table.itertuples() if row.horizon}


GRANGER_NAMES = {"bootstrap": "bootstrap", "textbook Ztilde": "ztilde", "textbook Zbar": "zbar"}
CURVE_NAMES = {"median": "median", "share significant": "share_significant"}


def _by_lag(table: pd.DataFrame, name: str) -> P_VALUES:
    rows = table[table["lag"].between(1, CLAIMED)]
    return {f"beside own past, {name}, lag {row.lag}": row.p_value for row in rows.itertuples()}


def _tried(check: Callable[[], P_VALUES]) -> P_VALUES:
    try:
        return check()
    except NotApplicable:
        return {}
