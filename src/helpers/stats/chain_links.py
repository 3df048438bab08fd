"""Links of a chain of constructs: how y goes with x, as measured and free of the luck of who answered."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.chain_sums import (
    CORRECTED,
    HEARD,
    MEASURED,
    STAFF,
    VIEWS,
    ChainSums,
    chain_rows,
    chain_sums,
)
from helpers.stats.estimates import NotApplicable, tried, unless_reason, with_intervals
from helpers.stats.halves import halves_of, stands_out

# What units share must stand out this far from chance, in standard errors, to be divided by: F = t² = 25.
MIN_STRENGTH = 5.0
TINY = 1e-12
FORMS = (MEASURED, CORRECTED)
Key = tuple[str, str, str, str]


@dataclass(frozen=True)
class ChainLinks:
    """Links with what they are made from.

    Parameters
    ----------
    table : DataFrame
        See `chain_links`.
    sums : dict of (x, y, view, form) to ChainSums
        Of the links with an estimate.
    """

    table: pd.DataFrame
    sums: dict[Key, ChainSums]

    def row(self, x: str, y: str, view: str, form: str) -> dict[str, object]:
        """Give the row of one link."""
        keys = {"x": x, "y": y, "view": view, "form": form}
        chosen = self.table[np.logical_and.reduce([self.table[name] == value for name, value in keys.items()])]
        return chosen.iloc[0].to_dict()


def chain_links(
    panel: pd.DataFrame,
    links: Sequence[tuple[str, str]],
    *,
    sources: Mapping[str, str],
    conf_level: float = 0.95,
) -> ChainLinks:
    """
    Estimate each link, between and within units, as measured and corrected.

    Parameters
    ----------
    panel : DataFrame, one row per entity and time
        As for `chain_sums.chain_rows`.
    links : sequence of (str, str)
        From x to y.
    sources : mapping of str to str
        Who answered for each construct.
    conf_level : float
        Between 0 and 1.

    Returns
    -------
    ChainLinks
        With a table of one row per link, view and form: ``x``, ``y``, ``view``, ``form`` ("measured", "corrected"),
        `ESTIMATE_COLUMNS` in points of y per point of x, the same with ``_sd``; ``same_people`` (one source for both),
        ``reliability`` (share of the measured differences in x that is not luck; "corrected" only), ``n_units``,
        ``reason`` and ``reason_values`` of a row without estimate.

    Notes
    -----
    ``b = Σ n_g / Σ d_g`` over clusters g, n the products of x and y and d those of x with itself (`chain_sums`). With
    halves that is two-stage least squares: the halves of x stand in for each other. Errors by CR2, with
    ``h_g`` the share of cluster g in Σ x²:

        V  = Σ_g (n_g - b d_g)² / (1 - h_g) / (Σ d_g)²
        df = 1 / [Σ h_g² + Σ_{g≠h} h_g² h_h² / ((1 - h_g)(1 - h_h))]

    which is exact where the effects nest in the clusters.

    References
    ----------
    J. Angrist, A. Krueger (1995), Split-sample instrumental variables, *Journal of Business & Economic Statistics*
    13(2), 225-235; W. Fuller (1987), *Measurement Error Models*; J. Pustejovsky, E. Tipton (2018), *Journal of
    Business & Economic Statistics* 36(4), 672-683.
    """
    rows, sums = [], {}
    for x, y in links:
        for view in VIEWS:
            for form, found in link_sums(panel, x, y, view=view, sources=sources).items():
                about = {"x": x, "y": y, "view": view, "form": form, "same_people": sources[x] == sources[y]}
                rows.append(about | {"term": f"{x} > {y}"} | _figures(found))
                if not isinstance(found, NotApplicable):
                    sums[x, y, view, form] = found
    table = with_intervals(pd.DataFrame(rows), conf_level)
    for column in ("estimate", "se", "ci_low", "ci_high"):
        table[f"{column}_sd"] = table[column] * table["sd_ratio"]
    return ChainLinks(table, sums)


def link_sums(
    panel: pd.DataFrame, x: str, y: str, *, view: str, sources: Mapping[str, str]
) -> dict[str, ChainSums | NotApplicable]:
    """Sums by cluster of one link, as measured and corrected on the same rows; or the reason why there are none."""
    finite = sources[x] == STAFF != sources[y]
    obstacle = _obstacle(panel, x, y, finite=finite)
    needs = {} if obstacle else {"halves": [x, y], "heard": finite}
    rows = tried(lambda: chain_rows(panel, [x, y], view=view, **needs))

    def made(form: str) -> ChainSums:
        if form == CORRECTED and obstacle:
            raise obstacle
        sums = chain_sums(unless_reason(rows), [x], y, sources=sources, form=form)
        require_differences(sums, x, form)
        return sums

    return {form: tried(lambda form=form: made(form)) for form in FORMS}


def is_halved(panel: pd.DataFrame, construct: str) -> bool:
    """Whether the answers behind a construct are known, so that people can be split in halves."""
    return all(half in panel for half in halves_of(construct))


def slope(sums: ChainSums) -> dict[str, float]:
    """Slope of a link, with its CR2 error and df; see `chain_links`."""
    own, joint = sums.own[:, 0, 0], sums.joint[:, 0]
    estimate = joint.sum() / own.sum()
    share = sums.measured / sums.measured.sum()
    scores = (joint - estimate * own) / np.sqrt(1 - share)
    pairs = share**2 / (1 - share)
    df = 1 / ((share**2).sum() + pairs.sum() ** 2 - (pairs**2).sum())
    return {"estimate": estimate, "se": float(np.linalg.norm(scores) / abs(own.sum())), "df": float(df)}


def sd_ratio(sums: ChainSums) -> float:
    """SD of x over that of y, of what `sums` counts; NaN where y differs no more than by luck."""
    of_x, of_y = sums.spread.sum(axis=0)
    return float(np.sqrt(of_x / of_y)) if of_x > 0 and of_y > 0 else np.nan


def reliability(sums: ChainSums) -> tuple[float, float]:
    """Share of the measured differences in the first cause that is not luck, with its error."""
    share = sums.own[:, 0, 0].sum() / sums.measured.sum()
    off = sums.own[:, 0, 0] - share * sums.measured
    return float(share), float(np.linalg.norm(off) / sums.measured.sum())


def require_differences(sums: ChainSums, x: str, form: str) -> None:
    """
    Refuse to divide by differences in x that are none, or that do not stand out clearly from luck.

    Raises
    ------
    NotApplicable
        With the reason as a sentence.
    """
    if not sums.measured.sum() > TINY or np.isclose(sums.measured.max(), sums.measured.sum()):
        raise NotApplicable("{column} does not change within units beyond what all units share.", column=x)
    share, error = reliability(sums)
    if form == CORRECTED and not stands_out(share, error, strength=MIN_STRENGTH):
        raise NotApplicable("Differences in {x} stand out too little from luck to correct the link.", x=x)


def _obstacle(panel: pd.DataFrame, x: str, y: str, *, finite: bool) -> NotApplicable | None:
    """Say what a correction lacks: halves of x or y, or the share of the staff who answered.

    Halves of y are needed whoever answered for it: luck left in how far units differ in y would shrink the link in SD.
    """
    for name in (x, y):
        if not is_halved(panel, name):
            return NotApplicable("The sampling errors of {x} are not known.", x=name)
    if finite and (HEARD not in panel or panel[HEARD].isna().all()):
        return NotApplicable("How many people were asked is not known, so luck cannot be taken out of {x}.", x=x)
    return None


def _figures(found: ChainSums | NotApplicable) -> dict[str, object]:
    if isinstance(found, NotApplicable):
        empty = dict.fromkeys(("estimate", "se", "df", "sd_ratio", "reliability"), np.nan)
        return empty | {"n": 0, "n_clusters": 0, "n_units": 0, "reason": found.reason, "reason_values": found.values}
    about = {"n": found.n, "n_clusters": len(found.clusters), "n_units": found.n_units}
    share = reliability(found)[0] if found.form == CORRECTED else np.nan
    return slope(found) | {"sd_ratio": sd_ratio(found), "reliability": share, "reason": "", "reason_values": {}} | about
