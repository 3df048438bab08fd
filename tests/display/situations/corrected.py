"""What is not shown since data changed after an earlier report."""

from __future__ import annotations

from helpers.display.wording import cautions

MOMENTS = (
    "The moments of {unit} are not shown: the data changed after an earlier report, and the difference could tell of "
    "few people."
)
SITUATIONS = {"moments: changed since": lambda words: cautions.not_applicable(MOMENTS, {"unit": "Noord"}, words)}
