"""Every method that reads a panel, called in one way, and the panels at the edge of what they can bear."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from made_panels import made_panel

from helpers.stats.claimed_lag import headline
from helpers.stats.concordance import rise_concordance
from helpers.stats.cross_section_dependence import cross_section_dependence
from helpers.stats.detectable import detectable_effect
from helpers.stats.direction_difference import direction_difference
from helpers.stats.dynamic_panel import dynamic_panel
from helpers.stats.errors_in_variables import corrected_lags
from helpers.stats.estimates import NotApplicable
from helpers.stats.half_panel import half_panel
from helpers.stats.lag_evidence import lag_evidence
from helpers.stats.lag_methods import lag_methods
from helpers.stats.lag_profile import lag_by_lag, lag_profile, lag_row
from helpers.stats.lag_search import lag_search
from helpers.stats.lag_study import lag_study
from helpers.stats.lag_variants import lag_variants
from helpers.stats.leave_one_out import leave_one_out
from helpers.stats.local_projections import local_projections
from helpers.stats.necessity import necessity
from helpers.stats.necessity_evidence import necessity_evidence
from helpers.stats.panel_granger import panel_granger, unit_granger
from helpers.stats.panels import lagged_sample
from helpers.stats.power import power_curve
from helpers.stats.randomisation import randomisation_test
from helpers.stats.specification_curve import curve_test, specification_curve
from helpers.stats.two_way import two_way_fit
from helpers.stats.unit_slopes import mean_group, unit_slopes
from helpers.stats.wild_bootstrap import wild_bootstrap

XY = {"x": "x", "y": "y"}
SE = {"x_se": "x_se"}


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def power_of_the_lag(panel: pd.DataFrame) -> pd.DataFrame:
    row = lag_row(lag_profile(panel, **XY), 1)
    return power_curve(pd.Series(row))


def bootstrap_of_a_lag(panel: pd.DataFrame) -> pd.DataFrame:
    sample, _ = lagged_sample(panel, **XY, lags=[0, 1])
    return wild_bootstrap(two_way_fit(sample, "y", ["x", "x_lag1"]), rng=rng(), n_draws=199)


def all_checks(panel: pd.DataFrame) -> pd.DataFrame:
    """The checks of a study below each other; those that do not apply by their reason."""
    study = lag_study(panel, **XY, lag=1, max_lag=2, smallest_effect=0.1, rng=rng(), n_draws=200)
    tables = [
        pd.DataFrame({"reason": [str(found)]}) if isinstance(found, NotApplicable) else found
        for found in study.checks.values()
    ]
    return pd.concat([study.evidence.forward, *tables], ignore_index=True)


def other_methods(panel: pd.DataFrame) -> pd.DataFrame:
    """What other methods say of a lag, reasons and all."""
    return lag_methods(panel, **XY, lag=1, max_lag=2, smallest_effect=0.1, rng=rng(), n_draws=49).answers


METHODS: dict[str, Callable[[pd.DataFrame], pd.DataFrame]] = {
    "lag_profile": lambda panel: lag_profile(panel, **XY),
    "lag_by_lag": lambda panel: lag_by_lag(panel, **XY, lags=[-1, 0, 1]),
    "lag_evidence": lambda panel: lag_evidence(panel, **XY, lag=1, max_lag=2, smallest_effect=0.1).forward,
    "lag_methods": other_methods,
    "rise_concordance": lambda panel: rise_concordance(panel, **XY, lags=[0, 1], rng=rng(), n_draws=99),
    "rises over two periods": lambda panel: rise_concordance(panel, **XY, lags=[2], y_span=2, rng=rng(), n_draws=99),
    "necessity": lambda panel: necessity(panel, **XY, **SE, y_se="y_se", lag=2, rng=rng(), n_draws=99),
    "necessity_evidence": lambda panel: necessity_evidence(panel, **XY, lag=2, rng=rng(), n_draws=99).cells,
    "power_curve": power_of_the_lag,
    "wild_bootstrap": bootstrap_of_a_lag,
    "randomisation_test": lambda panel: randomisation_test(panel, **XY, lag=1, rng=rng(), n_draws=99),
    "detectable_effect": lambda panel: detectable_effect(panel, **XY, lag=1, rng=rng(), n_draws=200),
    "direction_difference": lambda panel: direction_difference(panel, **XY, lag=1),
    "lag_variants": lambda panel: lag_variants(panel, **XY, lag=1),
    "leave_one_out": lambda panel: leave_one_out(headline(panel, **XY, lag=1)),
    "unit_slopes": lambda panel: unit_slopes(headline(panel, **XY, lag=1)),
    "mean_group": lambda panel: mean_group(unit_slopes(headline(panel, **XY, lag=1))),
    "lag_study": all_checks,
    "dynamic_panel": lambda panel: dynamic_panel(panel, **XY, lags=[0, 1]).estimates,
    "dynamic_panel in two steps": lambda panel: dynamic_panel(panel, **XY, lags=[1], depth=2, steps=2).estimates,
    "half_panel": lambda panel: half_panel(panel, **XY, lags=[0]),
    "cross_section_dependence": lambda panel: cross_section_dependence(panel, **XY, lags=[0, 1]),
    "lag_search": lambda panel: lag_search(panel, **XY, max_lag=2, rng=rng(), n_draws=99),
    "panel_granger": lambda panel: panel_granger(panel, **XY, rng=rng(), n_draws=99),
    "unit_granger": lambda panel: unit_granger(panel, **XY),
    "specification_curve": lambda panel: specification_curve(panel, **XY, lag=1, max_lag=2),
    "curve_test": lambda panel: curve_test(panel, **XY, lag=1, max_lag=2, rng=rng(), n_draws=49),
    "local_projections": lambda panel: local_projections(panel, **XY, max_horizon=2),
    "corrected_lags": lambda panel: corrected_lags(panel, **XY, **SE, lag=1),
}


def made(n_entities: int = 8, n_times: int = 9, share_kept: float = 1.0) -> pd.DataFrame:
    panel = made_panel(np.random.default_rng(31), n_entities, n_times, share_kept=share_kept)
    return panel.assign(x_se=0.3, y_se=0.3)


def coming_and_going() -> pd.DataFrame:
    """Units that start late, end early, or are away in the middle; two are there once."""
    panel, spells = made(12), [(0, 9)] * 6 + [(3, 9), (0, 4), (0, 2), (6, 9), (8, 9), (0, 1)]
    start, end = np.repeat(np.array(spells) + 2001, 9, axis=0).T
    away = (panel["entity"] == "unit 000") & panel["time"].between(2004, 2005)
    return panel[panel["time"].between(start, end - 1) & ~away]


def constant(column: str, *, everywhere: bool = False) -> pd.DataFrame:
    panel = made()
    is_chosen = panel["entity"].eq("unit 000") | everywhere
    return panel.assign(**{column: panel[column].mask(is_chosen, 5.0)})


def with_value(column: str, value: float) -> pd.DataFrame:
    panel = made()
    panel.loc[4, column] = value
    return panel


PANELS: dict[str, Callable[[], pd.DataFrame]] = {
    "balanced": made,
    "unbalanced": lambda: made(share_kept=0.8),
    "a calendar gap": lambda: made().query("time != 2005"),
    "alternate periods": lambda: made(n_times=12).query("time % 2 == 0"),
    "units that come and go": coming_and_going,
    "x constant in one unit": lambda: constant("x"),
    "y constant in one unit": lambda: constant("y"),
    "x constant in all units": lambda: constant("x", everywhere=True),
    "y constant in all units": lambda: constant("y", everywhere=True),
    "x that all units share": lambda: made().assign(x=lambda panel: panel["time"].astype(float)),
    "some values missing": lambda: made().assign(
        x=lambda panel: panel["x"].mask(panel.index % 7 == 0), y=lambda panel: panel["y"].mask(panel.index % 5 == 0)
    ),
    "two years of quarters": lambda: made(24, 8),
    "plenty": lambda: made(24, 14),
    "too short": lambda: made(n_times=2),
    "one period": lambda: made(n_times=1),
    "two units": lambda: made(2),
    "one unit": lambda: made(1),
    "no rows": lambda: made().iloc[:0],
    "all y missing": lambda: made().assign(y=np.nan),
    "all x missing": lambda: made().assign(x=np.nan),
    "a row twice": lambda: pd.concat([made(), made().iloc[[5]]]),
    "an infinite x": lambda: with_value("x", np.inf),
    "an infinite y": lambda: with_value("y", -np.inf),
    "y equal to x": lambda: made().assign(y=lambda panel: panel["x"]),
    "huge values": lambda: made().assign(x=lambda panel: 1e12 * panel["x"], y=lambda panel: 1e-9 * panel["y"]),
}
