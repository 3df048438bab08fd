"""Whether an interval of a change may know who answered in both periods.

Such an interval tells, beside that of independent answers, how the two answers of these people go together. So they
are a group of their own, and what is left of them after units below is another.
"""

from __future__ import annotations

from helpers.datasets.answer_frames import Answers, shown_groups

PERSON = "person_key"


def may_know_people(answers: Answers) -> bool:
    """Tell whether enough people of a unit answered in both periods, also after subtracting units below.

    Parameters
    ----------
    answers : Answers
        Of two periods, with ``person_key``.

    Returns
    -------
    bool
        Always where the source published the figures.
    """
    if answers.dataset.mask is None:
        return True
    groups = shown_groups(answers.dataset, answers.unit, answers.side, answers.periods)
    return answers.unit in _told(answers, answers.unit, set(groups.values()))[0]


def people_of_both(answers: Answers, unit: str) -> frozenset[str]:
    """Give those who answered in both periods somewhere in a unit."""
    frame = answers.frame[answers.frame["unit_id"].isin(answers.dataset.hierarchy.subtree(unit))]
    n_periods = frame.groupby(PERSON)["period"].nunique()
    return frozenset(n_periods.index[n_periods > 1])


def _told(answers: Answers, unit: str, shown: set[str]) -> tuple[set[str], frozenset[str]]:
    """Give the units told in a subtree, and the people of the topmost of them."""
    below = [_told(answers, child, shown) for child in answers.dataset.hierarchy.children(unit)]
    units, people = set().union(*(one for one, _ in below)), frozenset().union(*(one for _, one in below))
    own = people_of_both(answers, unit) if unit in shown else frozenset()
    least = answers.dataset.settings.min_group
    if len(own) >= least and not 0 < len(own - people) < least:
        return {*units, unit}, own
    return units, people
