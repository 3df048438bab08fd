"""Headline figures for the index: the latest of each unit, as the release gate lets them through."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd

from helpers.datasets.dataset import Dataset
from helpers.datasets.released import released_scores
from helpers.display.unit_rows import beyond
from helpers.display.wording import Words
from helpers.display.wording.scores import STATE_WORDS, interval_text, shown_state, state_of, value_text
from helpers.release import ReleasedTable

CONF_LEVEL = 0.95


@dataclass(frozen=True)
class Figure:
    """A cell of the index: a value with its interval, or the word for why there is none.

    Parameters
    ----------
    text, interval : str
        `text` is the value or the word.
    state : str
        A key of `STATE_WORDS`.
    rank : int or None
        Place among all units from low to high, for sorting: it tells no more decimals than the page shows. Beyond the
        edge of a band lies all that is in the band.
    """

    text: str
    interval: str
    state: str
    rank: int | None


@dataclass(frozen=True)
class Figures:
    """The figures of every unit that has any.

    Parameters
    ----------
    measures : tuple of str
        Those that some unit has.
    period : mapping of unit id to str
        The latest period of a unit.
    cells : mapping of unit id to tuple of Figure
        One for each measure.
    """

    measures: tuple[str, ...]
    period: Mapping[str, str]
    cells: Mapping[str, tuple[Figure, ...]]


def headline_figures(dataset: Dataset, words: Words, units: Iterable[str]) -> Figures:
    """Give the employee measure, the customer measure and engagement of some units, each in its latest period.

    Parameters
    ----------
    dataset : Dataset
    words : Words
    units : iterable of str
        Unit ids.

    Returns
    -------
    Figures
        Units without an employee or customer measure are left out.

    Raises
    ------
    NotApplicable
        When none has one.
    """
    chosen = dataset.settings.measures
    both = (chosen.employee, chosen.customer)
    wanted = dict.fromkeys((*both, chosen.engagement))
    table = released_scores(
        dataset, units=_scored_first(dataset, both, units), measures=tuple(wanted), conf_level=CONF_LEVEL
    )
    period = table.where(measure=both).frame.groupby("unit_id")["period"].max().to_dict()
    measures = tuple(measure for measure in wanted if len(table.where(measure=measure)))
    columns = [_column(table, measure, period, words) for measure in measures]
    cells = {unit: tuple(column[unit] for column in columns) for unit in period}
    return Figures(measures, period, cells)


def _scored_first(dataset: Dataset, measures: tuple[str, ...], units: Iterable[str]) -> list[str]:
    """List units, one with scores first: it is the one whose scores the gate asks for."""
    scores, units = dataset.scores, sorted(units) or [dataset.hierarchy.root]
    known = scores["unit_id"].isin(units) & scores["measure"].isin(measures) & scores["estimate"].notna()
    return [*scores.loc[known, "unit_id"].head(1), *units]


def _column(table: ReleasedTable, measure: str, period: Mapping[str, str], words: Words) -> dict[str, Figure]:
    frame = table.where(measure=measure).frame
    latest = frame[frame["period"] == frame["unit_id"].map(period)]
    # One column has the decimals that its smallest group can bear.
    latest = latest.assign(rank=_ranks(latest), n=latest["n"].min())
    rows = {row["unit_id"]: row for row in latest.to_dict("records")}
    here = {one: table.where(measure=measure, period=one) for one in set(period.values())}
    return {unit: _figure(rows.get(unit), here[one], measure, one, words) for unit, one in period.items()}


def _ranks(rows: pd.DataFrame) -> pd.Series:
    return rows.groupby(["estimate", beyond(rows)]).ngroup() + 1


def _figure(row: dict | None, table: ReleasedTable, measure: str, period: str, words: Words) -> Figure:
    state = state_of(row)
    if state == "absent":
        state = shown_state(table, row, None, measure=measure, period=period)
    if state in ("hidden", "absent"):
        return Figure(words.text(STATE_WORDS[state]), "", state, None)
    return Figure(value_text(row, words), interval_text(row, words), state, int(row["rank"]))
