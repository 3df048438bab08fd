"""A chart as it stands on a page: the drawings, what they show in words, and their figures as a table."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import matplotlib
import matplotlib.pyplot as plt
from markupsafe import Markup, escape
from matplotlib.axes import Axes

from helpers.display.plots.style import NARROW, POINTS_PER_INCH, WIDE, house_style
from helpers.display.plots.svg import svg_text
from helpers.display.tables import Table
from helpers.display.templating import fill

# Fewer words name a chart; they do not say what it shows.
SHORTEST_ALT = 5
# Wider, the letters of a drawing would outgrow those of the page.
MOST_WIDTH = {WIDE: "46rem", NARROW: "26rem"}


@dataclass(frozen=True)
class Chart:
    """A plot drawn for a wide and for a narrow page, with its alternative text and its table, shown as one figure."""

    wide: Markup
    narrow: Markup
    alt: str
    table: Table

    def _repr_html_(self) -> str:
        return str(fill("figure.html.j2", chart=self))


def figure(plot: Callable[[], Axes | Sequence[Axes]], *, alt: str, table: Table) -> Chart:
    """Turn a plot into a chart for a page: drawn once for a desk and for paper, and once for a phone.

    Parameters
    ----------
    plot : callable
        Makes the plot, as in ``lambda: plot_gaps(gaps, words)``, as wide as matplotlib's ``figure.figsize``. Gives back
        its Axes, or all of them when there are several in one figure.
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
    with house_style():
        wide, narrow = (_named(_drawn(plot, width), text, MOST_WIDTH[width]) for width in (WIDE, NARROW))
    return Chart(wide, narrow, text, table)


def _drawn(plot: Callable[[], Axes | Sequence[Axes]], width: float) -> str:
    with house_style():
        matplotlib.rcParams["figure.figsize"] = (width / POINTS_PER_INCH, 3)
        axes = plot()
        drawing = (axes if isinstance(axes, Axes) else axes[0]).figure
        svg = svg_text(drawing)
    plt.close(drawing)
    return svg


def _named(svg: str, alt: str, most_width: str) -> Markup:
    """Give ids a prefix that no other chart has, and the drawing its role, its name and its width."""
    prefix = "f" + hashlib.sha256((alt + svg).encode()).hexdigest()[:8]
    about = f'role="img" aria-label="{escape(alt)}"'
    style = f'style="display:block;width:100%;max-width:{most_width};height:auto;overflow:visible"'
    opened = svg.replace("<svg ", f'<svg {about} {style} stroke-linejoin="round" ', 1)
    return Markup(opened.replace('"@', f'"{prefix}').replace('"#@', f'"#{prefix}'))
