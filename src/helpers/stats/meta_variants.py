"""The mean correlation of one outcome under other choices: which reliability, which correction, which studies.

A *variant* differs from the headline in one choice. `VARIANTS` names them; those that studies cannot bear are left out.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.stats.bare_bones import CRED_LEVEL, bare_bones
from helpers.stats.estimates import ESTIMATE_COLUMNS, NotApplicable
from helpers.stats.meta_study import CHOICES, DISTRIBUTIONS, NONE, corrected, correction_method, usable

VARIANTS = ("headline", "observed", "endless", "retest", "distributions", "range", "same_wave")
# Column of another reliability of x, by variant.
RELIABILITIES = {"endless": "rxx_endless", "retest": "rxx_retest"}
# Two reliabilities that are the same to rounding are one choice.
ALIKE = 1e-9


def meta_variants(
    studies: pd.DataFrame,
    *,
    same_wave: pd.DataFrame | None = None,
    restriction: str = "none",
    cred_level: float = CRED_LEVEL,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """
    Mean correlation of one outcome under other choices.

    Parameters
    ----------
    studies : DataFrame, one row per study
        As for `meta_study.meta_study`, of one outcome; where known ``rxx_endless`` (as if those asked were draws from
        very many) and ``rxx_retest`` (correlation of two waves).
    same_wave : DataFrame, optional
        The same studies with both sides from one wave.
    restriction, cred_level, conf_level
        As `meta_study.meta_study`.

    Returns
    -------
    DataFrame, one row per variant that applies
        `ESTIMATE_COLUMNS` (``term`` one of `VARIANTS`), ``sd`` (between studies, beyond chance), ``cr_low``,
        ``cr_high``, ``cred_level``, ``mean_rxx``. "range" corrects for indirect restriction by ``u``.

    Raises
    ------
    NotApplicable
        With fewer than 2 studies.

    References
    ----------
    F. Schmidt, H. Le, R. Ilies (2003), Beyond alpha, *Psychological Methods* 8(2), 206-224 (which reliability).
    """
    studies, levels = usable(studies), {"cred_level": cred_level, "conf_level": conf_level}
    made = {"observed": _observed(studies, levels)}
    method = correction_method(studies, restriction)
    if method != NONE:
        made |= _corrected(studies, method, restriction, levels)
        if same_wave is not None:
            made["same_wave"] = _attempted(usable(same_wave), restriction, levels)
    rows = [_row(name, *made[name]) for name in VARIANTS if made.get(name) is not None]
    return pd.concat(rows, ignore_index=True)


def _corrected(studies: pd.DataFrame, method: str, restriction: str, levels: dict[str, float]) -> dict[str, tuple]:
    made = {"headline": (corrected(studies, method, restriction, **levels), studies)}
    for name, column in RELIABILITIES.items():
        if column in studies and studies[column].notna().any() and not _alike(studies[column], studies["rxx"]):
            made[name] = _attempted(studies.assign(rxx=studies[column]), restriction, levels)
    if method != DISTRIBUTIONS:
        made["distributions"] = corrected(studies, DISTRIBUTIONS, restriction, **levels), studies
    if restriction == "none" and "u" in studies and studies["u"].notna().any():
        made["range"] = _attempted(studies, "indirect", levels)
    return made


def _alike(one: pd.Series, other: pd.Series) -> bool:
    return bool((one - other).abs().max() < ALIKE)


def _attempted(studies: pd.DataFrame, restriction: str, levels: dict[str, float]) -> tuple | None:
    method = correction_method(studies, restriction)
    try:
        return None if method == NONE else (corrected(studies, method, restriction, **levels), studies)
    except NotApplicable:
        return None


def _observed(studies: pd.DataFrame, levels: dict[str, float]) -> tuple:
    return bare_bones(studies, **CHOICES, **levels), studies.assign(rxx=np.nan)


def _row(name: str, table: pd.DataFrame, studies: pd.DataFrame) -> pd.DataFrame:
    spread = table["sd_rho"] if "sd_rho" in table else table["sd_res"]
    known = studies.loc[studies["r"].notna(), "rxx"]
    columns = [*ESTIMATE_COLUMNS, "sd", "cr_low", "cr_high", "cred_level", "mean_rxx"]
    return table.assign(term=name, sd=spread, mean_rxx=known.mean())[columns]
