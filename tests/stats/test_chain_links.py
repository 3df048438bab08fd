"""Links of a chain: what the same people say twice, and luck, are taken out; nothing else is."""

import numpy as np
import pandas as pd
import pytest
from cases import HERE, data, expected
from made_chain import SOURCES, made_chain

from helpers.stats.chain_links import chain_links, sd_ratio, slope
from helpers.stats.chain_sums import BETWEEN, CORRECTED, MEASURED, WITHIN
from helpers.stats.cluster_robust import linear_combinations
from helpers.stats.shared_shocks import shared_shock_fit
from helpers.stats.two_way import two_way_fit

CASE = "chain"


@pytest.fixture(scope="module")
def case():
    return data(CASE), expected(CASE)


def estimated(panel, *links, **choices):
    return chain_links(panel, links, sources=SOURCES, **choices)


def cr0(sums):
    off = sums.joint[:, 0] - slope(sums)["estimate"] * sums.own[:, 0, 0]
    return np.linalg.norm(off) / sums.own.sum()


def test_halves_are_two_stage_least_squares_of_estimatr(case):
    panel, answers = case
    sums = estimated(panel, ("x", "y")).sums["x", "y", WITHIN, CORRECTED]
    assert slope(sums)["estimate"] == pytest.approx(answers["same_people"]["estimate"], rel=1e-8)
    assert cr0(sums) == pytest.approx(answers["same_people"]["cr0"], rel=1e-8)


def test_share_of_staff_heard_enters_as_by_loops(case):
    panel, answers = case
    sums = estimated(panel, ("y", "z")).sums["y", "z", WITHIN, CORRECTED]
    assert slope(sums)["estimate"] == pytest.approx(answers["other_people"]["estimate"], rel=1e-8)
    assert cr0(sums) == pytest.approx(answers["other_people"]["cr0"], rel=1e-8)


def test_measured_link_has_error_and_df_of_clubsandwich(case):
    panel, answers = case
    row = estimated(panel, ("x", "y")).row("x", "y", WITHIN, MEASURED)
    assert [row[name] for name in ("estimate", "se", "df")] == pytest.approx(
        list(answers["measured"].values()), rel=1e-8
    )


def test_measured_link_is_the_fit_beside_shared_shocks():
    panel = made_chain(n_groups=6, n_units=4, n_periods=5)
    row = estimated(panel, ("x", "y")).row("x", "y", WITHIN, MEASURED)
    fit = linear_combinations(shared_shock_fit(panel, "y", ["x"], cluster="cluster")).iloc[0]
    assert [row[name] for name in ("estimate", "se", "df")] == pytest.approx([fit["estimate"], fit["se"], fit["df"]])


def test_where_each_unit_is_its_own_cluster_the_link_is_two_way():
    panel = made_chain(n_groups=60, n_units=1, n_periods=6).assign(cluster=lambda frame: frame["entity"])
    row = estimated(panel, ("x", "y")).row("x", "y", WITHIN, MEASURED)
    fit = linear_combinations(two_way_fit(panel, "y", ["x"], cluster="cluster")).iloc[0]
    assert row["estimate"] == pytest.approx(fit["estimate"])
    assert row["se"] == pytest.approx(fit["se"], rel=0.02)


@pytest.mark.parametrize("view", [WITHIN, BETWEEN])
def test_what_the_same_people_say_twice_makes_no_link(view):
    table = estimated(made_chain(first=0.0, n_groups=30), ("x", "y"))
    measured, corrected = (table.row("x", "y", view, form) for form in (MEASURED, CORRECTED))
    assert measured["ci_low"] > 0
    assert corrected["ci_low"] < 0 < corrected["ci_high"]


def test_luck_shrinks_a_measured_link_and_not_a_corrected_one():
    table = estimated(made_chain(), ("y", "z"))
    measured, corrected = (table.row("y", "z", WITHIN, form) for form in (MEASURED, CORRECTED))
    assert measured["ci_high"] < 0.5
    assert corrected["ci_low"] < 0.5 < corrected["ci_high"]
    assert corrected["reliability"] == pytest.approx(0.2176 / (0.2176 + 0.085), abs=0.05)


def test_intervals_hold_the_truth_as_often_as_they_say():
    rows = [estimated(made_chain(seed, n_groups=12, n_units=5, n_periods=4), ("x", "y")) for seed in range(40)]
    held = [row["ci_low"] <= 0.6 <= row["ci_high"] for row in (one.row("x", "y", WITHIN, CORRECTED) for one in rows)]
    assert sum(held) >= 34


def test_sd_are_those_of_what_units_share():
    sums = estimated(made_chain(n_groups=60), ("x", "y")).sums["x", "y", WITHIN, CORRECTED]
    assert sd_ratio(sums) == pytest.approx(0.4 / np.hypot(0.6 * 0.4, 0.4), rel=0.05)


def reason(panel, x, y, view=WITHIN, form=CORRECTED, sources=SOURCES):
    return chain_links(panel, [(x, y)], sources=sources).row(x, y, view, form)["reason"]


def test_without_halves_only_the_measured_link_is_there():
    panel = made_chain(n_groups=6)[["entity", "time", "cluster", "x", "y"]]
    assert reason(panel, "x", "y") == "The sampling errors of {x} are not known."
    assert np.isfinite(estimated(panel, ("x", "y")).row("x", "y", WITHIN, MEASURED)["estimate"])


@pytest.mark.parametrize("view", [WITHIN, BETWEEN])
def test_without_halves_of_what_other_people_answered_only_the_measured_link_is_there(view):
    """Such as scores of customers that came without answers."""
    panel = made_chain(n_groups=6).drop(columns=["z_a", "z_b"])
    row = estimated(panel, ("y", "z")).row("y", "z", view, CORRECTED)
    assert row["reason"] == "The sampling errors of {x} are not known." and row["reason_values"] == {"x": "z"}
    assert np.isfinite(estimated(panel, ("y", "z")).row("y", "z", view, MEASURED)["estimate"])


def test_without_the_number_of_people_asked_luck_stays_in():
    panel = made_chain(n_groups=6).drop(columns="heard")
    assert reason(panel, "y", "z").startswith("How many people were asked is not known")


def test_one_wave_leaves_the_comparison_of_units():
    table = estimated(made_chain(n_periods=1), ("x", "y"))
    within = table.row("x", "y", WITHIN, CORRECTED)
    assert within["reason"] == "One wave cannot tell whether units move: each unit is seen once."
    assert np.isfinite(table.row("x", "y", BETWEEN, CORRECTED)["estimate"])


def test_a_construct_that_is_luck_alone_is_not_divided_by():
    panel = made_chain(n_groups=6)
    rng = np.random.default_rng(1)
    panel = panel.assign(**{name: rng.normal(size=len(panel)) for name in ("x", "x_a", "x_b")})
    assert reason(panel, "x", "y").startswith("Differences in {x} stand out too little from luck")


@pytest.mark.parametrize("form", [MEASURED, CORRECTED])
def test_equal_answers_make_no_link(form):
    panel = made_chain(n_groups=6).assign(x=3.0, x_a=3.0, x_b=3.0)
    assert reason(panel, "x", "y", form=form) == "{column} does not change within units beyond what all units share."


def test_one_unit_makes_no_comparison():
    panel = made_chain(n_groups=1, n_units=1)
    assert reason(panel, "x", "y", view=BETWEEN) == "Comparing units needs {needed} of them; found {found}."
    assert reason(panel, "x", "y", view=WITHIN)


def test_constructs_of_different_waves_make_no_link():
    panel = made_chain(n_groups=6)
    panel["x"] = panel["x"].where(panel["time"] < 4)
    panel["y"] = panel["y"].where(panel["time"] >= 4)
    assert reason(panel, "x", "y") == "{measures} are not known of the same units and periods."


@pytest.fixture(scope="module")
def simulated():
    return pd.read_csv(HERE / CASE / "result.csv").set_index(["dataset", "x", "y", "view", "form"]).sort_index()


@pytest.mark.parametrize(
    ("x", "y"), [("leadership", "culture"), ("culture", "behaviour"), ("behaviour", "customer_satisfaction")]
)
def test_corrected_links_of_made_companies_hold_their_truth(simulated, x, y):
    found = simulated.loc[("demo", x, y, WITHIN, CORRECTED)]
    assert found["seeds"] == 100 and found["told"] >= 60
    assert found["holds_effect"] >= 92
    assert abs(found["median"] - found["effect"]) < 0.03


def test_the_path_of_made_companies_holds_its_truth(simulated):
    path = simulated.loc[("demo", "leadership", "customer_satisfaction", WITHIN, "path")]
    assert path["holds_effect"] >= 92 and path["excludes_0"] >= 92
    carried = simulated.loc[("demo", "engagement", "repurchase", WITHIN, "mediation")]
    assert carried["median"] == pytest.approx(carried["effect"], rel=0.1)


def test_without_effects_no_link_is_a_yes_more_often_than_the_level_allows(simulated):
    null = simulated.loc["demo-null"]
    assert (null["says_yes"] <= 5).all()
    assert (null.xs(CORRECTED, level="form")["holds_effect"].dropna() >= 91).all()
