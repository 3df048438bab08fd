"""What is set against one outcome of a meta-analysis: single studies, small studies, kinds of studies."""

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

import numpy as np
import pandas as pd
from scipy import stats

from helpers.stats.estimates import NotApplicable, check_conf_level
from helpers.stats.meta_moderators import subgroup_means
from helpers.stats.meta_sensitivity import without_each_study
from helpers.stats.meta_study import usable
from helpers.stats.random_effects import random_effects

# A mean of fewer studies would nearly be the figure of one of them.
FEWEST_IN_GROUP = 3
SIZES = ("small", "medium", "large")
KINDS = ("industry", "country")


def without_one(studies: pd.DataFrame, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    The mean by random effects without each study in turn.

    Parameters
    ----------
    studies : DataFrame, one row per study
        ``study``, ``r``, ``n``, of one outcome.
    conf_level : float

    Returns
    -------
    DataFrame, one row per study
        As `meta_sensitivity.without_each_study`, on Fisher's z, with ``r`` and ``r_full`` as correlations.

    Raises
    ------
    NotApplicable
        With fewer than 3 studies.
    """
    known = usable(studies).dropna(subset=["r"])
    table = without_each_study(known, partial(random_effects, conf_level=conf_level))
    return table.assign(r_full=table.attrs["full"]["r"])


def group_means(studies: pd.DataFrame, by: str, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Mean of each kind of study, where a kind has 3 studies or more.

    Parameters
    ----------
    studies : DataFrame, one row per study
        ``study``, ``r``, ``n`` and `by`, of one outcome.
    by : str
        Column of the kinds.
    conf_level : float

    Returns
    -------
    DataFrame
        As `meta_moderators.subgroup_means`; ``attrs`` also hold ``left_out``, the number of studies of other kinds.

    Raises
    ------
    NotApplicable
        Where `by` is not known, or fewer than two kinds have 3 studies.
    """
    if by not in studies or studies[by].isna().all():
        raise NotApplicable("Of what kind these studies are is not known.")
    known = usable(studies).dropna(subset=["r", by])
    enough = known.groupby(by)["study"].transform("size") >= FEWEST_IN_GROUP
    if known.loc[enough, by].nunique() < 2:
        raise NotApplicable("Comparing groups of studies needs two groups and more studies than groups.")
    table = subgroup_means(known[enough], by, conf_level=conf_level)
    table.attrs["left_out"] = int((~enough).sum())
    return table


def kinds_means(
    studies: pd.DataFrame, kinds: Sequence[str] = KINDS, *, conf_level: float = 0.95
) -> dict[str, pd.DataFrame]:
    """
    Means by each way of telling kinds of studies apart that applies.

    Parameters
    ----------
    studies, conf_level
        As for `group_means`.
    kinds : sequence of str
        Columns, of which some may be missing.

    Returns
    -------
    dict of str to DataFrame
        Answer of `group_means` by column.

    Raises
    ------
    NotApplicable
        Where none applies, with the reason of the first that is known.
    """
    found: dict[str, pd.DataFrame] = {}
    reasons: list[NotApplicable] = []
    for by in sorted(kinds, key=lambda name: name not in studies or studies[name].isna().all()):
        try:
            found[by] = group_means(studies, by, conf_level=conf_level)
        except NotApplicable as reason:
            reasons.append(reason)
    if not found:
        raise reasons[0]
    return found


def size_means(studies: pd.DataFrame, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Mean of the third of studies with the fewest units, the middle third, and the third with the most.

    Parameters
    ----------
    studies : DataFrame, one row per study
        ``study``, ``r``, ``n``, of one outcome.
    conf_level : float

    Returns
    -------
    DataFrame, shape (3, ...)
        As `group_means`; ``term`` is one of `SIZES`, in this order; ``n_low``, ``n_high`` units of its studies.

    Raises
    ------
    NotApplicable
        With fewer than 9 studies.
    """
    known = usable(studies).dropna(subset=["r"])
    if len(known) < len(SIZES) * FEWEST_IN_GROUP:
        raise NotApplicable(
            "This analysis needs {needed} studies; found {found}.",
            needed=len(SIZES) * FEWEST_IN_GROUP,
            found=len(known),
        )
    ranked = known.sort_values(["n", "study"], ignore_index=True)
    ranked["size"] = [SIZES[place * len(SIZES) // len(ranked)] for place in range(len(ranked))]
    table = group_means(ranked, "size", conf_level=conf_level).set_index("term", drop=False).loc[list(SIZES)]
    ends = ranked.groupby("size")["n"].agg(n_low="min", n_high="max")
    return table.join(ends).reset_index(drop=True)


def study_intervals(studies: pd.DataFrame, *, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Each study's correlation with its own confidence interval.

    Parameters
    ----------
    studies : DataFrame, one row per study
        ``study``, ``r``, ``n``, of one outcome; further columns are kept.
    conf_level : float

    Returns
    -------
    DataFrame, one row per study with 4 units or more, highest r first
        ``ci_low``, ``ci_high``: ``tanh(atanh(r) ± z / sqrt(n - 3))``; ``conf_level``.

    References
    ----------
    R. Fisher (1921), On the "probable error" of a coefficient of correlation, *Metron* 1, 3-32.
    """
    check_conf_level(conf_level)
    known = usable(studies).dropna(subset=["r"]).query("n >= 4").sort_values(["r", "study"], ascending=[False, True])
    half = stats.norm.ppf(0.5 + conf_level / 2) / np.sqrt(known["n"] - 3)
    z = np.arctanh(known["r"])
    bounds = {"ci_low": np.tanh(z - half), "ci_high": np.tanh(z + half), "conf_level": conf_level}
    return known.assign(**bounds).reset_index(drop=True)
