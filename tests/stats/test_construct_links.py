"""Links between constructs: within units as they are, between units by halves, and the verdict on both."""

import numpy as np
import pandas as pd
import pytest
from cases import HERE, expected

from helpers.stats.construct_links import both_levels, construct_link
from helpers.stats.estimates import NotApplicable


def halves(people: pd.DataFrame, *columns: str) -> pd.DataFrame:
    place = people.groupby("group").cumcount() % 2
    both = [people[place == part].groupby("group")[list(columns)].mean() for part in (0, 1)]
    wide = both[0].add_suffix("_a").join(both[1].add_suffix("_b"))
    return wide.assign(cluster=wide.index // 5)


def company(slope: float, *, source: float = 0.0, units: int = 300, size: int = 10, seed: int = 2) -> pd.DataFrame:
    """People whose motivation follows the context they know of, and whose mood moves both answers by `source`."""
    rng, unit = np.random.default_rng(seed), np.repeat(np.arange(units), size)
    n, mood = len(unit), rng.normal(size=units * size)
    context = rng.normal(0, 0.5, units)[unit] + rng.normal(0, 0.6, n)
    motivation = slope * context + rng.normal(0, 0.2, units)[unit] + rng.normal(0, 0.5, n)
    answers = {"x": context + source * mood + rng.normal(0, 0.4, n), "y": motivation + source * mood}
    return pd.DataFrame(answers).assign(group=unit, cluster=unit // 5)


def test_the_slope_between_units_and_its_error_equal_r():
    wide = pd.read_csv(HERE / "drivers" / "halves.csv").rename(
        columns={"x1": "x_a", "x2": "x_b", "y1": "y_a", "y2": "y_b"}
    )
    people = company(0.5)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("helpers.stats.construct_links.WEAK", 0.0)
        row = construct_link(people, wide, x="x", y="y", smallest_effect=0.1).at("between")
    wanted = expected("drivers")
    assert [row["estimate"], row["se"]] == pytest.approx([wanted["between"], wanted["between_se"]], rel=1e-8)


def test_halves_give_the_true_slope_back_where_noise_lowers_that_within():
    people = company(0.5)
    link = construct_link(people, halves(people, "x", "y"), x="x", y="y", smallest_effect=0.1)
    assert link.at("between")["estimate"] == pytest.approx(0.5, abs=0.06)
    # Noise of .4 beside .6: .36 / (.36 + .16) of the slope is left.
    assert link.at("within")["estimate"] == pytest.approx(0.5 * 0.36 / 0.52, abs=0.03)
    assert (link.verdict.verdict, link.verdict.because) == ("yes", "both")


def test_mood_alone_makes_a_link_within_but_none_between():
    people = company(0.0, source=0.8)
    link = construct_link(people, halves(people, "x", "y"), x="x", y="y", smallest_effect=0.1)
    assert link.at("within")["verdict"] == "yes"
    assert link.at("between")["ci_low"] < 0 < link.at("between")["ci_high"]
    assert (link.verdict.verdict, link.verdict.because) == ("cannot_tell", "within_only")


def test_what_others_carry_goes_beside_them():
    people = company(0.5)
    people["z"] = people["x"] + np.random.default_rng(5).normal(0, 0.1, len(people))
    link = construct_link(people, NotApplicable("No halves."), x="z", y="y", beside=["x"], smallest_effect=0.1)
    assert link.at("within")["estimate"] > 0.25
    assert link.at("beside")["ci_low"] < 0.1


def test_noise_in_what_is_held_fixed_leaves_no_link_where_it_is_known():
    people, rng = company(0.5), np.random.default_rng(5)
    people["z"] = people["x"] + rng.normal(0, 0.1, len(people))
    noisy = people.assign(x=people["x"] + rng.normal(0, 0.6, len(people)))
    choices = {"x": "z", "y": "y", "beside": ["x"], "smallest_effect": 0.1}
    plain, free = (
        construct_link(rows, NotApplicable("No halves."), **choices).at("beside")
        for rows in (noisy, noisy.assign(x_error=0.36))
    )
    assert plain["ci_low"] > 0.2 and free["ci_low"] < 0 < free["ci_high"]


@pytest.mark.parametrize(
    ("within", "between", "verdict", "because"),
    [
        ("yes", "yes", "yes", "both"),
        ("no", "no", "no", "both_small"),
        ("yes", "cannot_tell", "cannot_tell", "within_only"),
        ("yes", "no", "cannot_tell", "within_not_between"),
        ("yes", None, "cannot_tell", "within_only"),
        ("cannot_tell", "yes", "cannot_tell", "between_only"),
        ("no", "yes", "cannot_tell", "between_not_within"),
        ("no", "cannot_tell", "cannot_tell", "within_small"),
        ("no", None, "cannot_tell", "within_small"),
        ("cannot_tell", "no", "cannot_tell", "between_small"),
        ("cannot_tell", None, "cannot_tell", "unclear"),
    ],
)
def test_both_levels_decide(within, between, verdict, because):
    known = {"within": within} | ({"between": between} if between else {})
    found = both_levels(known)
    assert (found.verdict, found.because) == (verdict, because)


def test_units_that_hardly_differ_are_not_set_beside_each_other():
    rng, unit = np.random.default_rng(1), np.repeat(np.arange(100), 10)
    people = pd.DataFrame(rng.normal(size=(1000, 2)), columns=["x", "y"]).assign(group=unit, cluster=unit // 5)
    link = construct_link(people, halves(people, "x", "y"), x="x", y="y", smallest_effect=0.1)
    assert link.at("between") is None
    assert str(link.reasons["between"]) == "Units differ too little in x to set them beside each other."


def test_without_halves_the_reason_is_kept():
    link = construct_link(company(0.5), NotApplicable("No halves."), x="x", y="y", smallest_effect=0.1)
    assert str(link.reasons["between"]) == "No halves." and link.verdict.verdict == "cannot_tell"
