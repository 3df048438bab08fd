"""A meta-analysis of one or more outcomes, complete: observed and corrected, how studies differ, and the verdict.

Studies come as a table of correlations, from `study_correlations` or from the literature. Above zero is what is
claimed.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.artifact_corrections import individual_corrections
from helpers.stats.artifact_distributions import artifact_distributions
from helpers.stats.bare_bones import CRED_LEVEL, bare_bones
from helpers.stats.estimates import NotApplicable
from helpers.stats.meta_verdict import FEWEST_STUDIES, meta_verdict
from helpers.stats.random_effects import MIN_N, random_effects
from helpers.stats.range_restriction import RESTRICTIONS

SMALLEST = 0.1
# k - 1 and t: few studies then do not look surer than they are. psychmeta has the same.
CHOICES = {"unbiased_variance": True, "interval": "t"}
INDIVIDUAL, DISTRIBUTIONS, NONE = "individual", "distributions", "none"
_OBSERVED = {
    **{"estimate": "mean_r", "ci_low": "mean_r_low", "ci_high": "mean_r_high", "sd_r": "sd_r", "sd_res": "sd_res"},
    **{"pct_sampling": "pct_sampling", "cr_low": "r_cr_low", "cr_high": "r_cr_high"},
}
_CORRECTED = {
    **{"estimate": "rho", "ci_low": "rho_low", "ci_high": "rho_high", "sd_rho": "sd_rho"},
    **{"pct_accounted": "pct_accounted", "cr_low": "rho_cr_low", "cr_high": "rho_cr_high"},
}
_RANDOM = {
    **{"r": "re_r", "r_ci_low": "re_low", "r_ci_high": "re_high", "r_pi_low": "pi_low", "r_pi_high": "pi_high"},
    **{"tau2": "tau2", "i2": "i2", "q_p": "q_p"},
}
# Two studies say nothing on where others would lie.
_SPREAD = [f"{name}_{end}" for name in ("r_cr", "rho_cr", "cr", "most", "pi") for end in ("low", "high")]


@dataclass(frozen=True)
class MetaStudy:
    """Studies, and one row per outcome on what they come to; see `meta_study`."""

    studies: pd.DataFrame
    summary: pd.DataFrame
    choices: dict[str, object]

    def of(self, outcome: str) -> pd.DataFrame:
        """Give the studies of one outcome."""
        return self.studies[self.studies["outcome"] == outcome].reset_index(drop=True)

    def row(self, outcome: str) -> dict[str, object]:
        """Give the row of one outcome in the summary."""
        return self.summary.set_index("outcome", drop=False).loc[outcome].to_dict()


def meta_study(
    studies: pd.DataFrame,
    *,
    restriction: str = "none",
    smallest: float = SMALLEST,
    cred_level: float = CRED_LEVEL,
    conf_level: float = 0.95,
    outcomes: Sequence[str] = (),
) -> MetaStudy:
    """
    Mean observed and corrected correlation of each outcome, how far studies differ, and a verdict.

    Parameters
    ----------
    studies : DataFrame, one row per study and outcome
        ``study``, ``r``, ``n`` (above zero is what is claimed), ``outcome`` unless there is one only, and where known
        ``rxx``, ``ryy``, ``u``. Rows without r, with fewer than 4 units or an r of -1 or 1 only feed artifacts.
    restriction : {"none", "direct", "indirect"}
        As `range_restriction.correction_factor`.
    smallest : float
        Smallest correlation that matters, between 0 and 1.
    cred_level, conf_level : float
        Of the intervals of most studies, and of all others; between 0 and 1.
    outcomes : sequence of str
        Order of the rows; one without studies gets a row with ``k`` 0. Empty: those of the studies, as they come.

    Returns
    -------
    MetaStudy
        ``summary`` has one row per outcome: ``outcome``, ``k``, ``n``, ``n_missing`` (studies that only feed
        artifacts); observed ``mean_r``, ``mean_r_low``, ``mean_r_high``, ``sd_r``, ``sd_res``, ``pct_sampling``,
        ``r_cr_low``, ``r_cr_high``; ``method`` of correction ("individual", "distributions" where only some studies
        know their artifacts, "none" where nothing is known of ``rxx`` or ``ryy``), ``mean_rxx``, ``mean_ryy`` (over
        studies), and corrected ``rho``, ``rho_low``, ``rho_high``, ``sd_rho``, ``pct_accounted``, ``rho_cr_low``,
        ``rho_cr_high`` (NaN for "none"); by REML and Hartung-Knapp ``re_r``, ``re_low``, ``re_high``, ``pi_low``,
        ``pi_high``, ``tau2`` (of Fisher's z), ``i2``, ``q_p``; what the verdict rests on: ``estimate``, ``ci_low``,
        ``ci_high``, ``cr_low``, ``cr_high`` (of rho, or of r for "none"), ``most_low``, ``most_high`` (prediction at
        `cred_level`); ``verdict``, ``because``, ``conf_level``, ``cred_level``. Figures are NaN below 2
        studies, those on where most studies or a further one lie below 3.

    Raises
    ------
    ValueError
        As `bare_bones.bare_bones`, for an unknown restriction or an artifact out of range.

    Notes
    -----
    Variances are over k - 1 and intervals from t(k - 1), as in psychmeta.

    References
    ----------
    F. Schmidt, J. Hunter (2015), *Methods of Meta-Analysis*, 3rd ed.; W. Viechtbauer (2010), *Journal of Statistical
    Software* 36(3).
    """
    if restriction not in RESTRICTIONS:
        raise ValueError(f"restriction must be one of {', '.join(RESTRICTIONS)}; found {restriction!r}.")
    known = studies if "outcome" in studies else studies.assign(outcome="")
    levels = {"cred_level": cred_level, "conf_level": conf_level}
    names = list(outcomes) or list(known["outcome"].unique())
    rows = [_row(known[known["outcome"] == outcome], restriction, smallest, **levels) for outcome in names]
    summary = pd.DataFrame(rows)
    summary.insert(0, "outcome", names)
    return MetaStudy(known, summary, {"restriction": restriction, "smallest": smallest, **levels})


def usable(studies: pd.DataFrame) -> pd.DataFrame:
    """
    Studies whose correlation counts; the others keep their artifacts and lose r.

    Parameters
    ----------
    studies : DataFrame
        As for `meta_study`, of one outcome.

    Returns
    -------
    DataFrame
        ``r`` is NaN below 4 units and for a correlation of -1 or 1, which Fisher's z cannot bear.
    """
    return studies.assign(r=studies["r"].where((studies["n"] >= MIN_N) & (studies["r"].abs() != 1)))


def correction_method(studies: pd.DataFrame, restriction: str) -> str:
    """
    Which correction the known artifacts allow.

    Parameters
    ----------
    studies : DataFrame
        As for `meta_study`, of one outcome.
    restriction : {"none", "direct", "indirect"}

    Returns
    -------
    {"individual", "distributions", "none"}
        "individual" where every study with a correlation knows all its artifacts, "none" where no row knows one.
    """
    artifacts = ["rxx", "ryy", *([] if restriction == "none" else ["u"])]
    table = studies.reindex(columns=["r", *artifacts])
    if not table[artifacts].notna().any().all():
        return NONE
    return INDIVIDUAL if table.loc[table["r"].notna(), artifacts].notna().all(axis=None) else DISTRIBUTIONS


def mean_correlations(row: Mapping[str, object]) -> dict[str, float]:
    """
    Mean correlations of one outcome by name, as `expectancy.expectancy` takes them.

    Parameters
    ----------
    row : mapping
        One row of the summary.

    Returns
    -------
    dict
        "observed", and "rho" where it was corrected and lies inside -1 to 1.

    Raises
    ------
    NotApplicable
        With fewer than 2 studies.
    """
    if not np.isfinite(row["mean_r"]):
        raise NotApplicable("This analysis needs {needed} studies; found {found}.", needed=2, found=row["k"])
    rho = {"rho": row["rho"]} if abs(row["rho"]) < 1 else {}
    return {"observed": row["mean_r"]} | rho


def corrected(studies: pd.DataFrame, method: str, restriction: str, **levels: float) -> pd.DataFrame:
    """Give the corrected mean by a method of `correction_method` other than "none"; see the two estimators."""
    if method == INDIVIDUAL:
        return individual_corrections(studies.dropna(subset=["r"]), restriction=restriction, **CHOICES, **levels)
    return artifact_distributions(studies, restriction=restriction, **CHOICES, **levels)


def _row(studies: pd.DataFrame, restriction: str, smallest: float, **levels: float) -> dict[str, object]:
    studies = usable(studies)
    row = _estimates(studies, restriction, levels)
    given = {name: studies[name].mean() if name in studies else np.nan for name in ("rxx", "ryy")}
    row |= {f"mean_{name}": value for name, value in given.items()}
    side = "r_cr" if row["method"] == NONE else "rho_cr"
    mean = "mean_r" if row["method"] == NONE else "rho"
    row |= {"estimate": row[mean], "ci_low": row[f"{mean}_low"], "ci_high": row[f"{mean}_high"]}
    row |= {"cr_low": row[f"{side}_low"], "cr_high": row[f"{side}_high"]} | levels
    if row["k"] < FEWEST_STUDIES:
        row |= dict.fromkeys(_SPREAD, np.nan)
    found = meta_verdict(row, smallest=smallest)
    return row | {"verdict": found.verdict, "because": found.because}


def _estimates(studies: pd.DataFrame, restriction: str, levels: dict[str, float]) -> dict[str, object]:
    row = dict.fromkeys([*_OBSERVED.values(), *_CORRECTED.values(), *_RANDOM.values(), "most_low", "most_high"], np.nan)
    k = int(studies["r"].notna().sum())
    row |= {"k": k, "n": int(studies.loc[studies["r"].notna(), "n"].sum()), "n_missing": len(studies) - k}
    row["method"] = correction_method(studies, restriction)
    try:
        row |= _named(bare_bones(studies, **CHOICES, **levels), _OBSERVED)
    except NotApplicable:
        return row | {"method": NONE}
    random = random_effects(studies, conf_level=levels["conf_level"])
    row |= _named(random, _RANDOM)
    most = random_effects(studies, conf_level=levels["cred_level"]).iloc[0]
    row |= {"most_low": float(most["r_pi_low"]), "most_high": float(most["r_pi_high"])}
    if row["method"] != NONE:
        row |= _named(corrected(studies, row["method"], restriction, **levels), _CORRECTED)
    return row


def _named(table: pd.DataFrame, names: dict[str, str]) -> dict[str, float]:
    return {new: float(table[old].iloc[0]) for old, new in names.items()}
