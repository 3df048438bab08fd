"""Power curves, ready for a page, with some of their points as a table."""

from __future__ import annotations

import numpy as np
import pandas as pd

from helpers.display.plots import Chart, figure, plot_power
from helpers.display.tables import Column, table_of
from helpers.display.wording import Words
from helpers.display.wording.effect_axis import effect_axis, size_text
from helpers.display.wording.effects import Claim, scale_of
from helpers.display.wording.numbers import is_missing
from helpers.display.wording.power import ENOUGH, power_alt, power_caption

# Chances in the table; between them the curve tells nothing new.
SHOWN = (0.1, 0.2, 0.4, 0.6, ENOUGH, 0.9, 0.95)


def power_chart(
    curve: pd.DataFrame, words: Words, claim: Claim, *, row: pd.Series, claimed: float | None = None
) -> Chart | None:
    """Chart of the chance to find an effect by its size; None where nothing was estimated.

    Parameters
    ----------
    curve : DataFrame
        Answer of `stats.power.power_curve` for `row`.
    words : Words
    claim : Claim
    row : Series
        See `plots.plot_power`.
    claimed : float, optional
        Size of the effect claimed elsewhere, as told per step of x.

    Returns
    -------
    Chart or None
    """
    if curve.empty or is_missing(row["least_detectable"]):
        return None
    axis, kind = effect_axis(row, claim), scale_of(row, claim).y_kind
    sizes = np.interp(SHOWN, curve["power"], axis.factor * curve["effect" + axis.suffix])
    columns = [
        Column(words.text("Size of the effect"), lambda point: size_text(point["size"], words, kind), is_number=False),
        Column(words.text("Chance to find it"), lambda point: words.percent(point["power"])),
    ]
    points = [{"size": size, "power": power} for size, power in zip(sizes, SHOWN, strict=True)]
    return figure(
        lambda: plot_power(curve, words, claim, row=row, claimed=claimed),
        alt=power_alt(curve, words, claim, row=row, claimed=claimed),
        table=table_of(points, columns, words, caption=power_caption(row, words, claim)),
    )
