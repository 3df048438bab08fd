import numpy as np
import pandas as pd
import pytest
from cases import assert_close, expected
from made_units import made_units, outside_units, reference_units

from helpers.stats.cluster_robust import linear_combinations
from helpers.stats.quartile_contrasts import adjusted_gaps, welch_gaps
from helpers.stats.two_way import two_way_fit


def test_welch_equals_r():
    row = welch_gaps(reference_units()).iloc[0]
    assert_close(
        row[["estimate", "se", "df", "ci_low", "ci_high", "p_value"]].to_dict(), expected("quartiles")["welch"]
    )


def test_the_adjusted_gap_equals_clubsandwich_with_countries_as_clusters():
    row = adjusted_gaps(reference_units()).iloc[0]
    assert_close(row[["estimate", "se", "df", "p_value"]].to_dict(), expected("quartiles")["adjusted"], 1e-6)


def test_cr1_counting_all_parameters_equals_the_outside_reference():
    frame, wanted = outside_units()
    cuts = frame["engagement"].quantile([0.25, 0.75])
    ends = frame[(frame["engagement"] >= cuts[0.75]) | (frame["engagement"] <= cuts[0.25])]
    ends = ends.assign(top=(ends["engagement"] >= cuts[0.75]).astype(float), log_size=np.log(ends["size"]))
    fit = two_way_fit(ends, "value", ["top", "log_size"], absorb=None, dummies="organisation", cluster="organisation")
    se = linear_combinations(fit, kind="CR1").loc[0, "se"]
    assert se == pytest.approx(wanted["adjusted"]["se_CR1S"], rel=1e-6)


def test_clusters_may_be_organisations_or_parts_of_them():
    frame = made_units(np.random.default_rng(1))
    tables = [adjusted_gaps(frame.assign(cluster=frame[column])) for column in ("organisation", "entity")]
    assert tables[0].loc[0, "estimate"] == pytest.approx(tables[1].loc[0, "estimate"])
    assert tables[0].loc[0, "n_clusters"] < tables[1].loc[0, "n_clusters"]


def test_sizes_that_do_not_differ_give_an_empty_row_with_its_reason():
    row = adjusted_gaps(made_units(np.random.default_rng(1)).assign(size=12)).iloc[0]
    assert np.isnan(row["estimate"])
    assert row["reason"] == "log_size does not change within units beyond what all units share."


def test_few_units_give_an_empty_row():
    row = welch_gaps(made_units(np.random.default_rng(1)).head(12)).iloc[0]
    assert np.isnan(row["estimate"])
    assert row["n"] < 12


def test_each_outcome_has_its_own_row():
    both = pd.concat([made_units(np.random.default_rng(k)).assign(outcome=name) for k, name in enumerate("ba")])
    assert welch_gaps(both)["outcome"].tolist() == adjusted_gaps(both)["outcome"].tolist() == ["a", "b"]


def test_size_and_organisation_are_needed():
    with pytest.raises(ValueError, match=r"columns size and organisation; found none named size"):
        adjusted_gaps(made_units(np.random.default_rng(1)).drop(columns="size"))
