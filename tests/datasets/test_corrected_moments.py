"""An attacker with two reports of moments of customers, made before and after a correction, learns nothing of few."""

from __future__ import annotations

import pytest

from helpers.datasets.dataset import Dataset, open_dataset
from helpers.datasets.masking import make_masking, record_release
from helpers.datasets.moment_levels import moment_levels
from helpers.datasets.moments import moment_scores
from helpers.stats.estimates import NotApplicable, tried

UNITS = """unit_id,name,parent_id,level
all,Voorbeeld,,organisation
a,Noord,all,country
b,Zuid,all,country
a1,Een,a,team
a2,Twee,a,team
b1,Drie,b,team
b2,Vier,b,team
"""
BELOW = ("all", "a", "b", "a1", "a2", "b1", "b2")
CHANGED = "the data changed after an earlier report, and the difference could tell"
# Of each team at each moment: satisfaction and how far customers recommend, twelve of each level.
ANSWERS = [(3, 2), (3, 7), (3, 9), (6, 5), (6, 8), (6, 10), (9, 6), (9, 8), (9, 10)] * 4


@pytest.fixture
def opened(write):
    def make(*late: tuple[str, str, int, int], **changed: tuple[tuple, tuple]) -> Dataset:
        rows = [(team, one, *pair) for team in BELOW[3:] for one in ("purchase", "use") for pair in ANSWERS]
        for old, new in changed.values():
            rows[rows.index(old)] = new
        text = "".join(f"{team},2024,{score},{one},{mark}\n" for team, one, mark, score in (*rows, *late))
        head = "unit_id,period,recommend,moment,satisfaction\n"
        return open_dataset(write({"min_group": "10"}, units=UNITS, customer_answers=head + text))

    return make


def told(dataset: Dataset, read) -> dict[str, object]:
    found = {unit: tried(lambda: read(dataset, unit)) for unit in BELOW}  # noqa: B023
    return {unit: one for unit, one in found.items() if not isinstance(one, NotApplicable)}


def shown(dataset: Dataset) -> set[str]:
    frame = dataset.mask.frame
    return set(frame.loc[(frame["family"] == "customers") & (frame["hidden_by"] == ""), "unit_id"])


def moments_at(dataset: Dataset) -> dict[str, set[str]]:
    return {unit: set(one.frame["moment"]) for unit, one in told(dataset, moment_levels).items()}


def test_an_answer_that_goes_to_another_moment_is_not_told_by_two_reports(opened):
    record_release(opened())
    assert set(told(opened(), moment_scores)) == set(BELOW)
    corrected = opened(one=(("a1", "use", 3, 2), ("a1", "purchase", 3, 2)))
    assert shown(corrected) == set(BELOW)
    assert set(told(corrected, moment_scores)) == set(told(corrected, moment_levels)) == {"a2", "b", "b1", "b2"}
    for read in (moment_scores, moment_levels):
        with pytest.raises(NotApplicable, match=f"The moments of Noord are not shown: {CHANGED}"):
            read(corrected, "a")


def test_late_answers_of_which_one_is_of_a_moment_leave_scores_shown_and_moments_not(opened):
    record_release(opened())
    late = [("a1", "purchase", 6, 8)] * 11 + [("a1", "use", 6, 2)]
    assert shown(opened(*late)) == set(BELOW)
    assert set(told(opened(*late), moment_scores)) == {"a2", "b", "b1", "b2"}


def test_enough_late_answers_of_each_moment_are_told(opened):
    record_release(opened())
    late = [("a1", "purchase", mark, score) for mark in (3, 6, 9) for score in (2, 8, 9) * 4]
    record_release(opened(*late))
    assert set(told(opened(*late), moment_scores)) == set(told(opened(*late), moment_levels)) == set(BELOW)


@pytest.mark.parametrize("score", [2, 5])
def test_satisfaction_that_goes_to_another_answer_hides_the_levels_of_its_moment_only(opened, score):
    """Scores of the unit and of the moment stay as they are; where both are detractors, so does the NPS of levels."""
    record_release(opened())
    other = 6 if score == 2 else 8
    one, two = (("a1", "use", 3 if score == 2 else 6, score), ("a1", "use", 9, other))
    corrected = opened(one=(one, (*two[:3], score)), two=(two, (*one[:3], other)))
    assert shown(corrected) == set(BELOW)
    assert set(told(corrected, moment_scores)) == set(BELOW)
    found = moments_at(corrected)
    assert found["a1"] == found["a"] == found["all"] == {"purchase"}
    assert found["a2"] == found["b"] == {"purchase", "use"}


def test_without_changes_moments_are_told_as_before(opened):
    before = told(opened(), moment_scores)
    record_release(opened())
    record_release(opened())
    after = told(opened(), moment_scores)
    assert all(one.frame.equals(after[unit].frame) for unit, one in before.items()) and set(after) == set(BELOW)


def test_the_ledger_holds_nothing_that_a_customer_may_have_written(opened):
    families = set(make_masking(opened()).trace["family"])
    assert len(families) == 2 + 2 * 3 + 1 and not [one for one in families if "purchase" in one or "use" in one]


def test_moments_that_each_customer_writes_otherwise_leave_no_trace(write):
    rows = "".join(f"a1,2024,8,moment {number},6\n" for number in range(300))
    table = "unit_id,period,recommend,moment,satisfaction\n" + rows
    dataset = open_dataset(write({"min_group": "10"}, units=UNITS, customer_answers=table))
    assert set(make_masking(dataset).trace["family"]) == {"customers"}
