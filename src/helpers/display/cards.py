"""Cards: one measure each, with its value, its interval as a bar, its change and a word for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import pandas as pd
from markupsafe import Markup

from helpers.display.templating import fill
from helpers.display.wording import Words, capital
from helpers.display.wording.amounts import SCALES, clipped, figure_text, kind_of
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.scores import (
    STATE_WORDS,
    band_of,
    bounds_of,
    change_text,
    interval_text,
    row_at,
    shown_state,
    value_text,
)
from helpers.display.wording.units import latest_period
from helpers.release import ReleasedTable, require_released

Row = Mapping[str, object]
SIGNS = {"rose": "▲", "fell": "▼"}
OTHER_SIGN = "•"
BAR_WIDTH = 200
ANCHORS = ("start", "middle", "end")


@dataclass(frozen=True)
class Tick:
    """A mark on the line of an interval: where it stands, what it says, and which end of the words stands there."""

    place: float
    label: str
    anchor: str


@dataclass(frozen=True)
class Bar:
    """An interval on a line of `BAR_WIDTH`: its ends, the value, marks of the scale, and what it says in words.

    Of a value in a band only the two ends between which it lies are drawn, and no dot.
    """

    low: float | None
    high: float | None
    dot: float | None
    ticks: tuple[Tick, ...]
    label: str


@dataclass(frozen=True)
class Card:
    """One measure of one unit, ready to be shown.

    `bar` is None where there is no value, or no fixed scale on which bars of several units could be compared.
    """

    name: str
    value: str
    interval: str
    change: str
    state: str
    word: str
    sign: str
    bar: Bar | None

    def _repr_html_(self) -> str:
        return str(fill("cards.html.j2", cards=[self]))


class Cards(list[Card]):
    """Cards shown beside each other."""

    def _repr_html_(self) -> str:
        return str(fill("cards.html.j2", cards=self))


def cards(
    table: ReleasedTable,
    words: Words,
    *,
    unit_id: str,
    period: str | None = None,
    measures: Iterable[str] | None = None,
) -> Cards:
    """Make a card for each measure of a unit.

    Parameters
    ----------
    table : ReleasedTable
        Columns ``estimate``, ``n``, and where known ``ci_low``, ``ci_high``, ``conf_level``, ``change``,
        ``change_low``, ``change_high``.
    words : Words
    unit_id : str
    period : str, optional
        The latest of this unit by default.
    measures : iterable of str, optional
        Those of this unit by default. One that no unit of the table has gets no card.

    Returns
    -------
    Cards
        A list with one `Card` per measure; the word for its change stands beside the sign, so nothing hangs on colour.
    """
    frame = require_released(table, "cards")
    period = period or latest_period(frame, unit_id)
    if measures is None:
        measures = frame.loc[frame["unit_id"] == unit_id, "measure"].drop_duplicates()
    measured = set(frame["measure"])
    shown = [measure for measure in dict.fromkeys(measures) if measure in measured]
    found = ((measure, *row_at(frame, unit_id, measure, period)) for measure in shown)
    return Cards(
        _card(measure, row, previous, words, shown_state(table, row, previous, measure=measure, period=period))
        for measure, row, previous in found
    )


def _card(measure: str, row: Row | None, previous: str | None, words: Words, state: str) -> Card:
    shown = state not in ("hidden", "absent")
    word = words.text(STATE_WORDS[state])
    changed = shown and not is_missing(row.get("change"))
    return Card(
        name=capital(words.measure(measure, breakable=True)),
        value=value_text(row, words) if shown else capital(word),
        interval=interval_text(row, words, level=True) if shown else "",
        change=_change(row, previous, words) if changed else "",
        state=state,
        word=word if shown else "",
        sign=SIGNS.get(state, OTHER_SIGN) if shown else "",
        bar=_bar(row, words) if shown else None,
    )


def _change(row: Row, previous: str | None, words: Words) -> Markup:
    change = change_text(row, words, level=False)
    return words.text("{change} since {period}", change=change, period=words.period(previous)) if previous else change


def _bar(row: Row, words: Words) -> Bar | None:
    kind = kind_of(row)
    if kind not in SCALES:
        return None
    is_band = bool(band_of(row))
    bounds = bounds_of(row) if is_band else [row.get("ci_low"), row.get("ci_high")]
    known = not any(pd.isna(bound) for bound in bounds)
    low, high = clipped(*bounds, kind) if known else (row["estimate"], row["estimate"])
    start, end = SCALES[kind]

    def place(value: float) -> float:
        return round(BAR_WIDTH * (value - start) / (end - start), 1)

    return Bar(
        low=place(low) if known else None,
        high=place(high) if known else None,
        dot=None if is_band else place(row["estimate"]),
        ticks=tuple(
            Tick(place(tick), figure_text(tick, words, kind), anchor)
            for tick, anchor in zip((start, (start + end) / 2, end), ANCHORS, strict=True)
        ),
        label=_label(row, words),
    )


def _label(row: Row, words: Words) -> Markup:
    value, interval = value_text(row, words), interval_text(row, words, level=True)
    if band_of(row):
        return words.text("{value}, not shown exactly", value=value)
    if not interval:
        return words.text("{value}, without an interval", value=value)
    return words.text("{figure}, {interval}", figure=value, interval=interval)
