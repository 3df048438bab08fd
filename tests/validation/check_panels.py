"""Panels for the checks of a lag claim: like those of the demo company, and with shocks that regions share."""

from __future__ import annotations

import numpy as np
import pandas as pd
from lag_panels import AUTOCORRELATION, drawn
from made_panels import autocorrelated

# As in the demo company: countries, years; few rows are missing, as in a country without answers in a year.
COMPANY_UNITS, COMPANY_TIMES, COMPANY_KEPT = 24, 14, 0.98
BURN_IN, REGIONS = 20, 4


def company_panel(rng: np.random.Generator, *, feedback: float = 0.0, regional: bool = False) -> pd.DataFrame:
    """A panel in which x does nothing to y, of the demo's shape; years shared by all, and by a region if asked."""
    panel = drawn(rng, COMPANY_TIMES, 0.0, feedback, n_units=COMPANY_UNITS, share_kept=COMPANY_KEPT)
    return with_regions(panel, rng) if regional else panel


def with_regions(panel: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """The panel with AR shocks of x and of y, as large as the movements of a unit, that a region's units share."""
    unit, time = (panel[column].factorize(sort=True)[0] for column in ("entity", "time"))
    shape = (REGIONS, BURN_IN + int(time.max()) + 1)
    shocks = [autocorrelated(rng.normal(size=shape), AUTOCORRELATION)[:, BURN_IN:] for _ in range(2)]
    x, y = (panel[name] + one[unit % REGIONS, time] for name, one in zip(("x", "y"), shocks, strict=True))
    return panel.assign(x=x, y=y)
