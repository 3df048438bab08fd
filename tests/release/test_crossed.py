"""Rule 3: groups that cross give away no small set, by brute force and by an attacker's linear program."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import linprog

from helpers.release import crossed, small_sets
from helpers.release.crossed import Leak, find_leaks
from helpers.release.intervals import count_intervals

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


def derivable(groups: np.ndarray, counts: np.ndarray, min_group: int) -> set[tuple[int, ...]]:
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


@pytest.mark.parametrize("steps", [small_sets.MAX_STEPS, 0], ids=["exact search", "branch and cut"])
def test_a_leak_is_found_exactly_when_brute_force_finds_one(steps):
    @settings(max_examples=200, deadline=None)
    @given(releases())
    def check(release):
        groups, _, counts, min_group = release
        leaks, all_found = find_leaks(groups, counts, min_group=min_group), derivable(groups, counts, min_group)
        assert bool(leaks) == bool(all_found)
        for leak in leaks:
            assert leak.atoms in all_found
            assert leak.n == counts[list(leak.atoms)].sum()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(small_sets, "MAX_STEPS", steps)
        check()


@settings(max_examples=100, deadline=None)
@given(releases())
def test_the_groups_of_a_leak_derive_it_and_none_can_be_missed(release):
    groups, _, counts, min_group = release
    for found in find_leaks(groups, counts, min_group=min_group):
        assert found.atoms in derivable(groups[list(found.groups)], counts, min_group)
        for left_out in found.groups:
            others = [group for group in found.groups if group != left_out]
            assert found.atoms not in derivable(groups[others], counts, min_group)


# Two rows of three, with margins; cells in reading order.
MARGINS = table("xxx...", "...xxx", "x..x..", ".x..x.", "..x..x")


def test_one_hidden_cell_of_a_table_with_margins_is_derived():
    counts = np.array([4, 20, 30, 40, 20, 30])
    shown = np.vstack([MARGINS, np.eye(6, dtype=bool)[1:]])
    assert [leak.atoms for leak in find_leaks(shown, counts, min_group=10)] == [(0,)]
    assert find_leaks(MARGINS, counts, min_group=10) == []


def test_a_hidden_block_of_two_by_two_is_not_derived_but_its_counts_are_narrow():
    counts = np.array([4, 3, 30, 2, 5, 30])
    shown = np.vstack([MARGINS, np.eye(6, dtype=bool)[[2, 5]]])
    assert find_leaks(shown, counts, min_group=6) == []
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
    assert find_leaks(np.vstack([OLD, NEW]), MOVED, min_group=10) in (
        [Leak(atoms=(1,), n=4, groups=(0, 2))],
        [Leak(atoms=(1,), n=4, groups=(1, 3))],
    )
    assert find_leaks(OLD, MOVED, min_group=10) == []


@pytest.mark.parametrize("steps", [small_sets.MAX_STEPS, 0], ids=["exact search", "branch and cut"])
def test_only_what_earlier_groups_do_not_give_away_is_a_leak(steps):
    @settings(max_examples=100, deadline=None)
    @given(releases(earlier=3))
    def check(release):
        groups, earlier, counts, min_group = release
        both = np.vstack([earlier, groups])
        new = derivable(both, counts, min_group) - derivable(earlier, counts, min_group)
        leaks = find_leaks(both, counts, min_group=min_group, n_earlier=len(earlier))
        assert bool(leaks) == bool(new)
        assert {leak.atoms for leak in leaks} <= new
        assert all(max(leak.groups) >= len(earlier) for leak in leaks)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(small_sets, "MAX_STEPS", steps)
        check()


def test_a_part_of_an_old_leak_is_a_new_one():
    earlier, moved = table("xx."), table("x..", ".xx")
    assert find_leaks(np.vstack([earlier, moved]), np.array([5, 7, 30]), min_group=15, n_earlier=1)
    assert find_leaks(earlier, np.array([5, 7, 30]), min_group=15, n_earlier=1) == []


def linked_equations(rng) -> tuple[list[dict[int, int]], dict[int, int]]:
    """Make equations of 15 to 25 cells, most of several cells on each side, so that a set is found in many steps."""
    cells = int(rng.integers(15, 26))
    members = np.array([rng.permutation(cells) < rng.integers(3, 7) for _ in range(int(rng.integers(3, 8)))])
    signs = rng.choice([-1, 1, 1, 2], members.shape) * rng.choice([-1, 1], (len(members), 1))
    equations = [{int(cell): int(row[cell]) for cell in np.flatnonzero(inside)} for row, inside in
                 zip(signs, members, strict=True)]  # fmt: skip
    return equations, {cell: int(n) for cell, n in enumerate(rng.integers(1, 5, cells))}


def brute_force(equations: list[dict[int, int]], n: dict[int, int], min_group: int) -> set[frozenset[int]]:
    """Every set of fewer than `min_group` answers that fulfils the equations, by trying all of the small size."""
    table_ = np.array([[equation.get(cell, 0) for cell in n] for equation in equations])
    every = np.array([[code >> place & 1 for place in range(len(n))] for code in range(1, 2 ** len(n))])
    fits = ~(every @ table_.T).any(axis=1) & (every @ np.array(list(n.values())) < min_group)
    return {frozenset(np.flatnonzero(one).tolist()) for one in every[fits]}


def least(found: set[frozenset[int]]) -> set[frozenset[int]]:
    """Sets that hold no other one: of two sets one of which holds the other, a search may leave out the larger."""
    return {one for one in found if not any(other < one for other in found)}


def test_the_exhaustive_search_finds_what_branch_and_cut_finds_in_deep_branches():
    rng, deep = np.random.default_rng(5), 0
    for _ in range(60):
        equations, n = linked_equations(rng)
        exact = set(small_sets._exhaustive(equations, n, 11))
        assert least(exact) == set(small_sets._branch_and_cut(equations, n, 11))
        deep += any(len(one) > 2 for one in exact)
    assert deep > 20


def test_the_exhaustive_search_finds_every_smallest_set_that_brute_force_finds():
    rng, deep = np.random.default_rng(6), 0
    for _ in range(100):
        equations, n = linked_equations(rng)
        kept = {cell: n[cell] for cell in list(n)[:13]}
        equations = [{cell: value for cell, value in one.items() if cell in kept} for one in equations]
        exact, every = set(small_sets._exhaustive(equations, kept, 14)), brute_force(equations, kept, 14)
        assert least(every) <= exact <= every
        deep += any(len(one) > 2 for one in least(every))
    assert deep > 20


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
        kept = groups
        while leaks := find_leaks(kept, counts, min_group=10):
            kept = np.delete(kept, leaks[0].groups[0], axis=0)
        before += len(recovered(groups, counts, promoters, 10))
        assert recovered(kept, counts, promoters, 10) == []
    assert before > 0


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
@pytest.mark.parametrize("audit", [find_leaks, count_intervals])
def test_what_cannot_be_audited_is_refused(audit, groups, counts, min_group, text):
    with pytest.raises(ValueError, match=text):
        audit(groups, np.array(counts), min_group=min_group)


class Failed:
    status, success, x, message = 1, False, None, "Time limit reached"


def test_a_search_that_does_not_end_releases_nothing(monkeypatch):
    monkeypatch.setattr(small_sets, "MAX_STEPS", 0)
    monkeypatch.setattr(small_sets, "milp", lambda *_, **__: Failed)
    with pytest.raises(ValueError, match="the search must end; found 'Time limit reached' for 1 linked cells"):
        find_leaks(table("x"), np.array([4]), min_group=10)


def test_an_answer_of_branch_and_cut_that_does_not_hold_is_refused(monkeypatch):
    wrong = type("Wrong", (), {"status": 0, "x": np.zeros(1), "message": "Optimal"})
    monkeypatch.setattr(small_sets, "MAX_STEPS", 0)
    monkeypatch.setattr(small_sets, "milp", lambda *_, **__: wrong)
    with pytest.raises(ValueError, match="the search must end; found 'Optimal'"):
        find_leaks(table("x"), np.array([4]), min_group=10)


def test_coefficients_too_large_for_branch_and_cut_are_refused(monkeypatch):
    monkeypatch.setattr(small_sets, "MAX_STEPS", 0)
    monkeypatch.setattr(small_sets, "MAX_COEFFICIENT", 0)
    with pytest.raises(ValueError, match="equations must have coefficients up to 0; found 1"):
        find_leaks(MARGINS, np.full(6, 4), min_group=10)


def test_too_many_old_leaks_are_refused(monkeypatch):
    monkeypatch.setattr(small_sets, "MAX_STEPS", 0)
    monkeypatch.setattr(small_sets, "MAX_SETS", 1)
    with pytest.raises(ValueError, match="earlier groups must give away few small sets; found 1"):
        find_leaks(table("x..", "xx.", "xxx"), np.array([4, 4, 30]), min_group=10, n_earlier=2)


def test_a_set_without_proof_is_refused(monkeypatch):
    monkeypatch.setattr(crossed, "needed", lambda *_: None)
    with pytest.raises(ValueError, match="a leak must be derivable; found 1 cells that are not"):
        find_leaks(table("x"), np.array([4]), min_group=10)


@settings(max_examples=60, deadline=None)
@given(releases())
def test_the_narrow_counts_are_those_of_all_that_are_narrow(release):
    groups, _, counts, min_group = release
    every = count_intervals(groups, counts, min_group=min_group)
    narrow = every[every["width"] < min_group].reset_index(drop=True)
    assert count_intervals(groups, counts, min_group=min_group, only_narrow=True).equals(narrow)


def test_a_count_without_bounds_is_refused(monkeypatch):
    monkeypatch.setattr("helpers.release.intervals.linprog", lambda *_, **__: Failed)
    with pytest.raises(ValueError, match="each hidden count must have bounds; found 'Time limit reached' for 2 linked"):
        count_intervals(table("xx.", ".xx"), np.array([4, 30, 30]), min_group=10)
