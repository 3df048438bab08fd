"""The claim of a lag with everything that is set against it, and the evidence grade that follows.

A *check* is one method by name; one that does not apply keeps its reason in place of a table.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from helpers.stats.claimed_lag import Headline, headline
from helpers.stats.detectable import detectable_effect
from helpers.stats.direction_difference import direction_difference
from helpers.stats.errors_in_variables import corrected_lag
from helpers.stats.estimates import NotApplicable, tried, unless_reason
from helpers.stats.grades import Checks, Grade, evidence_grade
from helpers.stats.joint_test import joint_test
from helpers.stats.lag_evidence import LagEvidence, lag_evidence
from helpers.stats.lag_profile import LEAD, in_sd, lag_fit, lag_row
from helpers.stats.lag_variants import lag_variants
from helpers.stats.leave_one_out import leave_one_out
from helpers.stats.randomisation import randomisation_test
from helpers.stats.unit_slopes import mean_group, unit_slopes
from helpers.stats.wild_bootstrap import wild_bootstrap

DEFAULT_DRAWS = 9_999
CHECKS = (
    *("bootstrap", "joint", "permutation", "detectable", "difference", "variants", "without_one", "slopes"),
    "corrected",
)


@dataclass(frozen=True)
class LagStudy:
    """The evidence on a claimed lag, its checks by name, and the grade of a yes."""

    evidence: LagEvidence
    checks: dict[str, pd.DataFrame | NotApplicable]
    grade: Grade

    def table(self, check: str) -> pd.DataFrame:
        """Give the table of a check.

        Raises
        ------
        NotApplicable
            When the method does not apply to these data.
        """
        return unless_reason(self.checks[check])

    def row(self, check: str, term: str | None = None) -> dict[str, object]:
        """Give one row of a check: the only one, or that of a term.

        Raises
        ------
        NotApplicable
            When the method does not apply to these data.
        """
        table = self.table(check)
        return (table if term is None else table[table["term"] == term]).iloc[0].to_dict()


def lag_study(
    panel: pd.DataFrame,
    *,
    x: str,
    y: str,
    lag: int,
    max_lag: int,
    smallest_effect: float,
    unit: str = "sd",
    sign: int = 1,
    redesign: int | None = None,
    rng: np.random.Generator,
    n_draws: int = DEFAULT_DRAWS,
    conf_level: float = 0.95,
) -> LagStudy:
    """
    Test a claimed lag and everything that could speak against it.

    Parameters
    ----------
    panel : DataFrame, one row per entity and time
        ``entity``, integer ``time``, `x` and `y`; where known ``response_rate``, and the standard errors of x in
        ``<x>_se``.
    x, y : str
    lag, max_lag : int
        Lag claimed and longest lag tried, in periods.
    smallest_effect : float
    unit : {"sd", "points"}
        Of `smallest_effect`.
    sign : {1, -1}
        Whether y is claimed to rise or to fall when x rises.
    redesign : int, optional
        First time at which x was asked with another questionnaire.
    rng : Generator
    n_draws : int
        Of each bootstrap, permutation and simulation.
    conf_level : float

    Returns
    -------
    LagStudy
        With `CHECKS`, as their modules describe them; the reason of a lag beyond the panel stands in all of them.

    Raises
    ------
    NotApplicable
        When the panel bears no lag profile at all.
    """
    judged = {"smallest_effect": smallest_effect, "unit": unit, "sign": sign, "conf_level": conf_level}
    evidence = lag_evidence(panel, x=x, y=y, lag=lag, max_lag=max_lag, **judged)
    model = {"x": x, "y": y, "lag": lag, "lags": evidence.forward.attrs["lags"]}
    base = tried(partial(headline, panel, **model))
    if isinstance(base, NotApplicable):
        found = dict.fromkeys(CHECKS, base)
    else:
        around = {"redesign": redesign, "conf_level": conf_level, "rng": rng, "n_draws": n_draws}
        found = {name: tried(check) for name, check in _checks(base, panel, max_lag=max_lag, **around).items()}
    return LagStudy(evidence, found, _grade(evidence, found, sign))


def _checks(
    base: Headline,
    panel: pd.DataFrame,
    *,
    max_lag: int,
    redesign: int | None,
    conf_level: float,
    rng: np.random.Generator,
    n_draws: int,
) -> dict[str, Callable[[], pd.DataFrame]]:
    """Ways to make each of `CHECKS`; those that draw take their turns with `rng` in this order."""
    fit, _ = lag_fit(base.sample, x=base.x, y=base.y, lags=base.lags)
    claim = {"x": base.x, "y": base.y, "lag": base.lag}
    held, drawn = claim | {"lags": base.lags}, {"rng": rng, "n_draws": n_draws}
    level = {"conf_level": conf_level}
    return {
        "bootstrap": lambda: in_sd(wild_bootstrap(fit, base.chosen, **drawn, **level), base.ratio),
        "joint": lambda: joint_test(fit, base.columns),
        "permutation": lambda: randomisation_test(panel, **held, **drawn),
        "detectable": lambda: detectable_effect(panel, **held, **drawn, **level),
        "difference": lambda: direction_difference(panel, **claim, max_lag=max_lag, **level),
        "variants": lambda: lag_variants(panel, **held, redesign=redesign, **level),
        "without_one": lambda: leave_one_out(base, **level),
        "slopes": lambda: mean_group(unit_slopes(base, **level)),
        "corrected": lambda: corrected_lag(panel, **held, **level),
    }


def _grade(evidence: LagEvidence, found: dict[str, pd.DataFrame | NotApplicable], sign: int) -> Grade:
    difference = _first(found["difference"], term="difference")
    checks = Checks(
        lead=lag_row(evidence.forward, LEAD) or None,
        bootstrap=_first(found["bootstrap"]),
        # The two directions share no unit but the standard deviation.
        difference=difference and {name: difference[f"{name}_sd"] for name in ("ci_low", "ci_high")},
        without_one=found["without_one"] if isinstance(found["without_one"], pd.DataFrame) else None,
        reliability=(_first(found["corrected"]) or {}).get("reliability"),
        least_detectable=(_first(found["detectable"]) or {}).get("least_detectable"),
        with_trends=_first(found["variants"], variant="unit_trends"),
    )
    return evidence_grade(evidence.verdict.verdict, evidence.claimed, checks, sign=sign)


def _first(table: pd.DataFrame | NotApplicable, **wanted: str) -> dict[str, object] | None:
    if isinstance(table, NotApplicable):
        return None
    for column, value in wanted.items():
        table = table[table[column] == value]
    return None if table.empty else table.iloc[0].to_dict()
