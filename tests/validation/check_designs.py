"""The panels in which the checks of a lag claim are looked at."""

from __future__ import annotations

from check_companies import company
from check_looks import curve, dependence, dynamics, granger, projections, search
from looks import Design

# Panels of a design, by what is measured and what a panel costs.
SIZE, COVERED, POWERED, COSTLY = 2000, 1000, 500, 300
COMPANIES = {"no feedback": 400, "feedback .3": 400, "regions share shocks": 200}
PERIODS = (8, 12, 15)
WEAK, STRONG = (0.0, 0.0, 0.1), (0.0, 0.0, 0.3)
TWO_LAGS = (0.0, 0.3, 0.3)
# Periods, lags and share of rows kept of the Granger test; the first has the fewest periods that it bears.
GRANGER = ((9, 1, 1.0), (12, 2, 1.0), (14, 1, 1.0), (14, 2, 1.0), (14, 1, 0.93))
DYNAMIC_PERIODS = (8, 10, 14)
CURVE_PERIODS = (8, 12)
PROJECTED_PERIODS = (12, 15)
DEPENDENT_PERIODS = 12


def designs() -> dict[str, Design]:
    """All that is simulated, by name."""
    found = {}
    for n_times in PERIODS:
        found[f"search, null {n_times}"] = Design(search, SIZE, {"n_times": n_times})
        found[f"search, weak {n_times}"] = Design(search, POWERED, {"n_times": n_times, "effects": WEAK})
        found[f"search, strong {n_times}"] = Design(search, POWERED, {"n_times": n_times, "effects": STRONG})
    found["search, two lags"] = Design(search, POWERED, {"n_times": 12, "effects": TWO_LAGS})
    for shape in GRANGER:
        choices = dict(zip(("n_times", "order", "share_kept"), shape, strict=True))
        found[granger_name(*shape)] = Design(granger, SIZE if shape[-1] == 1 else COVERED, choices)
        if shape[0] == 14 and shape[-1] == 1:
            found[f"{granger_name(*shape)}, effect"] = Design(granger, POWERED, choices | {"effects": (0.0, 0.3)})
    for n_times in CURVE_PERIODS:
        found[f"curve {n_times}"] = Design(curve, SIZE, {"n_times": n_times})
        found[f"curve {n_times}, effect"] = Design(curve, COSTLY, {"n_times": n_times, "effect": 0.3})
    for n_times in DYNAMIC_PERIODS:
        found[f"dynamics {n_times}"] = Design(dynamics, COSTLY, {"n_times": n_times})
    for n_times in PROJECTED_PERIODS:
        found[f"projections {n_times}"] = Design(projections, COVERED, {"n_times": n_times})
    shared = {"no shared shocks": {}, "years shared": {"shock_sd": 1.0}, "regions share shocks": {"regional": True}}
    for name, choices in shared.items():
        found[f"dependence, {name}"] = Design(dependence, POWERED, choices | {"n_times": DEPENDENT_PERIODS})
    worlds = ({}, {"feedback": 0.3}, {"regional": True})
    for (name, n), choices in zip(COMPANIES.items(), worlds, strict=True):
        found[company_name(name)] = Design(company, n, choices)
    return found


def granger_name(n_times: int, order: int, share_kept: float) -> str:
    """Name of a design of the Granger test."""
    gaps = "" if share_kept == 1 else f", {1 - share_kept:.0%} of rows missing"
    return f"Granger, T = {n_times}, {order} lag{'s' * (order > 1)}{gaps}"


def company_name(world: str) -> str:
    """Name of a design of panels like the demo's."""
    return f"like the demo, {world}"
