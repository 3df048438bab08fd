"""Rule 4: a release set beside earlier ones gives away no small group that they did not give away before."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from helpers.release.family import families
from helpers.release.history import hide_against, make_trace, read_trace, trace_bytes
from helpers.release.mask import KEYS, Mask, mask_families
from helpers.release.tree import Tree
from helpers.release.withholding import blocks, withhold

# Organisation o, units a and b, teams below them.
PARENTS = {"o": "", "a": "o", "b": "o", "a1": "a", "a2": "a", "b1": "b", "b2": "b"}
TEAMS = {"a1": 20, "a2": 15, "b1": 30, "b2": 12}


def made(
    teams: Mapping[str, int],
    parents: Mapping[str, str] = PARENTS,
    *,
    min_group: int = 10,
    score: float = 7.0,
    period: str = "2024",
) -> tuple[Mask, pd.DataFrame]:
    """Make the mask and the trace of a survey, from the answers given in each team."""
    tree = Tree(list(parents), list(parents.values()))
    n = dict.fromkeys(parents, 0)
    for team, answers in teams.items():
        unit = team
        while unit:
            n[unit] += answers
            unit = parents[unit]
    scores = pd.DataFrame({"unit_id": list(n), "period": period, "measure": "q", "estimate": score, "n": n.values()})
    found = families(scores[scores["n"] > 0], tree)
    mask = mask_families(found, tree, min_group=min_group)
    return mask, make_trace(found, tree, mask)


def hidden_now(new: tuple[Mask, pd.DataFrame], *old: tuple[Mask, pd.DataFrame]) -> set[str]:
    """Units that earlier releases ask to hide."""
    frame = hide_against(*new, [trace for _, trace in old]).frame
    return set(frame.loc[frame["hidden_by"] == "earlier_release", "unit_id"])


def test_nothing_is_hidden_when_the_same_is_released_again():
    assert hidden_now(made(TEAMS), made(TEAMS)) == set()


def test_nothing_is_hidden_in_a_new_wave():
    assert hidden_now(made(TEAMS, period="2025"), made({"a1": 17, "b1": 12})) == set()


def test_nothing_is_hidden_without_earlier_releases():
    mask, trace = made(TEAMS)
    assert hide_against(mask, trace, []) is mask


@pytest.mark.parametrize("change", [1, 9, -1, -9], ids="{:+} answers".format)
def test_fewer_joiners_or_leavers_than_min_group_hide_the_new_figures_up_to_the_top(change):
    assert hidden_now(made(TEAMS | {"a1": 20 + change}), made(TEAMS)) == {"a1", "a", "o"}


@pytest.mark.parametrize("change", [10, 25, -10], ids="{:+} answers".format)
def test_min_group_joiners_or_leavers_hide_nothing(change):
    assert hidden_now(made(TEAMS | {"a1": 20 + change}), made(TEAMS)) == set()


def test_other_answers_of_as_many_people_hide():
    assert hidden_now(made(TEAMS, score=7.1), made(TEAMS)) == {*PARENTS}


def test_rounding_of_sums_is_no_other_answer():
    assert hidden_now(made(TEAMS, score=7.0 + 1e-9), made(TEAMS)) == set()


def test_late_answers_that_are_many_together_hide_only_the_teams_and_units_they_came_to():
    later = TEAMS | {"a1": 25, "b1": 36}
    assert hidden_now(made(later), made(TEAMS)) == {"a1", "a", "b1", "b"}
    assert hidden_now(made(TEAMS | {"a1": 25, "a2": 20}), made(TEAMS)) == {"a1", "a2"}


def test_a_move_of_a_small_hidden_team_hides_both_units():
    # The other small teams keep each rest at 10 or more, so that only the earlier release asks to hide.
    old = (
        {"o": "", "a": "o", "b": "o"} | dict.fromkeys(["a1", "s", "r", "p"], "a") | dict.fromkeys(["b1", "q", "v"], "b")
    )
    teams = {"a1": 20, "s": 4, "r": 8, "p": 7, "b1": 30, "q": 9, "v": 8}
    assert hidden_now(made(teams, old | {"s": "b"}), made(teams, old)) == {"a", "b"}


def test_a_move_of_a_whole_group_is_published():
    assert hidden_now(made(TEAMS, PARENTS | {"a2": "b"}), made(TEAMS)) == set()


def test_units_merged_into_one_are_published():
    merged = {"o": "", "m": "o", "a1": "m", "a2": "m", "b1": "m", "b2": "m"}
    assert hidden_now(made(TEAMS, merged), made(TEAMS)) == set()


def test_a_small_team_merged_out_of_its_unit_is_not_derived():
    teams = {"a1": 20, "a2": 15, "s": 4, "b1": 30, "b2": 12}
    old = {"o": "", "a": "o", "b": "o", "a1": "a", "a2": "a", "s": "a", "b1": "b", "b2": "b"}
    shown = {"a": {"a2", "s"}, "b": {"b1", "b2"}}
    held = {unit: [place] for place, unit in enumerate(teams)}
    counts = np.array(list(teams.values()))
    earlier = blocks(held, old, {"o", "a", "a1", "b"}).values()
    assert set(earlier) == {frozenset({0}), *(frozenset(held[unit][0] for unit in units) for units in shown.values())}
    # The rest of a, 19, without s is a2; that of b with s less that of b is s.
    assert withhold(held, old | {"s": "b"}, {"o", "a", "a1", "b"}, earlier, counts, 10) == {"a", "b"}


def test_what_is_hidden_against_two_releases_is_hidden_against_their_difference_too():
    first, second, third = made(TEAMS), made(TEAMS | {"a1": 30}), made(TEAMS | {"a1": 35})
    # Ten more than the first are fine, and so are 15; five more than the second are not.
    assert hidden_now(second, first) == hidden_now(third, first) == set()
    assert hidden_now(third, first, second) == hidden_now(third, second, first) == {"a1", "a", "o"}
    assert hidden_now(made(TEAMS | {"a1": 45}), first, second) == set()


def test_old_leaks_are_passed_by_when_min_group_rises():
    assert hidden_now(made(TEAMS, min_group=25), made(TEAMS)) == set()


def test_a_part_of_an_old_leak_is_hidden():
    held, counts = {"s": [0], "t": [1], "r": [2]}, np.array([5, 7, 30])
    parent = {"o": "", "a": "o", "b": "o", "s": "a", "t": "a", "r": "b"}
    earlier = blocks(held, parent, {"a", "b"}).values()
    assert withhold(held, parent | {"s": "b"}, {"a", "b"}, earlier, counts, 15) == {"a", "b"}


def test_a_count_that_earlier_and_new_figures_narrow_down_is_hidden():
    # Rows s+t and u+v, columns s+u and t+v: no cell is derived, but s is known to be 0 to 8.
    held, counts = {one: [place] for place, one in enumerate("stuv")}, np.array([4, 20, 4, 20])
    rows, columns = {"s": "a", "t": "a", "u": "b", "v": "b"}, {"s": "a", "u": "a", "t": "b", "v": "b"}
    earlier = blocks(held, rows, {"a", "b"}).values()
    assert withhold(held, columns, {"a", "b"}, earlier, counts, 8) == set()
    assert withhold(held, columns, {"a", "b"}, earlier, counts, 9) != set()


def test_a_trace_is_read_as_it_was_written():
    trace = made(TEAMS | {"a1": 4})[1]
    assert read_trace(trace_bytes(trace)).equals(trace)
    assert dict(zip(trace["unit_id"], trace["n"], strict=True)) == dict.fromkeys("oab", 0) | TEAMS | {"a1": 4}
    assert not trace.set_index("unit_id")["released"]["a1"]


def test_a_trace_names_the_nearest_unit_above_that_has_figures():
    tree = Tree(["o", "a", "a1"], ["", "o", "a"])
    scores = pd.DataFrame({"unit_id": ["o", "a1"], "period": "2024", "measure": "q", "estimate": 7.0, "n": [30, 12]})
    found = families(scores, tree)
    trace = make_trace(found, tree, mask_families(found, tree, min_group=10))
    assert trace.set_index("unit_id")["parent_id"].to_dict() == {"o": "", "a1": "o"}
    assert trace[KEYS].duplicated().sum() == 0


def derivable(rows: Sequence[frozenset[int]], counts: np.ndarray, min_group: int) -> set[frozenset[int]]:
    """Every small set of atoms in the row space, by trying all subsets against an integer basis of its complement."""
    sets = [one for size in range(1, len(counts) + 1) for one in combinations(range(len(counts)), size)]
    small = [one for one in sets if counts[list(one)].sum() < min_group]
    basis = null_space([[int(atom in row) for atom in range(len(counts))] for row in rows], len(counts))
    return {frozenset(one) for one in small if not any(sum(row[atom] for atom in one) for row in basis)}


def null_space(rows: list[list[int]], width: int) -> list[list[Fraction]]:
    """Vectors that every row is orthogonal to, by textbook elimination in fractions."""
    left, pivots = [[Fraction(value) for value in row] for row in rows], []
    for column in range(width):
        at = len(pivots)
        place = next((i for i in range(at, len(left)) if left[i][column]), None)
        if place is None:
            continue
        left[at], left[place] = left[place], left[at]
        left[at] = [value / left[at][column] for value in left[at]]
        left = [row if i == at else [a - row[column] * b for a, b in zip(row, left[at], strict=True)]
                for i, row in enumerate(left)]  # fmt: skip
        pivots.append(column)
    free = [column for column in range(width) if column not in pivots]
    return [
        [Fraction(int(c == one)) if c not in pivots else -left[pivots.index(c)][one] for c in range(width)]
        for one in free
    ]


def random_releases(rng) -> tuple[list[dict[str, int]], list[dict[str, str]]]:
    """Make two or three surveys of five teams, some of which move, grow or shrink."""
    parents = {"o": "", "a": "o", "b": "o", "c": "o"} | {f"t{i}": str(rng.choice(list("abc"))) for i in range(5)}
    teams = {f"t{i}": int(rng.choice([2, 4, 6, 9, 12, 20])) for i in range(5)}
    surveys, trees = [teams], [parents]
    for _ in range(rng.integers(1, 3)):
        joined = {team: int(rng.choice([0, 0, 0, 1, 5, 9])) for team in teams}
        moved = {team: str(rng.choice(list("abc"))) for team in teams if rng.random() < 0.3}
        surveys.append({team: n + joined[team] for team, n in surveys[-1].items()})
        trees.append(trees[-1] | moved)
    return surveys, trees


def atoms_of(surveys: Sequence[Mapping[str, int]]) -> tuple[np.ndarray, list[dict[str, list[int]]]]:
    """Cut the growing teams into those there at first and those who joined before each later survey."""
    counts, held = [], []
    for place, survey in enumerate(surveys):
        held.append({team: list(held[-1][team]) if held else [] for team in survey})
        for team, n in survey.items():
            more = n - (surveys[place - 1][team] if place else 0)
            if more:
                held[-1][team].append(len(counts))
                counts.append(more)
    return np.array(counts), held


def published(held: Mapping[str, list[int]], parents: Mapping[str, str], shown: set[str]) -> list[frozenset[int]]:
    """Atoms of every released unit with all below it, not of its remainder."""
    sets: dict[str, set[int]] = {}
    for team, atoms in held.items():
        unit = team
        while unit:
            sets.setdefault(unit, set()).update(atoms)
            unit = parents[unit]
    return [frozenset(sets[unit]) for unit in sorted(shown) if sets.get(unit)]


@pytest.mark.parametrize("pairs", [50, pytest.param(200, marks=pytest.mark.slow)])
def test_brute_force_derives_no_new_small_group_from_random_pairs_of_releases(pairs):
    rng, hidden, leaked = np.random.default_rng(3), 0, 0
    for _ in range(pairs):
        surveys, trees = random_releases(rng)
        counts, held = atoms_of(surveys)
        before, rows = [], []
        for teams, parents, atoms in zip(surveys[:-1], trees, held, strict=False):
            mask, trace = made(teams, parents)
            mask = hide_against(mask, trace, before)
            shown = set(mask.frame.loc[mask.frame["hidden_by"] == "", "unit_id"])
            before.append(trace.assign(released=trace["unit_id"].isin(shown)))
            rows += published(atoms, parents, shown)
        mask, trace = made(surveys[-1], trees[-1])
        now = hide_against(mask, trace, before)
        old = derivable(rows, counts, 10)
        shown = [set(one.frame.loc[one.frame["hidden_by"] == "", "unit_id"]) for one in (mask, now)]
        without, after = (derivable([*rows, *published(held[-1], trees[-1], one)], counts, 10) for one in shown)
        assert after <= old
        leaked += bool(without - old)
        hidden += shown[0] != shown[1]
    assert hidden >= leaked > pairs / 5
