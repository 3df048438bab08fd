"""Which of several scores may be the highest and which the lowest: each that no other one clearly lies beyond."""

from __future__ import annotations

from math import comb

import pandas as pd

from helpers.stats.estimates import NotApplicable, check_conf_level
from helpers.stats.nps_survey import Design, survey_differences


def possible_ends(
    answers: pd.DataFrame, design: Design | None = None, *, by: str, conf_level: float = 0.95
) -> pd.DataFrame:
    """
    Tell of each domain whether its score may be the highest, and whether it may be the lowest.

    Parameters
    ----------
    answers, design, by
        As for `nps_survey.survey_nps`.
    conf_level : float
        Between 0 and 1: the chance that the highest and the lowest true score are among those that may be.

    Returns
    -------
    DataFrame, one row per domain
        ``term``, ``may_be_highest``, ``may_be_lowest``. All may be where differences have no interval.

    Notes
    -----
    A score is not the highest where another one less this one lies above zero, with intervals for all pairs at once
    (Bonferroni); likewise for the lowest.

    References
    ----------
    J. Hsu (1996), *Multiple Comparisons: Theory and Methods*, chapter 4 (comparisons with the best from all pairs).
    """
    check_conf_level(conf_level)
    terms = sorted(answers.loc[answers["recommend"].notna(), by].dropna().unique())
    pairs = max(comb(len(terms), 2), 1)
    try:
        apart = survey_differences(answers, design, by=by, conf_level=1 - (1 - conf_level) / pairs)
    except NotApplicable:
        apart = pd.DataFrame(columns=["first", "second", "ci_low", "ci_high"])
    above, below = apart["ci_low"].astype(float) > 0, apart["ci_high"].astype(float) < 0
    exceeded = {*apart.loc[above, "first"], *apart.loc[below, "second"]}
    undercut = {*apart.loc[above, "second"], *apart.loc[below, "first"]}
    return pd.DataFrame(
        {
            "term": terms,
            "may_be_highest": [one not in exceeded for one in terms],
            "may_be_lowest": [one not in undercut for one in terms],
        }
    )
