import numpy as np
import pandas as pd
import pytest
from cases import expected
from made_units import made_units, reference_units
from scipy import stats

from helpers.stats.organisation_gaps import (
    MIN_UNITS_PER_ORGANISATION,
    median_gaps,
    organisation_gaps,
    pooled_within_gaps,
)
from helpers.stats.quartiles import quartile_gaps
from helpers.stats.verdicts import gap_verdicts


def scale(table: pd.DataFrame, name: str) -> pd.DataFrame:
    return table[table["scale"] == name].reset_index(drop=True)


def listed(values: list[float]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            **{"outcome": "profit", "scale": "percent", "higher_is_better": True},
            **{"estimate": values, "organisation": range(len(values))},
        }
    )


@pytest.mark.parametrize("name", ["org3", "org10"])
def test_the_gap_of_one_organisation_is_its_own_quartile_gap(name):
    frame = reference_units()
    own = frame[frame["organisation"] == name]
    top = own["value"][own["engagement"] >= own["engagement"].quantile(0.75)].mean()
    bottom = own["value"][own["engagement"] <= own["engagement"].quantile(0.25)].mean()
    wanted = {"raw": top - bottom, "sd": (top - bottom) / own["value"].std(), "percent": 100 * (top / bottom - 1)}
    assert len(own) >= MIN_UNITS_PER_ORGANISATION
    table = organisation_gaps(frame).set_index(["organisation", "scale"])["estimate"]
    assert table[name].to_dict() == pytest.approx(wanted)


def test_a_single_organisation_has_the_overall_gap():
    frame = made_units(np.random.default_rng(1)).assign(organisation="only")
    whole = quartile_gaps(frame, rng=np.random.default_rng(1), n_boot=20)["estimate"]
    np.testing.assert_allclose(organisation_gaps(frame)["estimate"], whole)
    assert pooled_within_gaps(organisation_gaps(frame))["profit"] == pytest.approx(whole[0])


def test_the_slope_of_an_organisation_implies_a_gap_between_its_own_quartiles():
    frame = made_units(np.random.default_rng(1)).assign(organisation="only")
    whole = quartile_gaps(frame, rng=np.random.default_rng(1), n_boot=20)["slope_implied"]
    np.testing.assert_allclose(organisation_gaps(frame)["slope_implied"], whole)


def test_medians_keep_the_direction_of_an_outcome():
    frame = made_units(np.random.default_rng(1)).assign(higher_is_better=False)
    assert not median_gaps(organisation_gaps(frame))["higher_is_better"].any()


def test_medians_over_organisations_equal_r():
    table, wanted = median_gaps(organisation_gaps(reference_units())).set_index("scale"), expected("quartiles")
    assert table.loc["raw", "estimate"] == pytest.approx(wanted["organisations"]["median_raw"])
    assert table.loc["percent", "estimate"] == pytest.approx(wanted["organisations"]["median_percent"])
    assert set(table["n"]) == {wanted["organisations"]["n"]}


def test_small_organisations_have_an_empty_row():
    frame = made_units(np.random.default_rng(1))
    small = frame["organisation"] == "organisation 0"
    frame = frame[~small | (small.cumsum() < MIN_UNITS_PER_ORGANISATION)]
    row = scale(organisation_gaps(frame), "raw").iloc[0]
    assert (row["reason"], row["n"]) == ("too_few_units", MIN_UNITS_PER_ORGANISATION - 1)
    assert np.isnan(row["estimate"])
    assert median_gaps(organisation_gaps(frame))["n"].tolist() == [7, 7, 7]


def test_percent_rules_hold_within_organisations():
    negative = made_units(np.random.default_rng(1)).assign(value=lambda table: table["value"] - 20)
    assert set(scale(organisation_gaps(negative), "percent")["reason"]) == {"bottom_not_positive"}
    points = made_units(np.random.default_rng(1)).assign(ratio_scale=False)
    assert set(scale(organisation_gaps(points), "percent")["reason"]) == {"not_ratio_scale"}


def test_six_organisations_are_the_fewest_for_an_interval_at_95():
    five, six = (median_gaps(listed(list(range(1, n + 1)))).iloc[0] for n in (5, 6))
    assert (five["reason"], five["n"], five["estimate"]) == ("too_few_organisations", 5, 3)
    assert np.isnan(five["ci_low"])
    assert six["reason"] == ""
    assert 1 <= six["ci_low"] < 2 and 5 < six["ci_high"] <= 6


def test_no_organisations_have_no_median():
    unknown = organisation_gaps(made_units(np.random.default_rng(1)).assign(n=np.nan), weights="n")
    assert median_gaps(unknown).empty and "verdict" in gap_verdicts(median_gaps(unknown), smallest_effect=0.1)


def test_limits_at_an_exact_level_are_order_statistics():
    # Ten values, second to ninth: 1 - 2 P(Binomial(10, 1/2) ≤ 1).
    level = 1 - 2 * stats.binom.cdf(1, 10, 0.5)
    row = median_gaps(listed([3, 8, 1, 9, 5, 10, 2, 7, 4, 6]), conf_level=level).iloc[0]
    assert (row["estimate"], row["ci_low"], row["ci_high"]) == pytest.approx((5.5, 2, 9))


def test_p_value_is_the_sign_test():
    row = median_gaps(listed([1, 2, 3, 4, 5, 6, 7, -1])).iloc[0]
    assert row["p_value"] == pytest.approx(stats.binomtest(7, 8).pvalue)


def test_the_interval_of_a_median_covers():
    rng = np.random.default_rng(3)
    tables = (median_gaps(listed(list(rng.exponential(size=15)))).iloc[0] for _ in range(400))
    inside = [row["ci_low"] <= np.log(2) <= row["ci_high"] for row in tables]
    assert 0.92 <= np.mean(inside) <= 0.98


def test_rows_ids_and_index_do_not_matter():
    frame = made_units(np.random.default_rng(1))
    other = frame.assign(entity=frame["entity"].astype(str)).sample(frac=1, random_state=4).set_axis([0] * len(frame))
    pd.testing.assert_frame_equal(organisation_gaps(frame), organisation_gaps(other))


def test_organisations_must_be_named():
    with pytest.raises(ValueError, match=r"frame must have a column 'organisation'"):
        organisation_gaps(made_units(np.random.default_rng(1)).drop(columns="organisation"))
