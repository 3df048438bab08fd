"""Rules 1, 2 and 4: one mask for all that the same people answered, and the check that stands behind it."""

from __future__ import annotations

import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.release import ReleaseError, make_mask, release, unit_tree
from helpers.release.family import families
from helpers.release.mask import check_mask, hidden_units
from helpers.release.tree import Tree

TREE = Tree(["top", "a", "b", "c"], ["", "top", "top", "top"])
UNITS = pd.DataFrame(
    {"unit_id": TREE.unit_ids, "name": TREE.unit_ids, "parent_id": [None, "top", "top", "top"], "level": "unit"}
)


def scores(n, measure="enps", period="2024", family=None, estimate=20.0, **columns):
    """One row per unit of `TREE` that `n` names."""
    frame = pd.DataFrame({"unit_id": list(n), "n": list(n.values()), "period": period, "measure": measure})
    frame = frame.assign(estimate=estimate, **columns)
    return frame if family is None else frame.assign(family=family)


def hidden_by(frame, min_group=10, tree=TREE):
    """The rule by unit, of a mask with one period and family."""
    made = make_mask(frame, tree, min_group=min_group).frame
    return made.set_index("unit_id")["hidden_by"].to_dict()


def both(*frames):
    return pd.concat(frames, ignore_index=True)


def test_rule_1_a_group_below_the_threshold_is_hidden():
    assert hidden_by(scores({"top": 40, "a": 20, "b": 20})) == {"top": "", "a": "", "b": ""}
    assert hidden_by(scores({"top": 27, "a": 9, "b": 9, "c": 9})) == {
        "top": "",
        **dict.fromkeys("abc", "min_group"),
    }


def test_rule_1_a_unit_is_hidden_when_any_of_its_items_has_too_few_answers():
    frame = both(scores({"top": 60, "a": 20, "b": 20, "c": 20}), scores({"top": 49, "a": 9, "b": 20, "c": 20}, "voice"))
    assert hidden_by(frame) == {"top": "", "a": "min_group", "b": "remainder", "c": ""}


def test_rule_2_a_second_unit_is_hidden_so_that_the_first_cannot_be_subtracted():
    assert hidden_by(scores({"top": 50, "a": 5, "b": 20, "c": 25})) == {
        "top": "",
        "a": "min_group",
        "b": "remainder",
        "c": "",
    }


def test_rule_2_answers_of_units_without_a_row_are_a_remainder_too():
    assert hidden_by(scores({"top": 45, "a": 20, "b": 20})) == {"top": "", "a": "remainder", "b": ""}


def test_rule_4_one_mask_holds_for_all_measures_of_a_family():
    frame = both(
        scores({"top": 50, "a": 5, "b": 20, "c": 25}),
        scores({"top": 47, "a": 5, "b": 20, "c": 22}, "voice"),
        scores({"top": 50, "a": 12, "b": 20, "c": 18}, "trust"),
    )
    made = make_mask(frame, TREE, min_group=10)
    assert len(made.frame) == 4
    shown = release(frame.assign(kind="mean", se=1.0), UNITS, min_group=10, disclosure="gate", mask=made).frame
    assert set(shown.loc[shown["released"], "unit_id"]) == {"top", "c"}
    assert shown.groupby("unit_id")["released"].nunique().eq(1).all()


def test_rule_4_families_are_masked_apart():
    frame = both(
        scores({"top": 50, "a": 5, "b": 20, "c": 25}, family="employees"),
        scores({"top": 500, "a": 50, "b": 200, "c": 250}, "nps", family="customers"),
    )
    made = make_mask(frame, TREE, min_group=10)
    assert set(made.hidden["family"]) == {"employees"}
    assert sorted(made.hidden["unit_id"]) == ["a", "b"]
    assert len(made.frame) == 8


def test_without_families_all_measures_are_one():
    frame = both(scores({"top": 50, "a": 5, "b": 20, "c": 25}), scores({"top": 500, "a": 200, "b": 300}, "nps"))
    assert hidden_by(frame)["a"] == "min_group"


def test_an_unknown_number_of_answers_has_no_part_in_the_mask_and_is_not_released():
    frame = scores({"top": 40, "a": np.nan, "b": 20, "c": 20})
    made = make_mask(frame, TREE, min_group=10)
    assert "a" not in set(made.frame["unit_id"])
    shown = release(frame, UNITS, min_group=10, disclosure="gate", mask=made).frame
    assert shown.set_index("unit_id")["released"].to_dict() == {"top": True, "a": False, "b": True, "c": True}


def test_answers_of_a_unit_with_unknown_n_stay_in_the_remainder_of_its_parent():
    assert hidden_by(scores({"top": 45, "a": np.nan, "b": 20, "c": 20}))["b"] == "remainder"


def test_a_parent_with_fewer_answers_than_its_children_hides_as_if_it_had_none_of_its_own():
    made = hidden_by(scores({"top": 30, "a": 20, "b": 21, "c": 5}))
    assert made == {"top": "", "a": "remainder", "b": "", "c": "min_group"}


@pytest.mark.parametrize(("n", "rule"), [(9.99, "min_group"), (10.0, ""), (9.9999999, ""), (10.7, "")])
def test_a_figure_on_part_of_an_answer_too_few_is_hidden(n, rule):
    assert hidden_by(scores({"top": n})) == {"top": rule}


@pytest.mark.parametrize("b", [9.5, 9.0])
def test_fractions_do_not_make_a_remainder_larger_than_it_is(b):
    # 30 less 20.5 leaves nine and a half; rounded apart, the parts would seem to add up to ten.
    made = hidden_by(scores({"top": 20.5 + b, "a": 20.5, "b": b}))
    assert made == {"top": "", "a": "remainder", "b": "min_group"}


def test_half_an_answer_left_over_is_somebody():
    assert hidden_by(scores({"top": 30.5, "a": 20, "b": 10}))["b"] == "remainder"


def test_the_rounding_of_sums_is_nobody():
    assert hidden_by(scores({"top": 30.0000001, "a": 20, "b": 9.9999999})) == dict.fromkeys(["top", "a", "b"], "")


def test_one_unit_only_is_shown_or_hidden_by_its_size():
    alone = Tree(["top"], [""])
    assert hidden_by(scores({"top": 10}), tree=alone) == {"top": ""}
    assert hidden_by(scores({"top": 9}), tree=alone) == {"top": "min_group"}


def test_scores_without_any_answer_make_an_empty_mask():
    made = make_mask(scores({"top": np.nan}), TREE, min_group=10)
    assert made.frame.empty and list(made.frame) == ["unit_id", "period", "family", "hidden_by"]


def test_units_without_answers_are_no_rows_of_the_mask():
    assert hidden_by(scores({"top": 20, "a": 20, "b": 0})) == {"top": "", "a": ""}


def test_a_unit_absent_in_a_period_is_missed_in_that_period_only():
    frame = both(scores({"top": 50, "a": 5, "b": 20, "c": 25}, period="2023"), scores({"top": 45, "b": 20, "c": 25}))
    made = make_mask(frame, TREE, min_group=10).frame
    hidden = made[made["hidden_by"] != ""]
    assert set(zip(hidden["unit_id"], hidden["period"], strict=True)) == {("a", "2023"), ("b", "2023")}


def nps_row(n_promoters, n_passives, n_detractors, unit="top", period="2024", measure="enps"):
    n = n_promoters + n_passives + n_detractors
    score = (n_promoters - n_detractors) / n
    se = ((n_promoters + n_detractors) / n - score**2) ** 0.5 / n**0.5
    row = {"unit_id": unit, "period": period, "measure": measure, "kind": "nps", "n": n}
    return row | {"estimate": 100 * score, "se": 100 * se, "n_effective": n}


@pytest.mark.parametrize(
    ("counts", "rule"),
    [((0, 20, 0), "uniform"), ((1, 19, 0), "uniform"), ((0, 19, 1), "uniform"), ((1, 18, 1), ""), ((2, 18, 0), "")],
)
def test_rule_6_all_passives_but_one_at_most_are_uniform(counts, rule):
    assert hidden_by(pd.DataFrame([nps_row(*counts)])) == {"top": rule}


def test_rule_6_a_mean_without_spread_is_uniform():
    mean = {"kind": "mean", "estimate": 4.0}
    assert hidden_by(scores({"top": 20}, se=0.0, **mean)) == {"top": "uniform"}
    assert hidden_by(scores({"top": 20}, se=0.1, **mean)) == {"top": ""}
    assert hidden_by(scores({"top": 20}, se=np.nan, **mean)) == {"top": ""}


def test_rule_6_a_uniform_unit_cannot_be_subtracted():
    rows = [nps_row(0, 12, 0, "a"), nps_row(9, 9, 6, "b"), nps_row(20, 10, 10, "c"), nps_row(29, 31, 16, "top")]
    made = hidden_by(pd.DataFrame(rows))
    assert made["a"] == "uniform"
    left = [row for row in rows if made[row["unit_id"]] == "" and row["unit_id"] != "top"]
    assert sum(row["n"] for row in left) < 76 - 12


def test_rule_6_subtraction_leaves_no_group_of_passives_only():
    # Without any small unit, the answers given in the top itself are twelve passives.
    rows = [nps_row(9, 9, 6, "a"), nps_row(20, 10, 10, "b"), nps_row(29, 31, 16, "top")]
    made = hidden_by(pd.DataFrame(rows))
    assert made == {"top": "", "a": "remainder", "b": ""}


def test_two_rows_without_figures_of_spread_are_masked_by_number_only():
    assert hidden_by(scores({"top": 20}, estimate=0.0)) == {"top": ""}


def laid_out(frame):
    return families(frame, TREE)[0]


def test_rule_14_a_mask_that_shows_a_small_group_is_refused():
    family = laid_out(scores({"top": 27, "a": 9, "b": 9, "c": 9}))
    text = r"every released group must hold at least 10 answers; found fewer in 'a', enps of 2024\. Nothing is released"
    with pytest.raises(ReleaseError, match=text):
        check_mask(family, TREE, np.zeros((4, 1), dtype=bool), 10)


def test_rule_14_a_mask_that_leaves_a_small_remainder_is_refused():
    family = laid_out(scores({"top": 50, "a": 5, "b": 20, "c": 25}))
    text = r"every remainder must hold at least 10 answers; found fewer in 'top', enps of 2024\. Nothing is released"
    with pytest.raises(ReleaseError, match=text):
        check_mask(family, TREE, np.array([[False], [True], [False], [False]]), 10)


def test_rule_14_a_mask_that_leaves_a_uniform_remainder_is_refused():
    family = laid_out(pd.DataFrame([nps_row(9, 9, 6, "a"), nps_row(20, 10, 10, "b"), nps_row(29, 31, 16, "top")]))
    with pytest.raises(ReleaseError, match="no remainder may hold one answer only; found one"):
        check_mask(family, TREE, np.zeros((4, 1), dtype=bool), 10)


def test_the_check_tells_the_smallest_remainder():
    family = laid_out(scores({"top": 50, "a": 5, "b": 20, "c": 25}))
    assert check_mask(family, TREE, np.array([[False], [True], [True], [False]]), 10) == 25
    assert check_mask(family, TREE, np.ones((4, 1), dtype=bool), 10) == 0


def test_a_family_reads_its_hidden_units_from_the_mask():
    frame = scores({"top": 50, "a": 5, "b": 20, "c": 25})
    hidden = hidden_units(make_mask(frame, TREE, min_group=10), laid_out(frame), TREE)
    assert hidden[:, 0].tolist() == [False, True, True, False]


def test_a_score_of_an_unknown_unit_is_refused():
    frame = scores({"top": 20, "nowhere": 20})
    with pytest.raises(ValueError, match="unit_id must be in units; found 'nowhere' in row 1 of scores"):
        make_mask(frame, TREE, min_group=10)


def random_scores(seed):
    rng = np.random.default_rng(seed)
    rows = []
    for period in ("2023", "2024"):
        own = {unit: rng.multinomial(rng.integers(0, 30), [0.4, 0.4, 0.2]) for unit in "abc"}
        own["top"] = rng.multinomial(rng.integers(0, 5), [0.4, 0.4, 0.2]) + sum(own.values())
        rows += [nps_row(*counts, unit, period) for unit, counts in own.items() if sum(counts)]
    return pd.DataFrame(rows)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.randoms(use_true_random=False))
def test_the_order_of_rows_does_not_matter(seed, shuffler):
    frame = random_scores(seed)
    order = list(range(len(frame)))
    shuffler.shuffle(order)
    first, second = (make_mask(one, TREE, min_group=10).frame for one in (frame, frame.iloc[order]))
    pd.testing.assert_frame_equal(first, second)


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 10**6), st.integers(5, 15))
def test_no_mask_fails_its_own_check_and_no_small_group_is_released(seed, min_group):
    frame = random_scores(seed)
    made = make_mask(frame, TREE, min_group=min_group)
    shown = frame.merge(made.frame, on=["unit_id", "period"]).query("hidden_by == ''")
    assert (shown["n"] >= min_group).all()
    family = laid_out(frame)
    check_mask(family, TREE, hidden_units(made, family, TREE), min_group)


def test_a_higher_threshold_hides_no_fewer_small_groups():
    frame = random_scores(5)
    low, high = (make_mask(frame, TREE, min_group=k).hidden for k in (5, 15))
    small = [rows.loc[rows["hidden_by"] == "min_group", ["unit_id", "period"]] for rows in (low, high)]
    assert set(small[0].itertuples(index=False, name=None)) <= set(small[1].itertuples(index=False, name=None))


def test_ids_with_odd_characters_are_masked_like_others():
    odd = ["", "0010", " a'b\"c", "Zürich/💼\n", "=1+1"]
    tree = Tree(["top", *odd[1:]], ["", *["top"] * 4])
    n = dict(zip(["top", *odd[1:]], [75, 5, 20, 25, 25], strict=True))
    made = hidden_by(scores(n), tree=tree)
    assert made == {"top": "", "0010": "min_group", " a'b\"c": "remainder", "Zürich/💼\n": "", "=1+1": ""}


HASHED = """
import hashlib, sys
sys.path[:0] = sys.argv[1:]
import pandas as pd
from test_mask import TREE, both, random_scores
from helpers.release import make_mask
frame = both(*(random_scores(seed).assign(family=f"f{seed}") for seed in range(9)))
print(hashlib.sha256(make_mask(frame, TREE, min_group=10).frame.to_csv().encode()).hexdigest())
"""


def test_the_mask_does_not_depend_on_the_hash_seed():
    folder = os.path.dirname(__file__)
    made = [
        subprocess.run(
            [sys.executable, "-c", HASHED, folder],
            env=os.environ | {"PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for seed in ("1", "2")
    ]
    assert made[0] == made[1] and len(made[0]) == 65


def test_a_table_is_released_by_unit_and_period_of_the_mask():
    frame = scores({"top": 50, "a": 5, "b": 20, "c": 25})
    tree = unit_tree(UNITS)
    table = release(frame, UNITS, min_group=10, disclosure="gate", mask=make_mask(frame, tree, min_group=10)).frame
    assert table["hidden_by"].tolist() == ["", "min_group", "remainder", ""]


def test_a_mask_of_another_threshold_is_refused():
    frame = scores({"top": 50})
    with pytest.raises(ValueError, match="mask must be made with min_group 10; found 5"):
        release(frame, UNITS, min_group=10, disclosure="gate", mask=make_mask(frame, TREE, min_group=5))
