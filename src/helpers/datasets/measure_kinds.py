"""The measures made from answers: their names and kinds."""

from __future__ import annotations

# "other" holds whatever fits no construct, so its mean would measure nothing.
NO_CONSTRUCT = "other"
EMPLOYEE_MEASURES = {"recommend": ("enps", "nps"), "satisfaction": ("employee_satisfaction", "mean")}
CUSTOMER_MEASURES = {
    "recommend": ("nps", "nps"),
    "satisfaction": ("customer_satisfaction", "mean"),
    "sincerity": ("sincerity", "mean"),
    "repurchase": ("repurchase", "rate"),
}
KINDS = dict(EMPLOYEE_MEASURES.values()) | dict(CUSTOMER_MEASURES.values()) | {"response_rate": "rate"}

# Given scores whose names begin so are shares of the people who want to leave, see `helpers.datasets.leave_reasons`.
REASON_TO_LEAVE = "reason_to_leave:"
# What scores of these kinds can be at all.
KIND_RANGES = {"nps": (-100, 100), "rate": (0, 1)}
