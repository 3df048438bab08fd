"""Is what people say of one thing linked with what they say of another: between people of a unit, and between units?

*Within*: people of one unit beside each other. Both answers are of one person, whose mood moves both, and noise of a
question lowers the slope. *Between*: units beside each other, x as told by one half of the people, y by the other, with
x of the other half as its instrument. What a person brings to two answers, and noise, then cancel out.

A link is judged at both levels by `driver_verdict.link_verdict`; a level that is missing counts as "cannot_tell":

==================  ===========  ===========  ===========
because             verdict      within       between
==================  ===========  ===========  ===========
both                yes          yes          yes
both_small          no           no           no
within_not_between  cannot_tell  yes          no
between_not_within  cannot_tell  no           yes
within_only         cannot_tell  yes          cannot_tell
between_only        cannot_tell  cannot_tell  yes
within_small        cannot_tell  no           cannot_tell
between_small       cannot_tell  cannot_tell  no
unclear             cannot_tell  cannot_tell  cannot_tell
==================  ===========  ===========  ===========

Where levels differ there is no one answer: a mood can make a link within, and noise can make one look small.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.cluster_moments import ClusterMoments, Statistic, cluster_moments
from helpers.stats.driver_study import ERROR
from helpers.stats.driver_verdict import link_verdict
from helpers.stats.estimates import NotApplicable, with_intervals
from helpers.stats.halves import crossed, halves_of, stands_out
from helpers.stats.relative_importance import raw_slopes
from helpers.stats.verdicts import CANNOT_TELL, NO, YES, Verdict

WITHIN, BETWEEN, BESIDE = "within", "between", "beside"
VERDICTS = {"both": YES, "both_small": NO}
BECAUSE = {
    (YES, YES): "both",
    (NO, NO): "both_small",
    (YES, NO): "within_not_between",
    (NO, YES): "between_not_within",
    (YES, CANNOT_TELL): "within_only",
    (CANNOT_TELL, YES): "between_only",
    (NO, CANNOT_TELL): "within_small",
    (CANNOT_TELL, NO): "between_small",
    (CANNOT_TELL, CANNOT_TELL): "unclear",
}
# An instrument of t below the root of 10 leaves a ratio without bounds (Staiger and Stock 1997).
WEAK = 10**0.5


@dataclass(frozen=True)
class ConstructLink:
    """One link.

    Parameters
    ----------
    x, y : str
    slopes : DataFrame, one row per level
        `ESTIMATE_COLUMNS`, units of y per unit of x; ``term`` one of "within", "between", "beside" (within, with others
        held fixed); the same in standard deviations between people, with ``_sd``; ``verdict``, ``because``.
    reasons : dict of str to NotApplicable
        Why a level could not be estimated.
    verdict : Verdict
        By the table at the head of the module; "cannot_tell" where a level is missing.
    """

    x: str
    y: str
    slopes: pd.DataFrame
    reasons: dict[str, NotApplicable]
    verdict: Verdict

    def at(self, level: str) -> dict[str, object] | None:
        """Give the row of a level; None where it could not be estimated."""
        rows = self.slopes[self.slopes["term"] == level].to_dict("records")
        return rows[0] if rows else None


def construct_link(
    people: pd.DataFrame,
    halves: pd.DataFrame | NotApplicable,
    *,
    x: str,
    y: str,
    beside: Sequence[str] = (),
    smallest_effect: float,
    conf_level: float = 0.95,
) -> ConstructLink:
    """
    Estimate one link at both levels, and judge it.

    Parameters
    ----------
    people : DataFrame, one row per person
        x, y and `beside`, ``cluster``, ``group`` (the unit), optional ``weight``.
    halves : DataFrame, one row per unit, or NotApplicable
        Means of two halves of the people, `halves.halves_of` x and y, and ``cluster``; or why there are none.
    x, y : str
    beside : sequence of str
        Held fixed in a further slope within, free of their noise where that is known (``<name>_error``).
    smallest_effect : float
        In standard deviations of y between people, per standard deviation of x.
    conf_level : float

    Returns
    -------
    ConstructLink

    Raises
    ------
    NotApplicable
        Where there is no slope within.

    Notes
    -----
    ``between = (cov(x1, y2) + cov(x2, y1)) / (2 cov(x1, x2))`` over units. Errors are jackknife errors over clusters,
    intervals t(G − 1).

    References
    ----------
    P. Podsakoff et al. (2003), *Journal of Applied Psychology* 88(5), 879-903; D. Staiger, J. Stock (1997),
    *Econometrica* 65(3), 557-586.
    """
    own = cluster_moments(people, [x, y])
    ratio = float(np.sqrt(own.covariance[0, 0] / own.covariance[1, 1]))
    rows, reasons = [_row(WITHIN, own, raw_slopes)], {}
    try:
        rows.append(_between(halves, x, y))
    except NotApplicable as problem:
        reasons[BETWEEN] = problem
    if beside:
        others = cluster_moments(people, [x, *beside, y], errors=_known_errors(people, beside))
        rows.append(_row(BESIDE, others, raw_slopes))
    table = with_intervals(pd.DataFrame(rows), conf_level)
    scaled = {f"{name}_sd": table[name] * ratio for name in ("estimate", "se", "ci_low", "ci_high")}
    judged = [
        link_verdict(
            row | {name: row[name] * ratio for name in ("se", "ci_low", "ci_high")}, smallest_effect=smallest_effect
        )
        for row in table.to_dict("records")
    ]
    found = {"verdict": [one.verdict for one in judged], "because": [one.because for one in judged]}
    table = table.assign(**scaled, **found)
    return ConstructLink(x, y, table, reasons, both_levels(dict(zip(table["term"], table["verdict"], strict=True))))


def construct_links(
    people: pd.DataFrame | NotApplicable,
    halves: pd.DataFrame | NotApplicable,
    links: Sequence[tuple[str, str, Sequence[str]]],
    **choices: float,
) -> list[ConstructLink]:
    """
    Estimate several links.

    Parameters
    ----------
    people, halves
        As for `construct_link`.
    links : sequence of (x, y, beside)
    **choices
        ``smallest_effect``, ``conf_level`` of `construct_link`.

    Returns
    -------
    list of ConstructLink

    Raises
    ------
    NotApplicable
        Without people or links, or where one link has no slope within.
    """
    if isinstance(people, NotApplicable):
        raise people
    if not links:
        raise NotApplicable("Knowing why, being valued, purpose and promises kept were not asked about here.")
    return [construct_link(people, halves, x=x, y=y, beside=beside, **choices) for x, y, beside in links]


def _known_errors(people: pd.DataFrame, beside: Sequence[str]) -> dict[str, str]:
    """Columns of known noise, where all of what is held fixed has one: noise there would leave a link that is none."""
    errors = {one: f"{one}{ERROR}" for one in beside}
    is_known = all(error in people and people[error].notna().any() for error in errors.values())
    return errors if is_known else {}


def both_levels(verdicts: dict[str, str]) -> Verdict:
    """Judge a link from its verdicts within and between, by the table at the head of the module."""
    because = BECAUSE[verdicts.get(WITHIN, CANNOT_TELL), verdicts.get(BETWEEN, CANNOT_TELL)]
    return Verdict(VERDICTS.get(because, CANNOT_TELL), because, verdicts)


def _between(halves: pd.DataFrame | NotApplicable, x: str, y: str) -> dict[str, object]:
    if isinstance(halves, NotApplicable):
        raise halves
    moments = cluster_moments(halves, [*halves_of(x), *halves_of(y)])
    error = moments.standard_error(lambda c: c[:, 0, 1, None])[0]
    if not stands_out(moments.covariance[0, 1], error, strength=WEAK):
        raise NotApplicable("Units differ too little in {x} to set them beside each other.", x=x)
    return _row(BETWEEN, moments, _instrumented)


def _instrumented(covariance: np.ndarray) -> np.ndarray:
    joint = crossed(lambda i, j: covariance[..., i, 2 + j])
    return (joint / covariance[..., 0, 1])[..., None]


def _row(term: str, moments: ClusterMoments, slopes: Statistic) -> dict[str, object]:
    estimate, se = slopes(moments.covariance)[0], moments.standard_error(slopes)[0]
    counts = {"df": moments.n_clusters - 1.0, "n": moments.n, "n_clusters": moments.n_clusters}
    return {"term": term, "estimate": estimate, "se": se} | counts
