"""Parts of the page on actions: what a sentence says, with the chart or table beside it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import pandas as pd

from helpers.display.charts import trend_chart
from helpers.display.forest_chart import forest_chart
from helpers.display.parts import Part, attempt
from helpers.display.wording import Words, action_answers, action_checks, action_counts
from helpers.display.wording.action_scale import Scale
from helpers.display.wording.cautions import few_clusters
from helpers.release import ReleasedTable


class Study(Protocol):
    """What `helpers.stats.action_study` answers with."""

    def table(self, check: str) -> pd.DataFrame:
        """Give the table of a check."""


class Series(Protocol):
    """What `helpers.datasets.action_follow_up` tells of one unit."""

    figures: dict[str, object]
    scores: ReleasedTable


class Obstacle(Protocol):
    """Why there is no answer, see `helpers.stats.estimates.NotApplicable`."""

    reason: str
    values: Mapping[str, object]


class FollowUp(Protocol):
    """What `helpers.datasets.action_follow_up` answers with."""

    study: Study
    series: Series
    scale: Scale
    obstacle: Obstacle | None
    n_planned: int
    left_out: Mapping[str, int]


def answer_part(found: FollowUp, words: Words) -> Part:
    """Answer whether what was acted on moved more than elsewhere, and account for every action planned."""
    if found.obstacle:
        answer = action_answers.no_answer(found.obstacle.reason, found.obstacle.values, words)
    else:
        answer = action_answers.action_answer(_whole(found), words, scale=found.scale)
    return Part([answer, action_counts.followed_sentence(found.n_planned, found.left_out, words)])


def events_part(found: FollowUp, words: Words) -> Part:
    """Show what was acted on wave by wave, and say how it moved before; nothing where there is no answer."""
    if found.obstacle:
        return Part()
    events = action_checks.event_names(found.study.table("events"), words)
    return Part(
        [
            action_checks.lead_sentence(_whole(found), words, scale=found.scale),
            forest_chart(events, words, quantity=words.text("Gain on units without an action, by wave")),
        ]
    )


def told_part(found: FollowUp, words: Words) -> Part:
    """Answer whether actions communicated first moved more, with both kinds beside each other."""
    told = found.study.table("told")
    return Part(
        [
            *attempt(words, lambda: Part([_difference(found, words)])),
            action_answers.parts_sentence(told, words, scale=found.scale),
            forest_chart(action_answers.part_names(told, words), words, quantity=_quantity(words)),
        ]
    )


def programmes_part(found: FollowUp, words: Words) -> Part:
    """Say for which programmes what was acted on moved more than elsewhere."""
    rows = found.study.table("programmes")
    return Part(
        [
            action_answers.programmes_sentence(rows, words),
            forest_chart(action_answers.programme_names(rows, words), words, quantity=_quantity(words)),
        ]
    )


def power_part(found: FollowUp, words: Words) -> Part:
    """Say what size of effect these actions could show."""
    whole = _whole(found)
    return Part(
        [
            action_answers.detectable_sentence(whole, words, scale=found.scale),
            *attempt(words, lambda: Part([_parts_detectable(found, words)])),
            few_clusters(whole["n_clusters"], words),
        ]
    )


def chance_part(found: FollowUp, words: Words) -> Part:
    """Say how much of the rise chance alone gives, and how the rest of the same units moved."""
    return Part(
        [
            action_checks.chance_sentence(found.study.table("rises"), words, scale=found.scale),
            action_checks.others_sentence(_whole(found), words, scale=found.scale),
        ]
    )


def variants_part(found: FollowUp, words: Words) -> Part:
    """Show the effect by other bases and controls."""
    shown = action_checks.variant_names(found.study.table("variants"), words)
    return Part([forest_chart(shown, words, quantity=_quantity(words))])


def series_part(found: FollowUp, words: Words) -> Part:
    """Show one unit before and after its action, beside units that did nothing."""
    figures = found.series.figures
    measure = str(figures["measure"])
    return Part(
        [
            action_checks.series_sentence(figures, words, scale=found.scale),
            trend_chart(found.series.scores, words, unit_id=str(figures["unit_id"]), measures=[measure]),
        ]
    )


def _whole(found: FollowUp) -> dict[str, object]:
    return found.study.table("all").iloc[0].to_dict()


def _quantity(words: Words) -> str:
    return words.text("Gain on units without an action")


def _difference(found: FollowUp, words: Words) -> object:
    row = found.study.table("difference").iloc[0].to_dict()
    return action_answers.difference_answer(row, words, scale=found.scale)


def _parts_detectable(found: FollowUp, words: Words) -> object:
    told = {row["term"]: row for row in found.study.table("told").to_dict("records")}
    difference = found.study.table("difference").iloc[0].to_dict()
    return action_answers.parts_detectable(told, difference, words, scale=found.scale)
