"""From the score a group aims at to answers on the scale of 0 to 10."""

from __future__ import annotations

import numpy as np

# Share of promoters and detractors together where the score is 0; it grows to 1 at -100 and 100.
SPREAD = 0.55
# Share of each answer among its class, lowest answer first: detractors 0-6, passives 7-8, promoters 9-10.
DETRACTORS = (0.06, 0.03, 0.05, 0.09, 0.12, 0.27, 0.38)
PASSIVES = (0.45, 0.55)
PROMOTERS = (0.60, 0.40)


def class_shares(target: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give the shares of detractors and promoters whose difference is the score, exactly.

    promoters - detractors = m and promoters + detractors = s + (1 - s) m², with m = target / 100 and s = `SPREAD`.

    Parameters
    ----------
    target : ndarray
        Score in points, -100 to 100.

    Returns
    -------
    tuple of ndarray
        Detractors, promoters; each 0 to 1.
    """
    m = np.asarray(target) / 100
    both = SPREAD + (1 - SPREAD) * m**2
    return (both - m) / 2, (both + m) / 2


def answers(position: np.ndarray, target: np.ndarray) -> np.ndarray:
    """Turn positions in a group, 0 the least pleased to 1 the most, into answers.

    Parameters
    ----------
    position : ndarray
        Uniform between 0 and 1 in a group that scores `target`.
    target : ndarray
        Score of each one's group, in points; broadcast against `position`.

    Returns
    -------
    ndarray of int8
        0 to 10, never falling when `position` rises.
    """
    detractors, promoters = class_shares(target)
    passives = 1 - detractors - promoters
    # The lowest answer is passed by everyone, so counting starts below it.
    result = np.full(np.broadcast(position, detractors).shape, -1, np.int8)
    classes = ((0.0, detractors, DETRACTORS), (detractors, passives, PASSIVES), (1 - promoters, promoters, PROMOTERS))
    for low, width, parts in classes:
        for below in np.cumsum((0.0, *parts[:-1])):
            result += position >= low + width * below
    return result


def score(recommend: np.ndarray) -> np.ndarray:
    """Count an answer as 100 (9-10), 0 (7-8) or -100 (0-6)."""
    return 100.0 * ((recommend >= 9).astype(np.int8) - (recommend <= 6))
