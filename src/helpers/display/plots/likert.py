"""Answers to questions as bars that run both ways from the middle: unfavourable left, favourable right."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise

import numpy as np
from markupsafe import Markup
from matplotlib.axes import Axes

from helpers.display.plots.drawing import row_note
from helpers.display.plots.inline_key import draw_inline_key, inline_key
from helpers.display.plots.key import KEY_LINE
from helpers.display.plots.layout import text_width, write
from helpers.display.plots.rows import Rows, rows_of
from helpers.display.plots.style import DIVERGING, INK, MUTED, PAPER, SMALL, new_axes, styled
from helpers.display.wording import Words
from helpers.display.wording.answer_shares import CATEGORIES, FIVE, Question, questions_of
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.scores import STATE_WORDS
from helpers.release import ReleasedTable

# Colours of the categories; in the middle stands an outline.
FILLS = {
    3: (DIVERGING[0], PAPER, DIVERGING[3]),
    5: (DIVERGING[0], DIVERGING[1], PAPER, DIVERGING[2], DIVERGING[3]),
}
# PAPER is read on these, INK on the others.
DARK = (DIVERGING[0], DIVERGING[3])
BAR, ROW = 16, 24
# Room beside a bar for a percentage, half the gap between two parts of a bar, and least room around figures inside.
SIDE_ROOM, HALF_GAP, INSIDE_ROOM = 38, 0.8, 9
# Questions are sentences; of more lines than this they stand above their bars.
MOST_LINES = 2
RIGHT = 4
KEY_ABOVE = 12


@styled
def plot_likert(
    table: ReleasedTable, words: Words, *, names: Mapping[str, str] | None = None, ax: Axes | None = None
) -> Axes:
    """Draw the shares of answers to questions, one bar per question, centred on the middle of the neutral answers.

    Parameters
    ----------
    table : ReleasedTable
        Rows of one unit and period, in the order wanted: ``measure`` (the question), ``category`` (three or five, see
        `wording.answer_shares.CATEGORIES`), ``estimate`` (share from 0 to 1), ``n``. Shares are figures of a unit and
        pass the gate as any other: `release` keeps further columns and empties them in hidden rows.
    words : Words
    names : mapping of measure to str, optional
        Texts of the questions; else the names of the measures.
    ax : Axes, optional

    Returns
    -------
    Axes
        Beside each bar stand the shares of all unfavourable and of all favourable answers. A question that
        is not shown keeps its row and says so.

    Raises
    ------
    TypeError
        When `table` did not pass the gate.
    ValueError
        For several units or periods, other categories, or shares that are no parts of one whole.
    """
    questions, categories = questions_of(table, words, "plot_likert", names=names)
    labels = _names(questions, words, table.published)
    lines = rows_of(labels, row=ROW, right=RIGHT + 2 * SIDE_ROOM, most_lines=MOST_LINES)
    entries = zip((words.text(CATEGORIES[each]) for each in categories), FILLS[len(categories)], strict=True)
    key = inline_key(list(entries), _notes(questions, categories, words, table.published), lines.left)
    if ax is None:
        top = len(key) * KEY_LINE + KEY_ABOVE
        ax = new_axes(lines.height, left=lines.left, right=RIGHT, top=top, bottom=8)
    _share_axis(ax, questions, lines)
    for place, question in zip(lines.places, questions, strict=True):
        if question.shares:
            _bar(ax, place, question, words)
        else:
            row_note(ax, place, words.text(STATE_WORDS[question.state]))
    draw_inline_key(ax, key, above=KEY_ABOVE)
    return ax


def _names(questions: list[Question], words: Words, exact: bool) -> list[Markup]:
    if len({question.n for question in questions if question.shares}) <= 1:
        return [question.name for question in questions]
    return [
        words.text("{name} ({answers})", name=question.name, answers=words.answers(question.n, exact=exact))
        if question.shares
        else question.name
        for question in questions
    ]


def _notes(questions: list[Question], categories: tuple[str, ...], words: Words, exact: bool) -> list[Markup]:
    counts = {question.n for question in questions if question.shares}
    notes = [words.text("Beside the bars: all unfavourable and all favourable answers")] if categories == FIVE else []
    if len(counts) == 1 and not is_missing(max(counts)):
        notes.append(words.text("{answers} per question", answers=words.answers(max(counts), exact=exact)))
    return notes


def _share_axis(ax: Axes, questions: list[Question], lines: Rows) -> None:
    """Give both sides what the longest bar needs, and room for the figures beside it."""
    shown = [question for question in questions if question.shares]
    left = max((question.unfavourable + question.neutral / 2 for question in shown), default=0.5)
    right = max((question.favourable + question.neutral / 2 for question in shown), default=0.5)
    per_point = (left + right) / (_points(ax) - 2 * SIDE_ROOM)
    ax.set_xlim(-left - SIDE_ROOM * per_point, right + SIDE_ROOM * per_point)
    ax.set_xticks([])
    lines.write(ax)
    if shown:
        ax.axvline(0, color=MUTED, linewidth=1, zorder=1)


def _bar(ax: Axes, place: float, question: Question, words: Words) -> None:
    ends = np.cumsum([0.0, *question.shares]) - question.unfavourable - question.neutral / 2
    fills = FILLS[len(question.shares)]
    per_point = np.ptp(ax.get_xlim()) / _points(ax)
    for number, (start, end) in enumerate(pairwise(ends)):
        if end > start:
            _part(ax, place, (start, end), fills[number], per_point)
        label = words.percent(question.shares[number])
        outer = len(fills) == 3 and number != 1
        if not outer and (end - start) / per_point >= text_width([label], SMALL) + INSIDE_ROOM:
            colour = PAPER if fills[number] in DARK else INK
            write(ax, label, ((start + end) / 2, place), (0, 0), ax.transData, align="center", colour=colour)
    for end, share, shift, align in (
        (ends[0], question.unfavourable, -5, "right"),
        (ends[-1], question.favourable, 5, "left"),
    ):
        write(ax, words.percent(share), (end, place), (shift, 0), ax.transData, align=align, colour=INK)


def _part(ax: Axes, place: float, ends: tuple[float, float], colour: str, per_point: float) -> None:
    """One part of a bar, with a gap beside it unless it is too small to lose any."""
    gap = min(HALF_GAP * per_point, (ends[1] - ends[0]) / 4)
    edge = {"edgecolor": MUTED, "linewidth": 1} if colour == PAPER else {"linewidth": 0}
    ax.barh(place, ends[1] - ends[0] - 2 * gap, BAR, left=ends[0] + gap, color=colour, zorder=2, **edge)


def _points(ax: Axes) -> float:
    """Width of a plot in points."""
    return ax.bbox.width * 72 / ax.figure.dpi
