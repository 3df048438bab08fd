"""Whether an interval of a change may know who answered in both periods.

Beside the interval of independent answers, such an interval tells how the two answers of these people go together. So
they are a group of their own.
"""

from __future__ import annotations

import numpy as np

from helpers.datasets.answer_frames import Answers
from helpers.datasets.told_counts import may_tell

PERSON = "person_key"


def may_know_people(answers: Answers) -> bool:
    """Tell whether nobody or enough people of a unit answered in both periods, also after subtracting units below.

    Parameters
    ----------
    answers : Answers
        Of two periods, with ``person_key``.

    Returns
    -------
    bool
    """
    return may_tell(answers, lambda unit: np.array([_people_of_both(answers, unit)]))


def _people_of_both(answers: Answers, unit: str) -> int:
    frame = answers.frame[answers.frame["unit_id"].isin(answers.dataset.hierarchy.subtree(unit))]
    return int((frame.groupby(PERSON)["period"].nunique() > 1).sum())
