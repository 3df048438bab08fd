"""All rows that a page on drivers needs, look by look."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.datasets.contract import BERSIN_ELEMENTS
from helpers.datasets.dataset import Dataset
from helpers.datasets.driver_choice import CONTEXT_LINK, ELEMENTS, QUESTIONS, TO_ENGAGEMENT, DriverChoice, driver_choice
from helpers.datasets.driver_rows import change_rows, crossed_halves, half_means, told_units, unit_rows
from helpers.datasets.person_answers import PersonAnswers, noise_known, person_answers
from helpers.stats.estimates import NotApplicable

# In standard deviations, where a dataset states its smallest effect in points of another measure.
SMALLEST = 0.1


@dataclass(frozen=True)
class DriverFrames:
    """Rows for each look, and what they are of.

    Parameters
    ----------
    choice : DriverChoice
    level, period : str
        Level of the units, and the period of all looks but ``changes``.
    rows : dict of str to DataFrame or NotApplicable
        By look, see `helpers.stats.driver_looks`; the first is the one the claim is about.
    links : tuple of (x, y, beside)
        Links asked about both sides of which were asked for, and what is held fixed.
    people, halves : DataFrame or NotApplicable
        Rows for these links.
    """

    choice: DriverChoice
    level: str
    period: str
    rows: dict[str, pd.DataFrame | NotApplicable]
    links: tuple[tuple[str, str, tuple[str, ...]], ...]
    people: pd.DataFrame | NotApplicable
    halves: pd.DataFrame | NotApplicable


def driver_frames(
    dataset: Dataset,
    *,
    outcome: str = "",
    drivers: str = "",
    level: str = "",
    period: str = "",
    rng: np.random.Generator,
) -> DriverFrames:
    """Lay out the rows of every look.

    Parameters
    ----------
    dataset : Dataset
    outcome, drivers : str
        As for `driver_choice.driver_choice`.
    level : str
        Of the units; empty: the dataset's quartile level.
    period : str
        Empty: the latest.
    rng : Generator
        Draws the halves.

    Returns
    -------
    DriverFrames

    Raises
    ------
    NotApplicable
        Where the dataset has no drivers, or nothing to set them against.
    """
    choice = driver_choice(dataset, outcome=outcome, drivers=drivers)
    level = level or dataset.settings.levels.quartile
    if not choice.is_answered:
        units = unit_rows(dataset, choice, level=level, period=period)
        none = NotApplicable("Answers of single people are not known here.")
        rows = {"units": units, "changes": _or_reason(change_rows, dataset, choice, level=level)}
        return DriverFrames(choice, level, units["period"].iloc[0], rows, (), none, none)
    links = _links(dataset, choice)
    measures = dict.fromkeys([*choice.drivers, choice.outcome, *(side for x, y, _ in links for side in (x, y))])
    people = person_answers(dataset, list(measures), period=period)
    period = people.answers.periods[0]
    halves = _or_reason(_halves, dataset, people, choice, level=level, period=period, rng=rng)
    rows = {"persons": people.frame}
    if choice.kind != QUESTIONS:
        rows["units"] = _or_reason(unit_rows, dataset, choice, level=level, period=period)
    rows["halves"] = halves if isinstance(halves, NotApplicable) else crossed_halves(halves, choice)
    rows["corrected"] = _or_reason(noise_known, people, choice)
    return DriverFrames(choice, level, period, rows, links, people.frame, halves)


def smallest_standardised(dataset: Dataset) -> float:
    """Give the smallest effect that matters in standard deviations."""
    smallest = dataset.settings.smallest_effect
    return smallest.value if smallest.unit == "sd" else SMALLEST


def is_bersins(choice: DriverChoice) -> bool:
    """Tell whether the drivers are elements of Bersin's."""
    return choice.kind == ELEMENTS and set(choice.drivers) <= set(BERSIN_ELEMENTS)


def _links(dataset: Dataset, choice: DriverChoice) -> tuple[tuple[str, str, tuple[str, ...]], ...]:
    asked = set(dataset.table("items")["element"])
    context = (*CONTEXT_LINK, ())
    others = [(one, choice.outcome, choice.drivers) for one in TO_ENGAGEMENT if one not in choice.drivers]
    return tuple(link for link in (context, *others) if {link[0], link[1]} <= asked)


def _halves(
    dataset: Dataset, people: PersonAnswers, choice: DriverChoice, *, level: str, period: str, rng: np.random.Generator
) -> pd.DataFrame:
    return half_means(people, told_units(dataset, choice, level=level, period=period), rng=rng)


def _or_reason(make: object, *given: object, **choices: object) -> object:
    """Make rows, or give the reason why there are none."""
    try:
        return make(*given, **choices)
    except NotApplicable as problem:
        return problem
