"""Chart of the rows of a panel left out on the way, ready for a page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from helpers.display import plots
from helpers.display.records import dropped_table
from helpers.display.wording import Paragraph, Words
from helpers.display.wording.dropped import dropped_alt, nothing_dropped, steps_of


def dropped_chart(dropped: Iterable[Mapping[str, object]], words: Words) -> plots.Chart | Paragraph:
    """Chart of how a panel shrinks to the rows used, or one sentence when none is left out.

    Parameters
    ----------
    dropped : iterable of mapping
        Records of `stats.panels.lagged_sample`: ``reason``, ``n_rows``, ``n_entities``.
    words : Words

    Returns
    -------
    Chart or Paragraph
    """
    dropped = list(dropped)
    if not steps_of(dropped):
        return nothing_dropped(sum(row["n_rows"] for row in dropped), words)
    return plots.figure(
        lambda: plots.plot_dropped(dropped, words),
        alt=dropped_alt(dropped, words),
        table=dropped_table(dropped, words),
    )
