"""How actions are judged: rule by rule, on simulated panels with known truth, and with few hidden units."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from helpers.stats.action_cells import MIN_HIDDEN, NOT_FOLLOWED, not_followed, open_parts
from helpers.stats.action_effects import OTHERS, action_sets, event_study, judged_parts, told_apart
from helpers.stats.action_study import TABLES, action_study
from helpers.stats.action_variants import action_variants, chance_rises
from helpers.stats.action_verdict import MIN_ACTED, difference_verdict, effect_verdict
from helpers.stats.estimates import NotApplicable
from helpers.stats.interrupted_series import interrupted_series, jumps_elsewhere
from helpers.stats.smart_rules import RULES, SMART, announcement, rule_counts, smart_rules

RESULTS = Path(__file__).parents[1] / "reference" / "action_effects"
NAN = float("nan")


def row(low: float, high: float, **more: float) -> dict:
    return {"n": 40, "se": 0.05, "df": 20.0, "ci_low": low, "ci_high": high} | more


YES = {"row": row(0.1, 0.3), "lead": row(-0.1, 0.1), "similar": row(0.05, 0.2), "others": None, "beyond_others": None}
RULES_OF_AN_EFFECT = [
    ({}, "yes", "zero_excluded"),
    ({"row": row(0.1, 0.3, n=MIN_ACTED - 1)}, "cannot_tell", "too_few_actions"),
    ({"row": row(NAN, NAN, se=NAN)}, "cannot_tell", "too_few_actions"),
    ({"row": row(0.1, 0.3, df=3.9)}, "cannot_tell", "too_few"),
    ({"row": row(-0.04, 0.04)}, "no", "below_smallest"),
    ({"row": row(0.01, 0.04)}, "no", "below_smallest"),
    ({"row": row(0.0, 0.3)}, "cannot_tell", "interval_includes_0"),
    ({"row": row(-0.3, -0.1)}, "cannot_tell", "wrong_sign"),
    ({"lead": {}}, "cannot_tell", "lead_missing"),
    ({"lead": row(NAN, NAN, se=NAN)}, "cannot_tell", "lead_missing"),
    ({"lead": row(0.01, 0.2)}, "cannot_tell", "lead_not_flat"),
    ({"lead": row(-0.3, -0.1)}, "yes", "zero_excluded"),
    ({"similar": row(NAN, NAN, se=NAN)}, "cannot_tell", "similar_missing"),
    ({"similar": row(-0.01, 0.2)}, "cannot_tell", "not_beyond_similar"),
    ({"others": row(0.02, 0.1), "beyond_others": row(-0.01, 0.2)}, "cannot_tell", "others_rose_too"),
    ({"others": row(0.02, 0.1), "beyond_others": row(0.01, 0.2)}, "yes", "zero_excluded"),
    ({"others": row(-0.02, 0.1), "beyond_others": row(-0.01, 0.2)}, "yes", "zero_excluded"),
]


@pytest.mark.parametrize("change,verdict,because", RULES_OF_AN_EFFECT)
def test_the_first_rule_that_applies_decides_on_an_effect(change, verdict, because):
    found = effect_verdict(**(YES | change), smallest_effect=0.04)
    assert (found.verdict, found.because) == (verdict, because)


def test_a_difference_needs_enough_of_both_kinds():
    assert difference_verdict(row(0.1, 0.3), smallest_effect=0.04, n_fewest=MIN_ACTED).verdict == "yes"
    assert difference_verdict(row(0.1, 0.3), smallest_effect=0.04, n_fewest=9).because == "too_few_actions"


def test_a_smallest_effect_of_zero_is_refused():
    with pytest.raises(ValueError, match="smallest_effect must be above 0; found 0"):
        difference_verdict(row(0.1, 0.3), smallest_effect=0, n_fewest=40)


def plan(**changes: object) -> pd.DataFrame:
    whole = {
        **{"element": "voice", "description": "The team talks every week", "owner_role": "manager"},
        **{"measure": "voice", "baseline": 3.0, "target": 3.3, "step": 0.3, "usual_change": 0.7, "smallest": 0.2},
        **{"communicated_on": "2024-02-01", "start": "2024-02-01", "due": "2024-12-01"},
    }
    table = pd.DataFrame([whole | changes])
    days = ["communicated_on", "start", "due"]
    return table.assign(**{day: pd.to_datetime(table[day]) for day in days})


def judged(**changes: object) -> dict:
    return smart_rules(plan(**changes)).iloc[0].to_dict()


def test_a_whole_action_meets_every_rule():
    assert judged() == dict.fromkeys(RULES, True)


@pytest.mark.parametrize(
    "changes,rule",
    [
        ({"element": None}, "specific"),
        ({"description": "Improve the atmosphere."}, "specific"),
        ({"description": "  "}, "specific"),
        ({"target": NAN}, "measurable"),
        ({"measure": ""}, "measurable"),
        ({"target": 3.0, "step": 0.0}, "measurable"),
        ({"owner_role": None}, "assigned"),
        ({"step": 0.71}, "realistic"),
        ({"step": -0.3}, "realistic"),
        ({"due": None}, "time_bound"),
        ({"communicated_on": "2024-02-02"}, "communicated"),
        ({"communicated_on": None}, "communicated"),
        ({"step": 0.19}, "visible"),
    ],
)
def test_an_action_that_lacks_one_thing_fails_the_rule_that_asks_for_it(changes, rule):
    assert judged(**changes)[rule] is False


@pytest.mark.parametrize(
    "changes,rule",
    [
        ({"usual_change": NAN}, "realistic"),
        ({"measure": None}, "realistic"),
        ({"smallest": NAN}, "visible"),
        ({"start": None}, "communicated"),
    ],
)
def test_what_is_not_known_is_not_judged(changes, rule):
    assert judged(**changes)[rule] is None


def test_counts_add_up_and_smart_takes_all_five():
    table = smart_rules(pd.concat([plan(), plan(due=None), plan(usual_change=NAN)], ignore_index=True))
    counts = rule_counts(table).set_index("rule")
    assert (counts.sum(axis=1) == 3).all() and set(counts.index) == {*RULES, "smart"} >= set(SMART)
    assert counts.loc["smart"].tolist() == [1, 1, 1]
    assert counts.loc["realistic"].tolist() == [2, 0, 1]


def test_announcements_are_first_late_or_silent():
    table = pd.concat([plan(), plan(communicated_on="2024-03-01"), plan(communicated_on=None), plan(start=None)])
    assert announcement(table).tolist()[:3] == ["first", "late", "silent"] and announcement(table).isna().iloc[3]


def picked(seed: int, *, effect: float = 0.0, n: int = 160, hidden: int = 0) -> pd.DataFrame:
    """Units with lasting levels and noisy waves, of which some act after a wave in which they looked bad."""
    rng, times = np.random.default_rng(seed), 11
    seen = 0.2 * rng.standard_normal((n, 1)) + rng.normal(0, 0.4, (n, times))
    first = np.full(n, np.nan)
    for wave in range(4, times - 1):
        worst = (seen[:, wave] < np.quantile(seen[:, wave], 0.2)) & np.isnan(first) & (rng.random(n) < 0.2)
        first[worst] = wave + 1
    moved = seen + effect * (np.arange(times) >= first[:, None])
    frame = pd.DataFrame({"entity": np.repeat(np.arange(n), times).astype(str), "time": np.tile(np.arange(times), n)})
    frame = frame.assign(y=moved.ravel(), first=np.repeat(first, times), stratum="one", cluster=frame["entity"])
    steps = frame["first"].notna()
    few = frame.loc[steps, "entity"].unique()[:hidden]
    return frame.assign(
        until=frame["first"], hidden=frame["entity"].isin(few), told_first=steps.where(steps), programme=""
    )


def judge(frame: pd.DataFrame) -> dict:
    return judged_parts(action_sets(frame, waves=3), smallest_effect=0.04).iloc[0].to_dict()


def test_before_and_after_is_fooled_by_weak_waves_and_the_headline_is_not():
    found = [action_variants(picked(seed), waves=3).set_index("term")["estimate"] for seed in range(12)]
    means = pd.DataFrame(found).mean()
    assert means["last"] > 0.35 and abs(means["symmetric"]) < 0.05 and abs(means["matched"]) < 0.08


def test_an_effect_is_found_and_none_is_not():
    assert judge(picked(3, effect=0.5))["verdict"] == "yes"
    assert judge(picked(3))["verdict"] == "cannot_tell"


def test_what_was_as_low_rises_without_an_action():
    rises = chance_rises(picked(2)).set_index("term")["estimate"]
    assert rises["acted"] > 0.3 and rises["similar"] > 0.3 and abs(rises["elsewhere"]) < 0.1
    assert rises["matched"] == pytest.approx(rises["acted"] - rises["similar"])


def test_the_low_wave_shows_in_the_event_study_and_the_waves_before_do_not():
    events = event_study(picked(2, effect=0.5), waves=2, rng=np.random.default_rng(1)).set_index("event")
    assert events.index.tolist() == [-4, -3, -1, 0, 1]
    assert events.loc[-1, "ci_high"] < 0 < events.loc[0, "ci_low"]
    assert (events.loc[[-4, -3], "ci_low"] < 0).all() and (events.loc[[-4, -3], "ci_high"] > 0).all()


def test_few_hidden_units_take_part_in_no_part():
    frame = picked(2, hidden=MIN_HIDDEN - 1)
    changes = action_sets(frame, waves=3).effect
    (where,) = open_parts(changes).values()
    assert not changes.rows.loc[where, "hidden"].any() and where.any()
    enough = action_sets(picked(2, hidden=2 * MIN_HIDDEN), waves=3).effect
    assert open_parts(enough)["all"].all()


@pytest.mark.parametrize("hidden", [0, MIN_HIDDEN - 1, 2 * MIN_HIDDEN])
def test_every_action_with_figures_is_in_the_result_or_out_of_it_for_a_reason(hidden):
    frame = picked(2, hidden=hidden)
    late = frame["entity"] == frame.loc[frame["first"].notna(), "entity"].iloc[-1]
    frame = frame[~(late & (frame["time"] >= frame["first"]))]
    n_acted = frame.loc[frame["first"].notna(), "entity"].nunique()
    left_out = not_followed(frame, waves=3)
    assert left_out == {"no_waves": 1, "few_hidden": hidden if hidden < MIN_HIDDEN else 0, "too_few": 0}
    assert judge(frame)["n"] == n_acted - sum(left_out.values())


def test_where_few_actions_could_be_followed_all_are_left_out():
    frame = picked(2)
    few = frame.loc[frame["first"].notna(), "entity"].unique()[: MIN_ACTED - 1]
    frame = frame[frame["first"].isna() | frame["entity"].isin(few)]
    assert not_followed(frame, waves=3) == dict(zip(NOT_FOLLOWED, (0, 0, MIN_ACTED - 1), strict=True))


def test_hidden_units_leave_both_parts_where_one_part_holds_few():
    frame = picked(2, hidden=2 * MIN_HIDDEN)
    told = dict(zip(frame["entity"].unique(), np.arange(frame["entity"].nunique()) % 7 == 0, strict=True))
    frame["told_first"] = frame["entity"].map(told)
    changes = action_sets(frame, waves=3).effect
    parts = open_parts(changes, {"first": ("told_first", True), "not": ("told_first", False)})
    assert not any(changes.rows.loc[where, "hidden"].any() for where in parts.values())


def test_parts_are_told_apart():
    frame = picked(5, n=600)
    names = frame["entity"].astype(int) % 2 == 0
    frame["told_first"] = names.where(frame["first"].notna())
    frame["y"] += 0.5 * (names & (frame["time"] >= frame["first"]))
    found, verdict = told_apart(
        action_sets(frame, waves=3), {"a": ("told_first", True), "b": ("told_first", False)}, smallest_effect=0.04
    )
    assert verdict.verdict == "yes" and abs(found["estimate"] - 0.5) < 2.5 * found["se"]


def test_what_else_moved_in_the_same_units_is_told_apart():
    frame = picked(3, effect=0.5).assign(**{OTHERS: 0.0})
    assert judge(frame)["others_estimate"] == 0 and judge(frame)["verdict"] == "yes"
    alike = frame.assign(**{OTHERS: frame["y"]})
    assert judge(alike)["because"] == "others_rose_too"


@pytest.mark.parametrize("times,because", [([0], "one wave"), ([0, 1], "two waves")])
def test_too_few_waves_give_a_reason_in_place_of_tables(times, because):
    frame = picked(2)
    frame = frame[frame["time"].isin(times)].assign(first=1.0)
    study = action_study(frame, waves=3, smallest_effect=0.1, rng=np.random.default_rng(1))
    assert set(study.checks) == set(TABLES), because
    with pytest.raises(NotApplicable, match="An answer needs 10 actions with figures both before and after"):
        study.table("all")


def test_one_action_is_too_few_and_no_waves_are_refused():
    frame = picked(2)
    one = frame.loc[frame["first"].notna(), "entity"].iloc[0]
    frame.loc[frame["entity"] != one, ["first", "until"]] = np.nan
    with pytest.raises(NotApplicable, match="An answer needs 10 actions with figures both before and after"):
        action_sets(frame, waves=3)
    with pytest.raises(ValueError, match="waves must be at least 1; found 0"):
        action_sets(frame, waves=0)


def test_a_short_series_is_refused_and_a_jump_is_set_beside_units_that_did_nothing():
    series = pd.DataFrame({"time": range(6), "y": [0.0, 0.1, 0.0, 1.0, 1.1, 1.0]})
    with pytest.raises(NotApplicable, match="needs 3 waves before and after the start; found 4 and 2"):
        interrupted_series(series, first=4)
    frame = picked(2)
    cell = frame[frame["first"] == 6].iloc[0]
    frame.loc[(frame["entity"] == cell["entity"]) & (frame["time"] >= 6), "y"] += 5
    found = jumps_elsewhere(frame, stratum="one", entity=cell["entity"], first=6)
    assert found["jump"] > 3 and found["share"] == found["share_similar"] == 0 and found["n"] > 50


def test_the_committed_simulations_keep_level_and_truth():
    demo = pd.read_csv(RESULTS / "demo.csv").set_index(["company", "term"])
    for term in ("all", "first", "not_first", "difference"):
        assert demo.loc[("demo-null", term), "yes"] <= 0.05 and demo.loc[("demo-null", term), "coverage"] >= 0.90
    assert demo.loc[("demo-null", "any programme"), "yes"] <= 0.05
    for term in ("first", "not_first", "difference"):
        assert demo.loc[("demo", term), "coverage"] >= 0.90
    assert demo.loc[("demo", "first"), "yes"] >= 0.95
    picks = pd.read_csv(RESULTS / "selection.csv")
    null = picks[(picks["effect"] == 0) & (picks["trend"] == 0) & (picks["term"] == "all")]
    assert len(null) == 2 and (null["yes"] <= 0.065).all()
    fooled = picks[(picks["effect"] == 0) & (picks["term"] == "by last")]
    assert (fooled["above_0"] > 0.9).all()


def test_figures_of_few_actions_are_told_of_no_part():
    frame = picked(2)
    few = frame.loc[frame["first"].notna(), "entity"].unique()[: MIN_ACTED - 1]
    frame["told_first"] = frame["entity"].isin(few).where(frame["first"].notna())
    study = action_study(frame, waves=3, smallest_effect=0.04, rng=np.random.default_rng(1))
    assert study.table("all")["n"].iloc[0] > MIN_ACTED
    for name in ("told", "difference"):
        with pytest.raises(NotApplicable, match="Of one of the two kinds of actions there are too few"):
            study.table(name)
