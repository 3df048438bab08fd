"""The same drivers looked at on several kinds of rows, and the verdict on all of them together.

A *look* is one kind of rows: ``persons`` (people of one unit beside each other), ``units`` (averages of units),
``halves`` (drivers as one half of the people of a unit sees them, the outcome of the other half), ``changes`` (units
over time), ``corrected`` (persons, with the noise of the questions taken off). The claim is judged on the first one.
By these rules, the first that applies decides:

===========  ===========  ===========================================================
because      verdict      when
===========  ===========  ===========================================================
all_linked   yes          every driver is linked
all_small    no           every driver's slope is too small to matter
some_small   no           that of some drivers is, so that not every driver is linked
some_linked  cannot_tell  some drivers are linked, of all others it cannot be told
none_linked  cannot_tell  none of the above
===========  ===========  ===========================================================

The claim is that every driver is linked. Slopes have intervals for all drivers at once, so one that is surely too small
refutes it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.driver_study import DEFAULT_BOOT, DriverStudy, driver_study
from helpers.stats.estimates import NotApplicable
from helpers.stats.verdicts import NO, YES, Verdict, first_verdict

CORRECTED = "corrected"
VERDICTS = {"all_linked": YES, "all_small": NO, "some_small": NO}


@dataclass(frozen=True)
class DriverLooks:
    """What each look tells; a look that could not be taken keeps its reason.

    Parameters
    ----------
    first : str
        The look that the claim is judged on.
    looks : dict of str to DriverStudy or NotApplicable
    verdict : Verdict
        By the table at the head of the module.
    """

    first: str
    looks: dict[str, DriverStudy | NotApplicable]
    verdict: Verdict

    @property
    def study(self) -> DriverStudy:
        """The look that the claim is judged on."""
        return self.looks[self.first]

    @property
    def taken(self) -> dict[str, DriverStudy]:
        """The looks that could be taken."""
        return {name: look for name, look in self.looks.items() if isinstance(look, DriverStudy)}


def driver_looks(
    rows: Mapping[str, pd.DataFrame | NotApplicable],
    *,
    outcome: str,
    drivers: Sequence[str],
    rng: np.random.Generator,
    smallest_effect: float,
    conf_level: float = 0.95,
    n_boot: int = DEFAULT_BOOT,
) -> DriverLooks:
    """
    Study the drivers on every kind of rows.

    Parameters
    ----------
    rows : mapping of look to DataFrame or NotApplicable
        The first is the one the claim is about; ``corrected`` has the columns of known noise.
    outcome, drivers, rng, smallest_effect, conf_level, n_boot
        As for `driver_study.driver_study`; every look draws the same clusters.

    Returns
    -------
    DriverLooks

    Raises
    ------
    NotApplicable
        Where the first look cannot be taken.
    """
    choices = {"outcome": outcome, "drivers": drivers, "smallest_effect": smallest_effect}
    choices |= {"conf_level": conf_level, "n_boot": n_boot}
    looks: dict[str, DriverStudy | NotApplicable] = {}
    first = next(iter(rows))
    for name, frame in rows.items():
        try:
            if isinstance(frame, NotApplicable):
                raise frame
            looks[name] = driver_study(frame, rng=deepcopy(rng), corrected=name == CORRECTED, **choices)
        except NotApplicable as problem:
            if name == first:
                raise
            looks[name] = problem
    return DriverLooks(first, looks, claim_verdict(looks[first].slopes["verdict"]))


def claim_verdict(verdicts: pd.Series) -> Verdict:
    """Judge all drivers together by the table at the head of the module."""
    rules = {
        "all_linked": (verdicts == YES).all(),
        "all_small": (verdicts == NO).all(),
        "some_small": (verdicts == NO).any(),
        "some_linked": (verdicts == YES).any(),
        "none_linked": True,
    }
    return first_verdict(rules, {"n_drivers": len(verdicts)}, VERDICTS)
