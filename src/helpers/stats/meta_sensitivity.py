"""Does one study decide, and do small studies find more? Two looks at a meta-analysis."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from helpers.stats.bare_bones import checked_studies
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.meta_moderators import moderator_slope
from helpers.stats.random_effects import DEFAULT_TEST, effect_sizes

# One is left out and two must remain.
MIN_STUDIES = 3
# Below ten studies the test has next to no power: J. Sterne et al. (2011), BMJ 343, d4002.
MIN_SMALL_STUDY = 10
STANDARD_ERROR = "standard_error"


def without_each_study(studies: pd.DataFrame, method: Callable[[pd.DataFrame], pd.DataFrame]) -> pd.DataFrame:
    """
    The answer of a meta-analysis without each study in turn.

    Parameters
    ----------
    studies : DataFrame, one row per study
        As `method` reads them. Rows without r or n (which only feed artifact distributions) are never left out.
    method : callable
        From studies to one row with `ESTIMATE_COLUMNS`, such as `random_effects` or a partial of `bare_bones`.

    Returns
    -------
    DataFrame, one row per study
        The row of `method` without it, with ``left_out``, ``shift`` (estimate without it minus that with all),
        ``changes_sign``, ``changes_zero`` (zero is outside one of both intervals only), ``decides`` (either). Largest
        shift first; ``attrs`` hold ``full``, the row with all studies.

    Raises
    ------
    ValueError
        As `bare_bones.bare_bones`.
    NotApplicable
        With fewer than 3 studies, or where `method` does not apply without one of them.
    """
    known = checked_studies(studies, MIN_STUDIES)
    full = method(studies).iloc[0]
    feeding = studies[["r", "n"]].isna().any(axis=1)
    rows = [method(studies[feeding | (studies["study"] != study)]) for study in known["study"]]
    table = pd.concat(rows, ignore_index=True).assign(left_out=known["study"].to_numpy())
    table["shift"] = table["estimate"] - full["estimate"]
    table["changes_sign"] = np.sign(table["estimate"]) != np.sign(full["estimate"])
    beyond = (table["ci_low"] > 0) | (table["ci_high"] < 0)
    table["changes_zero"] = beyond != (full["ci_low"] > 0 or full["ci_high"] < 0)
    table["decides"] = table["changes_sign"] | table["changes_zero"]
    table = table.sort_values("shift", key=lambda shift: -shift.abs(), kind="stable", ignore_index=True)
    table.attrs = {"full": full.to_dict()}
    return table


def small_study_effect(studies: pd.DataFrame, *, test: str = DEFAULT_TEST, conf_level: float = 0.95) -> pd.DataFrame:
    """
    Egger's regression: do correlations grow as studies get smaller?

    Parameters
    ----------
    studies : DataFrame, one row per study
        ``study``, ``r``, ``n`` (4 or more).
    test, conf_level
        As `random_effects.random_effects`.

    Returns
    -------
    DataFrame, shape (1, 10)
        `ESTIMATE_COLUMNS`, ``term`` "small_study": the slope of Fisher's z on its standard error. ``attrs`` hold
        ``r_limit`` (correlation where the standard error is 0), tau2 and k.

    Raises
    ------
    ValueError
        As `random_effects.effect_sizes`.
    NotApplicable
        With fewer than 10 studies, or with studies of one size.

    Notes
    -----
    `moderator_slope` on ``1 / sqrt(n - 3)``, which does not depend on r: with r itself the slope would not be zero even
    where nothing is held back. A slope is not a proof of unpublished studies: small ones can differ in kind.

    References
    ----------
    M. Egger et al. (1997), *BMJ* 315, 629-634; J. Sterne, M. Egger (2005), in *Publication Bias in Meta-Analysis*,
    ch. 6.
    """
    known = effect_sizes(studies)
    if len(known) < MIN_SMALL_STUDY:
        raise NotApplicable(
            "Whether small studies differ needs {needed} studies; found {found}.",
            needed=MIN_SMALL_STUDY,
            found=len(known),
        )
    if known["n"].nunique() == 1:
        raise NotApplicable("All studies are equally large, so small ones cannot be compared with large ones.")
    sized = known.assign(**{STANDARD_ERROR: np.sqrt(known["variance"])})
    rows = moderator_slope(sized, STANDARD_ERROR, test=test, conf_level=conf_level)
    slope = rows[rows["term"] == "slope"].assign(term="small_study").reset_index(drop=True)
    slope.attrs = {
        "r_limit": float(np.tanh(rows["estimate"].iloc[0])),
        "tau2": rows.attrs["tau2"],
        "k": rows.attrs["k"],
    }
    return slope[list(ESTIMATE_COLUMNS)]
