"""Cox regression with delayed entry agrees with R's survival, ties and errors by cluster included."""

import cases
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm

from helpers.stats.cox import cox_estimates, cox_fit
from helpers.stats.estimates import NotApplicable
from helpers.stats.survival_curves import survival_curve

MODELS = {"one": (["x"], "period"), "two": (["x", "z"], None)}


@pytest.fixture(scope="module")
def spells():
    return cases.data("cox").astype({"event": bool})


@pytest.mark.parametrize("model", MODELS)
def test_ratios_and_errors_agree_with_r(spells, model):
    wanted, (x, strata) = cases.expected("cox")[model], MODELS[model]
    fit = cox_fit(spells, x, strata=strata)
    assert fit.coefficients.tolist() == pytest.approx(np.atleast_1d(wanted["estimate"]), rel=1e-8)
    naive = np.sqrt(np.diag(np.linalg.inv(fit.information)))
    assert naive.tolist() == pytest.approx(np.atleast_1d(wanted["naive_se"]), rel=1e-7)
    # R leaves out G / (G - 1).
    robust = cox_estimates(fit)["se"] * np.sqrt(29 / 30)
    assert robust.tolist() == pytest.approx(np.atleast_1d(wanted["robust_se"]), rel=1e-7)
    assert fit.n_events == cases.expected("cox")["n_events"] and (cox_estimates(fit)["df"] == 29).all()


def test_expected_events_add_up_to_those_there_were(spells):
    fit = cox_fit(spells, ["x"], strata="period")
    assert fit.risk_weight.sum() == pytest.approx(fit.n_events)


def test_statsmodels_counts_whoever_enters_at_the_moment_of_an_event(spells):
    """The reason why PHReg is not used: a spell is at risk after its entry, which R and the textbooks agree on."""
    entry = {"entry": spells["entry"] + 1e-9, "strata": spells["period"], "ties": "breslow"}
    moved = sm.PHReg(spells["exit"], spells[["x"]], status=spells["event"], **entry).fit()
    as_given = sm.PHReg(
        spells["exit"], spells[["x"]], status=spells["event"], **entry | {"entry": spells["entry"]}
    ).fit()
    wanted = cases.expected("cox")["one"]["estimate"]
    assert moved.params[0] == pytest.approx(wanted, rel=1e-5)
    assert abs(as_given.params[0] - wanted) > 1e-4


def test_a_curve_with_delayed_entry_agrees_with_r(spells):
    wanted = cases.expected("cox")["curve"]
    found = survival_curve(spells, wanted["time"])
    assert found["estimate"].tolist() == pytest.approx(wanted["estimate"], rel=1e-10)
    low, high = (np.log(-np.log(found[name])) for name in ("ci_low", "ci_high"))
    half = (low - high) / 2 / 2.045229642132703
    se = half * -np.log(found["estimate"]) * found["estimate"] * np.sqrt(29 / 30)
    assert se.iloc[1:].tolist() == pytest.approx(wanted["std_err"][1:], rel=1e-7)
    assert found["n_events"].iloc[0] == 0 and found["ci_low"].isna().tolist() == [True] + [False] * 4


def test_a_curve_without_delay_is_the_share_still_there():
    spells = pd.DataFrame({"entry": 0.0, "exit": [1.0, 2.0, 2.0, 3.0], "event": [True, True, False, False]})
    found = survival_curve(spells.assign(cluster=range(4)), [0.0, 1.0, 2.0])
    assert found["estimate"].tolist() == pytest.approx([1, 3 / 4, 3 / 4 * 2 / 3])
    assert found["n_at_risk"].tolist() == [4, 3, 1] and found["n_events"].tolist() == [0, 1, 1]


def test_a_curve_where_everybody_left_ends_at_zero_without_an_interval():
    spells = pd.DataFrame({"entry": 0.0, "exit": [1.0, 2.0], "event": True, "cluster": [0, 1]})
    last = survival_curve(spells, [0.0, 2.0]).iloc[-1]
    assert last["estimate"] == 0 and np.isnan(last["ci_low"])


def test_nobody_to_follow_says_so(spells):
    with pytest.raises(NotApplicable, match="Nobody was employed long enough to follow"):
        survival_curve(spells, [99.0, 100.0])


def test_what_cannot_be_estimated_says_so(spells):
    with pytest.raises(NotApplicable, match="Nobody left whose time before is known"):
        cox_fit(spells.assign(event=False), ["x"])
    with pytest.raises(NotApplicable, match="All units were engaged alike, so there is nothing to compare"):
        cox_fit(spells.assign(x=2.0), ["x"])
    with pytest.raises(
        NotApplicable, match="Leaving goes together with engagement so closely that no ratio can be given"
    ):
        cox_fit(spells.assign(x=spells["event"].astype(float)), ["x"])
    with pytest.raises(NotApplicable, match="Errors by cluster need 2 clusters; found 1"):
        cox_estimates(cox_fit(spells.assign(cluster=1), ["x"]))


def test_spells_that_make_no_sense_are_refused(spells):
    with pytest.raises(ValueError, match=r"spells must have the column 'cluster'; found"):
        cox_fit(spells.drop(columns="cluster"), ["x"])
    wrong = spells.assign(exit=spells["entry"].where(spells.index == 3, spells["exit"]))
    with pytest.raises(ValueError, match=r"exit must come after entry; found .* Drop the spell"):
        cox_fit(wrong, ["x"])
