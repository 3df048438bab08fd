"""Figures: data first, then the words, `ax` last; each gives back its Axes, and `figure` puts it on a page."""

from helpers.display.plots.curve import plot_curve
from helpers.display.plots.distribution import plot_distribution
from helpers.display.plots.dropped import plot_dropped
from helpers.display.plots.figure import Chart, figure
from helpers.display.plots.forest import plot_forest
from helpers.display.plots.gaps import plot_gaps
from helpers.display.plots.importance import plot_importance
from helpers.display.plots.lag_profile import plot_lag_profile
from helpers.display.plots.likert import plot_likert
from helpers.display.plots.necessity import plot_necessity
from helpers.display.plots.power import plot_power
from helpers.display.plots.small_multiples import plot_small_multiples
from helpers.display.plots.studies import plot_studies
from helpers.display.plots.survival import plot_survival
from helpers.display.plots.trend import plot_trend
from helpers.display.plots.units import plot_intervals, plot_position

__all__ = [
    "Chart",
    "figure",
    "plot_curve",
    "plot_distribution",
    "plot_dropped",
    "plot_forest",
    "plot_gaps",
    "plot_importance",
    "plot_intervals",
    "plot_lag_profile",
    "plot_likert",
    "plot_necessity",
    "plot_position",
    "plot_power",
    "plot_small_multiples",
    "plot_studies",
    "plot_survival",
    "plot_trend",
]
