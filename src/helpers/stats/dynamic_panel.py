"""Difference GMM after Arellano and Bond: y on its own lags and lags of x, where y may also move x.

Differences remove the level of each unit; the own lag then moves with the error, so older levels stand in for it as
instruments. Fixed effects by least squares pull the own lag down by about (1 + ρ) / T, and the effect of x with it when
y feeds back on x; this estimator does not, but it is far less precise: a check beside the headline, never the headline.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.estimates import NotApplicable, with_intervals
from helpers.stats.gmm import GmmFit, one_step, two_step
from helpers.stats.gmm_design import Design, difference_problem, differences
from helpers.stats.gmm_tests import specification_tests
from helpers.stats.lag_profile import headline_lags, require_clusters, sd_ratio
from helpers.stats.own_past import (
    dynamic_combinations,
    dynamic_table,
    response_term,
    whole_responses,
    with_own_past,
)
from helpers.stats.two_way import two_way_fit

# More depth adds weak instruments; a few beyond the lags of the model are enough to test with.
DEFAULT_DEPTH = 3
STEPS = {1: "one_step", 2: "two_step"}


@dataclass(frozen=True)
class DynamicPanel:
    """Estimates, the tests of their instruments and errors, and how many instruments stand against how many units."""

    estimates: pd.DataFrame
    tests: pd.DataFrame
    n_instruments: int
    n_units: int
    no_second_step: NotApplicable | None

    @property
    def too_many_instruments(self) -> bool:
        """Whether the instruments are as many as the units: they then fit the noise they should remove."""
        return self.n_instruments >= self.n_units


def dynamic_panel(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    lags: Iterable[int],
    own_lags: int = 1,
    controls: Sequence[str] = (),
    x_is: str = "predetermined",
    depth: int | None = DEFAULT_DEPTH,
    collapse: bool = True,
    centre: bool = True,
    steps: int = 1,
    conf_level: float = 0.95,
) -> DynamicPanel:
    """
    Effects of x on y beside y's own past, by difference GMM with period effects.

    Parameters
    ----------
    panel : DataFrame, shape (n, ...)
        ``entity``, integer ``time``, `x`, `y` and `controls`; levels, also those older than the regression reaches.
    x, y : str
        Columns of the cause claimed and the outcome.
    lags : iterable of int
        Of x, in periods, from 0 up.
    own_lags : int
        Of y, from lag 1 on.
    controls : sequence of str
        Exogenous columns at lag 0.
    x_is : {"predetermined", "exogenous"}
        See `gmm_design`.
    depth : int or None
        How many periods of each level serve as instruments, beside one for each further lag of the model; None for all.
    collapse : bool
        One instrument for each depth (else for each depth and period).
    centre : bool
        Levels as instruments are taken from the mean of their period, so that a missing one, which counts as zero, says
        nothing about level. It makes no difference on balanced panels; False is what other programs do.
    steps : {1, 2}
        Two-step estimates have Windmeijer's errors.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    DynamicPanel
        ``estimates``: `ESTIMATE_COLUMNS` for ``own lag 1``, …, ``lag 0``, …, ``cumulative``, and the whole responses
        ``response 0``, … (`own_past.whole_responses`, errors by the delta method), in points of y per point; df is
        units - 1; ``model`` (one_step or two_step), ``lag``,
        ``least_detectable``, in SD ``estimate_sd`` and so on; ``n`` counts differences. ``attrs`` hold x, y, lags,
        x_is, depth, collapse, centre, periods, sd_ratio. ``tests`` is as `gmm_tests.specification_tests` gives it;
        ``no_second_step`` says why there is no Hansen test.

    Raises
    ------
    ValueError
        For other words or numbers than those named.
    NotApplicable
        When the panel does not bear the lags, has too few units, instruments cannot tell the effects apart, or two
        steps are asked of no more units than instruments.

    Notes
    -----
    ``Δy_it = Σ_j α_j Δy_i,t-j + Σ_l β_l Δx_i,t-l + γ'Δw_it + Δb_t + Δe_it``; instruments are y_i,t-2, y_i,t-3, …;
    x_i,t-1, x_i,t-2, … or the Δx_i,t-l; Δw_it; and the periods. A difference needs two neighbouring calendar periods.

    References
    ----------
    M. Arellano, S. Bond (1991), *Review of Economic Studies* 58(2), 277-297; F. Windmeijer (2005), *Journal of
    Econometrics* 126(1), 25-51; D. Roodman (2009), *Stata Journal* 9(1), 86-136.
    """
    if steps not in STEPS:
        raise ValueError(f"steps must be 1 or 2; found {steps}.")
    lags = headline_lags(with_own_past(panel, y, own_lags), x=x, y=y, lags=lags)
    design = Design(x, y, lags, own_lags, tuple(controls), x_is, depth, collapse, centre)
    changes = differences(panel, design)
    require_clusters(changes["entity"].nunique())
    two_way_fit(changes, y, design.columns, absorb=None, cluster="entity")  # refuses what does not vary
    first = one_step(difference_problem(changes, design))
    second = _second(first)
    if steps == 2 and isinstance(second, NotApplicable):
        raise second
    reported = second if steps == 2 else first
    table = _estimates(reported, design, conf_level).assign(model=STEPS[steps])
    ratio = sd_ratio(panel, x=x, y=y)
    table = dynamic_table(table, lags=lags, ratio=ratio)
    table.attrs = {"x": x, "y": y, "lags": list(lags), "x_is": x_is, "depth": depth}
    table.attrs |= {
        "collapse": collapse,
        "centre": centre,
        "periods": sorted(changes["time"].unique().tolist()),
        "sd_ratio": ratio,
        "rows": level_rows(changes),
    }
    return _with_tests(table, first, second, reported)


def level_rows(changes: pd.DataFrame) -> list[tuple[object, int]]:
    """Units and times whose levels the differences are made of."""
    units = changes["entity"].to_numpy()
    return sorted(
        {(unit, int(time) - back) for back in (0, 1) for unit, time in zip(units, changes["time"], strict=True)}
    )


def _second(first: GmmFit) -> GmmFit | NotApplicable:
    try:
        return two_step(first)
    except NotApplicable as obstacle:
        return obstacle


def _with_tests(table: pd.DataFrame, first: GmmFit, second: GmmFit | NotApplicable, reported: GmmFit) -> DynamicPanel:
    refused = isinstance(second, NotApplicable)
    tests = specification_tests(first, None if refused else second, reported)
    about = {"n_instruments": first.problem.n_instruments, "n_units": first.problem.n_units}
    return DynamicPanel(table, tests, **about, no_second_step=second if refused else None)


def _estimates(fit: GmmFit, design: Design, conf_level: float) -> pd.DataFrame:
    names = fit.problem.names
    sums = dynamic_combinations(names, x=design.x, lags=design.lags, own_lags=design.own_lags)
    coefficients = fit.coefficients.to_numpy()
    n_past = design.own_lags + len(design.lags)
    effects = dict(zip(design.lags, coefficients[design.own_lags : n_past], strict=True))
    responses, gradient = whole_responses(coefficients[: design.own_lags], effects)
    slopes = pd.DataFrame(0.0, index=[response_term(lag) for lag in range(len(responses))], columns=sums.columns)
    slopes.iloc[:, :n_past] = gradient
    estimate = np.append(sums.to_numpy() @ coefficients, responses)
    sums = pd.concat([sums, slopes])
    table = pd.DataFrame({"term": sums.index, "estimate": estimate, "se": np.sqrt(fit.variance(sums))})
    n_units = fit.problem.n_units
    return with_intervals(table.assign(df=n_units - 1.0, n=len(fit.residuals), n_clusters=n_units), conf_level)
