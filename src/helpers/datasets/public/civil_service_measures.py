"""What the People Survey of the UK Civil Service measures."""

from __future__ import annotations

from helpers.datasets.public.figures import Figure, Outcome

_POSITIVE = "Mean share of positive answers to the questions of the theme."
_THEMES = {
    "my_work": "theme_my_work",
    "objectives": "theme_objectives",
    "line_management": "theme_my_manager",
    "teamwork": "theme_my_team",
    "learning": "theme_learning",
    "inclusion": "theme_inclusion",
    "resources": "theme_resources",
    "pay": "theme_pay",
    "managing_change": "theme_leadership_change",
}
SCORES = {
    "engagement": Figure(
        "engagement_index",
        "mean",
        1,
        "The engagement index, 0–100; pride, advocacy, attachment, inspiration and motivation, as published.",
    ),
    **{name: Figure(column, "rate", 0.01, _POSITIVE) for name, column in _THEMES.items()},
    "response_rate": Figure("response_rate", "rate", 0.01, "From 2013."),
}
OUTCOMES = {
    "wish_to_leave": Outcome(
        "wish_to_leave",
        "% of respondents",
        1,
        False,
        "Wants to leave as soon as possible (`leave_asap`) or within twelve months (`leave_12m`), added; 2019–2024.",
    ),
    "bullying": Outcome(
        "bullying", "% of respondents", 1, False, "Bullied or harassed in the past year; not for 2010, 2023 and 2024."
    ),
    "discrimination": Outcome(
        "discrimination", "% of respondents", 1, False, "Discriminated against; not for 2010, 2023 and 2024."
    ),
}
