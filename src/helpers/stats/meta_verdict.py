"""Verdicts on a meta-analysis: does a relation hold everywhere, on average only, or not at all?

Rules, the first that applies decides; intervals are turned so that above zero is what is claimed. The *mean* is that of
the corrected correlations where they can be corrected, else of the observed ones. *Most studies* lie in its credibility
interval, and in the prediction interval of the observed correlations at the same level.

===================  ===========  =====================================================================================
because              verdict      when
===================  ===========  =====================================================================================
too_few_studies      cannot_tell  there are fewer than `FEWEST_STUDIES`, or the mean has no interval
below_smallest       no           the intervals of the mean and of most studies lie inside ± the smallest correlation
interval_includes_0  cannot_tell  the interval of the mean includes zero (limits included)
wrong_sign           cannot_tell  the interval of the mean lies on the other side of zero than claimed
few_studies          on_average   there are fewer than `FEW_STUDIES`: too few to see how much they differ
studies_differ       on_average   one of the intervals of most studies includes zero (limits included)
zero_excluded        yes          none of the above: it holds on average and in most studies
===================  ===========  =====================================================================================
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from helpers.stats.verdicts import NO, YES, Verdict, first_verdict

ON_AVERAGE = "on_average"
# With two studies the interval of the mean is a guess: t(1) at 95 % is 12.7.
FEWEST_STUDIES = 3
# Fewer say little on how much studies differ: J. Sterne et al. (2011), BMJ 343, d4002, on small-study effects.
FEW_STUDIES = 10
_VERDICTS = {"below_smallest": NO, "few_studies": ON_AVERAGE, "studies_differ": ON_AVERAGE, "zero_excluded": YES}


def meta_verdict(row: Mapping[str, object], *, smallest: float) -> Verdict:
    """
    Does the relation hold, and does it hold in most studies?

    Parameters
    ----------
    row : mapping
        One row of `meta_study.meta_study`'s summary: ``k``, ``ci_low``, ``ci_high``, ``cr_low``, ``cr_high`` of the
        mean judged, ``most_low``, ``most_high`` of the prediction interval at the level of the credibility interval.
    smallest : float
        Smallest correlation that matters, between 0 and 1.

    Returns
    -------
    Verdict
        By the table at the head of the module.

    Raises
    ------
    ValueError
        For a smallest correlation outside 0 to 1.

    References
    ----------
    F. Schmidt, J. Hunter (2015), *Methods of Meta-Analysis*, 3rd ed., ch. 5 (a credibility interval above zero as
    generalisation); R. Berger, J. Hsu (1996), *Statistical Science* 11(4), 283-319 ("no" as equivalence).
    """
    if not 0 < smallest < 1:
        raise ValueError(f"smallest must lie between 0 and 1; found {smallest}.")
    mean, *most = ((row[f"{name}_low"], row[f"{name}_high"]) for name in ("ci", "cr", "most"))
    rules = {
        "too_few_studies": row["k"] < FEWEST_STUDIES or not np.isfinite(mean).all(),
        "below_smallest": all(-smallest <= low and high <= smallest for low, high in (mean, *most)),
        "interval_includes_0": mean[0] <= 0 <= mean[1],
        "wrong_sign": mean[1] < 0,
        "few_studies": row["k"] < FEW_STUDIES,
        "studies_differ": not all(low > 0 for low, _ in most),
    }
    return first_verdict(rules, dict(row) | {"smallest": smallest}, _VERDICTS)
