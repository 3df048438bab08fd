"""One stream of random numbers per subject and block of units.

What a block draws depends on the seed, its country and its number only: leaving a table out, or adding units elsewhere,
changes nothing in it.
"""

from __future__ import annotations

import numpy as np

SUBJECTS = (
    *("paths", "climate", "workforce", "items", "response", "customers"),
    *("outcomes", "absence", "exits", "actions", "sector"),
)


def stream(seed: int, subject: str, country: int = 0, block: int = 0) -> np.random.Generator:
    """Give the generator of a subject in a block of a country.

    Parameters
    ----------
    seed : int
        Of the whole dataset; not negative.
    subject : str
        One of `SUBJECTS`.
    country, block : int
        Counted from 0.
    """
    key = (SUBJECTS.index(subject), country, block)
    return np.random.default_rng(np.random.SeedSequence(seed, spawn_key=key))


def ar1(rng: np.random.Generator, n_waves: int, shape: tuple[int, ...], *, ar: float, sd: float) -> np.ndarray:
    """Draw stationary first-order autoregressions, one per cell of `shape`.

    Parameters
    ----------
    rng : Generator
    n_waves : int
        Length of each path.
    shape : tuple of int
        Of one wave.
    ar : float
        Correlation of neighbouring waves, between -1 and 1.
    sd : float
        Marginal standard deviation, not that of the innovation.

    Returns
    -------
    ndarray, shape (n_waves, *shape)
    """
    paths = rng.normal(0, sd, (n_waves, *shape))
    for wave in range(1, n_waves):
        paths[wave] = ar * paths[wave - 1] + np.sqrt(1 - ar**2) * paths[wave]
    return paths
