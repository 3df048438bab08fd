"""The texts of the index; those its script fills in keep their placeholders."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from markupsafe import Markup

from helpers.display.wording import Words, capital
from helpers.display.wording.marks import msg
from helpers.publish.index_figures import CONF_LEVEL, Figures
from helpers.publish.index_rows import STATES, Row

_TEXTS = {
    "reports": msg("Reports"),
    "unit": msg("Unit"),
    "level": msg("Level"),
    "period": msg("Period"),
    "state": msg("State"),
    "no_figures": msg("no figures"),
    "find": msg("Find a unit, level or state"),
    "hierarchy": msg("Order of the organisation"),
    "found": msg("Units shown: {n}."),
    "sorted": msg("Sorted by {column}, {order}."),
    "up": msg("ascending"),
    "down": msg("descending"),
    "caution": msg("Small units swing most: a place at the top or bottom of a sorted list is partly chance."),
}
_FOR_THE_SCRIPT = {name: f"{{{name}}}" for name in ("n", "column", "order")}


def index_texts(words: Words) -> dict[str, Markup]:
    """Translate the fixed texts of the index.

    Parameters
    ----------
    words : Words

    Returns
    -------
    dict of str to Markup
    """
    return {name: words.text(text, **_FOR_THE_SCRIPT) for name, text in _TEXTS.items()}


def index_caption(rows: Sequence[Row], figures: Figures, words: Words) -> Markup:
    """Say what the table shows."""
    if not any(row.figures for row in rows):
        return words.text("Every unit with reports.")
    measures = capital(words.items([words.measure(measure) for measure in figures.measures]))
    if any(figure.interval for row in rows for figure in row.figures):
        level = words.percent(CONF_LEVEL, 1)
        return words.text(
            "{measures} by unit in its latest period, with {level} intervals.", measures=measures, level=level
        )
    shown = words.text("{measures} by unit in its latest period.", measures=measures)
    return Markup("{} {}").format(shown, words.text("The source gives no interval."))


def index_summary(rows: Sequence[Row], words: Words, n_earlier: int = 0) -> Markup:
    """Say how many reports there are, and how many failed, do not apply, are not shown or are of earlier data."""
    n_reports, n_units = sum(len(row.reports) for row in rows), sum(bool(row.reports) for row in rows)
    reports = words.plural("{n} report", "{n} reports", n_reports)
    units = words.plural("{n} unit", "{n} units", n_units)
    counts = Counter(report.state for row in rows for report in row.reports)
    counts["masked"] = sum("masked" in row.states for row in rows)
    named = [state for state in ("failed", "not applicable", "masked") if counts[state]]
    parts = [words.text("{reports} of {units}.", reports=reports, units=units)]
    parts += [
        words.text("{what}: {n}.", what=capital(words.text(STATES[state])), n=words.number(counts[state]))
        for state in named
    ]
    if n_earlier:
        parts.append(
            words.plural(
                "{n} report is based on earlier data than the figures here.",
                "{n} reports are based on earlier data than the figures here.",
                n_earlier,
            )
        )
    return Markup(" ").join(parts)
