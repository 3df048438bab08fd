"""Why respondents of the People Survey want to leave: national shares by reason, one figure each."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from helpers.datasets.leave_reasons import ALL, MEDIAN, reason_measure

# The benchmark is the median of the organisations; the mean is that of all respondents.
STATISTICS = {"mean": ALL, "benchmark": MEDIAN}
REASONS = {
    "End of my current contract or loan": "end_of_contract",
    "A promotion or career progression within the Civil Service": "career_within_service",
    "A promotion or career progression outside of the Civil Service": "career_outside_service",
    "For a better pay and benefit package": "pay",
    "For more interesting work": "work_content",
    "Due to unmanageable workload": "workload",
    "For a better work-life balance": "work_life_balance",
    "Lack of inclusion and fair treatment": "inclusion",
    "Do not like organisational culture": "culture",
    "Due to poor line management": "line_management",
    "Due to poor work relationships": "relationships",
    "Due to poor leadership": "leadership",
    "Personal circumstances (for example, caring responsibilities, ill health)": "personal",
    "Retiring": "retirement",
    "Just want a change": "change",
    "Other": "other",
}
# Copies of a figure differ in the last binary digits only.
TOLERANCE = 1e-6
_KEY = ["year", "statistic", "reason"]


def reason_scores(path: Path, unit_id: str) -> tuple[pd.DataFrame, str]:
    """Turn the file on reasons into scores of one unit.

    Parameters
    ----------
    path : Path
        ``year``, ``statistic``, ``reason``, ``pct_of_those_giving_a_reason``, ``question_measure``: each edition of the
        survey tells the years before once more, under a label of its own for the question.
    unit_id : str

    Returns
    -------
    tuple of DataFrame and str
        ``unit_id``, ``period``, ``measure``, ``kind``, ``estimate``, ``n`` (missing), one row per year, statistic and
        reason; and a note for the dictionary.

    Raises
    ------
    ValueError
        For an unknown reason or statistic, or where editions differ on a figure.
    """
    rows = pd.read_csv(path, dtype={"year": "str"}, encoding="utf-8")
    for column, known in (("reason", REASONS), ("statistic", STATISTICS)):
        unknown = rows.loc[~rows[column].isin(list(known)), column]
        if len(unknown):
            raise ValueError(f"{column} must be one of {', '.join(known)}; found {unknown.iloc[0]!r} in {path.name}.")
    share = rows.groupby(_KEY)["pct_of_those_giving_a_reason"].agg(["min", "max", "size"]).reset_index()
    apart = share[share["max"] - share["min"] > TOLERANCE]
    if len(apart):
        raise ValueError(
            f"Editions must tell the same of a year; found {apart['min'].iloc[0]:g} and {apart['max'].iloc[0]:g} for "
            f"{apart['reason'].iloc[0]!r} in {apart['year'].iloc[0]}."
        )
    measures = [
        reason_measure(STATISTICS[statistic], REASONS[reason])
        for statistic, reason in zip(share["statistic"], share["reason"], strict=True)
    ]
    scores = pd.DataFrame({"unit_id": unit_id, "period": share["year"], "measure": measures, "kind": "rate"})
    return scores.assign(estimate=share["max"] / 100, n=np.nan), _note(rows, share)


def _note(rows: pd.DataFrame, share: pd.DataFrame) -> str:
    return (
        f"Reasons to leave: {share['reason'].nunique()} reasons, {share['year'].min()} to {share['year'].max()}, of "
        "the Civil Service as a whole, as scores `reason_to_leave:all:…` (mean of all respondents) and "
        "`reason_to_leave:median:…` (benchmark: the median of the organisations). They are percentages of those who "
        "want to leave their organisation at once or within twelve months and ticked at least one reason. Each could "
        "tick several, and some want to move within the Civil Service. How many they are is not published. The file "
        f"has {len(rows)} rows for {len(share)} figures: each edition tells the years before once more, under another "
        "label of the question. Those figures agree to the last digit published, so one is kept; a build from editions "
        "that differ is refused. In which words a year was asked the file does not say."
    )
