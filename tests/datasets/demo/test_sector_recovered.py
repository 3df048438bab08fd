"""What is true in the organisations of the demo sector comes out again over many sectors, by plain correlations."""

import numpy as np
import pandas as pd
import pytest

from helpers.datasets.demo import load_sector, simulate_sector
from helpers.datasets.demo.sector import OUTCOMES, differing, draw_organisations
from helpers.datasets.demo.sector_simulation import sector_truth
from helpers.datasets.demo.sector_truth import LOWER_IS_BETTER, organisation_correlations

# A minute of simulated organisations.
pytestmark = pytest.mark.slow

SEEDS = range(1, 11)
SCALE = 0.2
SIGNS = [-1 if outcome in LOWER_IS_BETTER else 1 for outcome in OUTCOMES]
TABLES = ("employee_answers", "customer_answers", "outcomes")


def organisation(unit_ids):
    return unit_ids.str[:3].rename("organisation")


def nps(answers):
    """NPS of each unit and period, each answer with its weight."""
    points = 100.0 * ((answers["recommend"] >= 9).astype(int) - (answers["recommend"] <= 6))
    keys = [answers["unit_id"], answers["period"]]
    return (points * answers["weight"]).groupby(keys).sum() / answers["weight"].groupby(keys).sum()


def correlations(tables):
    """Correlation of engagement of 2023 with outcomes of 2024 over the teams of each organisation, better above 0."""
    answers = tables["employee_answers"]
    items = answers[["engagement_1", "engagement_2", "engagement_3"]].mean(axis=1)
    engagement = items.groupby([answers["unit_id"], answers["period"]]).mean()
    values = tables["outcomes"].set_index(["unit_id", "period", "measure"])["value"].unstack()
    teams = values.assign(nps=nps(tables["customer_answers"]))[list(OUTCOMES)].xs("2024", level="period")
    teams = teams.join(engagement.xs("2023", level="period").rename("engagement"), how="inner")
    rows = []
    for unit_id, group in teams.groupby(organisation(teams.index)):
        r = group.corr().loc[list(OUTCOMES), "engagement"] * SIGNS
        rows.append(
            pd.DataFrame({"unit_id": unit_id, "outcome": OUTCOMES, "found": r, "n": group[list(OUTCOMES)].count()})
        )
    return pd.concat(rows, ignore_index=True)


@pytest.fixture(scope="module")
def sector():
    return load_sector()


def found_beside_true(sector, seeds, scale):
    """One row per sector, organisation and outcome: the correlation found, and that which is true."""
    parts = []
    for seed in seeds:
        true = sector_truth(sector, seed)["organisations"].set_index(["unit_id", "outcome"])["r"]
        found = correlations(simulate_sector(sector, seed=seed, scale=scale, tables=TABLES))
        parts.append(found.assign(seed=seed).join(true, on=["unit_id", "outcome"]))
    return pd.concat(parts, ignore_index=True)


@pytest.fixture(scope="module")
def studies(sector):
    return found_beside_true(sector, SEEDS, SCALE)


def weighted(group):
    return pd.Series({name: np.average(group[name], weights=group["n"]) for name in ("found", "r")})


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_the_mean_correlation_is_the_true_one(sector, studies, outcome):
    means = studies[studies["outcome"] == outcome].groupby("seed").apply(weighted)
    error = means["found"] - means["r"]
    assert abs(error.mean()) < 3 * error.std() / np.sqrt(len(error))
    assert abs(error.mean()) < 0.03
    population = sector_truth(sector, 1)["population"].set_index("outcome").loc[outcome]
    assert means["r"].mean() == pytest.approx(population["mean_r"], abs=0.02)


def test_all_outcomes_together_come_closer_than_reliability_moves_them(sector):
    """In organisations of full size, where the bias of a correlation of few teams is gone."""
    rows = found_beside_true(sector, (1, 2), 1.0)
    means = rows.assign(error=rows["found"] - rows["r"]).groupby(["seed", "unit_id"])[["error", "n"]].mean()
    error = np.average(means["error"], weights=means["n"])
    se = means["error"].std() / np.sqrt(len(means))
    assert abs(error) < 3 * se < 0.02


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_correlations_differ_as_much_as_the_true_ones_beyond_chance(sector, studies, outcome):
    """Variance between organisations minus that of sampling, (1 - r²)² / (n - 1)."""
    rows = studies[studies["outcome"] == outcome]
    mean = np.average(rows["found"], weights=rows["n"])
    between = np.average((rows["found"] - mean) ** 2, weights=rows["n"])
    by_chance = np.average((1 - mean**2) ** 2 / (rows["n"] - 1), weights=rows["n"])
    population = sector_truth(sector, 1)["population"].set_index("outcome").loc[outcome]
    assert between - by_chance == pytest.approx(population["sd_r"] ** 2, abs=0.01)
    assert rows["r"].std() == pytest.approx(population["sd_r"], rel=0.15)


def test_slopes_of_zero_are_correlations_of_zero(sector):
    drawn = draw_organisations(sector, 1).assign(**dict.fromkeys(OUTCOMES, 0.0))
    assert organisation_correlations(sector, drawn)[["rho", "r"]].abs().max().max() < 1e-12


def test_fewer_answers_make_engagement_less_reliable_and_leave_rho(sector):
    few, many = (draw_organisations(sector, 1).assign(response=share) for share in (0.5, 0.9))
    few, many = organisation_correlations(sector, few), organisation_correlations(sector, many)
    assert (few["rxx"] < many["rxx"] - 0.1).all()
    pd.testing.assert_series_equal(few["rho"], many["rho"])


def test_the_middle_organisation_has_the_mean_slopes(sector):
    middle = differing(sector, np.full((1, 14), 0.5)).iloc[0]
    assert [middle[name] for name in OUTCOMES] == [sector.slopes[name][0] for name in OUTCOMES]
    assert middle["n_teams"] == sector.organisations.median_teams


def test_teams_of_an_organisation_differ_as_the_truth_says(sector):
    """Engagement of the payroll varies by team, and by 1 / headcount because of the persons in it."""
    tables = simulate_sector(sector, seed=5, scale=1, tables=["expected", "invited"])
    scores = tables["expected"].set_index(["unit_id", "period", "measure"])["expected"].unstack()
    scores = scores.join(tables["invited"].set_index(["unit_id", "period"])["headcount"], how="inner").reset_index()
    place = [organisation(scores["unit_id"]), scores["period"]]
    own = scores[["engagement", "enps"]] - scores[["engagement", "enps"]].groupby(place).transform("mean")
    person, team = np.polyfit(1 / scores["headcount"], own["engagement"] ** 2, 1)
    p = sector.measured
    assert np.sqrt([team, person]) == pytest.approx([p.engagement_sd_team, p.engagement_sd_person], rel=0.05)
    assert own["enps"].std() == pytest.approx(p.enps_sd, rel=0.02)
    assert own["enps"].corr(own["engagement"]) == pytest.approx(p.enps_engagement_r, abs=0.02)
