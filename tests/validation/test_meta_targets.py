"""A small look at the targets of the meta-analysis that `make validate` measures thoroughly."""

import numpy as np
import pandas as pd
import pytest
from looks import simulate
from meta_looks import BARE, DISTRIBUTIONS, INDIVIDUAL, MANY, RANGE_ASIDE, REML, designs, name
from meta_studies import RHO, attenuated, restricted_studies, studies
from meta_tables import meta_report
from meta_targets import claim_table, meta_table


def looks(names, n):
    made = designs()
    return pd.concat([simulate(made, [one], share=n / made[one].looks) for one in names], ignore_index=True)


@pytest.fixture(scope="module")
def found():
    claims = [one for one in designs() if one.startswith("rho") and f"k = {MANY}" in one]
    ranges = [f"{kind}: {name(MANY, 300, 0.1)}" for kind in ("direct", "indirect")]
    grid = [one for one in designs() if one.startswith(f"k = {MANY}")]
    return pd.concat([looks(grid, 2), looks([name(MANY, 300, 0.05), *ranges], 12), looks(claims, 8)])


@pytest.fixture(scope="module")
def large(found):
    table = meta_table(found[found["design"].isin([name(MANY, 300, 0.05)])])
    return table.set_index("method")


def test_the_mean_comes_back_by_every_method(large):
    assert set(large.index) == {BARE, INDIVIDUAL, DISTRIBUTIONS, REML}
    assert (large["error"].abs() < 3 * large["error_mc"] + 0.002).all()
    assert (large["error_mc"] < 0.006).all() and (large["covered"] >= 0.7).all()


def test_a_narrowed_range_is_corrected_and_matters(found):
    table = meta_table(found[found["design"].str.contains("direct")]).set_index(["kind", "method"])["error"]
    for kind in ("direct", "indirect"):
        assert abs(table[kind, INDIVIDUAL]) < 0.03 and abs(table[kind, DISTRIBUTIONS]) < 0.03
        assert table[kind, RANGE_ASIDE] < table[kind, INDIVIDUAL] - 0.02


def test_a_mean_of_zero_is_seldom_claimed_and_a_steady_relation_is_found(found):
    verdicts = claim_table(found).set_index(["rho", "sd"])
    assert verdicts.loc[(0.0, 0.0), ["yes", "on_average"]].sum() <= 0.25
    assert verdicts.loc[(RHO, 0.05), "yes"] >= 0.7 and verdicts.loc[(RHO, 0.30), "yes"] <= 0.3


def test_made_studies_have_the_truth_they_are_made_with():
    rng = np.random.default_rng(1)
    made = studies(rng, 4000, 400, 0.1)
    assert (made["r"] / np.sqrt(made["rxx"] * made["ryy"])).mean() == pytest.approx(RHO, abs=0.01)
    assert attenuated(0.1).mean() == pytest.approx(made["r"].mean(), abs=0.005)
    direct = restricted_studies(rng, 400, 400, 0.0, "direct")
    assert ((direct["u"] > 0.3) & (direct["u"] < 1)).all() and direct["r"].mean() < 0.9 * made["r"].mean()


def test_a_miss_is_bold_and_counts(found):
    biased = found.assign(error=found["error"] + 1.0)
    table, claims = meta_table(biased), claim_table(found)
    bounded = table[table["bounded"]]
    assert bounded["missed"].map(lambda missed: "error" in missed).all()
    assert not table.loc[table["method"] == RANGE_ASIDE, "bounded"].any()
    text = meta_report(table, claims, minutes=1.0, jobs=1)
    assert "| **no** |" in text and "**Caution.**" in text and "| – |" in text


def test_more_false_claims_than_asked_are_a_miss(found):
    claimed = found.assign(verdict=found["verdict"].mask(found["verdict"].notna(), "yes"))
    table = claim_table(claimed).set_index(["rho", "sd"])
    missed = meta_report(meta_table(found), claim_table(claimed), minutes=1.0, jobs=1)
    assert f"- Missed: rho {RHO:g}, SD rho 0.3, {MANY} studies. Why: few studies tell" in missed
    assert not table.loc[(0.0, 0.0), "met"] and not table.loc[(RHO, 0.30), "met"] and table.loc[(RHO, 0.05), "met"]
