"""Corrections of a correlation for unreliability and for a narrowed range of x.

*Direct* restriction: units were chosen on x itself (Thorndike's Case II). *Indirect*: they were chosen on something
that goes with x (Case IV). `u` is the SD of x among the units studied over that among all; below 1 the range is narrow.
All functions take numbers, arrays or Series.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

Values = float | np.ndarray | pd.Series
RESTRICTIONS = ("none", "direct", "indirect")


def disattenuated(r: Values, rxx: Values, ryy: Values) -> Values:
    """Correlation of true scores: ``r / sqrt(rxx ryy)``, with the reliabilities of both sides."""
    return r / np.sqrt(rxx * ryy)


def restriction_factor(r: Values, u: Values) -> Values:
    """What a range narrowed to `u` leaves of a correlation, from the narrow `r`: ``sqrt((1 - u²) r² + u²)``."""
    return np.sqrt((1 - u**2) * r**2 + u**2)


def thorndike_case_2(r: Values, u: Values) -> Values:
    """
    Correlation among all units, where those studied were chosen on x.

    Parameters
    ----------
    r : float or array
        Correlation among the units studied.
    u : float or array
        SD of x among the units studied over that among all, above 0.

    Notes
    -----
    ``r / (u sqrt((1/u² - 1) r² + 1))``; linear regression with errors of equal variance is assumed.

    References
    ----------
    R. Thorndike (1949), *Personnel Selection*; F. Schmidt, J. Hunter (2015), *Methods of Meta-Analysis*, ch. 3.
    """
    return r / restriction_factor(r, u)


def unrestricted_reliability(rxx: Values, u: Values) -> Values:
    """Reliability of x among all units, from that among the units studied: ``1 - u² (1 - rxx)``."""
    return 1 - u**2 * (1 - rxx)


def true_score_u(rxx: Values, u: Values) -> Values:
    """The ratio of SDs of true scores of x, from `u` of measured scores and `rxx` among the units studied."""
    all_units = unrestricted_reliability(rxx, u)
    return np.sqrt((u**2 - (1 - all_units)) / all_units)


def correction_factor(r: Values, rxx: Values, ryy: Values, u: Values, restriction: str = "none") -> Values:
    """
    What artifacts leave of the true correlation, so that ``rho = r / factor``.

    Parameters
    ----------
    r : float or array
        Observed correlation.
    rxx, ryy : float or array
        Reliabilities; `ryy` among the units studied, `rxx` among all units for "direct" (choice on x falsifies the one
        among those studied), among those studied otherwise.
    u : float or array
        See `thorndike_case_2`; not read for "none".
    restriction : {"none", "direct", "indirect"}

    Raises
    ------
    ValueError
        For an unknown restriction.

    Notes
    -----
    "direct": ``sqrt(rxx ryy) c(r / sqrt(ryy), u)`` with c the `restriction_factor`; "indirect":
    ``sqrt(rxx ryy) c(r / sqrt(rxx ryy), u_T)`` with u_T the `true_score_u`. Unlike r / rho it also holds at r = 0.

    References
    ----------
    J. Hunter, F. Schmidt, H. Le (2006), *Journal of Applied Psychology* 91(3), 594-612.
    """
    reliable = np.sqrt(rxx * ryy)
    if restriction == "none":
        return reliable
    if restriction == "direct":
        return reliable * restriction_factor(r / np.sqrt(ryy), u)
    if restriction == "indirect":
        return reliable * restriction_factor(r / reliable, true_score_u(rxx, u))
    raise ValueError(f"restriction must be one of {', '.join(RESTRICTIONS)}; found {restriction!r}.")


def slope_factor(factor: Values, rxx: Values, ryy: Values, u: Values, restriction: str = "none") -> Values:
    """How much faster the corrected correlation moves than ``r / factor`` would with a fixed factor: u² / c²."""
    if restriction == "none":
        return 1.0
    kept = factor / np.sqrt(rxx * ryy)
    return ((u if restriction == "direct" else true_score_u(rxx, u)) / kept) ** 2
