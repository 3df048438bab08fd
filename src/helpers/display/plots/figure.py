"""A chart as it stands on a page: the drawing, what it shows in words, and its figures as a table."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass

import matplotlib.pyplot as plt
from markupsafe import Markup, escape
from matplotlib.axes import Axes

from helpers.display.plots.svg import svg_text
from helpers.display.tables import Table
from helpers.display.templating import fill

# Fewer words name a chart; they do not say what it shows.
SHORTEST_ALT = 5
# Wider, its letters would outgrow those of the page.
MOST_WIDTH = "34rem"


@dataclass(frozen=True)
class Chart:
    """A drawing with its alternative text and its table, shown as one figure."""

    svg: Markup
    alt: str
    table: Table

    def _repr_html_(self) -> str:
        return str(fill("figure.html.j2", svg=self.svg, table=self.table))


def figure(ax: Axes | Sequence[Axes], *, alt: str, table: Table) -> Chart:
    """Turn a plot into a chart for a page, and close the plot.

    Parameters
    ----------
    ax : Axes or sequence of Axes
        Of one figure; answers of the ``plot_`` functions.
    alt : str
        What the chart shows, in at least one sentence; see `wording.alts`.
    table : Table
        The figures behind it.

    Returns
    -------
    Chart

    Raises
    ------
    ValueError
        Without a sentence as `alt`, or without a `table`.
    """
    text = alt.striptags() if isinstance(alt, Markup) else str(alt).strip()
    if len(text.split()) < SHORTEST_ALT or not text.endswith((".", "!", "?")):
        raise ValueError(f"alt must be a sentence that says what the chart shows; found {text!r}. See wording.alts.")
    if not isinstance(table, Table):
        raise ValueError(f"table must hold the figures of the chart; found {type(table).__name__}. See display.tables.")
    drawing = (ax if isinstance(ax, Axes) else ax[0]).figure
    svg = svg_text(drawing)
    plt.close(drawing)
    return Chart(_named(svg, text), text, table)


def _named(svg: str, alt: str) -> Markup:
    """Give ids a prefix that no other chart has, and the drawing its role, its name and its width."""
    prefix = "f" + hashlib.sha256((alt + svg).encode()).hexdigest()[:8]
    about = f'role="img" aria-label="{escape(alt)}"'
    style = f'style="display:block;width:100%;max-width:{MOST_WIDTH};height:auto;overflow:visible"'
    opened = svg.replace("<svg ", f'<svg {about} {style} stroke-linejoin="round" ', 1)
    return Markup(opened.replace('"@', f'"{prefix}').replace('"#@', f'"#{prefix}'))
