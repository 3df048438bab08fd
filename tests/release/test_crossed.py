"""Rule 3: groups that cross give away no small set, by brute force and by an attacker's linear program."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from helpers.release import crossed
from helpers.release.crossed import Leak, count_intervals, find_leak, withheld

SIZES = st.sampled_from([0, 1, 2, 3, 4, 6, 9, 12, 30])


def table(*rows: str) -> np.ndarray:
    """Make groups of strings, one per group, with an x for each atom in it."""
    return np.array([[mark == "x" for mark in row] for row in rows])


def rank(rows: list[list[int]]) -> int:
    """Rank by textbook elimination in fractions, unlike the code under test."""
    left, found = [[Fraction(value) for value in row] for row in rows], 0
    for column in range(len(left[0]) if left else 0):
        place = next((i for i in range(found, len(left)) if left[i][column]), None)
        if place is None:
            continue
        left[found], left[place] = left[place], left[found]
        for i in range(found + 1, len(left)):
            share = left[i][column] / left[found][column]
            left[i] = [a - share * b for a, b in zip(left[i], left[found], strict=True)]
        found += 1
    return found


def small_sets(groups: np.ndarray, counts: np.ndarray, min_group: int) -> set[tuple[int, ...]]:
    """Every derivable small set, by trying all subsets."""
    live = np.flatnonzero(counts > 0)
    rows = groups[:, live].astype(int).tolist()
    base, found = rank(rows), set()
    for size in range(1, len(live) + 1):
        for one in combinations(range(len(live)), size):
            atoms = live[list(one)]
            vector = [int(place in one) for place in range(len(live))]
            if counts[atoms].sum() < min_group and rank([*rows, vector]) == base:
                found.add(tuple(atoms.tolist()))
    return found


@st.composite
def releases(draw, atoms: int = 8, groups: int = 6, earlier: int = 0):
    n = draw(st.integers(1, atoms))
    row = st.lists(st.booleans(), min_size=n, max_size=n)
    made = [draw(st.lists(row, min_size=low, max_size=most)) for low, most in ((1, groups), (0, earlier))]
    counts = np.array(draw(st.lists(SIZES, min_size=n, max_size=n)))
    return *(np.array(rows, dtype=bool).reshape(-1, n) for rows in made), counts, draw(st.integers(5, 12))


@pytest.mark.parametrize("steps", [crossed.MAX_STEPS, 0], ids=["exact search", "branch and cut"])
def test_a_leak_is_found_exactly_when_brute_force_finds_one(steps):
    @settings(max_examples=200, deadline=None)
    @given(releases())
    def check(release):
        groups, _, counts, min_group = release
        found, all_found = find_leak(groups, counts, min_group=min_group), small_sets(groups, counts, min_group)
        assert (found is None) == (not all_found)
        if found:
            assert found.atoms in all_found
            assert found.n == counts[list(found.atoms)].sum()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crossed, "MAX_STEPS", steps)
        check()


@settings(max_examples=100, deadline=None)
@given(releases())
def test_the_groups_of_a_leak_derive_it_and_none_can_be_missed(release):
    groups, _, counts, min_group = release
    found = find_leak(groups, counts, min_group=min_group)
    if found:
        assert found.atoms in small_sets(groups[list(found.groups)], counts, min_group)
        for left_out in found.groups:
            others = [group for group in found.groups if group != left_out]
            assert found.atoms not in small_sets(groups[others], counts, min_group)


# Two rows of three, with margins; cells in reading order.
MARGINS = table("xxx...", "...xxx", "x..x..", ".x..x.", "..x..x")


def test_one_hidden_cell_of_a_table_with_margins_is_derived():
    counts = np.array([4, 20, 30, 40, 20, 30])
    shown = np.vstack([MARGINS, np.eye(6, dtype=bool)[1:]])
    assert find_leak(shown, counts, min_group=10).atoms == (0,)
    assert find_leak(MARGINS, counts, min_group=10) is None


def test_a_hidden_block_of_two_by_two_is_not_derived_but_its_counts_are_narrow():
    counts = np.array([4, 3, 30, 2, 5, 30])
    shown = np.vstack([MARGINS, np.eye(6, dtype=bool)[[2, 5]]])
    assert find_leak(shown, counts, min_group=6) is None
    frame = count_intervals(shown, counts, min_group=6)
    assert frame["atom"].tolist() == [0, 1, 3, 4]
    # Row sums 7 and 7, column sums 6 and 8: the first cell lies between 0 and 6, the others follow.
    assert frame[["low", "high"]].values.tolist() == [[0, 6], [1, 7], [0, 6], [1, 7]]
    assert (frame["width"] == 6).all()


def test_a_single_hidden_cell_has_no_width_and_an_atom_in_no_group_no_bound():
    frame = count_intervals(table("x..", ".x."), np.array([4, 0, 3]), min_group=10)
    assert frame[["atom", "n", "low", "high", "width"]].values.tolist() == [[0, 4, 4, 4, 0], [2, 3, 0, np.inf, np.inf]]


def test_atoms_that_cannot_be_told_apart_can_each_be_empty():
    frame = count_intervals(table("xx.", "xxx"), np.array([4, 8, 30]), min_group=10)
    assert frame[["low", "high"]].values.tolist() == [[0, 12], [0, 12]]


# A team moves from unit A to unit B: atoms are the rest of A, the team, the rest of B.
OLD, NEW = table("xx.", "..x"), table("x..", ".xx")
MOVED = np.array([20, 4, 25])


def test_a_team_that_changes_units_leaks_as_the_difference():
    assert find_leak(np.vstack([OLD, NEW]), MOVED, min_group=10) in (
        Leak(atoms=(1,), n=4, groups=(0, 2)),
        Leak(atoms=(1,), n=4, groups=(1, 3)),
    )
    assert find_leak(OLD, MOVED, min_group=10) is None


def test_after_a_reorganisation_both_new_units_are_withheld():
    assert withheld(NEW, MOVED, min_group=10, earlier=OLD).tolist() == [True, True]


def test_a_move_of_a_whole_group_is_published():
    assert not withheld(NEW, np.array([20, 10, 25]), min_group=10, earlier=OLD).any()


def test_an_old_leak_stays_and_a_candidate_equal_to_an_earlier_group_too():
    earlier = table("x..", "xx.")
    counts = np.array([4, 20, 30])
    assert not withheld(earlier, counts, min_group=10, earlier=earlier).any()
    assert withheld(table("x..", "xx.", "..x"), counts, min_group=25, earlier=earlier[:1]).tolist() == [
        False,
        True,
        False,
    ]


@pytest.mark.parametrize("steps", [crossed.MAX_STEPS, 0], ids=["exact search", "branch and cut"])
def test_what_is_kept_adds_no_small_set_and_no_fewer_groups_would_do(steps):
    @settings(max_examples=60, deadline=None)
    @given(releases(atoms=6, earlier=2))
    def check(release):
        groups, earlier, counts, min_group = release
        old = small_sets(earlier, counts, min_group)

        def safe(kept) -> bool:
            return small_sets(np.vstack([earlier, groups[list(kept)]]), counts, min_group) <= old

        hidden = withheld(groups, counts, min_group=min_group, earlier=earlier)
        kept = np.flatnonzero(~hidden)
        assert safe(kept)
        assert not any((group == row).all() for group in groups[hidden] for row in earlier)
        assert not any(safe(one) for one in combinations(range(len(groups)), len(kept) + 1))

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(crossed, "MAX_STEPS", steps)
        check()


def recovered(groups: np.ndarray, counts: np.ndarray, promoters: np.ndarray, min_group: int) -> list[tuple[int, ...]]:
    """Hidden atoms and pairs whose promoters a linear program bounds to one value, even with all counts known."""
    small = [
        one for size in (1, 2) for one in combinations(range(len(counts)), size) if counts[list(one)].sum() < min_group
    ]
    found = []
    for one in small:
        cost = np.zeros(len(counts))
        cost[list(one)] = 1
        ends = [
            sign * linprog(sign * cost, A_eq=groups.astype(float), b_eq=groups @ promoters, bounds=list(
                zip(np.zeros(len(counts)), counts, strict=True))).fun
            for sign in (1, -1)
        ]  # fmt: skip
        found += [one] if ends[1] - ends[0] < 1e-6 else []
    return found


def test_an_attacker_with_a_linear_program_recovers_nobody():
    rng, before = np.random.default_rng(11), 0
    for _ in range(15):
        counts = rng.choice([2, 3, 4, 6, 12, 30], 7)
        groups = rng.random((6, 7)) < 0.5
        # Some, but not all, promote everywhere: then only sums and differences can tell, not an empty category.
        promoters = rng.integers(1, counts)
        kept = groups[~withheld(groups, counts, min_group=10, earlier=groups[:0])]
        before += len(recovered(groups, counts, promoters, 10))
        assert recovered(kept, counts, promoters, 10) == []
    assert before > 0


def test_many_groups_that_are_nearly_all_equal_pairs_are_audited():
    rng = np.random.default_rng(1)
    blocks, counts = rng.integers(0, 700, 1500), rng.integers(3, 40, 1500)
    moved = blocks.copy()
    moved[rng.choice(1500, 30, replace=False)] = rng.integers(0, 700, 30)
    earlier, groups = (np.arange(1500)[:, None] == one for one in (blocks, moved))
    hidden = withheld(groups, counts, min_group=10, earlier=earlier)
    assert 0 < hidden.sum() < 100


@pytest.mark.parametrize(
    ("groups", "counts", "min_group", "text"),
    [
        (np.ones((1, 2)), [1, 2], 10, "groups must be a table of true and false; found 2 dimensions of float64"),
        (table("xx"), [1], 10, r"counts must have one value per atom, 2; found the shape \(1,\)"),
        (table("xx"), [3, -1], 10, "counts must be whole and not negative; found -1 at 1"),
        (table("xx"), [3, 2.5], 10, "counts must be whole and not negative; found 2.5 at 1"),
        (table("xx"), [3, np.nan], 10, "counts must be whole and not negative; found nan at 1"),
        (table("xx"), [3, 2], 1, "min_group must be at least 2; found 1"),
    ],
)
@pytest.mark.parametrize("audit", [find_leak, count_intervals])
def test_what_cannot_be_audited_is_refused(audit, groups, counts, min_group, text):
    with pytest.raises(ValueError, match=text):
        audit(groups, np.array(counts), min_group=min_group)


class Failed:
    status, success, x, message = 1, False, None, "Time limit reached"


def test_a_search_that_does_not_end_releases_nothing(monkeypatch):
    monkeypatch.setattr(crossed, "MAX_STEPS", 0)
    monkeypatch.setattr(crossed, "milp", lambda *_, **__: Failed)
    with pytest.raises(ValueError, match="the search must end; found 'Time limit reached' for 1 linked cells"):
        find_leak(table("x"), np.array([4]), min_group=10)


def test_an_answer_of_branch_and_cut_that_does_not_hold_is_refused(monkeypatch):
    wrong = type("Wrong", (), {"status": 0, "x": np.zeros(1), "message": "Optimal"})
    monkeypatch.setattr(crossed, "MAX_STEPS", 0)
    monkeypatch.setattr(crossed, "milp", lambda *_, **__: wrong)
    with pytest.raises(ValueError, match="the search must end; found 'Optimal'"):
        find_leak(table("x"), np.array([4]), min_group=10)


def test_coefficients_too_large_for_branch_and_cut_are_refused(monkeypatch):
    monkeypatch.setattr(crossed, "MAX_STEPS", 0)
    monkeypatch.setattr(crossed, "MAX_COEFFICIENT", 0)
    with pytest.raises(ValueError, match="equations must have coefficients up to 0; found 1"):
        find_leak(MARGINS, np.full(6, 4), min_group=10)


def test_too_many_old_leaks_are_refused(monkeypatch):
    monkeypatch.setattr(crossed, "MAX_STEPS", 0)
    monkeypatch.setattr(crossed, "MAX_OLD_LEAKS", 1)
    with pytest.raises(ValueError, match="earlier groups must give away few small sets; found 1"):
        withheld(table("xxx"), np.array([4, 4, 30]), min_group=10, earlier=table("x..", "xx."))


def test_a_set_without_proof_is_refused(monkeypatch):
    monkeypatch.setattr(crossed, "needed", lambda *_: None)
    with pytest.raises(ValueError, match="a leak must be derivable; found 1 cells that are not"):
        find_leak(table("x"), np.array([4]), min_group=10)


def test_a_count_without_bounds_is_refused(monkeypatch):
    monkeypatch.setattr("helpers.release.intervals.linprog", lambda *_, **__: Failed)
    with pytest.raises(ValueError, match="each hidden count must have bounds; found 'Time limit reached' for 2 linked"):
        count_intervals(table("xx.", ".xx"), np.array([4, 30, 30]), min_group=10)
