"""Drivers: jackknife errors as R has them, ranks that hold, and verdicts and standings at their boundaries."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected

from helpers.stats.cluster_moments import cluster_moments
from helpers.stats.driver_looks import claim_verdict
from helpers.stats.driver_shares import lmg_shares, rank_ranges
from helpers.stats.driver_study import DriverStudy, driver_study
from helpers.stats.driver_verdict import link_verdict, standings
from helpers.stats.estimates import NotApplicable
from helpers.stats.relative_importance import raw_slopes

DRIVERS, RESULT = ["a", "b", "c"], Path(__file__).parents[1] / "reference" / "drivers" / "result.csv"


@pytest.fixture(scope="module")
def people() -> pd.DataFrame:
    return data("drivers").rename(columns={"unit": "group"})


def study(rows: pd.DataFrame, drivers: list[str] | None = None, **choices: object) -> DriverStudy:
    choices = {"rng": np.random.default_rng(1), "smallest_effect": 0.1, "n_boot": 300} | choices
    return driver_study(rows, outcome="y", drivers=drivers or DRIVERS, **choices)


def made(slopes: tuple[float, ...], *, units: int = 40, size: int = 25, seed: int = 3) -> pd.DataFrame:
    """People in units, with a mood that moves all answers about drivers."""
    rng, names = np.random.default_rng(seed), list("abcdef")[: len(slopes)]
    n, unit = units * size, np.repeat(np.arange(units), size)
    rows = pd.DataFrame(rng.normal(size=(n, len(slopes))) + rng.normal(size=(n, 1)), columns=names)
    rows = rows.add(rng.normal(size=units)[unit], axis=0)
    return rows.assign(y=rows[names] @ np.array(slopes) + rng.normal(size=n), cluster=unit, group=unit)


def test_shares_slopes_and_their_errors_equal_refits_in_r(people):
    wanted, moments = expected("drivers"), cluster_moments(people, [*DRIVERS, "y"])
    for name, function in (("share", lmg_shares), ("slope", raw_slopes)):
        found = dict(zip(DRIVERS, function(moments.covariance), strict=True))
        assert_close(found, wanted[f"within_{name}s"])
        errors = dict(zip(DRIVERS, moments.standard_error(function), strict=True))
        assert_close(errors, wanted[f"within_{name}_se"])


def test_drawing_clusters_gives_what_their_rows_would(people):
    moments = cluster_moments(people, [*DRIVERS, "y"])
    once = moments.drawn(np.random.default_rng(4), 1)[0]
    times = np.random.default_rng(4).multinomial(6, np.full(6, 1 / 6))
    rows = pd.concat(
        [people[people["cluster"] == g].assign(cluster=f"{g}-{i}") for g in range(6) for i in range(times[g])]
    )
    rows["group"] = rows["cluster"] + rows["group"].astype(str)
    centred = rows[[*DRIVERS, "y"]] - (
        rows[[*DRIVERS, "y"]].mul(rows["weight"], axis=0).groupby(rows["group"]).transform("sum")
    ).div(rows.groupby("group")["weight"].transform("sum"), axis=0)
    direct = (centred.mul(rows["weight"], axis=0).T @ centred / rows["weight"].sum()).to_numpy()
    assert once == pytest.approx(direct)


def test_shares_add_up_and_ranks_are_told_where_drivers_differ():
    found = study(made((0.8, 0.3, 0.0)))
    assert found.shares["estimate"].sum() == pytest.approx(1)
    assert found.shares[["rank", "rank_low", "rank_high"]].to_numpy().tolist() == [[1] * 3, [2] * 3, [3] * 3]
    assert found.is_ranked and found.is_linked
    assert found.slopes["verdict"].tolist() == ["yes", "yes", "no"]


def test_equal_drivers_are_not_ranked():
    found = study(made((0.3, 0.3, 0.3)))
    assert found.shares["rank_low"].tolist() == [1] * 3 and found.shares["rank_high"].tolist() == [3] * 3
    assert found.is_linked and not found.is_ranked


def test_without_any_link_there_is_nothing_to_rank():
    found = study(made((0.0, 0.0, 0.0)))
    assert not found.is_linked and not found.is_ranked
    assert found.r2["estimate"] < 0.01


def test_a_common_mood_is_found_as_what_drivers_share():
    found = study(made((0.5, 0.2, 0.1), units=200))
    # Two parts mood and own of equal variance within units: r = .5, first component (1 + 2 r) / 3.
    assert found.common == pytest.approx(2 / 3, abs=0.02)
    assert found.r_lowest == pytest.approx(0.5, abs=0.03) and found.r_highest == pytest.approx(0.5, abs=0.03)
    assert found.slopes["vif"].to_numpy() == pytest.approx([1.5] * 3, abs=0.1)


def test_known_noise_is_taken_off():
    rows, rng = made((0.6, 0.2), units=200), np.random.default_rng(8)
    noisy = rows.assign(a=rows["a"] + rng.normal(0, 1, len(rows)), a_error=1.0, b_error=0.0)
    plain, corrected = (study(noisy, ["a", "b"], corrected=is_corrected) for is_corrected in (False, True))
    assert plain.slopes["raw"].iloc[0] < 0.4
    assert corrected.slopes["raw"].to_numpy() == pytest.approx([0.6, 0.2], abs=0.05)


def test_a_rank_ranges_over_all_drivers_it_cannot_be_told_from():
    drawn = np.random.default_rng(1).normal([0.5, 0.3, 0.29], 0.01, size=(2000, 3))
    errors = np.full((3, 3), 0.014)
    low, high = rank_ranges(np.array([0.5, 0.3, 0.29]), drawn, errors=errors, n_clusters=1000, conf_level=0.95)
    assert low.tolist() == [1, 2, 2] and high.tolist() == [1, 3, 3]


def test_intervals_and_ranks_hold_over_many_simulated_companies():
    """From simulate.py: shares cover, ranks of all drivers at once hold, and nothing is found where nothing is."""
    cells = pd.read_csv(RESULT).set_index("case")
    real = cells[~cells.index.str.startswith("none")]
    assert real["share_cover"].between(0.92, 0.98).all() and real["slope_cover"].between(0.92, 0.985).all()
    assert (real["ranks_hold"] >= 0.95).all()
    none = cells[cells.index.str.startswith("none")]
    assert (none["any_linked"] <= 0.065).all() and (none["any_ranked"] <= 0.065).all()
    # Equal drivers are told apart a little too often with as few as ten clusters.
    assert cells.loc["equal weights, 24 x 40", "any_ranked"] <= 0.065
    assert cells.loc["equal weights, 10 x 30", "any_ranked"] <= 0.08


def row(low: float, high: float, **more: float) -> dict[str, float]:
    return {"se": 0.1, "df": 20.0, "ci_low": low, "ci_high": high} | more


@pytest.mark.parametrize(
    ("figures", "verdict", "because"),
    [
        (row(0.05, 0.3), "yes", "zero_excluded"),
        (row(0.05, 0.1), "no", "below_smallest"),
        (row(0.05, 0.1001), "yes", "zero_excluded"),
        (row(-0.1, 0.1), "no", "below_smallest"),
        (row(0.0, 0.3), "cannot_tell", "interval_includes_0"),
        (row(-0.3, -0.01), "cannot_tell", "wrong_sign"),
        (row(0.2, 0.3, df=3.9), "cannot_tell", "too_few"),
        (row(0.2, 0.3, se=float("nan")), "cannot_tell", "too_few"),
    ],
)
def test_links_are_judged_at_every_boundary(figures, verdict, because):
    found = link_verdict(figures, smallest_effect=0.1)
    assert (found.verdict, found.because) == (verdict, because)


@pytest.mark.parametrize(
    ("score", "share", "verdict", "standing"),
    [
        ((3.6, 3.8), (0.51, 0.6), "yes", "keep"),
        ((3.2, 3.4), (0.51, 0.6), "yes", "improve"),
        ((3.6, 3.8), (0.4, 0.49), "yes", "enough"),
        ((3.2, 3.4), (0.4, 0.49), "yes", "wait"),
        ((3.2, 3.5), (0.51, 0.6), "yes", "unclear"),
        ((3.5, 3.6), (0.51, 0.6), "yes", "unclear"),
        ((3.2, 3.4), (0.5, 0.6), "yes", "unclear"),
        ((3.2, 3.4), (0.51, 0.6), "cannot_tell", "unclear"),
        ((3.2, 3.4), (0.51, 0.6), "no", "small"),
        ((float("nan"), float("nan")), (0.51, 0.6), "yes", "unclear"),
    ],
)
def test_strengths_and_weaknesses_are_told_only_where_both_figures_are_sure(score, share, verdict, standing):
    names = ["score_low", "score_high", "share_low", "share_high", "verdict"]
    table = pd.DataFrame([[*score, *share, verdict], [1, 2, 0.1, 0.2, "yes"]], columns=names)
    assert standings(table, target=3.5).iloc[0] == standing


@pytest.mark.parametrize(
    ("verdicts", "verdict", "because"),
    [
        (("yes", "yes"), "yes", "all_linked"),
        (("no", "no"), "no", "all_small"),
        (("yes", "no"), "no", "some_small"),
        (("cannot_tell", "no"), "no", "some_small"),
        (("yes", "cannot_tell"), "cannot_tell", "some_linked"),
        (("cannot_tell", "cannot_tell"), "cannot_tell", "none_linked"),
    ],
)
def test_one_driver_that_is_surely_too_small_refutes_that_all_are_linked(verdicts, verdict, because):
    found = claim_verdict(pd.Series(verdicts))
    assert (found.verdict, found.because) == (verdict, because)


def test_one_driver_is_refused(people):
    with pytest.raises(NotApplicable, match="Setting drivers beside each other needs two of them; found 1"):
        study(people, ["a"])


def test_drivers_that_repeat_each_other_are_refused(people):
    with pytest.raises(NotApplicable, match="move together so closely that they cannot be told apart"):
        study(people.assign(b=2 * people["a"] + 1))


def test_few_rows_for_many_drivers_are_refused(people):
    with pytest.raises(NotApplicable, match="Telling 3 drivers apart needs 30 rows or more"):
        study(people.iloc[:29])


def test_answers_that_are_all_the_same_are_refused(people):
    with pytest.raises(NotApplicable, match="All answers to one of these questions are the same"):
        study(people.assign(b=4))


def test_few_clusters_are_refused(people):
    with pytest.raises(NotApplicable, match="This needs 5 groups of people; found 4"):
        study(people[people["cluster"] < 4])


def test_a_smallest_effect_of_nothing_is_refused(people):
    with pytest.raises(ValueError, match="smallest_effect must be above 0; found 0"):
        study(people, smallest_effect=0)
