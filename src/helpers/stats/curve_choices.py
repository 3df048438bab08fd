"""Which choice of an analyst moves the effect most: the specification curve, one choice at a time."""

from __future__ import annotations

import pandas as pd

CHOICES = ("lags", "weights", "sample", "trends", "measure")


def curve_choices(curve: pd.DataFrame) -> pd.DataFrame:
    """
    Median effect of a specification curve under each option of each choice.

    Parameters
    ----------
    curve : DataFrame
        Answer of `specification_curve.specification_curve`.

    Returns
    -------
    DataFrame, one row per choice and option, the choice that moves the effect most first
        ``choice`` (`CHOICES`), ``option``, ``n`` (specifications estimated), ``estimate`` and ``estimate_sd`` (their
        median), ``spread`` (largest less smallest ``estimate`` of the choice). A choice with one option is left out.

    Notes
    -----
    Samples without one of the largest units are one option, so that no unit is told.
    """
    known = curve[curve["estimate"].notna()]
    tables = [_medians(known, choice) for choice in CHOICES if known[choice].nunique() > 1]
    if not tables:
        return pd.DataFrame(columns=["choice", "option", "n", "estimate", "estimate_sd", "spread"])
    table = pd.concat(tables, ignore_index=True)
    return table.sort_values("spread", ascending=False, kind="stable", ignore_index=True)


def _medians(curve: pd.DataFrame, choice: str) -> pd.DataFrame:
    grouped = curve.groupby(choice, sort=False)
    table = grouped[["estimate", "estimate_sd"]].median().assign(n=grouped.size()).reset_index()
    table = table.rename(columns={choice: "option"}).sort_values("option", kind="stable")
    spread = table["estimate"].max() - table["estimate"].min()
    return table.assign(choice=choice, spread=spread)[["choice", "option", "n", "estimate", "estimate_sd", "spread"]]
