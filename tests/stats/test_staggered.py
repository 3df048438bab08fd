"""Effects of steps taken at different times: against R, against published answers, and on paper."""

import numpy as np
import pandas as pd
import pytest
from cases import assert_close, data, expected, outside

from helpers.stats.interrupted_series import interrupted_series
from helpers.stats.staggered import step_changes
from helpers.stats.step_averages import average_changes


def reference() -> pd.DataFrame:
    frame = data("action_effects")
    return frame[frame["kept"] == 1].assign(stratum="one")


def averaged(frame: pd.DataFrame, base: str, events: list[int], **choices: object) -> dict:
    changes = step_changes(frame, base=base, events=events, **choices)
    return average_changes(changes, {"all": np.ones(len(changes.rows), bool)}).iloc[0].to_dict()


@pytest.mark.parametrize("base,events", [("symmetric", [0, 1, 2]), ("last", [0, 1, 2]), ("varying", [-2])])
def test_effects_and_errors_equal_those_of_loops_in_r(base, events):
    wanted = expected("action_effects")[base]
    assert_close({name: averaged(reference(), base, events)[name] for name in wanted}, wanted)


def test_effects_beside_the_nearest_controls_equal_those_of_loops_in_r():
    wanted = expected("action_effects")["matched"]
    assert_close({name: averaged(reference(), "last", [0, 1, 2], matches=6)[name] for name in wanted}, wanted)


def test_one_group_and_time_equals_a_regression_with_clustered_errors():
    for wanted in expected("action_effects")["blocks"]:
        changes = step_changes(reference(), base="last", events=[wanted["event"]])
        where = (changes.rows["first"] == wanted["first"]).to_numpy()
        row = average_changes(changes, {"one": where}).iloc[0]
        assert_close({name: row[name] for name in ("estimate", "se")}, wanted)


def minimum_wage() -> tuple[pd.DataFrame, dict]:
    """The case `mpdta`, with controls that are never treated only."""
    table, values = outside("did_staggered")
    first = table["first.treat"].astype(float)
    frame = pd.DataFrame(
        {"stratum": "one", "entity": table["countyreal"], "time": table["year"], "y": table["lemp"]}
    ).assign(first=first.where(first > 0), until=np.where(first > 0, -np.inf, np.nan), cluster=table["countyreal"])
    return frame, values


def test_group_time_effects_equal_those_of_callaway_and_santanna():
    frame, values = minimum_wage()
    changes = step_changes(frame, base="varying", events=range(-4, 4))
    rows, n_counties = changes.rows, frame["entity"].nunique()
    for wanted in values["att_gt"]:
        where = (rows["first"] == wanted["g"]) & (rows["event"] == wanted["t"] - wanted["g"])
        row = average_changes(changes, {"one": where.to_numpy()}).iloc[0]
        assert row["estimate"] == pytest.approx(wanted["att"], rel=1e-9)
        assert row["se"] == pytest.approx(wanted["se"] * (n_counties / (n_counties - 1)) ** 0.5, rel=1e-9)
    after = (rows["event"] >= 0).to_numpy()
    assert average_changes(changes, {"all": after})["estimate"].iloc[0] == pytest.approx(values["simple"], rel=1e-9)
    events = average_changes(changes, {str(event): (rows["event"] == event).to_numpy() for event in range(4)})
    assert events["estimate"].tolist() == pytest.approx(values["dynamic_e0_e3"], rel=1e-9)


def test_leads_against_the_last_time_equal_those_of_sun_and_abraham():
    frame, values = minimum_wage()
    changes = step_changes(frame, base="last", events=[-4, -3, -2])
    for event in (-4, -3, -2):
        where = (changes.rows["event"] == event).to_numpy()
        row, wanted = average_changes(changes, {"one": where}).iloc[0], values["sunab"][f"year::{event}"]
        assert row["estimate"] == pytest.approx(wanted["est"], rel=1e-9)
        assert row["se"] == pytest.approx(wanted["se_CR1"], rel=0.005)


def paper(until: float = np.nan) -> pd.DataFrame:
    """One unit steps at time 3 and rises by 2; five others, of which one also by 5 when it stops being a control."""
    rows = [("a", time, 1.0 + 2.0 * (time >= 3), 3.0, 3.0) for time in range(1, 5)]
    for at, name in enumerate("bcdefg"):
        rises, end = (name == "g") * 5.0, until if name == "g" else np.nan
        rows += [(name, time, at + rises * (time >= 3), np.nan, end) for time in range(1, 5)]
    frame = pd.DataFrame(rows, columns=["entity", "time", "y", "first", "until"])
    return frame.assign(stratum="one", cluster=frame["entity"])


def test_a_unit_that_acts_on_something_else_is_no_control_from_then_on():
    assert averaged(paper(until=3), "last", [0])["estimate"] == 2
    assert averaged(paper(), "last", [0])["estimate"] == pytest.approx(2 - 5 / 6)


def test_one_cluster_gives_no_error_and_too_few_controls_no_row():
    row = averaged(paper(until=3), "last", [0])
    assert row["n"] == row["n_clusters"] == 1 and np.isnan(row["se"])
    few = paper(until=3)
    assert step_changes(few[few["entity"].isin(list("abc"))], base="last", events=[0]).rows.empty


def test_a_gap_in_the_calendar_is_not_bridged():
    frame = paper(until=3)
    assert step_changes(frame[frame["time"] != 2], base="last", events=[0]).rows.empty


def test_a_group_without_rows_has_no_estimate():
    changes = step_changes(paper(until=3), base="last", events=[0])
    row = average_changes(changes, {"none": np.zeros(1, bool)}).iloc[0]
    assert np.isnan(row["estimate"]) and row["n"] == 0


def test_a_band_holds_all_intervals_at_once_and_so_is_wider():
    changes = step_changes(reference(), base="symmetric", events=[0, 1, 2])
    groups = {str(event): (changes.rows["event"] == event).to_numpy() for event in range(3)}
    plain = average_changes(changes, groups)
    band = average_changes(changes, groups, rng=np.random.default_rng(1))
    wider = (band["ci_high"] - band["ci_low"]) / (plain["ci_high"] - plain["ci_low"])
    assert wider.between(1.05, 1.35).all() and wider.std() < 1e-9
    assert band["se"].tolist() == plain["se"].tolist()


def test_a_difference_of_two_groups_knows_that_they_share_controls():
    changes = step_changes(reference(), base="symmetric", events=[0, 1, 2])
    early = (changes.rows["first"] == 5).to_numpy()
    table = average_changes(changes, {"early": early, "late": ~early}, against={"apart": ("early", "late")})
    table = table.set_index("term")
    apart = table.loc["apart"]
    assert apart["estimate"] == pytest.approx(table.loc["early", "estimate"] - table.loc["late", "estimate"])
    assert apart["df"] == table.loc[["early", "late"], "df"].min()


def test_an_unknown_base_is_refused():
    with pytest.raises(
        ValueError, match="base must be one of last, before, symmetric, symmetric_back, varying; found 'first'"
    ):
        step_changes(paper(), base="first", events=[0])


def test_an_interrupted_series_equals_newey_and_west_in_r():
    frame, wanted = reference(), expected("action_effects")["series"]
    table = interrupted_series(frame[frame["entity"] == 2], first=5, max_lag=2)
    assert table["estimate"].tolist() == pytest.approx(wanted["estimate"], rel=1e-8)
    assert table["se"].tolist() == pytest.approx(wanted["se"], rel=1e-8)


def test_the_smoking_ban_in_sicily_equals_the_published_code():
    table, values = outside("interrupted_time_series")
    series = pd.DataFrame({"time": table["time"], "y": 1e5 * table["aces"] / table["stdpop"]})
    found = interrupted_series(series, first=37, max_lag=3).set_index("term")
    wanted, n = values["ols"], len(series)
    without_correction = ((n - 4) / n) ** 0.5
    for term, name in (("trend", "time"), ("trend_change", "post")):
        assert found.loc[term, "estimate"] == pytest.approx(wanted["coef"][name], rel=1e-8)
        assert found.loc[term, "se"] * without_correction == pytest.approx(wanted["se_NW3"][name], rel=1e-8)
    # There the second line starts a month earlier.
    jump = wanted["coef"]["smokban"] + wanted["coef"]["post"]
    assert found.loc["jump", "estimate"] == pytest.approx(jump, rel=1e-8)
