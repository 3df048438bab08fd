"""The panels in which the lag tests are looked at."""

from __future__ import annotations

from lag_panels import claims, corrections, detectables, intervals, necessities
from looks import Design

# Panels of a design, by what is measured and what a panel costs.
SIZE, POWERED, COSTLY, PRINTED = 2000, 1000, 300, 200
# Effect and reliability of the panels whose yeses are graded.
GRADED = ((0.3, 1.0), (0.3, 0.8), (0.6, 0.8))


def designs() -> dict[str, Design]:
    """All that is simulated, by name."""
    found = {}
    for n_times in (8, 12, 15):
        found[f"null {n_times}"] = Design(intervals, SIZE, {"n_times": n_times})
        strong = {"n_times": n_times, "effect": 0.3, "bootstrap": True}
        found[f"strong {n_times}"] = Design(intervals, SIZE, strong)
        weak = {"n_times": n_times, "effect": 0.1}
        found[f"weak {n_times}"] = Design(intervals, POWERED, weak)
        found[f"effect 0.1, T = {n_times}"] = Design(claims, COSTLY, weak)
        found[f"printed {n_times}"] = Design(detectables, PRINTED, {"n_times": n_times})
    for n_times in (11, 14):
        found[f"feedback {n_times}"] = Design(intervals, SIZE, {"n_times": n_times, "feedback": 0.3})
        found[f"feedback 0.3, no effect, T = {n_times}"] = Design(claims, COSTLY, {"n_times": n_times, "feedback": 0.3})
    for n_times in (8, 12):
        for reliability in (0.8, 0.6):
            choices = {"n_times": n_times, "effect": 0.3, "reliability": reliability}
            found[f"error {n_times} {reliability:g}"] = Design(corrections, POWERED, choices)
    found["no effect, reliability 0.8, T = 14"] = Design(claims, SIZE, {"n_times": 14, "reliability": 0.8})
    for effect, reliability in GRADED:
        choices = {"n_times": 14, "effect": effect, "reliability": reliability}
        found[graded(effect, reliability)] = Design(claims, COSTLY, choices)
    for levels in (False, True):
        name = "levels only" if levels else "independent"
        found[f"necessity {name}"] = Design(necessities, POWERED, {"n_times": 14, "levels": levels})
    # Last, so that the seeds of the others stay: from how many periods the right lag is found.
    found["strong 9"] = Design(intervals, POWERED, {"n_times": 9, "effect": 0.3})
    return found


def graded(effect: float, reliability: float) -> str:
    """Name of a design whose yeses are graded."""
    return f"effect {effect:g}, reliability {reliability:g}, T = 14"
