"""What two halves of the people of a unit share: free of noise, and of what one person brings to two answers.

The people of each unit are parted in two by chance. A score of a construct ``x`` has a column of each half, ``x_a`` and
``x_b``. A *crossed* product takes one half for one construct and the other half for the other, both ways.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

HALVES = ("_a", "_b")
Product = TypeVar("Product")


def halves_of(construct: str) -> tuple[str, str]:
    """Name the columns of the two halves of a construct."""
    first, second = HALVES
    return f"{construct}{first}", f"{construct}{second}"


def crossed(product: Callable[[int, int], Product]) -> Product:
    """
    Mean of the two products in which nobody is on both sides.

    Parameters
    ----------
    product : callable
        Gives the product of half i of one construct and half j of another, i and j 0 or 1; or its sum, or a covariance.

    Returns
    -------
    Product
        ``(c_a d_b + c_b d_a) / 2``. Of a construct with itself: what its units share, without the luck of who answered.

    References
    ----------
    J. Angrist, A. Krueger (1995), Split-sample instrumental variables, *Journal of Business & Economic Statistics*
    13(2), 225-235.
    """
    return (product(0, 1) + product(1, 0)) / 2


def stands_out(shared: float, error: float, *, strength: float) -> bool:
    """Tell whether what halves share lies so many standard errors above nothing that it may be divided by."""
    return bool(shared > strength * error)
