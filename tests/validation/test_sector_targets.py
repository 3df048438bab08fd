"""A small look at the targets of the sector that `make validate` measures thoroughly, on made figures."""

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from sector_looks import MEAN_R, NULL, REML, RHO, RHO_KNOWN, SECTOR, SPREAD, designs, population, sector
from sector_tables import sector_report
from sector_targets import ALL, sector_table, spread_table, verdict_shares

from helpers.datasets.demo.sector import OUTCOMES


@pytest.fixture(scope="module")
def made():
    """Forty sectors with estimates that err by as much as their intervals say: two of forty miss the truth."""
    errors, rows = 0.02 * norm.ppf((np.arange(40) + 0.5) / 40), []
    quantities = [MEAN_R, RHO, RHO_KNOWN, REML, SPREAD, "median gap, raw"]
    for design, truth in ((SECTOR, 0.2), (NULL, 0.0)):
        for look in range(40):
            for quantity in quantities:
                for outcome in ("nps", "profit"):
                    estimate = truth + errors[look]
                    row = {"design": design, "look": look, "quantity": quantity, "outcome": outcome, "truth": truth}
                    row |= {"estimate": estimate, "ci_low": estimate - 0.0392, "ci_high": estimate + 0.0392}
                    rows.append(row | {"sd": 0.1, "true_sd": 0.1, "held": 0.8})
                    if quantity == RHO:
                        said = "yes" if design == SECTOR else "cannot_tell"
                        rows[-1] |= {"verdict": said, "rxx": 0.7, "true_rxx": 0.7, "ryy": 1.0, "true_ryy": 1.0}
    return pd.DataFrame(rows)


def test_intervals_that_are_what_they_say_meet_the_target(made):
    table = sector_table(made)
    assert table["met"].all() and table["covered"].eq(0.95).all()
    large = table[(table["design"] == SECTOR) & (table["outcome"] != ALL) & (table["quantity"] != SPREAD)]
    assert large["large"].all() and (large["clear"] == 1).all()
    assert set(table.loc[table["design"] == NULL, "outcome"]) == {ALL}


def test_a_biased_estimate_and_a_claim_without_effect_are_missed(made):
    shift = np.where(made["quantity"] == RHO, 0.1, 0.0)
    biased = made.assign(**{name: made[name] + shift for name in ("estimate", "ci_low", "ci_high")})
    met = sector_table(biased).set_index(["design", "quantity", "outcome"])["met"]
    assert not met[SECTOR, RHO, ALL] and not met[NULL, RHO, ALL] and not met[SECTOR, RHO, "nps"]
    claimed = verdict_shares(made.assign(verdict=made["verdict"].where(made["verdict"].isna(), "yes")))
    assert claimed.set_index("design")["met"].groupby(level=0).all().to_dict() == {SECTOR: True, NULL: False}


def test_the_part_tells_bias_spread_and_verdicts(made):
    table = sector_table(made)
    table.loc[0, "met"] = False
    text = sector_report(table, spread_table(made), verdict_shares(made), minutes=1.0, jobs=2)
    assert "| **no** |" in text and "| demo-sector | mean r | all outcomes |" in text
    assert "| mean rho | nps | 0.100 | 0.100 | +0.000 ± 0.000 | 80.0 ± 0.0 |" in text
    assert "| profit | 0.0% | 0.0% | 100.0% | 0.0% | 0.700 | 0.700 | 1.000 | 1.000 | 40 | yes |" in text


def test_the_null_sector_differs_around_zero():
    pair = {null: population(null)["profit"] for null in (False, True)}
    assert pair[False]["rho"].mean() > 0.1 and pair[True]["rho"].mean() == pytest.approx(0, abs=0.005)
    assert pair[True]["rho"].std() == pytest.approx(pair[False]["rho"].std(), rel=0.15)


@pytest.mark.slow
def test_a_made_sector_is_looked_at_from_answers_to_verdicts():
    rows = pd.DataFrame(sector(np.random.default_rng(3), **designs()[SECTOR].choices | {"scale": 0.3}))
    assert set(rows["outcome"]) == set(OUTCOMES)
    means = rows[rows["quantity"] == RHO].set_index("outcome")
    assert (means["estimate"] - means["truth"]).abs().max() < 0.2 and means["verdict"].isin(["yes", "on_average"]).all()
    assert (means["rxx"] - means["true_rxx"]).abs().max() < 0.1
    assert rows["held"].dropna().between(0, 1).all()
