"""What each method says of the lag claimed, as one row of one table, and whether it can be relied on there.

A method that applies can still be in doubt here, by its own tests at `TEST_LEVEL`; it is shown and not counted:

====================  =============================================================================
doubt                 when
====================  =============================================================================
too_many_instruments  GMM has as many instruments as units or more
instruments_refused   Hansen's test rejects the instruments
errors_linked         m2 rejects: errors two periods apart hang together, so instruments are invalid
untested              one of these two tests has nothing to test
poor_fit              the cross-lagged model is rejected, and its RMSEA is above `MOST_RMSEA`
====================  =============================================================================
"""

from __future__ import annotations

from functools import partial

import numpy as np
import pandas as pd

from helpers.stats.claim_answers import effect_answer, p_value_answer
from helpers.stats.dynamic_panel import DynamicPanel
from helpers.stats.estimates import NotApplicable, tried
from helpers.stats.lag_profile import lag_term
from helpers.stats.lag_search import TOGETHER
from helpers.stats.own_past import response_term

TESTS = ("granger", "curve")
# Beside y's own past an effect of x is what it does by itself; what compares with the headline is the whole response.
# They also need earlier periods of y, and so leave out the first of the headline's.
OWN_PAST = ("one_step", "two_step", "half_panel")
TEST_LEVEL = 0.05
# Browne and Cudeck (1993): above it a model does not describe its covariances well enough.
MOST_RMSEA = 0.08
SHOWN = (
    *("estimate", "se", "df", "ci_low", "ci_high", "p_value", "n", "n_clusters"),
    *("estimate_sd", "se_sd", "ci_low_sd", "ci_high_sd"),
)


def method_row(
    name: str,
    found: object,
    headline: dict[str, object],
    *,
    lag: int,
    ratio: float,
    conf_level: float,
    judged: dict[str, object],
) -> dict[str, object]:
    """
    Row of a method in `lag_methods.LagMethods`, but for how it stands beside the headline.

    Parameters
    ----------
    name : str
        One of `lag_methods.METHODS`.
    found : DataFrame or DynamicPanel or NotApplicable
        What it answered.
    headline : dict
        The headline's row at the lag claimed.
    lag : int
    ratio : float
        SD(x) / SD(y), see `lag_profile.sd_ratio`.
    conf_level : float
    judged : dict
        ``smallest_effect``, ``unit``, ``sign`` of `claim_answers.effect_answer`.

    Returns
    -------
    dict
        ``method``, `SHOWN`, ``conf_level``, ``answer``, ``doubt``, ``reason``, ``reason_values``.
    """
    row = {"method": name} | dict.fromkeys(SHOWN, np.nan) | {"conf_level": conf_level, "doubt": "", "answer": ""}
    chosen = found if isinstance(found, NotApplicable) else tried(partial(_claimed_row, name, found, lag, ratio))
    if isinstance(chosen, NotApplicable):
        return row | {"reason": chosen.reason, "reason_values": chosen.values}
    row |= {column: chosen[column] for column in SHOWN if column in chosen}
    if name == "search":
        # Another interval of the headline's own effect, which rests on as few units.
        row["df"] = headline.get("df", np.nan)
    if name in TESTS:
        about = {"effect": row["estimate_sd"], "sign": judged["sign"]} if name == "curve" else {}
        row["answer"] = p_value_answer(chosen["p_value"], conf_level=conf_level, **about)
    else:
        row["answer"] = effect_answer(row, **judged)
    return row | {"doubt": doubt_of(found), "reason": "", "reason_values": {}}


def _claimed_row(name: str, found: object, lag: int, ratio: float) -> dict[str, object]:
    """The row that speaks of the claim; the median of a curve is in SD, and a test statistic is no effect at all."""
    table = full_table(found)
    terms = {"granger": "Ztilde", "curve": "median"}
    terms |= {"projections": f"horizon {lag}", "cross_lagged": f"response lag {lag}"}
    terms |= dict.fromkeys(OWN_PAST, response_term(lag))
    chosen = table[table["term"] == terms.get(name, lag_term(lag))]
    if name == "search":
        chosen = chosen[chosen["model"] == TOGETHER]
    if chosen.empty:
        raise NotApplicable(
            "This panel bears lags up to {longest}, not lag {lag}.", longest=int(table["lag"].max()), lag=lag
        )
    row = chosen.iloc[0].to_dict()
    if row.get("reason"):
        raise NotApplicable.again(row["reason"], row["reason_values"])
    if name in TESTS:
        effect = row["estimate"] if name == "curve" else np.nan
        row |= {"estimate": effect / ratio, "estimate_sd": effect}
    return row


def full_table(found: pd.DataFrame | DynamicPanel) -> pd.DataFrame:
    """The table of a method, whatever stands around it."""
    return found.estimates if isinstance(found, DynamicPanel) else found


def doubt_of(found: object) -> str:
    """Why a method that applies cannot be relied on here, by its own tests; empty where it can."""
    if isinstance(found, DynamicPanel):
        p_value = found.tests.set_index("term")["p_value"]
        rules = {
            "too_many_instruments": found.too_many_instruments,
            "instruments_refused": p_value["hansen"] < TEST_LEVEL,
            "errors_linked": p_value["m2"] < TEST_LEVEL,
            "untested": p_value[["hansen", "m2"]].isna().any(),
        }
    else:
        fit = found.attrs.get("fit", {})
        rules = {"poor_fit": fit.get("p_value", 1.0) < TEST_LEVEL and fit["rmsea"] > MOST_RMSEA}
    return next((doubt for doubt, applies in rules.items() if applies), "")
