"""Scores by the design of a survey: their intervals hold the truth, and tell no more than released figures do."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from helpers.datasets.answer_frames import Answers, answered_sides, answers_of, shown_children, shown_groups
from helpers.datasets.dataset import Dataset, open_dataset
from helpers.datasets.survey_scores import child_differences, survey_scores, unit_intervals
from helpers.stats.estimates import NotApplicable
from helpers.stats.nps import nps_interval


@pytest.fixture(scope="module")
def data(demo) -> Dataset:
    return open_dataset(demo)


@pytest.fixture(scope="module")
def sides(data) -> dict[str, Answers]:
    return {one.measure: one for one in answered_sides(data, data.hierarchy.root)}


def truth(data: Dataset, measure: str) -> pd.Series:
    """What everybody on the payroll, or every customer, would have given, by period."""
    expected = pd.read_parquet(data.folder / "truth" / "expected.parquet").query("measure == @measure")
    people = data.table("invited").groupby(["unit_id", "period"], as_index=False)["n_invited"].sum()
    both = expected.merge(people, on=["unit_id", "period"])
    sums = both.assign(total=both["expected"] * both["n_invited"]).groupby("period")[["total", "n_invited"]].sum()
    return sums["total"] / sums["n_invited"]


def covered(low: pd.Series, high: pd.Series, true: pd.Series) -> float:
    known = low.notna() & true.notna()
    return float(((low <= true) & (true <= high))[known].mean())


def test_the_interval_of_nps_holds_what_the_truth_says(data, sides):
    found = unit_intervals(sides["nps"]).set_index("period")
    assert covered(found["ci_low"], found["ci_high"], truth(data, "nps")) >= 13 / 14


@pytest.mark.parametrize("measure", ["enps", "nps"])
def test_the_interval_of_a_change_holds_the_true_change(data, sides, measure):
    found = unit_intervals(sides[measure]).set_index("period")
    assert covered(found["change_low"], found["change_high"], truth(data, measure).diff()) >= 12 / 13


def test_enps_is_too_high_by_those_who_stay_silent_which_no_interval_tells(data, sides):
    """The demo plants it: the displeased answer less often. The page says that an interval is not about silence."""
    gap = unit_intervals(sides["enps"]).set_index("period")["estimate"] - truth(data, "enps")
    assert 1 < gap.mean() < 4


def test_no_group_is_smaller_than_a_figure_may_be(data, sides):
    for one in sides.values():
        for periods in (["2024"], ["2023", "2024"], ["2017", "2018"]):
            answers = one.at(*periods)
            sizes = answers.frame.groupby([answers.groups(), "period"]).size()
            assert sizes.min() >= data.settings.min_group


def test_what_hidden_teams_answered_does_not_show_in_the_interval_of_the_whole(data, sides):
    """Answers that change places among the hidden teams of one group leave every figure as it was."""
    answers = sides["enps"].at("2024")
    groups, rng = answers.groups(), np.random.default_rng(1)
    hidden = groups != answers.frame["unit_id"]
    mixed = answers.frame.copy()
    for _, rows in mixed[hidden].groupby(groups[hidden]):
        mixed.loc[rows.index, "recommend"] = rng.permutation(rows["recommend"].to_numpy())
    other = Answers(data, answers.side, answers.unit, mixed)
    assert (mixed["recommend"] != answers.frame["recommend"]).any()
    pd.testing.assert_frame_equal(unit_intervals(other), unit_intervals(answers))


def test_a_hidden_unit_belongs_to_the_nearest_shown_one_above(data):
    groups = shown_groups(data, data.hierarchy.root, "employees", ["2024"])
    frame = data.mask.frame
    shown = set(
        frame[(frame["family"] == "employees") & (frame["period"] == "2024")].query("hidden_by == ''")["unit_id"]
    )
    assert set(groups.values()) <= shown | {data.hierarchy.root}
    assert all(group in data.hierarchy.path(unit) for unit, group in groups.items())
    assert [groups[unit] for unit in shown] == list(shown)


def test_a_single_team_has_the_interval_of_independent_answers(data):
    frame = data.mask.frame
    team = next(
        unit
        for unit in frame[(frame["family"] == "employees") & (frame["hidden_by"] == "")]["unit_id"]
        if not data.hierarchy.children(unit)
    )
    answers = answers_of(data, "employees", team, ["person_key"])
    row = unit_intervals(answers).iloc[-1]
    own = answers.at(row["period"]).frame["recommend"]
    counts = [(own >= 9).sum(), own.between(7, 8).sum(), (own <= 6).sum()]
    assert row["n_clusters"] == 0
    assert (row["ci_low"], row["ci_high"]) == pytest.approx(nps_interval(*map(float, counts)))


def test_the_released_table_has_the_intervals_by_the_design(data, sides):
    root = data.hierarchy.root
    scores = survey_scores(data, list(sides.values()), units=[root, *data.hierarchy.children(root)])
    frame = scores.table.frame
    own = frame[(frame["unit_id"] == root) & (frame["measure"] == "enps")].set_index("period")
    by_design = unit_intervals(sides["enps"]).set_index("period")
    assert own["ci_low"].tolist() == pytest.approx(by_design["ci_low"].tolist())
    assert own["change_high"].iloc[1:].tolist() == pytest.approx(by_design["change_high"].iloc[1:].tolist())
    assert (scores.designs["wider"] > 1.05).all() and set(scores.designs["measure"]) == {"enps", "nps"}


def test_pairs_are_of_shown_units_only(data, sides):
    answers = sides["enps"].at("2024")
    found = child_differences(answers)
    shown = len(shown_children(answers))
    assert found["n_units"] == shown and found["n_pairs"] == shown * (shown - 1) / 2
    assert 0 < found["n_expected"] < found["n_clear"] <= found["n_pairs"]


def test_one_unit_below_is_compared_with_none(data):
    team = data.hierarchy.at_level("team")[0]
    answers = answers_of(data, "customers", team, [])
    with pytest.raises(NotApplicable, match="Fewer than two units directly below have figures to compare"):
        child_differences(answers.at(answers.periods[-1]))
