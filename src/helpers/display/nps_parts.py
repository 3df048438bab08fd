"""Parts of the page on where a unit stands: what a sentence says, with the chart or table beside it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Protocol, TypeVar

import pandas as pd

from helpers.display import plots
from helpers.display.charts import children_chart
from helpers.display.parts import Part, attempt
from helpers.display.tables import Column, Table, count_text, table_of
from helpers.display.wording import Words, nps_climate, nps_levels, nps_response, nps_spread
from helpers.display.wording.captions import intervals_caption
from helpers.display.wording.scores import interval_text, value_text
from helpers.release import ReleasedTable

One = TypeVar("One")
# Above so many moments a chart of them is no picture any more.
MOST_MOMENTS = 20


class Answers(Protocol):
    """Answers of one side, see `helpers.datasets.answer_frames`."""

    measure: str


class Climate(Protocol):
    """What `helpers.datasets.climate` answers with."""

    level: str
    below: str
    iccs: pd.DataFrame
    n_usual: float
    n_hidden: int
    agreement: pd.DataFrame
    needed: pd.DataFrame


class Weighted(Protocol):
    """What `helpers.datasets.missing_answers` answers with."""

    effect: pd.DataFrame
    n_groups: int
    by_units: bool


def each(words: Words, found: Iterable[One], make: Callable[[One], object]) -> Part:
    """Make a part of several things in turn; what cannot be made says why, each reason once."""
    shown: list[object] = []
    for one in found:
        parts = attempt(words, lambda one=one: _as_part(make(one)))
        shown += [part for part in parts if part is None or part not in shown]
    return Part(shown)


def spread_part(
    words: Words,
    answers: Sequence[Answers],
    *,
    classes: Callable[[Answers], ReleasedTable],
    shares: Callable[[Answers], ReleasedTable],
) -> Part:
    """Say how the answers behind each score are spread, with the answers 0 to 10 as a chart.

    Parameters
    ----------
    words : Words
    answers : sequence of Answers
        Of one period.
    classes, shares : callable
        Give the released classes and answers of one side.

    Returns
    -------
    Part
        A side that cannot be shown says why.
    """
    tables: list[ReleasedTable] = []
    said = each(words, answers, lambda one: nps_spread.classes_sentence(classes(one), words, measure=one.measure))
    missing = [one for one in each(words, answers, lambda one: tables.append(shares(one))) if one not in said]
    chart = _spread_chart(tables, words) if tables else None
    return Part([*said, *missing, chart])


def children_part(
    table: ReleasedTable, words: Words, *, units: Sequence[str], reference_id: str, period: str, measure: str
) -> Part:
    """Chart of units directly below, under a line that says of which measure; see `charts.children_chart`."""
    choice = {"measure": measure, "period": period}
    chart = children_chart(table, words, units=units, reference_id=reference_id, **choice)
    return Part([intervals_caption(words, **choice), chart] if chart else [])


def moments_part(table: ReleasedTable, words: Words) -> Part:
    """Say at which moment customers recommend most and least, with all moments as a chart.

    Parameters
    ----------
    table : ReleasedTable
        Moments in the place of units, below ``all``.
    words : Words

    Returns
    -------
    Part
    """
    rows = table.where(level="moment").frame
    name, period = rows.loc[rows["unit_id"] == "all", "name"].iloc[0], str(rows["period"].iloc[0])
    of_moments = table.where(unit_id=[one for one in rows["unit_id"] if one != "all"])
    told = nps_spread.moments_sentence(table, words)
    if not 1 < of_moments.frame["released"].sum() <= MOST_MOMENTS:
        return Part([told])
    chart = plots.figure(
        lambda: plots.plot_intervals(table, words, measure="nps", period=period, reference_id="all"),
        alt=nps_spread.moments_alt(table, words),
        table=_moments_table(of_moments, words, caption=nps_spread.moments_caption(words, name=name, period=period)),
    )
    return Part([told, chart])


def seen_part(
    words: Words, measures: Sequence[str], *, seen: Callable[[str], Mapping[str, object]], exact: bool
) -> Part:
    """Say what size of change a unit could show, with a table of what units of other sizes could.

    Parameters
    ----------
    words : Words
    measures : sequence of str
    seen : callable
        Gives for a measure what `helpers.datasets.unit_levels.smallest_seen` answers.
    exact : bool
        Whether numbers of answers were published.

    Returns
    -------
    Part
        A measure that cannot be shown says why.
    """
    found: list[Mapping[str, object]] = []
    missing = each(words, measures, lambda measure: found.append(seen(measure)))
    said = [nps_levels.smallest_sentence(one, words, exact=exact) for one in found]
    return Part([*said, *missing, _sizes_table(found, words) if found else None])


def level_part(levels: pd.DataFrame, words: Words, *, unit_id: str) -> Part:
    """Tell the score of this wave from the level underneath, and say which units were set beside each other."""
    return Part([nps_levels.level_sentence(levels, words, unit_id=unit_id, measure=str(levels["measure"].iloc[0]))])


def scale_part(rows: pd.DataFrame, words: Words, *, measure: str) -> Part:
    """Say whether the questions of a measure form one score."""
    return Part([nps_climate.scale_sentence(rows, words, measure=measure)])


def climate_part(climate: Climate, words: Words, *, name: Callable[[str], str]) -> Part:
    """Say whether there is a climate of units, and how many answers a unit needs.

    Parameters
    ----------
    climate : Climate
    words : Words
    name : callable
        Gives the name of a unit by its id.

    Returns
    -------
    Part
    """
    place = {"level": climate.level, "below": name(climate.below)}
    judged = {"n_hidden": climate.n_hidden, **place}
    said = nps_climate.climate_sentences(climate.iccs, climate.agreement, words, **judged)
    differ = climate.iccs.set_index("term").loc["icc1", "estimate"] > 0
    needed = [nps_climate.needed_sentence(climate.needed, words, usual=climate.n_usual)] if differ else []
    return Part([*said, *needed])


def weighted_part(weighted: Weighted, words: Words) -> Part:
    """Say how far eNPS moves when those who answered stand in for all who were invited."""
    choices = {"n_groups": weighted.n_groups, "by_units": weighted.by_units}
    return Part([nps_response.weighted_sentence(weighted.effect, words, measure="enps", **choices)])


def _as_part(made: object) -> Part:
    return made if isinstance(made, Part) else Part([made])


def _spread_chart(tables: list[ReleasedTable], words: Words) -> plots.Chart:
    return plots.figure(
        lambda: plots.plot_distribution(tables, words),
        alt=nps_spread.spread_alt(tables, words),
        table=_spread_table(tables, words),
    )


def _spread_table(tables: list[ReleasedTable], words: Words) -> Table:
    frames = [table.frame.assign(answer=table.frame["category"].astype(int)).set_index("answer") for table in tables]
    columns = [Column(words.text("Answer"), lambda row: words.number(row["answer"]), is_number=False)]
    columns += [
        Column(
            words.measure(frame["measure"].iloc[0]),
            lambda row, frame=frame: words.percent(frame.loc[row["answer"], "estimate"], 1, fixed=True),
        )
        for frame in frames
    ]
    rows = [{"answer": answer} for answer in range(11)]
    return table_of(rows, columns, words, caption=nps_spread.spread_caption(tables, words))


def _sizes_table(found: Sequence[Mapping[str, object]], words: Words) -> Table:
    sizes = {one["measure"]: one["sizes"].set_index("n")["smallest"] for one in found}
    columns = [Column(words.text("Answers in each wave"), lambda row: words.number(row["n"]), is_number=False)]
    columns += [
        Column(words.measure(measure), lambda row, values=values: nps_levels.smallest_text(values[row["n"]], words))
        for measure, values in sizes.items()
    ]
    rows = [{"n": n} for n in next(iter(sizes.values())).index]
    return table_of(rows, columns, words, caption=nps_levels.sizes_caption(words, power=found[0]["power"]))


def _moments_table(table: ReleasedTable, words: Words, *, caption: str) -> Table:
    columns = [
        Column(words.text("Moment"), lambda row: row["name"], is_number=False),
        Column(words.text("Value"), lambda row: value_text(row, words) if row["released"] else words.text("not shown")),
        Column(words.text("Interval"), lambda row: interval_text(row, words)),
        Column(words.text("Answers"), lambda row: count_text(row["n"], words, table)),
    ]
    rows = table.frame.sort_values("estimate", ascending=False, kind="stable").to_dict("records")
    return table_of(rows, columns, words, caption=caption)
