"""Print what each attack recovers through the gate and through a naive one, and how long masks take.

Run as ``.venv/bin/python tests/release/attack_table.py``.
"""

from __future__ import annotations

import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
from attacks import (
    MIN_GROUP,
    company,
    filtered_runs,
    gate,
    naive_gate,
    possible_counts,
    promoters_less_detractors,
    reorganised,
    scores_of,
    subtract,
    subtract_across_measures,
    subtract_with_changes,
    two_releases,
    with_changes,
    with_late_answers,
)
from test_suppression import hidden_against_optimum

from helpers.datasets.dataset import open_dataset
from helpers.datasets.demo import load_truth, make_demo
from helpers.datasets.released import countable_rows
from helpers.release.family import Family
from helpers.release.mask import mask_families
from helpers.release.tree import Tree

COMPANIES, RELEASES = 60, 16
MEASURES = ("engagement", "voice", "trust")
FILTERED = ("engagement", "voice", "trust_in_leadership", "motivation")


def on_scores() -> dict[str, list[int]]:
    """Companies in which an attack recovers a group, through each gate."""
    names = ("parent less children", "change and level", "score and n", "index and elements", "linear programming")
    tries = {name: [0, 0] for name in names}
    for seed in range(COMPANIES):
        units, counts = company(seed)
        scores = with_changes(scores_of(counts, units))
        wide_units, wide_counts = company(seed, measures=MEASURES)
        wide = scores_of(wide_counts, wide_units)
        last = scores[scores["period"] == "2024"].reset_index(drop=True)
        for place, used in enumerate((gate, naive_gate)):
            shown = used(scores, units)
            shown = shown.assign(n_before=scores["n_previous"].loc[shown.index])
            few = used(last, units)
            pinned = possible_counts(few[few["band"] == ""], last, units)["difference"] < 1e-6
            across = subtract_across_measures(used(wide, wide_units), wide_units, wide)
            found = (
                subtract(shown, units),
                subtract_with_changes(shown, units),
                promoters_less_detractors(shown, units),
                across,
                pinned[pinned],
            )
            for name, groups in zip(names, found, strict=True):
                tries[name][place] += len(groups) > 0
    return tries


def narrowest() -> tuple[float, float]:
    """Narrowest intervals of the promoters, and of the difference, of a small hidden unit."""
    widths = []
    for seed in range(COMPANIES):
        units, counts = company(seed)
        scores = scores_of(counts[counts["period"] == "2024"], units)
        shown = gate(scores, units)
        widths.append(possible_counts(shown[shown["band"] == ""], scores, units))
    table = pd.concat(widths)
    return table["promoters"].min(), table["difference"].min()


def on_releases() -> dict[str, list[int]]:
    tries = {}
    with tempfile.TemporaryDirectory() as folder:
        for name, change in {"reorganisation": reorganised, "late answers": with_late_answers}.items():
            found = [two_releases(Path(folder) / f"{name}{seed}", seed, change) for seed in range(RELEASES)]
            tries[f"two releases, {name}"] = [sum(one[used] > 0 for one in found) for used in ("ledger", "none")]
    return tries


def on_runs() -> tuple[int, list[int]]:
    with tempfile.TemporaryDirectory() as folder:
        dataset = open_dataset(make_demo(Path(folder) / "demo", load_truth("demo"), scale=0.3))
        root = dataset.hierarchy.root
        runs = [root, *dataset.hierarchy.at_level("country", root)]
        periods = sorted(dataset.scores.loc[dataset.scores["measure"] == FILTERED[0], "period"].unique())
        counted = (countable_rows, lambda _, rows, *, below: rows)
        return len(periods), [
            sum(filtered_runs(dataset, one, FILTERED, below=runs, countable=used) > 0 for one in periods)
            for used in counted
        ]


def deep_tree(n_teams: int, spans: tuple[int, ...]) -> Tree:
    """A tree of units with `spans` units below each, from the teams up."""
    parents, level, n_units = [""] * n_teams, np.arange(n_teams), n_teams
    for span in (*spans, n_teams):
        above = n_units + np.arange(-(-len(level) // span))
        for unit, place in enumerate(level):
            parents[place] = str(above[unit // span])
        parents += [""] * len(above)
        level, n_units = above, n_units + len(above)
        if len(above) == 1:
            break
    return Tree([str(unit) for unit in range(n_units)], parents)


def seconds_for(tree: Tree, n_teams: int, n_periods: int, n_measures: int) -> tuple[float, int, float]:
    rng = np.random.default_rng(1)
    invited = rng.poisson(14, (n_teams, 1, n_periods))
    answers = rng.binomial(invited, 0.8, (n_teams, n_measures, n_periods))
    n = np.zeros((len(tree), n_measures, n_periods))
    n[:n_teams] = answers
    for below, parents in tree.levels_up():
        np.add.at(n, parents, n[below])
    uniform = np.zeros((len(tree), n_periods), dtype=bool)
    names = [[f"{one:02}" for one in range(size)] for size in (n_measures, n_periods)]
    family = Family("employees", *names, n, n * 3.0, uniform, [])
    start = time.perf_counter()
    mask = mask_families([family], tree, min_group=MIN_GROUP)
    return time.perf_counter() - start, len(mask.frame), len(mask.hidden) / len(mask.frame)


def timed(work: Callable[[], object]) -> tuple[object, float]:
    start = time.perf_counter()
    return work(), time.perf_counter() - start


def main() -> None:
    (rows, spent), (later, spent_later), ((n_runs, runs), spent_runs) = (
        timed(on_scores),
        timed(on_releases),
        timed(on_runs),
    )
    print(f"{'attack':34}{'tries':>6}{'gate':>6}{'naive':>7}")
    tries = [(name, COMPANIES, found) for name, found in rows.items()]
    tries += [(name, RELEASES, found) for name, found in later.items()]
    for name, n, (through, naive) in [*tries, ("filtered runs of the demo", n_runs, runs)]:
        print(f"{name:34}{n:>6}{through:>6}{naive:>7}")
    print("\nnarrowest interval of a small unit: promoters {:.2f}, difference {:.2f} answers".format(*narrowest()))
    hidden, fewest = hidden_against_optimum(300)
    print(f"hidden {hidden} for three items, fewest possible {fewest}: +{hidden / fewest - 1:.1%} (300 companies)")
    print(f"attacks took {spent:.0f}, {spent_later:.0f} and {spent_runs:.0f} s")
    for n_teams, spans, n_periods, n_measures in ((1200, (5, 8), 14, 30), (73_100, (9, 12, 8, 6), 1, 30)):
        tree = deep_tree(n_teams, spans)
        took, n_rows, share = seconds_for(tree, n_teams, n_periods, n_measures)
        print(
            f"mask of {len(tree)} units x {n_periods} x {n_measures}: {took:.1f} s, {n_rows} rows, {share:.0%} hidden"
        )


if __name__ == "__main__":
    main()
