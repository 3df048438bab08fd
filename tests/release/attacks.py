"""Attackers: each sees what is published, knows who belongs to whom, and looks for groups below the threshold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from fractions import Fraction
from itertools import product
from pathlib import Path

import numpy as np
import pandas as pd
from scipy.optimize import linprog

from helpers.datasets.dataset import Dataset, open_dataset
from helpers.datasets.families import EMPLOYEES
from helpers.datasets.masking import record_release
from helpers.release import Mask, make_mask, release, unit_tree
from helpers.release.crossed import Leak, find_leaks
from helpers.release.family import families
from helpers.release.history import hide_against, make_trace
from helpers.release.mask import mask_families
from helpers.stats.intervals import score_changes, score_intervals

MIN_GROUP = 10
PERIODS = ("2023", "2024")
Company = tuple[pd.DataFrame, ...]
Change = Callable[[pd.DataFrame, pd.DataFrame, np.random.Generator], Company]
Countable = Callable[..., pd.DataFrame]


def topmost(below: dict[str, list[str]], unit: str, shown: set[str]) -> list[str]:
    """Shown units below one that have no other shown unit in between."""
    found: list[str] = []
    for child in below.get(unit, []):
        found += [child] if child in shown else topmost(below, child, shown)
    return found


def children(units: pd.DataFrame) -> dict[str, list[str]]:
    return units.dropna(subset="parent_id").groupby("parent_id")["unit_id"].agg(list).to_dict()


def small_sets(groups: Iterable[frozenset[str]], n: dict[str, int], min_group: int) -> list[frozenset[str]]:
    """All small sets of atoms in the row space of the groups, by exact elimination and trying every set."""
    atoms = sorted(atom for atom, count in n.items() if count > 0)
    basis = row_basis([[Fraction(atom in group) for atom in atoms] for group in groups])
    sets = (frozenset(atom for atom, one in zip(atoms, signs, strict=True) if one) for signs in signs_of(atoms))
    small = [one for one in sets if 0 < sum(n[atom] for atom in one) < min_group]
    return [one for one in small if in_row_space(basis, [Fraction(atom in one) for atom in atoms])]


def signs_of(atoms: Sequence[str]) -> Iterable[tuple[int, ...]]:
    return product((0, 1), repeat=len(atoms))


def row_basis(rows: list[list[Fraction]]) -> dict[int, list[Fraction]]:
    """Rows in echelon form, by the place of their first number that is not zero."""
    basis: dict[int, list[Fraction]] = {}
    for row in rows:
        rest = reduced(basis, row)
        pivot = next((place for place, value in enumerate(rest) if value), None)
        if pivot is not None:
            basis[pivot] = [value / rest[pivot] for value in rest]
    return basis


def reduced(basis: dict[int, list[Fraction]], row: list[Fraction]) -> list[Fraction]:
    for pivot in sorted(basis):
        if row[pivot]:
            factor = row[pivot]
            row = [value - factor * other for value, other in zip(row, basis[pivot], strict=True)]
    return row


def in_row_space(basis: dict[int, list[Fraction]], row: list[Fraction]) -> bool:
    return not any(reduced(basis, row))


def scores_of(counts: pd.DataFrame, units: pd.DataFrame) -> pd.DataFrame:
    """Pool promoters, passives and detractors (`p`, `o`, `d`) up the tree and score them."""
    above = dict(zip(units["unit_id"], units["parent_id"], strict=True))
    rows = []
    for row in counts.itertuples():
        unit = row.unit_id
        while isinstance(unit, str):
            rows.append((unit, row.period, row.measure, row.p, row.o, row.d))
            unit = above[unit]
    keys = ["unit_id", "period", "measure"]
    pooled = pd.DataFrame(rows, columns=[*keys, "p", "o", "d"]).groupby(keys, as_index=False).sum()
    n = pooled[["p", "o", "d"]].sum(axis=1).astype(float)
    score = (pooled["p"] - pooled["d"]) / n
    se = (((pooled["p"] + pooled["d"]) / n - score**2).clip(lower=0) / n) ** 0.5
    scored = pooled[keys].assign(kind="nps", estimate=100 * score, n=n, n_effective=n, se=100 * se)
    return scored[n > 0].reset_index(drop=True)


def company(seed: int, *, n_departments: int = 4, measures: Sequence[str] = ("enps",)) -> Company:
    """Make a company: its units, and how many answered what, directly in each of them."""
    rng = np.random.default_rng(seed)
    units = [("top", None)]
    for department in range(n_departments):
        units.append((f"d{department}", "top"))
        units += [(f"t{department}{team}", f"d{department}") for team in range(rng.integers(1, 6))]
    frame = pd.DataFrame(units, columns=["unit_id", "parent_id"]).assign(level="unit")
    rows = []
    for unit, _ in units:
        typical = 14 if unit.startswith("t") else rng.choice([0, 0, 4, 12])
        base = rng.poisson(typical)
        for period in PERIODS:
            for place, measure in enumerate(measures):
                n = rng.binomial(base, 0.9) if place or period == PERIODS[0] else base
                rows.append((unit, period, measure, *rng.multinomial(n, [0.4, 0.35, 0.25])))
    counts = pd.DataFrame(rows, columns=["unit_id", "period", "measure", "p", "o", "d"])
    return frame.assign(name=frame["unit_id"]), counts[counts[["p", "o", "d"]].sum(axis=1) > 0]


def with_changes(scores: pd.DataFrame) -> pd.DataFrame:
    return score_changes(score_intervals(scores), times={period: t for t, period in enumerate(PERIODS)})


def gate(scores: pd.DataFrame, units: pd.DataFrame, min_group: int = MIN_GROUP) -> pd.DataFrame:
    """Rows as published. Numbers of answers are told exactly: attackers may know how many work where."""
    table = release(scores, units, min_group=min_group, disclosure="gate").frame
    return table.assign(n=scores["n"].to_numpy()).query("released")


def naive_gate(scores: pd.DataFrame, units: pd.DataFrame, min_group: int = MIN_GROUP) -> pd.DataFrame:
    """Hide groups below the threshold, and nothing else."""
    before = scores["n_previous"] >= min_group if "n_previous" in scores else True
    told = scores.assign(change=scores["change"].where(before)) if "change" in scores else scores
    return told[told["n"] >= min_group].assign(band="")


def subtract(published: pd.DataFrame, units: pd.DataFrame, min_group: int = MIN_GROUP) -> list[tuple[str, ...]]:
    """(a) Take from each published unit its topmost published units below: what is left is a group, if it is small."""
    below, found = children(units), []
    for (period, measure), rows in published.groupby(["period", "measure"]):
        n = rows.set_index("unit_id")["n"].to_dict()
        for unit in n:
            left = n[unit] - sum(n[part] for part in topmost(below, unit, set(n)))
            if 0.5 < left < min_group:
                found.append((str(period), str(measure), unit))
    return found


def subtract_across_measures(
    published: pd.DataFrame, units: pd.DataFrame, sizes: pd.DataFrame, min_group: int = MIN_GROUP
) -> list[tuple[str, ...]]:
    """(b) An index is the mean of its elements, so where one figure of a unit is hidden the others give it.

    `sizes` has the number of answers of every unit, period and measure: who is asked to skip an item knows it.
    """
    known = sizes.merge(published[["unit_id", "period"]].drop_duplicates(), on=["unit_id", "period"])
    small = known[(known["n"] > 0) & (known["n"] < min_group)]
    given_away = [tuple(row) for row in small[["period", "measure", "unit_id"]].itertuples(index=False)]
    return given_away + subtract(known, units, min_group)


def subtract_with_changes(
    published: pd.DataFrame, units: pd.DataFrame, min_group: int = MIN_GROUP
) -> list[tuple[str, ...]]:
    """(c) Level less change is the level before: put it where the earlier period had none, then subtract."""
    before = published[published["change"].notna() & (published["period"] == PERIODS[1])]
    before = before.assign(period=PERIODS[0], n=before["n_before"], estimate=before["estimate"] - before["change"])
    keys = ["unit_id", "period", "measure"]
    return subtract(pd.concat([published, before]).drop_duplicates(keys), units, min_group)


def promoters_less_detractors(
    published: pd.DataFrame, units: pd.DataFrame, min_group: int = MIN_GROUP
) -> list[tuple[str, ...]]:
    """(g) A rounded score of at most 100 answers gives promoters − detractors exactly; differences give the rest's."""
    plain = published[(published["band"] == "") & (published["n"] <= 100)]
    rebuilt = np.rint(plain["estimate"].round() * plain["n"] / 100)
    known = plain[np.isclose(100 * rebuilt / plain["n"], plain["estimate"], atol=1e-6)]
    return subtract(known, units, min_group)


def possible_counts(
    published: pd.DataFrame, sizes: pd.DataFrame, units: pd.DataFrame, min_group: int = MIN_GROUP
) -> pd.DataFrame:
    """(f) The intervals that linear programming leaves for each small unit, in one period and measure.

    Known: the number of answers of every unit, promoters − detractors of every published one, and that nobody's
    answers in a unit itself are negative. Columns: width for ``promoters``, and for the ``difference`` of the two.
    """
    names, below = units["unit_id"].tolist(), children(units)
    place = {name: spot for spot, name in enumerate(names)}
    closure = np.eye(len(names))
    for name in reversed(names):
        for child in below.get(name, []):
            closure[place[name]] += closure[place[child]]
    n = sizes.set_index("unit_id")["n"].reindex(names).fillna(0).to_numpy()
    own = np.linalg.solve(closure, n).round()
    rules = {"A_ub": np.hstack([np.eye(len(names))] * 2), "b_ub": own}
    if len(published):
        shown = closure[published["unit_id"].map(place)]
        rules |= {"A_eq": np.hstack([shown, -shown]), "b_eq": (published["estimate"] * published["n"] / 100).to_numpy()}
    rows = []
    for name in set(names) - set(published["unit_id"]):
        if 0 < n[place[name]] < min_group:
            group = closure[place[name]]
            widths = [width(np.r_[group, sign * group], rules) for sign in (0, -1)]
            rows.append((name, *widths))
    return pd.DataFrame(rows, columns=["unit_id", "promoters", "difference"])


def width(goal: np.ndarray, rules: dict[str, np.ndarray]) -> float:
    low, high = (linprog(sign * goal, **rules) for sign in (1, -1))
    assert low.status == high.status == 0, (low.message, high.message)
    return -high.fun - low.fun


SETTINGS = """title = "Voorbeeld"
language = "nl"
synthetic = true
periods_per_year = 1
min_group = {min_group}
measures.employee = "enps"
measures.customer = "nps"
measures.engagement = "enps"
measures.outcomes = ["nps"]
levels.panel = "unit"
levels.quartile = "unit"
levels.report = "unit"
smallest_effect.value = 0.1
smallest_effect.unit = "sd"
tables.units = "units.csv"
tables.employee_answers = "employee_answers.csv"
"""


def write_company(folder: Path, units: pd.DataFrame, answers: pd.DataFrame, min_group: int = MIN_GROUP) -> Dataset:
    """Write units and answers (`unit_id`, `period`, `recommend`) as a dataset, and open it."""
    folder.mkdir(exist_ok=True)
    (folder / "dataset.toml").write_text(SETTINGS.format(min_group=min_group))
    units[["unit_id", "name", "parent_id", "level"]].to_csv(folder / "units.csv", index=False)
    answers[["unit_id", "period", "recommend"]].to_csv(folder / "employee_answers.csv", index=False)
    return open_dataset(folder)


def people(seed: int, period: str = "2024") -> tuple[pd.DataFrame, pd.DataFrame]:
    """Make a company with one row per answer."""
    units, counts = company(seed, n_departments=3)
    rows = counts[counts["period"] == period]
    repeated = rows.loc[rows.index.repeat(rows[["p", "o", "d"]].sum(axis=1)), ["unit_id", "period"]]
    rng = np.random.default_rng(seed)
    return units, repeated.assign(recommend=rng.integers(0, 11, len(repeated))).reset_index(drop=True)


def reorganised(units: pd.DataFrame, answers: pd.DataFrame, rng: np.random.Generator) -> Company:
    """Move two teams to another department; their old answers go with them."""
    teams = units.index[units["unit_id"].str.startswith("t") & (units["unit_id"] != "top")]
    moved = units.copy()
    for team in rng.choice(teams, 2, replace=False):
        moved.loc[team, "parent_id"] = rng.choice(["d0", "d1", "d2"])
    return moved, answers


def with_late_answers(units: pd.DataFrame, answers: pd.DataFrame, rng: np.random.Generator) -> Company:
    """Some answers arrive after the first release; the index of the others stays."""
    teams = answers["unit_id"].unique()
    late = pd.DataFrame({"unit_id": rng.choice(teams, rng.integers(1, 4)), "period": answers["period"].iloc[0]})
    return units, pd.concat([answers, late.assign(recommend=10)], ignore_index=True)


def with_more_answers(units: pd.DataFrame, answers: pd.DataFrame, rng: np.random.Generator) -> Company:
    late = pd.DataFrame(
        {"unit_id": rng.choice(answers["unit_id"].unique()), "period": "2024"}, range(rng.integers(1, 14))
    )
    late.index += answers.index.max() + 1
    return units, pd.concat([answers, late.assign(recommend=rng.integers(0, 11, len(late)))])


def without_some_answers(units: pd.DataFrame, answers: pd.DataFrame, rng: np.random.Generator) -> Company:
    return units, answers.drop(rng.choice(answers.index, rng.integers(1, 6), replace=False))


def with_others_instead(units: pd.DataFrame, answers: pd.DataFrame, rng: np.random.Generator) -> Company:
    """A few answers of a unit are taken out and as many others come in."""
    inside = answers.index[answers["unit_id"] == rng.choice(answers["unit_id"].unique())]
    out = rng.choice(inside, min(len(inside), rng.integers(1, 5)), replace=False)
    others = answers.loc[out].assign(recommend=rng.integers(0, 11, len(out)))
    return units, pd.concat([answers.drop(out), others.set_axis(answers.index.max() + 1 + np.arange(len(out)))])


def with_answers_moved(units: pd.DataFrame, answers: pd.DataFrame, rng: np.random.Generator) -> Company:
    """Answers already given are moved to another unit."""
    source, target = rng.choice(answers["unit_id"].unique(), 2, replace=False)
    inside = rng.permutation(answers.index[answers["unit_id"] == source])
    moved = answers.copy()
    moved.loc[inside[: rng.integers(1, len(inside) + 1)], "unit_id"] = target
    return units, moved


def traced(units: pd.DataFrame, answers: pd.DataFrame, earlier: list[pd.DataFrame]) -> Mask:
    """Mask one more release as `helpers.datasets.masking` does, without a dataset on the disk; its trace is added."""
    classes = np.select([answers["recommend"] >= 9, answers["recommend"] <= 6], ["p", "d"], "o")
    keys = [answers["unit_id"], answers["period"]]
    counts = pd.crosstab(keys, classes).reindex(columns=["p", "o", "d"], fill_value=0).reset_index()
    tree = unit_tree(units)
    found = families(scores_of(counts.assign(measure="enps"), units).drop(columns="se"), tree)
    mask = mask_families(found, tree, min_group=MIN_GROUP)
    mask = hide_against(mask, make_trace(found, tree, mask), earlier)
    earlier.append(make_trace(found, tree, mask))
    return mask


def several_releases(seed: int, changes: Sequence[Change], n_releases: int = 3) -> int:
    """(d) Release several times, with a change drawn between any two; what follows from all of them."""
    rng = np.random.default_rng(seed)
    (units, answers), earlier, groups = people(seed), [], []
    for release_number in range(n_releases):
        if release_number:
            units, answers = changes[rng.integers(len(changes))](units, answers, rng)
        groups += released_people(units, answers, traced(units, answers, earlier))
    return across_releases([group for group in groups if group])


def released_people(units: pd.DataFrame, answers: pd.DataFrame, mask: Mask) -> list[frozenset[int]]:
    """Answers behind each released unit, by their index."""
    below, shown = children(units), set(mask.frame.loc[mask.frame["hidden_by"] == "", "unit_id"])
    inside = {unit: {unit} for unit in units["unit_id"]}
    for unit in reversed(units["unit_id"].tolist()):
        for child in below.get(unit, []):
            inside[unit] |= inside[child]
    return [frozenset(answers.index[answers["unit_id"].isin(inside[unit])]) for unit in sorted(shown)]


def across_releases(groups: Sequence[frozenset[int]], min_group: int = MIN_GROUP) -> int:
    """(d) Answers in a small set that follows from the groups of several releases; 0 if there is none."""
    everybody = sorted(frozenset().union(*groups))
    member = np.array([[one in group for one in everybody] for group in groups])
    patterns, counts = np.unique(member, axis=1, return_counts=True)
    return smallest(find_leaks(patterns, counts, min_group=min_group))


def two_releases(folder: Path, seed: int, change: Change) -> dict[str, int]:
    """Release, change the company, release again: what follows from both, with the ledger and without it."""
    rng = np.random.default_rng(seed)
    versions = [people(seed)]
    versions.append(change(*versions[0], rng))
    found: dict[str, list[frozenset[int]]] = {"ledger": [], "none": []}
    for units, answers in versions:
        dataset = write_company(folder, units, answers)
        record_release(dataset)
        scores = dataset.scores.assign(family=EMPLOYEES)
        alone = make_mask(scores, unit_tree(dataset.hierarchy.units), min_group=MIN_GROUP)
        found["ledger"] += released_people(units, answers, dataset.mask)
        found["none"] += released_people(units, answers, alone)
    return {gate: across_releases(groups) for gate, groups in found.items()}


def quarters(scores: pd.DataFrame, measure: str, period: str) -> list[frozenset[str]]:
    """The units of the top and the bottom quarter by a measure, as a page tells their means."""
    rows = scores[(scores["measure"] == measure) & (scores["period"] == period)].sort_values(["estimate", "unit_id"])
    size = len(rows) // 4
    return [frozenset(rows["unit_id"].head(size)), frozenset(rows["unit_id"].tail(size))]


def filtered_runs(
    dataset: Dataset, period: str, measures: Sequence[str], *, below: Sequence[str], countable: Countable
) -> int:
    """(e) Answers in a small set of hidden teams that runs by several measures and units give away; 0 if there is none.

    Each run tells figures of all its teams, of their top and of their bottom quarter. Released teams are known, so that
    only the hidden ones of each of these, and of each released unit, are left.
    """
    frame = dataset.mask.frame.query("period == @period and family == @EMPLOYEES")
    out = frame["hidden_by"] != ""
    teams, groups = set(dataset.hierarchy.at_level(dataset.settings.levels.quartile, dataset.hierarchy.root)), []
    hidden = sorted(set(frame.loc[out, "unit_id"]) & teams)
    scores = dataset.scores
    wanted = (scores["period"] == period) & scores["measure"].isin(measures) & scores["estimate"].notna()
    for unit in below:
        rows = scores[wanted & scores["unit_id"].isin(set(dataset.hierarchy.subtree(unit)) & teams)]
        counted = countable(dataset, rows, below=unit)
        groups += [frozenset(counted.loc[counted["measure"] == measure, "unit_id"]) for measure in measures]
        groups += [quarter for measure in measures for quarter in quarters(counted, measure, period)]
    shown = set(frame.loc[~out, "unit_id"]) - teams
    groups += [frozenset(dataset.hierarchy.subtree(unit)) for unit in sorted(shown)]
    n = scores[wanted].groupby("unit_id")["n"].max()
    member = np.array([[team in group for team in hidden] for group in groups])
    return smallest(find_leaks(member, n[hidden].to_numpy().astype(int), min_group=dataset.mask.min_group))


def smallest(leaks: Sequence[Leak]) -> int:
    return min((leak.n for leak in leaks), default=0)
