"""The way from all rows to those used: every step with its number, and a sentence when nothing is left out."""

from __future__ import annotations

import matplotlib.pyplot as plt
import pytest

from helpers.display.drop_chart import dropped_chart
from helpers.display.plots import Chart, plot_dropped
from helpers.display.plots.style import NARROW, WIDE
from helpers.display.wording import Paragraph, Words
from helpers.display.wording.dropped import REASONS, dropped_alt, steps_of
from helpers.stats.panels import REASONS as REASONS_OF_PANELS

EN, NL = Words("en"), Words("nl")


@pytest.fixture(autouse=True)
def closed_figures():
    yield
    plt.close("all")


def records(**counts: int) -> list[dict[str, object]]:
    """Records as the panel gives them: every reason, most without rows."""
    return [{"reason": reason, "n_rows": counts.get(reason, 0), "n_entities": 4} for reason in REASONS]


SHRUNK = records(missing_y=12, lag_before_start=48, kept=264)


def texts(ax: plt.Axes) -> list[str]:
    return [text.get_text() for text in ax.figure.findobj(plt.Text) if text.get_text()]


def bars(ax: plt.Axes) -> list[tuple[float, float]]:
    """Start and end of each bar, from top to bottom."""
    return [(bar.get_x(), bar.get_x() + bar.get_width()) for bar in ax.patches]


def test_each_step_starts_where_the_one_before_ended():
    assert bars(plot_dropped(SHRUNK, EN)) == [(0, 324), (312, 324), (264, 312), (0, 264)]


def test_counts_stand_beside_their_bars_and_steps_without_rows_stay_out():
    ax = plot_dropped(SHRUNK, EN)
    assert {"All rows", "324", "−12", "−48", "264", "Used"} <= set(texts(ax))
    assert len(ax.patches) == 4


def test_a_step_of_one_row_in_a_million_can_be_seen():
    ax = plot_dropped(records(missing_x=1, kept=999_999), NL)
    (low, high) = bars(ax)[1]
    assert (high - low) / 1_000_000 * ax.bbox.width == pytest.approx(1.5)
    assert high <= 1_000_000 and "−1" in texts(ax)


def test_a_panel_of_which_nothing_is_left_still_shows_its_end():
    ax = plot_dropped(records(missing_x=5), EN)
    assert bars(ax) == [(0, 5), (0, 5)] and "0" in texts(ax)


@pytest.mark.parametrize("width", [WIDE, NARROW])
def test_all_reasons_stay_within_the_drawing(width: int):
    with plt.rc_context({"figure.figsize": (width / 72, 3)}):
        ax = plot_dropped(records(**dict.fromkeys(REASONS, 12_345)), NL)
    ax.figure.canvas.draw()
    boxes = [text.get_window_extent() for text in ax.texts]
    assert min(box.x0 for box in boxes) >= 0 and max(box.x1 for box in boxes) <= width


def test_the_chart_carries_the_table_and_says_the_largest_step():
    chart = dropped_chart(SHRUNK, EN)
    assert isinstance(chart, Chart)
    assert chart.alt == (
        "Of 324 rows in the panel, 264 are used. "
        "Most frequent reason, 48 rows: “Too early: the lag reaches before the first period”."
    )
    assert "Rows of the panel: left out and used" in chart.table.html


def test_the_alternative_text_is_dutch_in_dutch():
    assert dropped_alt(SHRUNK, NL).startswith("Van 324 rijen in het panel worden er 264 gebruikt.")


def test_a_reason_by_itself_is_not_called_the_most_frequent():
    assert dropped_alt(records(missing_x=3, kept=7), EN) == (
        "Of 10 rows in the panel, 7 are used. The only reason: “No figure for what should lead”."
    )


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (EN, "All 264 rows of the panel are used; none is left out."),
        (NL, "Alle 264 rijen van het panel worden gebruikt; er valt er geen af."),
    ],
)
def test_when_nothing_is_left_out_one_sentence_says_so(words: Words, sentence: str):
    said = dropped_chart(records(kept=264), words)
    assert isinstance(said, Paragraph) and said == sentence


def test_every_reason_of_a_panel_has_words():
    assert tuple(REASONS) == REASONS_OF_PANELS


def test_a_drawing_in_which_nothing_happens_is_refused():
    with pytest.raises(ValueError, match="dropped must leave out a row; found none"):
        plot_dropped(records(kept=264), EN)


def test_records_without_the_rows_kept_are_refused():
    with pytest.raises(ValueError, match="dropped must hold the rows kept; found missing_y"):
        steps_of([{"reason": "missing_y", "n_rows": 3}])


def test_an_unknown_reason_is_refused():
    with pytest.raises(ValueError, match=r"reason must be one of missing_y, .*; found 'forgotten'"):
        steps_of([{"reason": "forgotten", "n_rows": 3}])
