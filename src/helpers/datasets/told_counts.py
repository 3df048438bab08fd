"""Counts of people within a unit that a page may tell without telling small groups, alone or by subtraction.

From below upwards: a unit is *told* where each of its counts is nought or enough, and so is what is left of it after
the topmost units below that are told. Where it is not, it is the unit that keeps silent, and not those below.

Counts may be told coarser and finer, such as all answers and those of one kind. Units told finely are among those told
coarsely: else one told finely, less one below told only coarsely, would leave few people.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from helpers.datasets.answer_frames import Answers, shown_groups

Counts = Callable[[str], np.ndarray]


def may_tell(answers: Answers, *counts: Counts) -> bool:
    """Tell whether the counts of a unit may be told.

    Parameters
    ----------
    answers : Answers
        Of the unit, in the periods that the counts are of.
    *counts : callable
        Each gives for a unit of the subtree how many people are in each of some groups, shape (groups,); from the
        coarsest groups to the finest.

    Returns
    -------
    bool
        Always where the source published the figures.
    """
    if answers.dataset.mask is None:
        return True
    shown = set(shown_groups(answers.dataset, answers.unit, answers.side, answers.periods).values())
    for level in counts:
        told: set[str] = set()
        _tell(answers, answers.unit, shown, level, told)
        shown = told
    return answers.unit in shown


def _tell(answers: Answers, unit: str, shown: set[str], counts: Counts, told: set[str]) -> np.ndarray:
    """Collect the units told in the subtree of one, and give the counts of the topmost of them."""
    children = answers.dataset.hierarchy.children(unit)
    below = sum((_tell(answers, child, shown, counts, told) for child in children), start=np.zeros(1))
    if unit in shown:
        own, least = counts(unit), answers.dataset.settings.min_group
        if all(((part == 0) | (part >= least)).all() for part in (own, own - below)):
            told.add(unit)
            return own
    return below
