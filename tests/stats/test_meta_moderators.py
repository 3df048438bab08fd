"""Kinds of studies and their properties: equal to metafor, level kept, a known difference found."""

import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected
from scipy import stats

from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.meta_moderators import moderator_slope, subgroup_means
from helpers.stats.random_effects import effect_sizes, random_effects
from helpers.stats.reml import mixed_fit

CASE = "meta_analysis"


@pytest.fixture
def studies() -> pd.DataFrame:
    return data(CASE)


def made(rng: np.random.Generator, k: int, slope: float = 0.0, tau: float = 0.1) -> pd.DataFrame:
    """Studies whose Fisher z rise by `slope` per unit of x; group is the sign of x."""
    n, x = rng.integers(40, 400, k), rng.normal(size=k)
    z = 0.3 + slope * x + tau * rng.normal(size=k) + rng.normal(size=k) / np.sqrt(n - 3)
    group = np.where(np.arange(k) % 2, "a", "b")
    return pd.DataFrame({"study": range(k), "r": np.tanh(z), "n": n, "x": x, "group": group})


def test_subgroups_equal_metafor(studies):
    table, wanted = subgroup_means(studies, "group"), expected(CASE)["groups"]
    found = {"b": list(table["estimate"]), "se": list(table["se"]), "p": list(table["p_value"])}
    between = table.attrs["between"]
    found |= {"tau2": between["tau2"], "F": between["statistic"], "F_p": between["p_value"]}
    assert_close(found, wanted, rel=1e-7)
    assert (between["df_num"], between["df_den"], between["k"]) == (2, 21, 24)
    assert list(table["term"]) == ["customer", "profit", "safety"]
    assert list(table["n_clusters"]) == [8, 8, 8] and table["n"].sum() == studies["n"].sum()
    np.testing.assert_allclose(table["r"], np.tanh(wanted["b"]))


def test_a_continuous_moderator_equals_metafor(studies):
    table, wanted = moderator_slope(studies, "year"), expected(CASE)["year"]
    found = {"b": list(table["estimate"]), "se": list(table["se"]), "p": list(table["p_value"])}
    assert_close(found | {"tau2": table.attrs["tau2"]}, wanted, rel=1e-7)
    assert list(table["term"]) == ["intercept", "slope"]
    assert list(table) == list(ESTIMATE_COLUMNS)
    assert table.attrs["tau2_without"] == pytest.approx(random_effects(studies)["tau2"].item())
    assert table.attrs["r2"] == 0, "metafor: tau2 grows with the year in"


def test_a_moderator_beside_vaccine_trials_equals_metafor():
    """Effects of any kind pass through the same regression; here as correlations with the same z and n."""
    wanted = expected(CASE)["bcg"]
    n = 3 + 1 / np.array(wanted["v"])
    trials = pd.DataFrame({"study": range(13), "r": np.tanh(wanted["y"]), "n": n, "ablat": wanted["x"]})
    table = moderator_slope(trials, "ablat")
    assert_close({"b": list(table["estimate"]), "se": list(table["se"])}, wanted["ablat"], rel=1e-7)
    assert table.attrs["r2"] == pytest.approx(100 * (1 - 0.0763 / 0.3132), abs=0.05)


def test_two_groups_are_a_slope_on_an_indicator(studies):
    two = studies[studies["group"] != "safety"].assign(other=lambda table: (table["group"] == "profit") * 1.0)
    table, slope = subgroup_means(two, "group"), moderator_slope(two, "other").iloc[1]
    assert table["estimate"].diff().iloc[1] == pytest.approx(slope["estimate"])
    assert table.attrs["between"]["statistic"] == pytest.approx((slope["estimate"] / slope["se"]) ** 2)
    assert table.attrs["between"]["p_value"] == pytest.approx(slope["p_value"])


def test_under_the_normal_test_groups_are_compared_by_chi_squared(studies):
    two = studies[studies["group"] != "safety"].assign(other=lambda table: (table["group"] == "profit") * 1.0)
    between = subgroup_means(two, "group", test="normal").attrs["between"]
    assert between["p_value"] == pytest.approx(moderator_slope(two, "other", test="normal")["p_value"].iloc[1])
    assert np.isinf(between["df_den"])


def test_a_true_slope_and_the_spread_it_explains_are_found():
    table = moderator_slope(made(np.random.default_rng(91), 500, slope=0.1), "x")
    assert table["estimate"].to_numpy() == pytest.approx([0.3, 0.1], abs=0.015)
    assert table.attrs["r2"] == pytest.approx(50, abs=10)


def test_without_a_difference_both_tests_keep_their_level():
    rng, indicator, rejected = np.random.default_rng(94), np.arange(10) % 2, {"groups": [], "slope": []}
    for _ in range(500):
        frame = effect_sizes(made(rng, 10))
        for name, values in (("groups", indicator), ("slope", frame["x"])):
            x = np.column_stack([np.ones(10), values])
            fit = mixed_fit(frame["effect"].to_numpy(), frame["variance"].to_numpy(), x, test="hartung_knapp")
            rejected[name].append(abs(fit.b[1]) > stats.t.ppf(0.975, fit.df) * fit.cov[1, 1] ** 0.5)
    assert {name: np.mean(hits) for name, hits in rejected.items()} == pytest.approx(
        dict.fromkeys(rejected, 0.05), abs=0.02
    )


def test_rows_ids_and_index_do_not_matter(studies):
    other = studies.assign(study=studies.index + 7).sample(frac=1, random_state=1).set_axis([0] * len(studies))
    pd.testing.assert_frame_equal(subgroup_means(studies, "group"), subgroup_means(other, "group"), rtol=1e-7)
    pd.testing.assert_frame_equal(moderator_slope(studies, "year"), moderator_slope(other, "year"), rtol=1e-7)


def test_studies_without_the_property_are_left_out(studies):
    holes = studies.assign(year=studies["year"].where(studies.index > 3))
    assert moderator_slope(holes, "year").attrs["k"] == 20


def test_equal_effects_cannot_be_compared_by_hartung_knapp(studies):
    table = subgroup_means(studies.assign(r=0.3), "group")
    assert table["se"].isna().all() and np.isnan(table.attrs["between"]["p_value"])


@pytest.mark.parametrize("rows", [[0, 3, 6], [0, 1, 2], [0, 1]])
def test_groups_need_two_and_more_studies_than_groups(studies, rows):
    with pytest.raises(NotApplicable, match="needs two groups and more studies than groups"):
        subgroup_means(studies.iloc[rows], "group")


def test_a_moderator_must_vary_over_three_studies(studies):
    with pytest.raises(NotApplicable, match="The studies are all alike in this respect"):
        moderator_slope(studies.assign(year=2020), "year")
    with pytest.raises(NotApplicable, match="This analysis needs 3 studies; found 2"):
        moderator_slope(studies.head(2), "year")


@pytest.mark.parametrize("method", [subgroup_means, moderator_slope])
def test_a_moderator_must_be_a_column(studies, method):
    with pytest.raises(ValueError, match="studies must have a column 'size'; found study, r, n"):
        method(studies, "size")
