"""Does growth follow engagement, and does it take customers as well? Everything that the two claims rest on.

A *check* is one method by name; one that does not apply keeps its reason in place of a result.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import pandas as pd

from helpers.stats.claimed_lag import headline
from helpers.stats.errors_in_variables import corrected_lags
from helpers.stats.estimates import NotApplicable, tried, unless_reason
from helpers.stats.growth_slopes import growth_slopes, without_each_period
from helpers.stats.growth_verdict import growth_verdict, with_deciding
from helpers.stats.interaction import PRODUCT, interaction_effects, joint_sample
from helpers.stats.interaction_checks import interaction_checks, product_reliability
from helpers.stats.interaction_verdict import interaction_verdict
from helpers.stats.lag_evidence import LagEvidence
from helpers.stats.lag_profile import lag_profile, lag_row
from helpers.stats.leave_one_out import leave_one_out
from helpers.stats.verdicts import Verdict

LEFT_OUT = ("without_one", "without_period")


@dataclass(frozen=True)
class Interaction:
    """An interaction with the verdict on it: answers of `interaction`, `interaction_checks`, `interaction_verdict`."""

    effects: pd.DataFrame
    variants: pd.DataFrame
    reliability: dict[str, float] | NotApplicable
    verdict: Verdict


@dataclass(frozen=True)
class GrowthStudy:
    """The slope of growth on engagement with its checks by name, and the interaction per outcome.

    `checks` holds ``slopes``, ``without_period``, ``without_one``, ``corrected``; `interactions` holds one entry per
    outcome: an `Interaction`, or the reason why there is none.
    """

    evidence: LagEvidence
    checks: dict[str, pd.DataFrame | NotApplicable]
    interactions: dict[str, Interaction | NotApplicable]

    def table(self, check: str) -> pd.DataFrame:
        """Give the table of a check.

        Raises
        ------
        NotApplicable
            When the method does not apply to these data.
        """
        return unless_reason(self.checks[check])

    def interaction(self, outcome: str) -> Interaction:
        """Give the interaction on an outcome.

        Raises
        ------
        NotApplicable
            When it could not be estimated.
        """
        return unless_reason(self.interactions[outcome])


def growth_study(
    panel: pd.DataFrame,
    *,
    engagement: str,
    customer: str,
    growth: str,
    others: tuple[str, ...] = (),
    lag: int = 1,
    max_lag: int = 2,
    smallest_effect: float,
    unit: str = "sd",
    signs: dict[str, int] | None = None,
    cluster: str | None = "cluster",
    conf_level: float = 0.95,
) -> GrowthStudy:
    """
    Set growth against engagement one lag earlier, and growth and other outcomes against engagement and customers both.

    Parameters
    ----------
    panel : DataFrame, one row per entity and time
        ``entity``, integer ``time``, the measures named below and `cluster`; where known the standard errors of
        engagement and customers as ``<measure>_se``. As `datasets.growth.growth_panel` makes it.
    engagement, customer, growth : str
        Columns of the two causes claimed and the outcome of both claims.
    others : tuple of str
        Further outcomes of the interaction, such as profit.
    lag, max_lag : int
        Lag claimed and longest lag held beside it, in periods.
    smallest_effect : float
        Of the slope and of the interaction.
    unit : {"sd", "points"}
        Of `smallest_effect`, see `verdicts.lag_verdict` and `interaction_verdict`.
    signs : dict of str to {1, -1}, optional
        ``"slope"`` and each outcome: -1 where a fall is claimed. Default: 1 everywhere.
    cluster : str or None
        Column of the clusters, each holding whole entities; None: each entity is its own.
    conf_level : float

    Returns
    -------
    GrowthStudy

    Raises
    ------
    NotApplicable
        When the panel bears no lag profile of growth on engagement, or of engagement on growth.
    """
    signs = signs or {}
    judged = {"smallest_effect": smallest_effect, "unit": unit}
    model = {"conf_level": conf_level, "cluster": cluster}
    forward = lag_profile(panel, x=engagement, y=growth, max_lag=max_lag, **model)
    reverse = lag_profile(panel, x=growth, y=engagement, max_lag=max_lag, **model)
    checks = _checks(panel, engagement, growth, lag, forward.attrs["lags"], model)
    full, ratio = lag_row(forward, lag), forward.attrs["sd_ratio"]
    for name in LEFT_OUT:
        if not isinstance(checks[name], NotApplicable):
            checks[name] = with_deciding(checks[name], full, ratio=ratio, **judged)
    left_out = {name: None if isinstance(checks[name], NotApplicable) else checks[name] for name in LEFT_OUT}
    verdict = growth_verdict(forward, lag=lag, sign=signs.get("slope", 1), **judged, **left_out)
    evidence = LagEvidence(forward, reverse, full, verdict)
    interactions = {
        outcome: tried(
            partial(
                _interaction, panel, engagement, customer, outcome, lag, judged | {"sign": signs.get(outcome, 1)}, model
            )
        )
        for outcome in (growth, *others)
    }
    return GrowthStudy(evidence, checks, interactions)


def _checks(
    panel: pd.DataFrame, x: str, y: str, lag: int, lags: list[int], model: dict[str, object]
) -> dict[str, pd.DataFrame | NotApplicable]:
    claim = {"x": x, "y": y, "lag": lag, "lags": lags}
    base = tried(partial(headline, panel, **claim))
    if isinstance(base, NotApplicable):
        return dict.fromkeys(("slopes", "without_period", "without_one", "corrected"), base)
    left_out = model | {"cluster": model["cluster"] or "entity"}
    return {
        "slopes": tried(partial(growth_slopes, base, **model)),
        "without_period": tried(partial(without_each_period, base, **model)),
        "without_one": tried(partial(leave_one_out, base, **left_out)),
        "corrected": tried(partial(corrected_lags, panel, x_se=f"{x}_se", **claim, **model)),
    }


def _interaction(
    panel: pd.DataFrame,
    x: str,
    z: str,
    y: str,
    lag: int,
    judged: dict[str, object],
    model: dict[str, object],
) -> Interaction:
    sample = joint_sample(panel, x=x, z=z, y=y, lag=lag)
    effects = interaction_effects(sample, **model)
    row = effects[effects["term"] == PRODUCT].iloc[0].to_dict()
    variants = interaction_checks(sample, **model)
    reliability = tried(partial(product_reliability, sample, panel, x=x, z=z, lag=lag))
    return Interaction(effects, variants, reliability, interaction_verdict(row, **judged, checks=variants))
