"""Reasons and moments of customers: what they tell, and that no small group follows from all pages together."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from pandas.testing import assert_frame_equal

from helpers.datasets.answer_frames import Answers, answers_of
from helpers.datasets.customer_voices import require_voices
from helpers.datasets.dataset import Dataset, open_dataset
from helpers.datasets.moment_levels import moment_levels, safe_levels
from helpers.datasets.obstacles import obstacle_units
from helpers.datasets.reasons import (
    GROUPS,
    KNOWN,
    customer_reasons,
    listed_codes,
    released_reasons,
    told_codes,
)
from helpers.datasets.told_levels import none_or_enough, told_units
from helpers.display.wording.customer_reasons import REASONS
from helpers.stats.estimates import NotApplicable
from helpers.stats.nps_survey import Design, survey_nps
from helpers.stats.penalty_reward import penalty_reward
from helpers.stats.reason_shares import REST, reason_shares
from helpers.stats.unit_correlation import unit_correlations

LEAST = 10
UNITS = """unit_id,name,parent_id,level
all,Voorbeeld,,organisation
a,Noord,all,country
b,Zuid,all,country
a1,Een,a,team
a2,Twee,a,team
b1,Drie,b,team
b2,Vier,b,team
"""
TEAMS = ("a1", "a2", "b1", "b2")
HEAD = "unit_id,period,recommend,reason,reason_valence\n"


@pytest.fixture(scope="module")
def data(demo) -> Dataset:
    return open_dataset(demo)


@pytest.fixture
def firm(write):
    """Build a firm of two countries and four teams from answers: unit, score, reason, how many."""

    def build(*groups: tuple[str, int, str, int]) -> Dataset:
        rows = (f"{unit},2024,{score},{reason},\n" * n for unit, score, reason, n in groups)
        return open_dataset(write({}, units=UNITS, customer_answers=HEAD + "".join(rows)))

    return build


def told(data: Dataset, unit: str) -> dict[str, dict[str, int]]:
    """Answers by reason of each group that is told."""
    frame = customer_reasons(data, unit).told
    return {group: own["reason"].value_counts().to_dict() for group, own in frame.groupby("group")}


def test_known_reasons_have_words_of_their_own():
    assert {*KNOWN, REST} == set(REASONS)


def test_the_demo_tells_employees_first_of_promoters_and_detractors(data):
    reasons = customer_reasons(data, data.hierarchy.root)
    shares = reason_shares(reasons.told, reasons.design(reasons.told))
    for group in GROUPS:
        frame = released_reasons(reasons, shares, group=group, name=str.upper).frame
        assert frame["released"].all() and frame["name"].iloc[0] == "EMPLOYEES"
        assert set(frame["unit_id"]) == {*KNOWN, REST} and frame["estimate"].sum() == pytest.approx(1)
    assert len(reasons.by_valence) > len(reasons.told)


def test_a_reason_of_few_is_taken_together_with_others(firm):
    data = firm(*[(team, score, reason, 10) for team, score, reason in product(TEAMS, (10, 2), ("price", "ease"))])
    assert told(data, "all") == {group: {"price": 40, "ease": 40} for group in GROUPS}
    rare = firm(*[(t, s, r, 10) for t, s, r in product(TEAMS, (10, 2), ("price", "ease"))], ("a1", 10, "speed", 3))
    assert told(rare, "all")["promoters"] == {"ease": 40, REST: 43}
    assert told(rare, "all")["detractors"] == {"price": 40, "ease": 40}


def test_a_reason_that_would_follow_from_the_unit_above_is_not_told(firm):
    """All have 23 promoters who name speed, and Noord 20 of them: were both told, Zuid would be told as three."""
    base = [(team, score, reason, 20) for team, score, reason in product(TEAMS, (10, 2), ("price", "ease"))]
    data = firm(*base, ("a1", 10, "speed", 20), ("b1", 10, "speed", 3))
    counts = {unit: told(data, unit)["promoters"].get("speed") for unit in ("all", "a", "a1", "b", "b1")}
    assert counts == {"all": 23, "a": None, "a1": None, "b": None, "b1": None}


@pytest.mark.parametrize(("n_without", "is_told"), [(0, True), (3, False), (10, True)])
def test_promoters_without_a_reason_are_not_told_as_a_few(firm, n_without, is_told):
    """The score tells how many promoters there are: less those with a reason, the rest would be known."""
    base = [(team, score, reason, 20) for team, score, reason in product(TEAMS, (10, 2), ("price", "ease"))]
    data = firm(*base, ("a1", 10, "", n_without))
    assert ("promoters" in told(data, "a")) == is_told and "detractors" in told(data, "a")


def test_names_comments_and_codes_of_single_units_become_no_reason(firm):
    long = "The man at the counter did not listen to me at all"
    hostile = "<b>price & more</b>"
    groups = [(team, 10, reason, 12) for team, reason in product(TEAMS, ("price", "ease", long, hostile))]
    data = firm(*groups, *[(team, 2, "price", 12) for team in TEAMS], ("a1", 10, "Jan de Vries", 30))
    found = told(data, "all")["promoters"]
    assert found == {"price": 48, "ease": 48, hostile: 48, REST: 78}
    names = listed_codes(everybody(data)).unique()
    assert not {"Jan de Vries", long} & set(names)


def test_spelling_of_known_reasons_does_not_matter(firm):
    data = firm(
        *[(team, score, reason, 10) for team, score, reason in product(TEAMS, (10, 2), (" Price ", "PRICE", "Other"))]
    )
    assert told(data, "all")["promoters"] == {"price": 80, REST: 40}


def test_a_small_unit_tells_no_reasons_and_says_so(firm):
    base = [(team, score, "price", 20) for team, score in product(TEAMS[:3], (10, 2))]
    data = firm(*base, ("b2", 10, "price", 4), ("b2", 2, "ease", 5))
    with pytest.raises(NotApplicable, match="figures of Vier are not shown, to protect small groups"):
        customer_reasons(data, "b2")
    data = firm(*base, *[("b2", score, reason, 5) for score, reason in product((10, 2), ("price", "ease"))])
    with pytest.raises(NotApplicable, match="The reasons of Vier are not shown, to protect small groups"):
        customer_reasons(data, "b2")


def test_one_group_may_be_told_without_the_other(firm):
    base = [(team, score, reason, 12) for team, score, reason in product(TEAMS, (10, 2), ("price", "ease"))]
    data = firm(*base[4:], *[("a1", 10, reason, 12) for reason in ("price", "ease")], ("a1", 2, "price", 5))
    reasons = customer_reasons(data, "a1")
    shares = reason_shares(reasons.told, reasons.design(reasons.told))
    assert len(released_reasons(reasons, shares, group="promoters")) == 2
    with pytest.raises(NotApplicable, match="Too few detractors of Een gave each reason to show them"):
        released_reasons(reasons, shares, group="detractors")


def everybody(data: Dataset) -> Answers:
    return answers_of(data, "customers", data.hierarchy.root, ["reason", "reason_valence", "moment", "satisfaction"])


def promoters_of(rng: np.random.Generator) -> list[tuple[str, int, str, int]]:
    codes = ("price", "ease", "speed", "waiting")
    sizes = rng.choice([0, 2, 4, 7, 10, 13, 20, 40], (len(TEAMS), len(codes)))
    return [(team, 10, code, int(n)) for (team, code), n in zip(product(TEAMS, codes), sizes.ravel(), strict=True)]


@pytest.mark.parametrize("seed", range(8))
def test_no_sum_or_difference_of_all_pages_tells_a_group_of_few(firm, seed):
    """Every group of team and reason that follows from all pages of all units, by any linear combination, is large.

    Cells are teams by reasons; rows are what pages tell. A group is a set of cells, and follows where its indicator
    lies in the span of the rows.
    """
    groups = promoters_of(np.random.default_rng(seed))
    data = firm(*groups, *[(team, 2, "price", 30) for team in TEAMS])
    frame = everybody(data)
    codes = listed_codes(frame).where(frame.frame["recommend"] >= 9)
    cells = list(product(TEAMS, sorted(codes.dropna().unique())))
    n = np.array([sum(k for team, _, code, k in groups if (team, code) == cell) for cell in cells])
    rows = []
    for unit in ("all", "a", "b", *TEAMS):
        kept = told_codes(frame, codes, unit)
        below = set(data.hierarchy.subtree(unit))
        for code in [] if kept is None else [*kept, REST]:
            is_code = [(c == code) if code != REST else c not in kept for _, c in cells]
            rows.append([float(team in below and own) for (team, _), own in zip(cells, is_code, strict=True)])
    assert rows
    _, size, basis = np.linalg.svd(np.array(rows))
    span = basis[: (size > 1e-9).sum()]
    sets = np.array(list(product((0.0, 1.0), repeat=len(cells))))
    follows = np.abs(sets - sets @ span.T @ span).max(axis=1) < 1e-9
    people = (sets @ n)[follows]
    assert ((people == 0) | (people >= LEAST)).all()


def test_units_told_finely_must_be_told_coarsely(data):
    """Of customers of the demo: what is told at a fine level is a subset of what is told at a coarse one."""
    frame = everybody(data).at("2024")
    codes, safe = listed_codes(frame), none_or_enough(LEAST)
    coarse = told_units(frame, codes.where(codes == "employees", REST).astype("category"), is_safe=safe)
    fine = told_units(frame, codes.astype("category"), is_safe=safe, among=coarse)
    assert set() < fine < coarse


def of_moments(write, *groups: tuple[str, str, int, int, int]) -> Dataset:
    """Build a firm from answers: unit, moment, satisfaction, recommendation, how many."""
    rows = (f"{unit},2024,{score},{moment},{mark}\n" * n for unit, moment, mark, score, n in groups)
    head = "unit_id,period,recommend,moment,satisfaction\n"
    return open_dataset(write({}, units=UNITS, customer_answers=head + "".join(rows)))


EVERY = [
    (team, moment, mark, score, 10) for team, moment, mark, score in product(TEAMS, ("use",), (3, 6, 9), (2, 8, 10))
]


@pytest.mark.parametrize("n_silent", [1, 3, 40])
def test_answers_without_satisfaction_are_in_no_level_and_move_no_figure(write, n_silent):
    plain = moment_levels(of_moments(write, *EVERY), "all").frame
    silent = [(team, "use", "", 10, n_silent) for team in ("a1", "b1")]
    found = moment_levels(of_moments(write, *EVERY, *silent), "all").frame
    assert found["level"].isin(["dissatisfied", "middle", "satisfied"]).all() and len(found) == len(plain)
    assert_frame_equal(penalty_reward(found), penalty_reward(plain))


def test_a_moment_at_which_satisfaction_was_not_asked_has_no_level_and_is_not_told(write):
    data = of_moments(write, *EVERY, *[(team, "delivery", "", score, 30) for team in TEAMS for score in (2, 10)])
    assert set(moment_levels(data, "all").frame["moment"]) == {"use"}


def test_penalty_and_reward_are_told_of_the_moments_with_enough_of_each(write):
    data = of_moments(write, *EVERY, *[("a1", "delivery", mark, score, 4) for mark, score in product((3, 6), (2, 10))])
    assert moment_levels(data, "all").frame["moment"].unique().tolist() == ["use"]
    assert len(moment_levels(data, "a1").frame) == 90 and moment_levels(data, "a1").period == "2024"


def test_a_level_of_which_nearly_all_are_of_one_class_is_not_told(write):
    alike = [("a1", "delivery", 3, 2, 20), ("a1", "delivery", 3, 8, 1)]
    others = [("a1", "delivery", mark, score, 10) for mark, score in product((6, 9), (2, 10))]
    assert set(moment_levels(of_moments(write, *EVERY, *alike, *others), "all").frame["moment"]) == {"use"}
    spread = [("a1", "delivery", 3, 8, 1)]
    found = moment_levels(of_moments(write, *EVERY, *alike, *spread, *others), "all").frame
    assert set(found["moment"]) == {"use", "delivery"}
    assert safe_levels(LEAST)(np.array([[20, 1, 0] * 3, [19, 2, 0] * 3, [0, 0, 0] * 3, [5, 3, 0] * 3])).tolist() == [
        False,
        True,
        True,
        False,
    ]


def test_what_is_left_of_a_moment_after_a_team_is_not_a_few(write):
    left = [("a2", "use", 3, 2, 3), *(("a2", "delivery", mark, score, 10) for mark, score in product((3, 6), (2, 10)))]
    data = of_moments(write, *[one for one in EVERY if one[0] != "a2"], *left)
    assert moment_levels(data, "a").frame["moment"].value_counts().to_dict() == {"use": 93, "delivery": 40}
    with pytest.raises(NotApplicable, match="The moments of Een are not shown, to protect small groups"):
        moment_levels(data, "a1")


@pytest.mark.parametrize(
    ("head", "row", "read", "message"),
    [
        ("", "", customer_reasons, "do not say for which reason they were given"),
        ("", "", moment_levels, "do not say at which moment they were given"),
        (",moment", ",use", moment_levels, "do not say how satisfied they were"),
        ("", "", require_voices, "name neither reasons nor moments"),
    ],
)
def test_answers_without_voices_say_what_is_missing(write, head, row, read, message):
    rows = f"unit_id,period,recommend{head}\n" + f"a1,2024,9{row}\n" * 20
    with pytest.raises(NotApplicable, match=message):
        read(open_dataset(write({}, units=UNITS, customer_answers=rows)), "all")


def test_no_customers_at_all_is_one_sentence(write):
    with pytest.raises(NotApplicable, match="needs the table customer_answers, which the dataset"):
        require_voices(open_dataset(write({}, units=UNITS)), "all")


def test_obstacles_stand_beside_scores_of_the_same_wave(data):
    units = obstacle_units(data, data.hierarchy.root)
    assert (
        units.period == "2024" and units.outcomes[:2] == ["nps", "delivery"] and units.frame["cluster"].nunique() == 24
    )
    found = unit_correlations(units.frame, "obstacle", units.outcomes)
    assert found["term"].tolist() == units.outcomes and found["estimate"].iloc[0] > 0
    scores = data.scores.query("measure == 'nps' and period == '2024'").set_index("unit_id")["estimate"]
    assert units.frame.set_index("entity")["nps"].sub(scores).dropna().abs().max() == 0


def test_below_a_country_no_hidden_team_takes_part_with_its_obstacles(data):
    country = data.hierarchy.at_level("country")[0]
    mask = data.mask.frame.query("period == '2024' and hidden_by != ''")
    found = obstacle_units(data, country).frame
    assert len(found) and not set(found["entity"]) & set(mask.query("family in ['customers', 'employees']")["unit_id"])


def test_moments_of_a_unit_at_the_level_of_obstacles_are_those_of_all_its_customers(data):
    """Each score of unit and moment is that of the customers there, weights counted."""
    units = obstacle_units(data, data.hierarchy.root).frame.set_index("entity")
    entity = units["use"].dropna().index[0]
    own = answers_of(data, "customers", entity, ["moment"]).at("2024").frame
    wanted = survey_nps(own[own["moment"] == "use"], Design("weight"))
    assert units.loc[entity, "use"] == pytest.approx(wanted["estimate"].iloc[0])


def test_the_demo_tells_which_moment_is_a_precondition(data):
    effects = penalty_reward(moment_levels(data, data.hierarchy.root).frame)
    balance = effects[effects["term"] == "asymmetry"].set_index("moment")
    truth = {"delivery": -32, "use": 28, "service": 28, "orientation": 0, "purchase": 0}
    for moment, points in truth.items():
        assert balance.loc[moment, "ci_low"] <= points <= balance.loc[moment, "ci_high"]
    assert balance.loc["delivery", "ci_high"] < 0 < balance.loc["use", "ci_low"]
