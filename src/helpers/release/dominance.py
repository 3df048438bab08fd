"""Magnitudes: sums such as revenue or days of absence, which can be the work of one person almost alone."""

from __future__ import annotations

import pandas as pd

# The parts of a sum above which its largest contributors could be reckoned closely by the next largest.
LARGEST_SHARE, TWO_LARGEST_SHARE = 0.5, 0.75


def is_dominated(total: pd.Series, largest: pd.Series, second: pd.Series) -> pd.Series:
    """Tell which sums one or two contributors make up almost alone.

    Parameters
    ----------
    total, largest, second : Series, shape (rows,)
        The sum, and the parts of its two largest contributors, in its unit; NaN where not known.

    Returns
    -------
    Series of bool, shape (rows,)
        True above half for the largest or three quarters for both, and wherever a part is not known.
    """
    one, both = largest.abs() / total.abs(), (largest.abs() + second.abs()) / total.abs()
    return ~((one <= LARGEST_SHARE) & (both <= TWO_LARGEST_SHARE))
