"""Does what comes between carry the link? One mediator m between x and y, where others than for x answer for m and y.

*Same people*: the slope of y on m uses what each customer says of both. *Other people*: it sets what one half says of m
against what the other half says of y.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd

from helpers.stats.chain_draws import DEFAULT_BOOT, cluster_counts, expanded_interval
from helpers.stats.chain_links import is_halved, require_differences
from helpers.stats.chain_sums import CORRECTED, HEARD, ChainSums, chain_rows, chain_sums
from helpers.stats.estimates import NotApplicable
from helpers.stats.verdicts import Verdict, check_choices, claimed_limits, first_verdict

SAME, OTHERS = "same_people", "other_people"
TERMS = ("first", "second", "indirect", "direct", "total")
# Of what units share in m, x must leave this share for the two to be told apart.
MIN_LEFT = 0.05


@dataclass(frozen=True)
class Mediation:
    """A mediation.

    Parameters
    ----------
    x, m, y : str
    table : DataFrame, one row per form and term
        ``form`` ("same_people", "other_people"), ``term`` ("first": m on x, "second": y on m beside x, "indirect" their
        product, "direct": y on x beside m, "total"), ``estimate``, ``ci_low``, ``ci_high``, ``conf_level``.
    left : dict of str to float
        Share of what units share in m that x does not account for: ``estimate``, ``ci_low``, ``ci_high``.
    sd_ratio : float
        SD of x over SD of y, free of luck; NaN where y differs no more than by luck.
    n_clusters : int
    """

    x: str
    m: str
    y: str
    table: pd.DataFrame
    left: dict[str, float]
    sd_ratio: float
    n_clusters: int

    def row(self, form: str, term: str) -> dict[str, object]:
        """Give one row of the table."""
        return self.table[(self.table["form"] == form) & (self.table["term"] == term)].iloc[0].to_dict()


def mediation(
    panel: pd.DataFrame,
    x: str,
    m: str,
    y: str,
    *,
    view: str,
    sources: Mapping[str, str],
    rng: np.random.Generator,
    conf_level: float = 0.95,
    n_boot: int = DEFAULT_BOOT,
) -> Mediation:
    """
    Part of the link of y with x that goes through m.

    Parameters
    ----------
    panel : DataFrame
        As for `chain_sums.chain_rows`, with halves of all three and ``heard``.
    x, m, y : str
        Constructs; one kind of people answered for m and y, another for x.
    view : {"within", "between"}
    sources : mapping of str to str
    rng : Generator
        Source of the draws.
    conf_level : float
    n_boot : int

    Returns
    -------
    Mediation

    Raises
    ------
    NotApplicable
        Where halves or the share who answered are not known, or units hardly differ in x.

    Notes
    -----
    With S the sums of products of `chain_sums`:

        first    = S_xm / S_xx            second, direct = slopes of y on m and x together
        indirect = first · second         total = indirect + direct = S_xy / S_xx

    S_xx is free of the luck of who answered. S_mm and S_my are as measured for "same people", so that what one customer
    adds to both counts, and those of halves for "other people". Where x leaves less than `MIN_LEFT` of what units share
    in m (lower bound), the latter cannot be had, and its figures are empty. Intervals redraw clusters.

    References
    ----------
    D. MacKinnon (2008), *Introduction to Statistical Mediation Analysis*, ch. 3 and 12; P. Podsakoff et al. (2003),
    *Journal of Applied Psychology* 88(5), 879-903.
    """
    for name in (x, m, y):
        if not is_halved(panel, name):
            raise NotApplicable("The sampling errors of {x} are not known.", x=name)
    if HEARD not in panel or panel[HEARD].isna().all():
        raise NotApplicable("How many people were asked is not known, so luck cannot be taken out of {x}.", x=x)
    rows = chain_rows(panel, [x, m, y], view=view, halves=[x, m, y], heard=True)
    require_differences(chain_sums(rows, [x], y, sources=sources, form=CORRECTED), x, CORRECTED)
    made = {"sources": sources, "form": CORRECTED}
    shared = chain_sums(rows, [m, x], y, **made)
    forms = {SAME: chain_sums(rows, [m, x], y, **made, same=sources[m]), OTHERS: shared}
    counts = cluster_counts(shared.clusters, rng=rng, n_boot=n_boot).to_numpy(float)
    once, g = np.ones((1, counts.shape[1])), counts.shape[1]
    left = {"estimate": float(_left(shared, once)[0])}
    left |= dict(zip(("ci_low", "ci_high"), expanded_interval(_left(shared, counts), g, conf_level), strict=True))
    tables = []
    for form, sums in forms.items():
        known = form == SAME or left["ci_low"] > MIN_LEFT
        at, draws = (_terms(sums, drawn) if known else np.full((len(TERMS), 1), np.nan) for drawn in (once, counts))
        limits = [expanded_interval(one, g, conf_level) if known else (np.nan, np.nan) for one in draws]
        low, high = zip(*limits, strict=True)
        table = pd.DataFrame({"form": form, "term": TERMS, "estimate": at[:, 0], "ci_low": low, "ci_high": high})
        tables.append(table.assign(conf_level=conf_level))
    of_x, of_y = shared.own[:, 1, 1].sum(), shared.spread[:, 1].sum()
    ratio = float(np.sqrt(of_x / of_y)) if of_x > 0 and of_y > 0 else np.nan
    return Mediation(x, m, y, pd.concat(tables, ignore_index=True), left, ratio, g)


def mediation_verdict(found: Mediation, *, smallest_effect: float, unit: str = "sd", sign: int = 1) -> Verdict:
    """
    Does m carry part of the link of y with x? The first rule that applies decides:

    ====================  ===========  ============================================================================
    because               verdict      when
    ====================  ===========  ============================================================================
    too_few               cannot_tell  there are no intervals
    below_smallest        no           the indirect part by the same people lies inside ± the smallest effect
    interval_includes_0   cannot_tell  its interval includes zero
    wrong_sign            cannot_tell  it lies on the other side of zero than claimed
    not_separable         cannot_tell  x accounts for nearly all that units share in m, so that other people's answers
                                       cannot tell the two apart
    same_people           cannot_tell  by other people's answers the interval is not above zero
    zero_excluded         yes          none of the above
    ====================  ===========  ============================================================================

    Parameters
    ----------
    found : Mediation
    smallest_effect : float
    unit : {"sd", "points"}
    sign : {1, -1}

    Returns
    -------
    Verdict
    """
    check_choices(smallest_effect, unit, sign)
    row, other = found.row(SAME, "indirect"), found.row(OTHERS, "indirect")
    low, high = claimed_limits(row, sign)
    scale = found.sd_ratio if unit == "sd" else 1.0
    rules = {
        "too_few": not np.isfinite(low),
        "below_smallest": bool(-smallest_effect <= low * scale and high * scale <= smallest_effect),
        "interval_includes_0": low <= 0 <= high,
        "wrong_sign": high < 0,
        "not_separable": not np.isfinite(other["ci_low"]),
        "same_people": not claimed_limits(other, sign)[0] > 0,
    }
    return first_verdict(rules, row | {"smallest_effect": smallest_effect, "unit": unit, "sign": sign})


def _terms(sums: ChainSums, counts: np.ndarray) -> np.ndarray:
    """The five figures in each draw, shape (5, draws)."""
    own, joint = np.einsum("dg,gkl->dkl", counts, sums.own), counts @ sums.joint
    first = own[:, 0, 1] / own[:, 1, 1]
    second, direct = np.linalg.solve(own, joint[:, :, None])[:, :, 0].T
    return np.stack([first, second, first * second, direct, first * second + direct])


def _left(sums: ChainSums, counts: np.ndarray) -> np.ndarray:
    own = np.einsum("dg,gkl->dkl", counts, sums.own)
    return 1 - own[:, 0, 1] ** 2 / (own[:, 0, 0] * own[:, 1, 1])
