"""Attacks on what is published recover no group below the threshold, and each succeeds where only small groups hide."""

from __future__ import annotations

import pandas as pd
import pytest
from attacks import (
    MIN_GROUP,
    PERIODS,
    across_releases,
    company,
    filtered_runs,
    gate,
    naive_gate,
    people,
    possible_counts,
    promoters_less_detractors,
    released_people,
    reorganised,
    scores_of,
    several_releases,
    small_sets,
    subtract,
    subtract_across_measures,
    subtract_with_changes,
    two_releases,
    with_answers_moved,
    with_changes,
    with_late_answers,
    with_more_answers,
    with_others_instead,
    without_some_answers,
    write_company,
)

from helpers.datasets.dataset import open_dataset
from helpers.datasets.masking import record_release
from helpers.datasets.released import countable_rows
from helpers.release import ReleaseError

SEEDS = range(12)
# Of the random reorganisations those in which the figures of both years' trees tell a small group.
TELLING = [4, 11, 14, 15]
GATES = [gate, naive_gate]


def published(seed, gate_used):
    """What a gate lets through of a random company, with the numbers of answers of the period before."""
    units, counts = company(seed)
    scores = with_changes(scores_of(counts, units))
    shown = gate_used(scores, units)
    return shown.assign(n_before=scores["n_previous"].loc[shown.index]), units


def found(attack, gate_used, seeds=SEEDS):
    return [group for seed in seeds for group in attack(*published(seed, gate_used))]


@pytest.mark.parametrize("attack", [subtract, promoters_less_detractors, subtract_with_changes])
def test_nothing_is_recovered_from_a_release(attack):
    assert not found(attack, gate)


@pytest.mark.parametrize("attack", [subtract, promoters_less_detractors, subtract_with_changes])
def test_the_attack_succeeds_where_only_small_groups_are_hidden(attack):
    assert len(found(attack, naive_gate)) > 20


def across_measures(gate_used):
    total = 0
    for seed in SEEDS:
        units, counts = company(seed, measures=("engagement", "voice", "trust"))
        scores = scores_of(counts, units)
        total += len(subtract_across_measures(gate_used(scores, units), units, scores))
    return total


def test_one_measure_does_not_tell_what_another_hides():
    assert across_measures(gate) == 0
    assert across_measures(naive_gate) > 100


def intervals(gate_used):
    """Widths of what is possible for small hidden units, by linear programming."""
    frames = []
    for seed in SEEDS:
        units, counts = company(seed)
        scores = scores_of(counts[counts["period"] == PERIODS[1]], units)
        shown = gate_used(scores, units)
        frames.append(possible_counts(shown[shown["band"] == ""], scores, units))
    return pd.concat(frames)


def test_linear_programming_pins_no_small_unit():
    widths = intervals(gate)
    assert len(widths) > 10
    assert widths["promoters"].min() >= 2
    assert widths["difference"].min() >= 2


def test_linear_programming_pins_units_where_only_small_groups_are_hidden():
    assert (intervals(naive_gate)["difference"] < 1e-6).sum() > 3


def test_every_remainder_stands_up_to_an_attacker_who_solves_all_equations():
    for seed in SEEDS:
        units, counts = company(seed, n_departments=2)
        scores = scores_of(counts[counts["period"] == PERIODS[1]], units)
        own = counts[counts["period"] == PERIODS[1]].set_index("unit_id")[["p", "o", "d"]].sum(axis=1).to_dict()
        above = dict(zip(units["unit_id"], units["parent_id"], strict=True))
        inside = {unit: set() for unit in above}
        for unit in above:
            up = unit
            while isinstance(up, str):
                inside[up].add(unit)
                up = above[up]
        shown = gate(scores, units)["unit_id"]
        assert not small_sets([frozenset(inside[unit]) for unit in shown], own, MIN_GROUP)


@pytest.mark.parametrize(
    ("change", "seeds"), [(reorganised, TELLING), (with_late_answers, [1, 2, 3])], ids=["reorganised", "late answers"]
)
def test_two_releases_tell_no_more_than_one_with_the_ledger_and_do_without(change, seeds, tmp_path):
    found = [two_releases(tmp_path / str(seed), seed, change) for seed in seeds]
    assert [one["ledger"] for one in found] == [0] * len(seeds)
    assert all(one["none"] for one in found)


def recoded(units, answers, _):
    """Two teams become two others, under new names; the old answers of four people go to the other one."""
    moved = answers.assign(unit_id=answers["unit_id"].map({"x": "new1", "y": "new2", "top": "top"}))
    moved.loc[moved.index[moved["unit_id"] == "new1"][:4], "unit_id"] = "new2"
    renamed = units.assign(unit_id=["top", "new1", "new2"])
    return renamed, moved


def test_answers_recoded_to_new_units_tell_no_small_group(tmp_path, monkeypatch):
    units = pd.DataFrame({"unit_id": ["top", "x", "y"], "parent_id": [None, "top", "top"], "level": "unit"})
    answers = pd.DataFrame({"unit_id": ["x"] * 20 + ["y"] * 14, "period": "2024", "recommend": [9, 3] * 17})
    monkeypatch.setattr("attacks.people", lambda _: (units.assign(name=units["unit_id"]), answers))
    assert two_releases(tmp_path / "company", 1, recoded)["ledger"] == 0


CHANGES = [reorganised, with_more_answers, without_some_answers, with_others_instead]


@pytest.mark.parametrize(
    "seeds", [range(12), pytest.param(range(12, 400), marks=pytest.mark.slow)], ids=["few", "many"]
)
def test_three_releases_with_changes_between_them_tell_no_small_group(seeds):
    assert {seed: several_releases(seed, CHANGES) for seed in seeds} == dict.fromkeys(seeds, 0)


def test_answers_moved_to_another_unit_after_a_release_tell_no_small_group():
    seeds = range(30)
    assert {seed: several_releases(seed, [with_answers_moved], 2) for seed in seeds} == dict.fromkeys(seeds, 0)


@pytest.mark.parametrize(("first", "second", "seed"), [(5, 10, 0), (5, 10, 5), (7, 15, 2), (10, 15, 3)])
def test_a_raised_threshold_tells_nothing_new_and_a_lowered_one_is_refused(first, second, seed, tmp_path):
    units, answers = people(seed)
    folder = tmp_path / "company"
    groups, n_hidden = [], []
    for min_group in (first, second):
        dataset = write_company(folder, units, answers, min_group)
        record_release(dataset)
        groups += released_people(units, answers, dataset.mask)
        n_hidden.append(len(dataset.mask.hidden))
    assert n_hidden[1] > n_hidden[0]
    assert across_releases(groups, first) == 0
    with pytest.raises(ReleaseError, match=rf"min_group must not fall below .* release, {second}; found {first}"):
        record_release(write_company(folder, units, answers, first))


FILTERED = ["engagement", "voice", "trust_in_leadership", "motivation"]


@pytest.mark.parametrize("period", ["2012", "2024"])
def test_filtered_runs_tell_no_hidden_team_and_would_if_all_were_counted(demo, period):
    dataset = open_dataset(demo)
    root = dataset.hierarchy.root
    runs = [root, *dataset.hierarchy.at_level("country", root)]
    assert filtered_runs(dataset, period, FILTERED, below=runs, countable=countable_rows) == 0
    naive = filtered_runs(dataset, period, FILTERED, below=runs, countable=lambda _, rows, *, below: rows)
    assert 0 < naive < MIN_GROUP
