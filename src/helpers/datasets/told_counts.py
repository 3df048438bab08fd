"""Counts of people within a unit that a page may tell without telling small groups, alone or by subtraction.

From below upwards: a unit is *told* where each of its counts is nought or enough, and so is what is left of it after
the topmost units below that are told. Where it is not, it is the unit that keeps silent, and not those below.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from helpers.datasets.answer_frames import Answers, shown_groups

Counts = Callable[[str], np.ndarray]


def may_tell(answers: Answers, counts: Counts) -> bool:
    """Tell whether the counts of a unit may be told.

    Parameters
    ----------
    answers : Answers
        Of the unit, in the periods that the counts are of.
    counts : callable
        Gives for a unit of the subtree how many people are in each of some groups, shape (groups,).

    Returns
    -------
    bool
        Always where the source published the figures.
    """
    if answers.dataset.mask is None:
        return True
    shown = set(shown_groups(answers.dataset, answers.unit, answers.side, answers.periods).values())
    return _told(answers, answers.unit, shown, counts)[0]


def _told(answers: Answers, unit: str, shown: set[str], counts: Counts) -> tuple[bool, np.ndarray]:
    """Tell whether a unit is told, and give the counts of the topmost units told in its subtree."""
    children = answers.dataset.hierarchy.children(unit)
    below = sum((_told(answers, child, shown, counts)[1] for child in children), start=np.zeros(1))
    if unit in shown:
        own, least = counts(unit), answers.dataset.settings.min_group
        if all(((part == 0) | (part >= least)).all() for part in (own, own - below)):
            return True, own
    return False, below
