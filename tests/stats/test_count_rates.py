"""Counts with exposure agree with R, and their errors with the plainest form of CR2."""

import cases
import numpy as np
import pandas as pd
import pytest
import statsmodels.api as sm
from scipy import stats

from helpers.stats.cluster_robust import linear_combinations
from helpers.stats.count_rates import count_fit, zero_check
from helpers.stats.estimates import NotApplicable

COLUMNS = {"one": ["x"], "two": ["within", "between"]}
WHAT = {"y": "n_spells", "exposure": "person_years"}


@pytest.mark.parametrize("columns", COLUMNS)
@pytest.mark.parametrize("model", ["negative_binomial", "poisson"])
def test_ratios_and_errors_agree_with_r(columns, model):
    wanted = cases.expected("count_rates")[columns][model]
    fit = count_fit(cases.data("count_rates"), COLUMNS[columns], poisson=model == "poisson", **WHAT)
    found = {kind: linear_combinations(fit.weighted, kind=kind) for kind in ("CR0", "CR2")}
    assert found["CR0"]["estimate"].tolist() == pytest.approx(np.atleast_1d(wanted["estimate"]), rel=1e-6)
    assert found["CR0"]["se"].tolist() == pytest.approx(np.atleast_1d(wanted["cr0"]), rel=1e-6)
    # clubSandwich adjusts on the scale of the counts; the two forms are equally unbiased.
    assert found["CR2"]["se"].tolist() == pytest.approx(np.atleast_1d(wanted["cr2"]), rel=0.05)


def test_dispersion_and_zeros_agree_with_r():
    wanted, rows = cases.expected("count_rates"), cases.data("count_rates")
    fit = count_fit(rows, ["x"], **WHAT)
    assert fit.dispersion == pytest.approx(wanted["dispersion"], rel=1e-5)
    found = zero_check(rows["n_spells"].to_numpy(), fit)
    assert found["expected"] == pytest.approx(wanted["zeros"], rel=1e-5)
    assert found["observed"] == (rows["n_spells"] == 0).sum() and found["low"] <= found["observed"] <= found["high"]
    surer = zero_check(rows["n_spells"].to_numpy(), fit, conf_level=0.99)
    assert surer["high"] - surer["expected"] - 0.5 == pytest.approx(
        2.5758 / 1.96 * (found["high"] - found["expected"] - 0.5), rel=1e-4
    )


def test_errors_are_cr2_of_the_weighted_regression():
    rows = cases.data("count_rates")
    fit = count_fit(rows, ["x"], **WHAT)
    root = np.sqrt(fit.weight)
    design = root[:, None] * np.column_stack([pd.get_dummies(rows["time"], dtype=float), rows["x"]])
    residuals = root * (rows["n_spells"].to_numpy() - fit.mean) / fit.mean
    bread = np.linalg.inv(design.T @ design)
    meat = np.zeros_like(bread)
    for cluster in rows["cluster"].unique():
        own = design[rows["cluster"] == cluster]
        value, vector = np.linalg.eigh(np.eye(len(own)) - own @ bread @ own.T)
        scores = own.T @ (vector * value**-0.5) @ vector.T @ residuals[rows["cluster"] == cluster]
        meat += np.outer(scores, scores)
    se = np.sqrt((bread @ meat @ bread)[-1, -1])
    assert linear_combinations(fit.weighted)["se"].iloc[0] == pytest.approx(se, rel=1e-6)


def test_statsmodels_agrees_where_it_stops():
    rows = cases.data("count_rates")
    fit = count_fit(rows, ["x"], **WHAT)
    design = np.column_stack([pd.get_dummies(rows["time"], dtype=float), rows["x"]])
    counts, exposure = rows["n_spells"].to_numpy(float), rows["person_years"].to_numpy(float)
    theirs = sm.NegativeBinomial(counts, design, exposure=exposure)
    found = theirs.fit(disp=0, maxiter=500).params
    assert [fit.weighted.coefficients["x"], fit.dispersion] == pytest.approx(found[-2:], rel=1e-3)


def test_a_ratio_does_not_depend_on_the_unit_of_exposure():
    rows = cases.data("count_rates")
    one = count_fit(rows, ["x"], **WHAT)
    monthly = count_fit(rows.assign(person_years=12 * rows["person_years"]), ["x"], **WHAT)
    assert monthly.weighted.coefficients["x"] == pytest.approx(one.weighted.coefficients["x"], rel=1e-8)
    assert monthly.dispersion == pytest.approx(one.dispersion, rel=1e-5)


def test_units_that_record_nothing_show_as_too_many_zeros():
    rng = np.random.default_rng(4)
    rows = pd.DataFrame(
        {"cluster": np.repeat(range(40), 10), "time": np.tile(range(10), 40), "x": rng.normal(size=400)}
    )
    rows = rows.assign(person_years=12.0, n_spells=rng.poisson(12.0, 400))
    rows.loc[rows["cluster"] < 4, "n_spells"] = 0
    # Chance would give no zero at all, so a wide dispersion does not hide them.
    found = zero_check(rows["n_spells"].to_numpy(), count_fit(rows, ["x"], poisson=True, **WHAT))
    assert found["observed"] == 40 and found["observed"] > found["high"]


def test_without_overdispersion_the_model_is_poisson():
    rng = np.random.default_rng(5)
    rows = pd.DataFrame(
        {"cluster": np.repeat(range(30), 10), "time": np.tile(range(10), 30), "x": rng.normal(size=300)}
    )
    rows = rows.assign(person_years=10.0, n_spells=stats.poisson.ppf((np.arange(300) % 29 + 0.5) / 29, 10.0))
    assert count_fit(rows, ["x"], **WHAT).dispersion < 1e-3


def test_counts_that_make_no_sense_are_refused():
    rows = cases.data("count_rates")
    with pytest.raises(
        ValueError, match="n_spells must not be negative and person_years must be above 0; found -1 and"
    ):
        count_fit(rows.assign(n_spells=-1), ["x"], **WHAT)
    with pytest.raises(ValueError, match="person_years must be above 0; found 0 and 0"):
        count_fit(rows.assign(person_years=0.0, n_spells=0), ["x"], **WHAT)


def test_what_cannot_be_estimated_says_so():
    rows = cases.data("count_rates")
    with pytest.raises(NotApplicable, match="Nothing was counted in these units and periods"):
        count_fit(rows.assign(n_spells=0), ["x"], **WHAT)
    with pytest.raises(NotApplicable, match="All units were engaged alike, so there is nothing to compare"):
        count_fit(rows.assign(x=1.5), ["x"], **WHAT)
    with pytest.raises(NotApplicable, match="needs more rows than 2"):
        count_fit(rows[rows["time"] == 0].head(2).assign(n_spells=[1, 2]), ["x"], **WHAT)
    with pytest.raises(NotApplicable, match="some periods or units hold no counts at all"):
        count_fit(rows.assign(n_spells=rows["n_spells"].where(rows["time"] > 0, 0)), ["x"], **WHAT)
