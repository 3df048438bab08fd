"""What customers say beside their score: at which moment, and why."""

from __future__ import annotations

from helpers.datasets.answer_frames import answers_of
from helpers.datasets.dataset import Dataset
from helpers.datasets.families import CUSTOMERS
from helpers.stats.estimates import NotApplicable

VOICES = ("reason", "moment")


def require_voices(dataset: Dataset, unit: str) -> None:
    """Refuse a unit of which no answer of a customer names a reason or a moment.

    Raises
    ------
    NotApplicable
        With the reason as a sentence.
    """
    frame = answers_of(dataset, CUSTOMERS, unit, VOICES).frame
    if not any(column in frame and frame[column].notna().any() for column in VOICES):
        raise NotApplicable("The customers' answers name neither reasons nor moments.")
