"""A small look at the checks of a lag claim that `make validate` measures thoroughly."""

import numpy as np
import pandas as pd
import pytest
from check_companies import company
from check_designs import COMPANIES, company_name, designs
from check_looks import JACKKNIFE, LEAST_SQUARES, ONE_STEP, OWN, course
from check_panels import COMPANY_TIMES, COMPANY_UNITS, REGIONS, company_panel, with_regions
from check_tables import check_report, size_table
from check_targets import targets
from looks import simulate
from made_panels import made_panel
from measures import refused
from target_table import Target, target_table


def looks(name: str, panels: int) -> pd.DataFrame:
    return simulate(designs(), [name], share=panels / designs()[name].looks)


def test_a_corrected_search_seldom_finds_a_lag_where_there_is_none():
    found = looks("search, null 8", 30)
    assert found["together_size"].mean() <= 0.2 and found["alone_size"].mean() <= 0.2
    assert found["together_uncorrected"].sum() >= found["together_size"].sum()


def test_a_weak_lag_is_not_identified_and_a_strong_one_is_the_right_one():
    assert looks("search, weak 12", 10)["together_identified"].sum() <= 1
    strong = looks("search, strong 15", 10)
    assert strong["together_right"].mean() >= 0.7 and strong["together_identified_wrong"].sum() <= 1


def test_textbook_granger_rejects_far_more_often_than_the_bootstrap():
    found = looks("Granger, T = 9, 1 lag", 30)
    assert found["bootstrap"].mean() <= 0.2 and found["zbar"].mean() >= 0.25


def test_least_squares_pulls_the_own_lag_down_and_the_jackknife_does_not():
    found = looks("dynamics 10", 8)
    assert found[f"{LEAST_SQUARES}, {OWN}"].mean() == pytest.approx(-0.17, abs=0.1)
    assert found[f"{JACKKNIFE}, {OWN}"].mean() == pytest.approx(0, abs=0.12)
    assert found[f"{ONE_STEP}, lag 1"].mean() == pytest.approx(0, abs=0.15)


def test_the_course_fades_with_x_after_the_period_of_the_effect():
    assert [course(horizon) for horizon in range(4)] == pytest.approx([0, 0.3, 0.12, 0.048])
    found = looks("projections 12", 8)
    assert all(found[f"covered_{horizon}"].mean() >= 0.6 for horizon in range(4))


def test_shared_years_show_before_period_effects_only():
    found = looks("dependence, years shared", 10)
    assert found["before_rejects"].all() and found["after_above"].sum() <= 1
    assert looks("dependence, no shared shocks", 10)["before_rejects"].sum() <= 4


def test_histories_exchanged_seldom_make_a_curve_of_nothing():
    assert looks("curve 8", 20)["median"].mean() <= 0.25


def test_regions_share_their_shocks_and_nothing_else_changes():
    panel = made_panel(np.random.default_rng(1))
    shocks = with_regions(panel, np.random.default_rng(2))[["x", "y"]] - panel[["x", "y"]]
    region = panel["entity"].factorize(sort=True)[0] % REGIONS
    by_cell = shocks.groupby([region, panel["time"]])
    assert by_cell.std().max().max() == pytest.approx(0, abs=1e-9)
    assert by_cell.mean().round(6)["x"].nunique() == REGIONS * panel["time"].nunique()


def test_a_panel_like_the_demos_has_its_shape_and_gaps_and_every_check_a_p_value():
    panel = company_panel(np.random.default_rng(3), feedback=0.3)
    assert panel["entity"].nunique() == COMPANY_UNITS and panel["time"].nunique() == COMPANY_TIMES
    assert 0.9 < len(panel) / (COMPANY_UNITS * COMPANY_TIMES) < 1
    found = company(np.random.default_rng(3), feedback=0.3)
    assert len(found) == 21 and all(0 <= p <= 1 for p in found.values())


def test_every_line_of_the_table_has_its_panels():
    companies = {company_name(world) for world in COMPANIES}
    assert {target.design for target in targets()} | companies == set(designs())


def test_a_check_keeps_its_level_unless_it_rejects_too_often_on_the_demos_kind_of_panel():
    shares = {"right": (0.05, 0.05, 0.6), "wrong": (0.05, 0.3, 0.05), "near": (0.07, 0.05, 0.05)}
    tables = []
    for place, world in enumerate(COMPANIES):
        p = {check: np.where(np.arange(200) < round(200 * share[place]), 0.01, 0.5) for check, share in shares.items()}
        tables.append(pd.DataFrame(p).assign(design=company_name(world), look=range(200), seconds=0.0))
    found = pd.concat(tables)
    found.loc[found["design"].eq(company_name("no feedback")) & (found["look"] >= 100), "right"] = np.nan
    sizes = size_table(found)
    assert set(sizes["check"]) == set(shares)
    half_told = sizes[(sizes["check"] == "right") & (sizes["world"] == "no feedback")].iloc[0]
    assert (half_told["told"], half_told["rejects"]) == (0.5, 0.1)
    table = target_table(found, [Target("told", company_name("no feedback"), refused("right"))])
    text = check_report(table, sizes, minutes=1.0, jobs=1, share_of_panels=0.25)
    assert "with 25% of the panels planned" in text
    assert "| wrong | 0.050 ± 0.016 | **0.300** ± 0.032 | 0.050 ± 0.016 | 1.00 | **no** |" in text
    assert "| near | 0.070 ± 0.019 | 0.050 ± 0.016 | 0.050 ± 0.016 | 1.00 | unclear |" in text
