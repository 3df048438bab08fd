"""Single answers of a unit, with the groups of them that released figures tell apart anyway.

A *side* is who answered: employees or customers. A *group* of an answer is the nearest unit above it, itself included,
whose figures may be shown; what a statistic tells by groups, sums and differences of released figures tell as well.
Answers never leave this layer: pages get statistics of them, after the gate.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass

import pandas as pd

from helpers.datasets.conversion import known_columns, typed_table
from helpers.datasets.dataset import Dataset
from helpers.datasets.families import CUSTOMERS, EMPLOYEES
from helpers.datasets.periods import period_time
from helpers.datasets.reading import read_table
from helpers.release import Mask, ReleasedTable
from helpers.stats.estimates import NotApplicable

TABLES = {EMPLOYEES: "employee_answers", CUSTOMERS: "customer_answers"}
SCORES = {EMPLOYEES: "enps", CUSTOMERS: "nps"}
# Read for every use; the rest is named where it is needed.
KEYS = ("unit_id", "period", "date", "weight")


@dataclass(frozen=True)
class Answers:
    """Answers of one side in the subtree of one unit.

    Parameters
    ----------
    dataset : Dataset
    side : {"employees", "customers"}
    unit : str
    frame : DataFrame, one row per answer
        ``unit_id`` (of the tree: merged units have the id of the one they are reported with), ``period``, where known
        ``weight``, and the columns asked for.
    """

    dataset: Dataset
    side: str
    unit: str
    frame: pd.DataFrame

    @property
    def measure(self) -> str:
        """The score made from how far these people recommend."""
        return SCORES[self.side]

    @property
    def periods(self) -> list[str]:
        """The periods with answers, oldest first."""
        return sorted(self.frame["period"].unique())

    def at(self, *periods: str) -> Answers:
        """Keep the answers of some periods."""
        kept = self.frame[self.frame["period"].isin(periods)].reset_index(drop=True)
        return Answers(self.dataset, self.side, self.unit, kept)

    def groups(self) -> pd.Series:
        """Give the group of each answer: one for all periods held, so that it is released in each of them."""
        return self.frame["unit_id"].map(shown_groups(self.dataset, self.unit, self.side, self.periods))


def answers_of(dataset: Dataset, side: str, unit: str, columns: Sequence[str]) -> Answers:
    """Read the answers of a unit and of all below it, no more columns than are needed.

    Parameters
    ----------
    dataset : Dataset
    side : {"employees", "customers"}
    unit : str
    columns : sequence of str
        Columns of the contract or of items; those that the table lacks are left out.

    Returns
    -------
    Answers

    Raises
    ------
    NotApplicable
        When the dataset has no such table, or the unit no answers.
    """
    name = TABLES[side]
    if not dataset.has(name):
        raise NotApplicable(
            "This needs the table {table}, which the dataset {dataset} does not have.", table=name, dataset=dataset.name
        )
    items = dataset.table("items") if side == EMPLOYEES and dataset.has("items") else None
    path = dataset.settings.tables[name]
    raw = read_table(path, _chosen(known_columns(name, items), {*KEYS, "recommend", *columns}))
    frame = typed_table(name, raw, dataset.settings.periods_per_year, items)
    merged = dataset.hierarchy.merged
    frame["unit_id"] = frame["unit_id"].replace(merged) if merged else frame["unit_id"]
    kept = frame[frame["unit_id"].isin(dataset.hierarchy.subtree(unit))].reset_index(drop=True)
    if kept.empty:
        raise NotApplicable("There are no answers of {unit}.", unit=dataset.hierarchy.name(unit))
    return Answers(dataset, side, unit, kept)


def answered_sides(dataset: Dataset, unit: str) -> list[Answers]:
    """Read how far employees and customers of a unit recommend, where their answers are there."""
    found = []
    for side in TABLES:
        with suppress(NotApplicable):
            answers = answers_of(dataset, side, unit, ["person_key"])
            known = "recommend" in answers.frame and answers.frame["recommend"].notna().any()
            found += [answers] if known else []
    return found


def answers_in(dataset: Dataset, sides: Sequence[Answers], period: str) -> list[Answers]:
    """Keep the answers of one period, of the sides that have any.

    Raises
    ------
    NotApplicable
        Where no side has.
    """
    if not sides and not any(dataset.has(name) for name in TABLES.values()):
        raise NotApplicable(
            "This needs the table {table}, which the dataset {dataset} does not have.",
            table=TABLES[EMPLOYEES],
            dataset=dataset.name,
        )
    if not sides:
        raise NotApplicable("How far people recommend was not asked here.")
    found = [one.at(period) for one in sides if period in one.periods]
    if not found:
        raise NotApplicable("Nobody answered the question.")
    return found


def shown_groups(
    dataset: Dataset, unit: str, side: str, periods: Sequence[str], *, mask: Mask | None = None
) -> dict[str, str]:
    """Give for each unit below one the nearest unit from it upwards whose figures are shown in all these periods.

    Parameters
    ----------
    dataset : Dataset
    unit : str
    side : {"employees", "customers"}
    periods : sequence of str
    mask : Mask, optional
        Stricter than that of the dataset, which is taken otherwise.

    Returns
    -------
    dict of str to str
        The unit itself where nothing between is shown. Where the source published the figures each stands for itself.
    """
    below = dataset.hierarchy.subtree(unit)
    if dataset.mask is None:
        return {one: one for one in below}
    frame = (mask or dataset.mask).frame
    rows = frame[(frame["family"] == side) & (frame["hidden_by"] == "") & frame["period"].isin(periods)]
    counts = rows.groupby("unit_id").size()
    shown = {unit, *counts.index[counts == len(set(periods))]}
    found = {unit: unit}
    for one in below[1:]:
        found[one] = one if one in shown else found[dataset.hierarchy.path(one)[-2]]
    return found


def shown_children(answers: Answers) -> list[str]:
    """List the units directly below with answers, whose figures may be shown in all periods held."""
    children = answers.dataset.hierarchy.children(answers.unit)
    if answers.dataset.mask is None:
        answered = set(answers.frame["unit_id"])
        return [child for child in children if answered & set(answers.dataset.hierarchy.subtree(child))]
    groups = shown_groups(answers.dataset, answers.unit, answers.side, answers.periods)
    return [child for child in children if groups[child] == child]


def require_shown(dataset: Dataset, unit: str, side: str, period: str) -> None:
    """Refuse to tell anything of a unit whose figures of that period are hidden.

    Whether nobody answered or too few did is not told: it would say of each person invited that they did not answer.
    That a unit was dissolved is: the table of units says so, whoever answered.

    Raises
    ------
    NotApplicable
        With the reason as a sentence.
    """
    if dataset.mask is None:
        return
    frame = dataset.mask.frame
    row = frame[(frame["unit_id"] == unit) & (frame["period"] == period) & (frame["family"] == side)]
    if row.empty or row["hidden_by"].iloc[0] != "":
        raise _dissolved(dataset, unit, period) or hidden_figures(dataset, unit)


def hidden_figures(dataset: Dataset, unit: str) -> NotApplicable:
    """Say that figures of a unit are hidden."""
    name = dataset.hierarchy.name(unit)
    return NotApplicable("The figures of {unit} are not shown, to protect small groups.", unit=name)


def require_exact(table: ReleasedTable, unit: str, measure: str, period: str) -> None:
    """Refuse what would tell a score more exactly than a released table does.

    Raises
    ------
    NotApplicable
        With the reason as a sentence.
    """
    rows = table.where(unit_id=unit, measure=measure, period=period).frame
    known = rows[rows["released"]]
    if known.empty or known["estimate"].isna().all():
        raise NotApplicable("There is no figure of {column} to show.", column=measure)
    if (known["band"] != "").any():
        raise NotApplicable("Nearly all people answered alike, so only a limit is told of {column}.", column=measure)


def _dissolved(dataset: Dataset, unit: str, period: str) -> NotApplicable | None:
    units, per_year = dataset.hierarchy.units.set_index("unit_id"), dataset.settings.periods_per_year
    last = units.loc[unit].get("valid_to")
    if last is None or pd.isna(last) or period_time(last, per_year) >= period_time(period, per_year):
        return None
    return NotApplicable(
        "{unit} was dissolved after {earlier}, so it has no figures in {period} to show.",
        unit=dataset.hierarchy.name(unit),
        earlier=last,
        period=period,
    )


def _chosen(known: Callable[[Sequence[str]], Sequence[str]], wanted: set[str]) -> Callable:
    """Choose the columns wanted; dates only where they must give the period."""
    return lambda names: [name for name in known(names) if name in wanted - ({"date"} if "period" in names else set())]
