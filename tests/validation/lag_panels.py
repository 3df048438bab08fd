"""Looks at made panels of known truth: each gives the figures that the targets of the lag tests are measured by.

20 units; x and the errors of y are AR(.4) with equal SD, so an effect in points is one in SD of the errors. Lags 0 to 3
stand together and lag 2 is claimed, as in the notebooks; periods are calendar periods, of which the lags take three.
"""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pandas as pd
from scipy import stats

sys.path.insert(0, str(Path(__file__).parents[1] / "stats"))

from made_panels import made_panel

from helpers.stats.cluster_robust import cluster_covariance, linear_combinations
from helpers.stats.detectable import detectable_effect
from helpers.stats.errors_in_variables import corrected_lags
from helpers.stats.estimates import NotApplicable
from helpers.stats.joint_test import joint_test
from helpers.stats.lag_evidence import lag_evidence
from helpers.stats.lag_profile import LEAD, lag_fit, lag_row, sd_ratio
from helpers.stats.lag_study import lag_study
from helpers.stats.necessity import necessity
from helpers.stats.necessity_verdict import necessity_verdict
from helpers.stats.panels import lagged_sample
from helpers.stats.power import POWER
from helpers.stats.two_way import TwoWayFit
from helpers.stats.wild_bootstrap import wild_bootstrap

N_UNITS, AUTOCORRELATION = 20, 0.4
LAGS, CLAIMED, TERM = (0, 1, 2, 3), 2, "lag 2"
SMALLEST_EFFECT = 0.1
N_DRAWS, N_STUDY_DRAWS = 499, 199
NECESSITY_ERROR = 0.3
CLAIM = {"x": "x", "y": "y", "lag": CLAIMED}


def drawn(
    rng: np.random.Generator,
    n_times: int,
    effect: float,
    feedback: float = 0.0,
    *,
    n_units: int = N_UNITS,
    share_kept: float = 1.0,
) -> pd.DataFrame:
    """A panel in which y follows x at the lag claimed, or x follows y after one period (`feedback`)."""
    if feedback:
        panel = made_panel(rng, n_units, n_times, (0.0, feedback), share_kept)
        return panel.rename(columns={"x": "y", "y": "x"})
    return made_panel(rng, n_units, n_times, (0.0, 0.0, effect), share_kept)


def measured(panel: pd.DataFrame, rng: np.random.Generator, reliability: float) -> pd.DataFrame:
    """The panel with errors in x of known size; `reliability` is that of the variation within units over time."""
    se = np.sqrt((1 - reliability) / reliability / (1 - AUTOCORRELATION**2))
    return panel.assign(x=panel["x"] + se * rng.normal(size=len(panel)), x_se=se)


def intervals(
    rng: np.random.Generator, *, n_times: int, effect: float = 0.0, feedback: float = 0.0, bootstrap: bool = False
) -> dict[str, object]:
    """Intervals that hold the truth, joint tests of a null, the lag that a search would pick, and the effect needed."""
    panel = drawn(rng, n_times, effect, feedback)
    sample, _ = lagged_sample(panel, x="x", y="y", lags=LAGS)
    fit, combinations = lag_fit(sample, x="x", y="y", lags=LAGS)
    by_lag = linear_combinations(fit, combinations.iloc[: len(LAGS)])
    chosen = combinations.loc[[TERM]]
    rows = {"CR2": by_lag.iloc[CLAIMED], "CR1": linear_combinations(fit, chosen, kind="CR1").iloc[0]}
    if bootstrap:
        rows["wild"] = wild_bootstrap(fit, chosen, rng=rng, n_draws=N_DRAWS).iloc[0]
    found = {f"covered_{kind}": row["ci_low"] <= effect <= row["ci_high"] for kind, row in rows.items()}
    found["HTZ"] = joint_test(fit, list(fit.coefficients.index))["p_value"].iloc[0] < 0.05
    found["F"] = _f_test(fit) < 0.05
    found["right"] = (by_lag["estimate"] / by_lag["se"]).abs().argmax() == CLAIMED
    # With z the error of the estimate, an effect above t · se - z is found: truth minus lower limit.
    return found | {"needed": (effect - rows["CR2"]["ci_low"]) * sd_ratio(panel, x="x", y="y")}


def claims(
    rng: np.random.Generator, *, n_times: int, effect: float = 0.0, feedback: float = 0.0, reliability: float = 1.0
) -> dict[str, object]:
    """Verdict on the claim, what warns beside it, and the grade of a yes with the rules that fail."""
    panel = measured(drawn(rng, n_times, effect, feedback), rng, reliability)
    choices = CLAIM | {"max_lag": LAGS[-1], "smallest_effect": SMALLEST_EFFECT}
    evidence = lag_evidence(panel, **choices)
    shown = {"lead": lag_row(evidence.forward, LEAD)}
    shown |= {"reverse_1": lag_row(evidence.reverse, 1), "reverse_2": lag_row(evidence.reverse, CLAIMED)}
    found = {"verdict": evidence.verdict.verdict} | {name: row["ci_low"] > 0 for name, row in shown.items()}
    if evidence.verdict.verdict != "yes":
        return found | {"grade": "", "failed": ()}
    grade = lag_study(panel, **choices, rng=rng, n_draws=N_STUDY_DRAWS).grade
    return found | {"grade": grade.grade, "failed": tuple(grade.failed)}


def corrections(rng: np.random.Generator, *, n_times: int, effect: float, reliability: float) -> dict[str, object]:
    """Effect at the lag claimed without and with correction for the errors of x; empty where there is none."""
    panel = measured(drawn(rng, n_times, effect), rng, reliability)
    try:
        table = corrected_lags(panel, **CLAIM, lags=LAGS, x_se="x_se")
    except NotApplicable:
        return {"naive": np.nan, "corrected": np.nan}
    return table[table["lag"] == CLAIMED].set_index("model")["estimate"].to_dict()


def detectables(rng: np.random.Generator, *, n_times: int) -> dict[str, object]:
    """Least detectable effect that a notebook would print."""
    table = detectable_effect(drawn(rng, n_times, 0.0), **CLAIM, lags=LAGS, rng=rng, n_draws=N_DRAWS, power=POWER)
    return {"printed": table["least_detectable_sd"].iloc[0]}


def necessities(rng: np.random.Generator, *, n_times: int, levels: bool) -> dict[str, object]:
    """Verdict on "no high y without high x first" where x and y share at most their lasting `levels`."""
    panel = drawn(rng, n_times, 0.0)
    if levels:
        own, other = (panel.groupby("entity")[column].transform("mean") for column in ("y", "x"))
        panel = panel.assign(y=panel["y"] - own + 2 * other)
    noise = NECESSITY_ERROR * rng.normal(size=(len(panel), 2))
    panel = panel.assign(x=panel["x"] + noise[:, 0], y=panel["y"] + noise[:, 1], x_se=NECESSITY_ERROR)
    cells = necessity(
        panel.assign(y_se=NECESSITY_ERROR), **CLAIM, x_se="x_se", y_se="y_se", rng=rng, n_draws=N_STUDY_DRAWS
    )
    return {"verdict": necessity_verdict(cells).verdict}


def _f_test(fit: TwoWayFit) -> float:
    """p of the F test of all lags with CR1 and G - 1 df, as most packages print it."""
    b, covariance = fit.coefficients.to_numpy(), cluster_covariance(fit, kind="CR1").to_numpy()
    return float(stats.f.sf(b @ np.linalg.solve(covariance, b) / len(b), len(b), fit.n_clusters - 1))
