"""Plots whose axes write labels and grid lines straight away, without the ticks that matplotlib keeps for each label.

A tick of matplotlib holds three lines with markers and two texts, of which these figures show one text and one line, or
nothing. To make and draw them took a third of the time of a figure.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from matplotlib import rcParams
from matplotlib.artist import Artist
from matplotlib.axes import Axes
from matplotlib.axis import XAxis, YAxis
from matplotlib.backend_bases import RendererBase
from matplotlib.lines import Line2D
from matplotlib.text import Text
from matplotlib.ticker import FixedFormatter, FixedLocator
from matplotlib.transforms import Bbox, Transform


class PlainAxes(Axes):
    """A plot whose places on both axes are given, each with its label; the rest is matplotlib's."""

    def _init_axis(self) -> None:
        self.xaxis, self.yaxis = _PlainXAxis(self, clear=False), _PlainYAxis(self, clear=False)
        for side, spine in self.spines.items():
            spine.register_axis(self.yaxis if side in ("left", "right") else self.xaxis)


class _PlainAxis:
    """Labels and grid lines of an axis, to be mixed into one of matplotlib."""

    def reset_ticks(self) -> None:
        """Start without any tick, where matplotlib makes four for each plot."""
        self.majorTicks, self.minorTicks = [], []
        self._shown_labels: list[tuple[float, Text]] = []
        self._grid_line = Line2D([], [], linewidth=rcParams["grid.linewidth"], color=rcParams["grid.color"])

    def set_ticks(self, ticks: Sequence[float], labels: Sequence[str] | None = None) -> None:
        """Say where the axis has a label and perhaps a grid line; without `labels` all are empty."""
        places = [float(place) for place in ticks]
        texts = [""] * len(places) if labels is None else list(labels)
        self.set_major_locator(FixedLocator(places))
        self.set_major_formatter(FixedFormatter(texts))
        if places:
            self.set_view_interval(min(places), max(places))
        self._shown_labels = [(place, self._new_label(place, text)) for place, text in zip(places, texts, strict=True)]

    def get_children(self) -> list[Artist]:
        """Give the name of the axis and its labels."""
        return [self.label, *(label for _, label in self._shown_labels)]

    def get_tightbbox(self, renderer: RendererBase | None = None, *, for_layout_only: bool = False) -> Bbox | None:
        """Box around the labels, for pictures cut to what they show; none without labels."""
        boxes = [label.get_window_extent(renderer) for _, label in self._in_sight() if label.get_text()]
        return Bbox.union(boxes) if boxes else None

    def draw(self, renderer: RendererBase) -> None:
        """Draw the grid lines as one, and each label; with a name, or without places, matplotlib draws its ticks."""
        if self.label.get_text() or not isinstance(self.get_major_locator(), FixedLocator):
            super().draw(renderer)
            return
        shown = self._in_sight()
        if shown and self.get_tick_params().get("gridOn"):
            places = np.repeat([place for place, _ in shown], 3)
            self._grid_line.set(data=self._joined(places, np.tile([0, 1, np.nan], len(shown))))
            self._grid_line.set(transform=self._across(), figure=self.get_figure(root=False))
            self._grid_line.draw(renderer)
        for _, label in shown:
            label.draw(renderer)

    def _in_sight(self) -> list[tuple[float, Text]]:
        low, high = sorted(self.get_view_interval())
        # What is reckoned to lie at the very end of an axis may be a rounding beyond it.
        room = 1e-9 * (high - low)
        return [(place, label) for place, label in self._shown_labels if low - room <= place <= high + room]

    def _new_label(self, place: float, text: str) -> Text:
        name = f"{self.axis_name}tick"
        where, upright, across = self._beside(rcParams[f"{name}.major.pad"])
        look = {"color": rcParams[f"{name}.color"], "fontsize": rcParams[f"{name}.labelsize"]}
        label = Text(*self._joined(place, 0), text, va=upright, ha=across, transform=where, **look)
        label.set_figure(self.get_figure(root=False))
        return label


class _PlainXAxis(_PlainAxis, XAxis):
    def _joined(self, along: object, upwards: object) -> tuple:
        return along, upwards

    def _across(self) -> Transform:
        return self.axes.get_xaxis_transform(which="grid")

    def _beside(self, pad: float) -> tuple[Transform, str, str]:
        return self.axes.get_xaxis_text1_transform(pad)


class _PlainYAxis(_PlainAxis, YAxis):
    def _joined(self, along: object, across: object) -> tuple:
        return across, along

    def _across(self) -> Transform:
        return self.axes.get_yaxis_transform(which="grid")

    def _beside(self, pad: float) -> tuple[Transform, str, str]:
        return self.axes.get_yaxis_text1_transform(pad)
