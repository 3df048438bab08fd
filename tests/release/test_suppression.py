"""Rule 2: which units are hidden, against every possible mask and against an attacker who solves all equations."""

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from attacks import small_sets
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.release.suppression import suppress, united_mask
from helpers.release.tree import Tree, own_counts, remainders

MOST_UNITS = 9


def make_tree(parents):
    """Units 0, 1, ... as `u0`, `u1`, ...; -1 for a root."""
    return Tree([f"u{unit}" for unit in range(len(parents))], ["" if p < 0 else f"u{p}" for p in parents])


@st.composite
def hierarchies(draw, most_units=MOST_UNITS, n_columns=2):
    """Parents in any order, own answers (often none, inner units too), units hidden in any case, threshold."""
    size = draw(st.integers(1, most_units))
    above = [-1, *(draw(st.integers(-1 if unit > 3 else 0, unit - 1)) for unit in range(1, size))]
    order = draw(st.permutations(range(size)))
    parents = [-1] * size
    for unit, parent in enumerate(above):
        parents[order[unit]] = order[parent] if parent >= 0 else -1
    min_group = draw(st.integers(2, 7))
    answers = st.lists(st.integers(0, 2 * min_group) | st.just(0), min_size=n_columns, max_size=n_columns)
    own = np.array(draw(st.lists(answers, min_size=size, max_size=size)), dtype=float)
    rare = st.lists(st.sampled_from([False] * 5 + [True]), min_size=n_columns, max_size=n_columns)
    forced = np.array(draw(st.lists(rare, min_size=size, max_size=size)))
    free = forced & np.array(draw(st.lists(rare, min_size=size, max_size=size)))
    return parents, own, forced, free, min_group


def left_over(parents, own, hidden):
    """Remainders by the definition: each answer goes to the lowest released unit at or above it."""
    left = [0] * len(parents)
    for unit, answers in enumerate(own):
        while unit >= 0 and hidden[unit]:
            unit = parents[unit]
        if unit >= 0:
            left[unit] += answers
    return left


def is_safe(parents, own, hidden, min_group):
    return all(
        left == 0 or left >= min_group
        for left, out in zip(left_over(parents, own, hidden), hidden, strict=True)
        if not out
    )


def totals(parents, own):
    result = [0] * len(parents)
    for unit, answers in enumerate(own):
        while unit >= 0:
            result[unit] += answers
            unit = parents[unit]
    return result


def fewest_hidden(parents, own, forced, free, min_group):
    """The fewest units that any safe mask hides, by trying all."""
    costly = [t > 0 and not f for t, f in zip(totals(parents, own), free, strict=True)]
    masks = product((False, True), repeat=len(parents))
    allowed = (mask for mask in masks if all(one or not must for one, must in zip(mask, forced, strict=True)))
    return min(sum(np.array(mask) & costly) for mask in allowed if is_safe(parents, own, mask, min_group))


def published_groups(parents, hidden):
    below = {f"u{unit}": {unit} for unit in range(len(parents))}
    for unit in range(len(parents)):
        above = parents[unit]
        while above >= 0:
            below[f"u{above}"].add(unit)
            above = parents[above]
    return [frozenset(f"u{one}" for one in below[f"u{unit}"]) for unit in range(len(parents)) if not hidden[unit]]


def recovered(parents, own, hidden, min_group):
    n = {f"u{unit}": int(answers) for unit, answers in enumerate(own)}
    return small_sets(published_groups(parents, hidden), n, min_group)


def faults(case):
    """What is wrong with the mask of each column: units shown or told that must not be, or more hidden than needed."""
    parents, own, forced, free, min_group = case
    found = suppress(make_tree(parents), own, min_group=min_group, hidden=forced, free=free)
    wrong = []
    for column in range(own.shape[1]):
        answers, hidden = own[:, column], found[:, column]
        costly = (np.array(totals(parents, answers)) > 0) & ~free[:, column]
        fewest = fewest_hidden(parents, answers, forced[:, column], free[:, column], min_group)
        rules = {
            "forced unit shown": (forced[:, column] & ~hidden).any(),
            "small remainder": not is_safe(parents, answers, hidden, min_group),
            "more hidden than needed": (hidden & costly).sum() != fewest,
            "small group recovered": recovered(parents, answers, hidden, min_group),
        }
        wrong += [(column, rule) for rule, broken in rules.items() if broken]
    return wrong


@settings(max_examples=60, deadline=None)
@given(hierarchies())
def test_as_few_units_are_hidden_as_any_safe_mask_hides(case):
    assert not faults(case)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None)
@given(hierarchies())
def test_a_thousand_hierarchies_hide_the_fewest_and_leak_nothing(case):
    assert not faults(case)


@settings(max_examples=60, deadline=None)
@given(hierarchies(most_units=7, n_columns=1), st.data())
def test_a_mask_leaks_exactly_when_a_remainder_is_small(case, data):
    parents, own, _, _, min_group = case
    hidden = data.draw(st.lists(st.booleans(), min_size=len(parents), max_size=len(parents)))
    safe = is_safe(parents, own[:, 0], hidden, min_group)
    assert safe == (not recovered(parents, own[:, 0], hidden, min_group))


@settings(max_examples=60, deadline=None)
@given(hierarchies(n_columns=1))
def test_hiding_one_unit_more_never_opens_a_leak(case):
    parents, own, forced, free, min_group = case
    found = suppress(make_tree(parents), own, min_group=min_group, hidden=forced, free=free)[:, 0]
    for unit in np.flatnonzero(~found):
        more = found.copy()
        more[unit] = True
        assert is_safe(parents, own[:, 0], more, min_group)
        assert not recovered(parents, own[:, 0], more, min_group)


@settings(max_examples=60, deadline=None)
@given(hierarchies())
def test_remainders_are_the_answers_without_those_of_released_units_below(case):
    parents, own, forced, _, _ = case
    left = remainders(make_tree(parents), own, forced)
    for column in range(own.shape[1]):
        expected = left_over(parents, own[:, column], forced[:, column])
        assert left[~forced[:, column], column].tolist() == np.array(expected)[~forced[:, column]].tolist()


@settings(max_examples=60, deadline=None)
@given(hierarchies(n_columns=3))
def test_columns_are_problems_of_their_own(case):
    parents, own, forced, free, min_group = case
    tree = make_tree(parents)
    together = suppress(tree, own, min_group=min_group, hidden=forced, free=free)
    for column in range(3):
        only = np.s_[:, [column]]
        alone = suppress(tree, own[only], min_group=min_group, hidden=forced[only], free=free[only])
        assert together[only].tolist() == alone.tolist()


def random_items(rng):
    """A company of at most 8 units whose people skip items: parents, n by unit and item, threshold."""
    size, min_group = int(rng.integers(3, 9)), int(rng.integers(3, 8))
    parents = [-1, *(int(rng.integers(0, unit)) for unit in range(1, size))]
    first = rng.integers(0, 3 * min_group, size) * (rng.random(size) < 0.8)
    own = np.stack([first, *(rng.binomial(first, rng.uniform(0.3, 1.0, size)) for _ in range(2))], axis=1)
    n = np.array([totals(parents, own[:, item]) for item in range(3)]).T.astype(float)
    # An item without any answer in a unit may stand there as a zero or not at all.
    return parents, own, np.where((n == 0) & (rng.random(n.shape) < 0.5), np.nan, n), min_group


def item_is_safe(parents, own, n, hidden, min_group):
    closed = [out or not count > 0 for out, count in zip(hidden, n, strict=True)]
    return is_safe(parents, own, closed, min_group)


def fewest_for_all_items(parents, own, n, min_group):
    any_figure = (np.nan_to_num(n) > 0).any(axis=1)
    counts = []
    for mask in product((False, True), repeat=len(parents)):
        if all(item_is_safe(parents, own[:, i], n[:, i], mask, min_group) for i in range(3)):
            counts.append(int((np.array(mask) & any_figure).sum()))
    return min(counts), any_figure


def hidden_against_optimum(n_trees):
    """Units hidden for three items at once, and the fewest that any mask hides, over random companies."""
    rng, hidden, fewest = np.random.default_rng(7), 0, 0
    for _ in range(n_trees):
        parents, own, n, min_group = random_items(rng)
        small = np.nanmin(np.where(n > 0, n, np.inf), axis=1) < min_group
        mask = united_mask(make_tree(parents), n[:, :, None], min_group=min_group, hidden=small[:, None])[:, 0]
        for item in range(3):
            assert item_is_safe(parents, own[:, item], n[:, item], mask, min_group)
        optimum, any_figure = fewest_for_all_items(parents, own, n, min_group)
        hidden, fewest = hidden + int((mask & any_figure).sum()), fewest + optimum
    return hidden, fewest


def test_one_mask_for_three_items_hides_at_most_a_tenth_more_than_needed():
    hidden, fewest = hidden_against_optimum(300)
    assert fewest > 300
    assert hidden <= 1.10 * fewest


def test_a_mask_of_several_items_gives_none_of_them_away():
    rng = np.random.default_rng(11)
    for _ in range(40):
        parents, own, n, min_group = random_items(rng)
        small = np.nanmin(np.where(n > 0, n, np.inf), axis=1) < min_group
        mask = united_mask(make_tree(parents), n[:, :, None], min_group=min_group, hidden=small[:, None])[:, 0]
        for item in range(3):
            closed = mask | ~(n[:, item] > 0)
            assert not recovered(parents, own[:, item], closed, min_group)


def test_the_smallest_sibling_is_hidden_with_a_small_unit():
    own = np.array([[0.0], [4.0], [30.0], [12.0], [50.0]])
    none = np.zeros((5, 1), dtype=bool)
    found = suppress(make_tree([-1, 0, 0, 0, 0]), own, min_group=10, hidden=none, free=none)
    assert found[:, 0].tolist() == [False, True, False, True, False]


def test_small_units_that_are_large_together_need_no_third():
    own = np.array([[0.0], [6.0], [5.0], [30.0]])
    none = np.zeros((4, 1), dtype=bool)
    found = suppress(make_tree([-1, 0, 0, 0]), own, min_group=10, hidden=none, free=none)
    assert found[:, 0].tolist() == [False, True, True, False]


def test_a_company_below_the_threshold_is_hidden_whole():
    own = np.array([[0.0], [4.0], [5.0]])
    none = np.zeros((3, 1), dtype=bool)
    assert suppress(make_tree([-1, 0, 0]), own, min_group=10, hidden=none, free=none).all()


def test_answers_given_in_a_unit_itself_are_a_group_too():
    n = np.array([[[23.0]], [[20.0]]])
    mask = united_mask(make_tree([-1, 0]), n, min_group=10, hidden=np.zeros((2, 1), dtype=bool))
    assert mask[:, 0].tolist() == [False, True]


def test_own_answers_of_a_unit_without_a_figure_count_for_its_parent():
    n = np.array([[30.0], [np.nan], [12.0], [9.0]])
    assert own_counts(make_tree([-1, 0, 1, 1]), n)[:, 0].tolist() == [9, 0, 12, 9]


@pytest.mark.parametrize(
    ("ids", "parents", "text"),
    [
        (["a", "a"], ["", ""], "unit_id must occur once in units; found one twice"),
        (["a"], ["b"], "parent_id must be a unit; found 'b'"),
        (["a", "b"], ["b", "a"], "units must form a tree; found some that are their own ancestors"),
    ],
)
def test_what_is_no_tree_is_refused(ids, parents, text):
    with pytest.raises(ValueError, match=text):
        Tree(ids, parents)
