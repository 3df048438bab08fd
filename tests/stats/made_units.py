"""Quartile frames: from the reference cases, and made from a seed."""

import numpy as np
import pandas as pd
from cases import data, outside


def one_outcome(units: pd.DataFrame, **more: object) -> pd.DataFrame:
    """A frame of one ratio-scale outcome, more is better, from columns entity, cluster, engagement, value."""
    return units.assign(**({"outcome": "profit", "ratio_scale": True, "higher_is_better": True} | more))


def reference_units() -> pd.DataFrame:
    return one_outcome(data("quartiles"))


def outside_units() -> tuple[pd.DataFrame, dict]:
    units, wanted = outside("quartile_comparison")
    units = units.rename(columns={"org": "organisation", "unit": "entity", "outcome": "value"})
    return one_outcome(units.assign(cluster=units["organisation"])), wanted


def made_units(
    rng: np.random.Generator, n_clusters: int = 24, n_units: int = 240, slope: float = 0.3, ties: bool = False
) -> pd.DataFrame:
    """Units with cluster effects in engagement and outcome; SD of both 1, outcome moved to a mean of 10."""
    cluster = rng.integers(0, n_clusters, n_units)
    parts = [0.15**0.5 * rng.normal(size=n_clusters)[cluster] + 0.85**0.5 * rng.normal(size=n_units) for _ in range(2)]
    engagement = np.round(parts[0] * 2) / 2 if ties else parts[0]
    value = 10 + slope * parts[0] + (1 - slope**2) ** 0.5 * parts[1]
    organisation = [f"organisation {number % 8}" for number in cluster]
    units = {"entity": np.arange(n_units), "cluster": cluster, "organisation": organisation, "n": 5 + cluster}
    return one_outcome(
        pd.DataFrame(units | {"engagement": engagement, "value": value, "size": 10 + np.arange(n_units)})
    )
